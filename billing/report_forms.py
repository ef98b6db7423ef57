"""The forms of reports, the journal and its accounts."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import journal
from billing.amounts import VatCategory
from billing.models import JournalAccount
from billing.reports import Kind, periods
from billing.reports.periods import Period
from customers.forms.fields import Day, Line

NUMBER = re.compile(r"[0-9]{3,10}")
RATE = re.compile(r"[0-9]{1,2}([.][0-9]{1,2})?|[A-Z]{1,2}")


class DaysForm(forms.Form):
    """The day or the period of a report, from its address."""

    day = Day(label=gettext_lazy("As of"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    first = Day(label=gettext_lazy("From"), required=False)
    last = Day(label=gettext_lazy("Until"), required=False)

    def __init__(self, data: Any, *, kind: Kind, today: date, ends: periods.YearEnd) -> None:
        self.kind, self.today, self.ends = kind, today, ends
        self.usual = periods.usual(kind.usual, today)
        super().__init__(data, initial={"day": today, "period": self.usual.token})
        if kind.as_of:
            for name in ("period", "first", "last"):
                del self.fields[name]
            return
        del self.fields["day"]
        offered = periods.offered(today, ends)
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            *((group, [(one.token, one.name) for one in found]) for group, found in offered.items()),
            (periods.FREE, _("Chosen days")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("period") == periods.FREE and not self.errors:
            first, last = cleaned.get("first"), cleaned.get("last")
            if first is None or last is None or last < first:
                self.add_error("last", _("Give the first and the last day, in this order."))
        return cleaned

    def asked(self) -> Period | None:
        """What was asked for; None when nothing sensible was."""
        if not self.is_bound or not self.is_valid():
            return None
        cleaned = self.cleaned_data
        if self.kind.as_of:
            return Period(cleaned["day"], cleaned["day"]) if cleaned["day"] else None
        if cleaned["period"] == periods.FREE:
            return Period(cleaned["first"], cleaned["last"])
        return periods.of_token(cleaned["period"], self.ends)

    def chosen(self) -> Period:
        """What was asked for, or what is usual."""
        usual = Period(self.today, self.today) if self.kind.as_of else self.usual
        return self.asked() or usual

    def address(self, period: Period) -> dict[str, str]:
        """What in an address asks for a period."""
        if self.kind.as_of:
            return {"day": period.last.isoformat()}
        if period.token != periods.FREE:
            return {"period": period.token}
        return {"period": periods.FREE, "first": period.first.isoformat(), "last": period.last.isoformat()}


class JournalForm(forms.Form):
    """Which days' journal is exported."""

    first = Day(label=gettext_lazy("From"))
    last = Day(label=gettext_lazy("Until"))
    names = forms.BooleanField(
        label=gettext_lazy("Customers' names in the texts"),
        required=False,
        help_text=gettext_lazy(
            "Without it a customer is a number only; tick it when the accountant asks for names."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("Give the first and the last day, in this order."))
        return cleaned


class UnlockForm(forms.Form):
    """Why a lock is taken off."""

    reason = Line(label=gettext_lazy("Why the lock is taken off"), limit=300)


class AccountsForm(forms.Form):
    """Every account with a field of its own, and one more for a rate that has none yet."""

    vat = Line(
        label=gettext_lazy("VAT rate or category"),
        limit=5,
        required=False,
        help_text=gettext_lazy("25.5 or AE (reverse charge), E (exempt), Z (zero rate)"),
    )
    number = Line(label=gettext_lazy("Account number"), limit=10, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.rows = list(JournalAccount.objects.all())
        for row in self.rows:
            self.fields[f"account-{row.pk}"] = Line(
                label=_label(row), limit=10, initial=row.number, required=not row.vat
            )

    def accounts(self) -> list[Any]:
        return [self[f"account-{row.pk}"] for row in self.rows]

    def added(self) -> list[Any]:
        return [self["vat"], self["number"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in list(cleaned.items()):
            if name != "vat" and value and not NUMBER.fullmatch(value):
                self.add_error(name, _("An account is 3–10 digits."))
        if bool(cleaned.get("vat")) != bool(cleaned.get("number")) and "number" not in self.errors:
            self.add_error("number", _("Give both the rate and its account, or neither."))
        return cleaned

    def clean_vat(self) -> str:
        text = str(self.cleaned_data["vat"]).upper().replace(",", ".")
        if text and not RATE.fullmatch(text):
            raise ValidationError(_("Write a rate such as 25.5, or the letters of a VAT category."))
        if text[:1].isdigit():
            text = journal.vat_key(VatCategory.STANDARD, Decimal(text))
        if any(row.vat == text for row in self.rows if row.vat):
            raise ValidationError(_("This rate has an account already."))
        return text

    def numbers(self) -> dict[int, str]:
        """What was written, by the accounts' keys."""
        return {row.pk: self.cleaned_data[f"account-{row.pk}"] for row in self.rows}


def _label(row: JournalAccount) -> str:
    label = str(row.get_use_display())
    if not row.vat:
        return label
    return f"{label}, {row.vat.replace('.', ',')} %" if row.vat[0].isdigit() else f"{label}, {row.vat}"
