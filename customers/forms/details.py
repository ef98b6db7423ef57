"""Forms of single contact details, of representing a customer and of leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.forms.fields import Day, Line
from customers.forms.parties import EmailRow, PhoneRow, PostalRow, Warned, WithSource, read_address
from customers.models import Representation, Source
from customers.models.contacts import ContactDetail


class DetailForm(WithSource, Warned):
    """What is asked of every contact detail besides itself."""

    primary = forms.BooleanField(label=gettext_lazy("The primary one, to be used first"), required=False)
    since = Day(label=gettext_lazy("From"), required=False)
    content: tuple[str, ...] = ()
    """The names of the fields that are the detail itself."""

    def values(self) -> dict[str, Any]:
        """What a use case of customers.contacts takes."""
        names = (*self.content, "kind", "primary", "since")
        return {name: self.cleaned_data[name] for name in names}

    @classmethod
    def of(cls, detail: ContactDetail) -> dict[str, Any]:
        names = (*cls.content, "kind", "primary", "since", "source", "source_detail")
        return {name: getattr(detail, name) for name in names}


class EmailForm(EmailRow, DetailForm):
    """One e-mail address."""

    content = ("address",)
    field_order = ["address", "kind", "primary", "since", "source", "source_detail"]

    def clean_address(self) -> str:
        return read_address(self.cleaned_data["address"])


class PhoneForm(PhoneRow, DetailForm):
    """One phone number."""

    content = ("number",)
    field_order = ["number", "kind", "primary", "since", "source", "source_detail"]

    def clean_number(self) -> str:
        if not self.cleaned_data["number"]:
            raise ValidationError(_("Write the phone number."))
        return str(self.cleaned_data["number"])


class PostalForm(PostalRow, DetailForm):
    """One postal address."""

    content = ("street", "postal_code", "city", "country")
    field_order = [
        "kind", "primary", "street", "postal_code", "city", "country", "since", "source", "source_detail",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("street", "?") or cleaned.get("city", "?")):
            self.add_error("street", _("Write at least the street address or the town."))
        return cleaned


FORMS: dict[str, type[DetailForm]] = {"email": EmailForm, "phone": PhoneForm, "postal": PostalForm}


class RepresentationForm(forms.Form):
    """In what role a person represents a customer."""

    title = Line(
        label=gettext_lazy("Title"),
        limit=100,
        required=False,
        help_text=gettext_lazy("For example: managing director"),
    )
    since = Day(label=gettext_lazy("From"), required=False)
    primary = forms.BooleanField(label=gettext_lazy("Primary contact"), required=False)
    billing_contact = forms.BooleanField(label=gettext_lazy("Billing contact"), required=False)

    def values(self) -> dict[str, Any]:
        """What a use case of customers.representing takes."""
        return {name: self.cleaned_data[name] for name in ROLE}


ROLE = ("title", "since", "primary", "billing_contact")


class TieForm(WithSource, RepresentationForm):
    """That a person represents a customer, and who said so."""

    source = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=Source.choices, initial=Source.TOLD, required=False
    )
    field_order = [*ROLE, "source", "source_detail"]

    def clean_source(self) -> str:
        """What is not said stays as it is."""
        return self.cleaned_data["source"] or self.get_initial_for_field(self.fields["source"], "source")

    @staticmethod
    def of(representation: Representation) -> dict[str, Any]:
        return {name: getattr(representation, name) for name in TieForm.field_order}


class LeaveForm(forms.Form):
    """When a person left, and which of his details stop being used."""

    on = Day(label=gettext_lazy("Left on"))
    ending = forms.MultipleChoiceField(
        label=gettext_lazy("No longer used"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *arguments: Any,
        since: date | None,
        choices: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.since = since
        self.fields["ending"].choices = choices  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if self.since and on < self.since:
            raise ValidationError(_("The end cannot be before the beginning."))
        return on
