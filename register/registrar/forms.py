"""The registrar's details, checked: Y-tunnus, IBAN, BIC, the last day of the financial year."""

from __future__ import annotations

import calendar
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from register import finnish
from register.accounts.forms import LineField
from register.models import Registrar

LINES = {
    "name": 200, "street": 200, "postal_code": 12, "city": 100, "contact_person": 200,
    "register_name_fi": 200, "register_name_sv": 200, "register_name_en": 200,
}  # fmt: skip
OPTIONAL_LINES = {"website": 200, "phone": 40, "einvoice_address": 35, "einvoice_operator": 35}
NAMES_OF_THE_REGISTER = {
    "register_name_fi": "Asiakasrekisteri ja yrityksen sähköpostirekisteri",
    "register_name_sv": "Kundregister och företagets e-postregister",
    "register_name_en": "Customer register and company e-mail register",
}
"""What a register like this is called unless the registrar says otherwise; each in its own language."""

GROUPS = (
    (gettext_lazy("The company"), ("name", "business_id", "street", "postal_code", "city", "website")),
    (gettext_lazy("Who answers questions"), ("contact_person", "contact_email", "phone")),
    (
        gettext_lazy("What the register is called"),
        ("register_name_fi", "register_name_sv", "register_name_en"),
    ),
    (
        gettext_lazy("Money"),
        (
            "iban",
            "bic",
            "financial_year_end_day",
            "financial_year_end_month",
            "reference_form",
            "vat_registered",
        ),
    ),
    (gettext_lazy("E-invoices"), ("einvoice_address", "einvoice_operator")),
)


class RegistrarForm(forms.ModelForm):
    """Everything about the registrar on one page, in four groups."""

    class Meta:
        model = Registrar
        fields = tuple(name for _label, names in GROUPS for name in names)
        labels = {
            "name": gettext_lazy("Name of the company"),
            "business_id": gettext_lazy("Business ID (Y-tunnus)"),
            "contact_email": gettext_lazy("E-mail"),
            "phone": gettext_lazy("Phone"),
            "contact_person": gettext_lazy("Person responsible for the register"),
            "register_name_fi": gettext_lazy("In Finnish"),
            "register_name_sv": gettext_lazy("In Swedish"),
            "register_name_en": gettext_lazy("In English"),
            "iban": gettext_lazy("Bank account (IBAN)"),
            "bic": gettext_lazy("BIC"),
            "reference_form": gettext_lazy("Reference numbers on invoices"),
            "financial_year_end_day": gettext_lazy("The financial year ends on day"),
            "financial_year_end_month": gettext_lazy("of month"),
            "vat_registered": gettext_lazy("The company is in the VAT register"),
            "einvoice_address": gettext_lazy("The company's own e-invoice address"),
            "einvoice_operator": gettext_lazy("Operator or bank that carries its e-invoices"),
        }
        help_texts = {
            "business_id": gettext_lazy("For example 1234567-1."),
            "bic": gettext_lazy("Filled in from the IBAN when left empty."),
            "iban": gettext_lazy("Printed on invoices."),
            "reference_form": gettext_lazy(
                "A bank abroad takes RF references only; every Finnish bank takes both. Issued invoices keep theirs."
            ),
            "einvoice_address": gettext_lazy("Usually 0037 and the business ID, for example 003701120389."),
            "einvoice_operator": gettext_lazy("Its code, for example 003721291126 or NDEAFIHH."),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, limit in (LINES | OPTIONAL_LINES).items():
            self.fields[name] = LineField(
                label=self.fields[name].label, max_length=limit, required=name in LINES,
                help_text=self.fields[name].help_text,
            )  # fmt: skip
        for name, limit in (("business_id", 20), ("iban", 50), ("bic", 20)):
            self.fields[name] = forms.CharField(
                label=self.fields[name].label, max_length=limit, required=name != "bic",
                help_text=self.fields[name].help_text,
            )  # fmt: skip
        months = forms.Select(choices=[(number, name) for number, name in MONTHS.items()])
        self.fields["financial_year_end_month"].widget = months

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them."""
        return [(str(label), [self[name] for name in names]) for label, names in GROUPS]

    def clean_business_id(self) -> str:
        try:
            return finnish.business_id(self.cleaned_data["business_id"])
        except finnish.WrongBusinessId as error:
            raise ValidationError(str(error)) from None

    def clean_iban(self) -> str:
        try:
            return str(IBAN(self.cleaned_data["iban"]).compact)
        except SchwiftyException:
            raise ValidationError(
                _("This is not a bank account number: check the digits. An IBAN looks like %(example)s.")
                % {"example": "FI21 1234 5600 0007 85"}
            ) from None

    def clean_bic(self) -> str:
        text = self.cleaned_data["bic"].strip()
        try:
            return str(BIC(text).compact) if text else ""
        except SchwiftyException:
            raise ValidationError(
                _("This is not a BIC. It has 8 or 11 characters, for example NDEAFIHH.")
            ) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        iban = values.get("iban")
        if iban and not values.get("bic") and "bic" not in self.errors:
            found = IBAN(iban).bic
            values["bic"] = str(found.compact) if found else ""
        day, month = values.get("financial_year_end_day"), values.get("financial_year_end_month")
        if day and month in MONTHS and day > calendar.monthrange(2024, month)[1]:
            self.add_error("financial_year_end_day", _("The month has no such day."))
        return values
