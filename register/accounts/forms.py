"""Forms of one's own account: choosing a password, joining, one's own details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register import finnish
from register.accounts.passwords import MINIMUM, NotGuessable
from register.models import Language, User


class LineField(forms.CharField):
    """One line of text, cleaned as everywhere in the register (register.finnish.clean_line)."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return finnish.clean_line(text, limit=self.max_length or finnish.LINE_LIMIT)
        except finnish.UnreadableText as error:
            raise ValidationError(str(error)) from None


class ChoosePassword(forms.Form):
    """A new account's name and password; `email` is what the password must not resemble."""

    name = LineField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=NotGuessable().get_help_text,  # type: ignore[arg-type]
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": MINIMUM}),
    )
    password2 = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    email_of_account = ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password = values.get("password1")
        if password is None:
            return values
        if password != values.get("password2"):
            self.add_error("password2", _("The two passwords are not the same."))
        email = values.get("email") or self.email_of_account
        try:
            validate_password(password, User(email=email, name=values.get("name", "")))
        except ValidationError as error:
            self.add_error("password1", error)
        return values


class FirstOwner(ChoosePassword):
    """The account of the owner who sets the register up."""

    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    language = forms.ChoiceField(label=_("Your language"), choices=Language.choices)
    field_order = ("name", "email", "language", "password1", "password2")


class OwnDetails(forms.ModelForm):
    """What a user may change about himself."""

    name = LineField(label=_("Your name"), max_length=200)

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"language": _("Your language")}
