"""The forms of the privacy pages; each ends in one call of privacy.requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers import addresses
from privacy.models import Case
from register.finnish import TextTooLong, UnreadableText, clean_text

ASKED_BY_FORM = (
    Case.Kind.VIEW,
    Case.Kind.COPY,
    Case.Kind.CORRECTION,
    Case.Kind.ERASURE,
    Case.Kind.RESTRICTION,
    Case.Kind.OBJECTION,
    Case.Kind.PORTABILITY,
    Case.Kind.MARKETING,
)
MESSAGE_LIMIT = 4000


class Address(forms.CharField):
    """An e-mail address as people write it, with or without letters outside ASCII in its domain."""

    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=320, label=_("Your e-mail address"), **options)
        self.widget.attrs |= {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return addresses.parse(text).as_typed
        except addresses.WrongAddress as wrong:
            raise ValidationError(str(wrong), code="address") from None


class Message(forms.CharField):
    """A few lines of free text."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MESSAGE_LIMIT, strip=True, **options)
        self.widget.attrs |= {"rows": 4}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return clean_text(text, limit=MESSAGE_LIMIT)
        except (TextTooLong, UnreadableText) as wrong:
            raise ValidationError(str(wrong), code="text") from None


class RequestForm(forms.Form):
    """Anybody asks about his own data by typing an address."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        choices=[(kind.value, kind.label) for kind in ASKED_BY_FORM],
        widget=forms.RadioSelect,
        initial=Case.Kind.VIEW,
    )
    contact = Address(help_text=_("The one you have used with us."))
    message = Message(
        label=_("Anything we should know"),
        required=False,
        help_text=_("For example what is wrong, or what your request is about."),
    )


class OwnRequestForm(forms.Form):
    """The holder of a link asks something that needs no code."""

    kind = forms.ChoiceField(
        choices=[
            (kind.value, kind.label)
            for kind in Case.Kind
            if kind not in (Case.Kind.VIEW, Case.Kind.MARKETING)
        ]
    )
    message = Message(required=False)


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code", "maxlength": 12}
        ),
    )
    message = Message(required=False, label=_("Anything we should know"))
