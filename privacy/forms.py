"""The forms of the privacy pages; each ends in one call of privacy.requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import addresses
from customers.models import Person
from privacy.models import Case
from register.finnish import TextTooLong, UnreadableText, clean_text
from register.models import Language

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
OTHER = "other"


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


class StaffRequestForm(forms.Form):
    """The staff enter a request that did not come through the pages."""

    kind = forms.ChoiceField(
        label=_("Request"), choices=[(kind.value, kind.label) for kind in ASKED_BY_FORM[1:]]
    )
    how = forms.ChoiceField(
        label=_("How it came"),
        choices=[(how.value, how.label) for how in Case.How if how not in (Case.How.FORM, Case.How.LINK)],
    )
    received_on = forms.DateField(
        label=_("Received"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    contact = Address(required=False)
    language = forms.ChoiceField(label=_("Language of the answer"), choices=Language.choices)
    message = Message(label=_("In the person’s words"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["contact"].label = _("E-mail address, if known")

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The request cannot have come in the future."), code="future")
        return day

    def facts(self) -> dict[str, Any]:
        """What requests.receive takes; the clock runs from the day of receipt."""
        facts = dict(self.cleaned_data)
        day = facts.pop("received_on")
        return facts | {"at": timezone.make_aware(datetime.combine(day, time(12)))}


class IdentityForm(forms.Form):
    """Which of the people with the address asks, or a number from the register, and how it was checked."""

    person = forms.CharField(label=_("Number of the person"), max_length=20, required=False)
    candidate = forms.ChoiceField(label=_("The person"), widget=forms.RadioSelect, required=False)
    because = Message(
        label=_("How was it checked?"), help_text=_("For example: called back on the known number.")
    )

    def __init__(self, *arguments: Any, people: Sequence[Person], **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen = self.fields["candidate"]
        chosen.choices = [(person.number, f"{person.full_name} ({person.number})") for person in people]  # type: ignore[attr-defined]
        if people:
            chosen.choices = [*chosen.choices, (OTHER, _("somebody else, by number:"))]  # type: ignore[attr-defined]
        else:
            del self.fields["candidate"]
        self.fields["person"].widget.attrs |= {"placeholder": "H12"}
        self.order_fields(["candidate", "person", "because"])

    def clean(self) -> dict[str, Any]:
        """The person himself under `person`."""
        facts = super().clean() or {}
        candidate = facts.pop("candidate", "")
        typed = str(facts.get("person") or "").strip().upper()
        number = typed if candidate in ("", OTHER) else candidate
        digits = number.removeprefix("H")
        found = None
        if digits.isdecimal() and len(digits) < 19:
            found = Person.objects.present().filter(pk=int(digits)).first()
        if found is None:
            self.add_error("person", _("There is no person with this number."))
        return facts | {"person": found}


class NoteForm(forms.Form):
    """A few words for the log."""

    text = Message(label=_("Note"))


class ExtensionForm(forms.Form):
    """One or two months more, with the reason."""

    months = forms.TypedChoiceField(
        label=_("More time"), choices=[(1, _("one month")), (2, _("two months"))], coerce=int
    )
    because = Message(label=_("Reason, told to the person"))


class AnswerForm(forms.Form):
    """The decision, and the answer in words."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Case.Decision.choices)
    answer = Message(
        label=_("Answer"),
        required=False,
        help_text=_("Mailed to the address in the request, if there is one."),
    )
