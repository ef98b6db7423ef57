"""The forms of the collection pages: they clean what people type and call one use case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.collecting import Outcome, Reported
from billing.models import Agency, CreditLoss, Receivable
from customers.forms.fields import Amount, Day, Line


class AgencyForm(forms.Form):
    """A collection agency."""

    name = Line(label=_("Agency's name"))
    number = Line(label=_("Business ID"), limit=9)
    contact = Line(
        label=_("Where packages are sent"),
        required=False,
        help_text=_("For example the address of the agency's own web service."),
    )


class HandOverForm(forms.Form):
    """To whom a case goes."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none(), empty_label=None)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["agency"].queryset = Agency.objects.filter(ended_on=None)  # type: ignore[attr-defined]
        self.fields["agency"].label_from_instance = lambda agency: agency.name  # type: ignore[attr-defined]


PARTS = ("principal", "costs", "interest")
LABELS = {"principal": _("Principal"), "costs": _("Costs"), "interest": _("Interest")}


class ReportForm(forms.Form):
    """What the agency says it has got: principal, costs and interest of each debt."""

    paid_on = Day(label=_("Paid to the agency"))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, debts: Sequence[Receivable], *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.debts, self.today = debts, today
        for debt in debts:
            for part in PARTS:
                self.fields[f"{part}_{debt.pk}"] = Amount(
                    label=LABELS[part], max_digits=12, decimal_places=2, min_value=Decimal(0), required=False
                )

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > self.today:
            raise ValidationError(_("The payment cannot be in the future."), code="future")
        return day

    def see(self, step: int) -> None:
        """The page that is shown again has been written with the latest step in view."""
        self.data = {**dict(self.data.items()), "seen": str(step)}

    def rows(self) -> list[tuple[Receivable, list[forms.BoundField]]]:
        """Each debt with its fields, in the order of the table's columns."""
        return [(debt, [self[f"{part}_{debt.pk}"] for part in PARTS]) for debt in self.debts]

    def reported(self) -> list[Reported]:
        amount = self.cleaned_data.get
        return [
            Reported(debt, *(amount(f"{part}_{debt.pk}") or Decimal(0) for part in PARTS))
            for debt in self.debts
        ]


class RecallForm(forms.Form):
    """Why a case comes back."""

    reason = Line(label=_("Why it is recalled"), limit=200)


class CloseForm(forms.Form):
    """How a case ends."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=Outcome.choices)
    reason = Line(label=_("Remark"), limit=200, required=False)


class LossForm(forms.Form):
    """A debt that is given up in the books."""

    reason = forms.ChoiceField(label=_("Why it is given up"), choices=CreditLoss.Reason.choices)
    amount = Amount(
        label=_("Amount, €"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
        help_text=_("Empty: all that is open."),
    )
    claim_lives = forms.BooleanField(
        label=_("The claim lives on: take the loss back when money comes after all"),
        required=False,
        initial=True,
    )
    was_open = forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.HiddenInput)
