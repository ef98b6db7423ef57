"""The forms of late payment: what is decided about a debt."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import agreements
from billing.forms import KeyForm
from billing.models import Debtor, Dispute, Hold, Resolution, Waiver
from billing.models.late import NOTE
from customers.forms.fields import Amount, Day, Line


class DisputeForm(forms.Form):
    """What is contested."""

    amount = Amount(
        label=gettext_lazy("Disputed, €"),
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Empty: all that is open. The rest may still be reminded of."),
    )
    since = Day(label=gettext_lazy("Since"))
    ground = forms.ChoiceField(label=gettext_lazy("What for"), choices=Dispute.Ground.choices)
    note = Line(label=gettext_lazy("In short"), limit=NOTE, required=False)


class ResolveForm(forms.Form):
    """How a dispute ended."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=Resolution.Outcome.choices,
        help_text=gettext_lazy(
            "Where the debtor was right, costs charged since the dispute began come off. Credit the invoice itself."
        ),
    )
    note = Line(label=gettext_lazy("In short"), limit=NOTE, required=False)


class _AgreementForm(forms.Form):
    """What more time and plans have in common."""

    fee = Amount(label=gettext_lazy("Fee, €"), max_digits=8, decimal_places=2, min_value=0, required=False)
    note = Line(label=gettext_lazy("Agreed with, how"), limit=NOTE, required=False)


class ExtensionForm(_AgreementForm):
    """More time."""

    due_on = Day(label=gettext_lazy("New due date"))
    interest_runs = forms.BooleanField(
        label=gettext_lazy("Late interest runs on meanwhile"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Unticked: no interest from the day after the agreement until the new due date. What ran before stays."
        ),
    )
    field_order = ("due_on", "fee", "note", "interest_runs")


class PlanForm(_AgreementForm):
    """Equal instalments a month apart."""

    count = forms.IntegerField(
        label=gettext_lazy("Instalments"),
        min_value=agreements.FEWEST,
        max_value=agreements.MOST,
        initial=3,
    )
    first_on = Day(label=gettext_lazy("First instalment due"))
    interest_runs = forms.BooleanField(
        label=gettext_lazy("Late interest runs on meanwhile"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Unticked: no interest from the day after the agreement until the last instalment is due. If the plan ends "
            "after a missed instalment, interest runs from the day after that instalment was due."
        ),
    )
    whole_falls_due = forms.BooleanField(
        label=gettext_lazy("A missed instalment makes the whole due"), required=False, initial=True
    )
    field_order = ("count", "first_on", "fee", "note", "interest_runs", "whole_falls_due")

    def days(self) -> list[date]:
        return agreements.monthly(self.cleaned_data["first_on"], self.cleaned_data["count"])

    @staticmethod
    def first(today: date) -> dict[str, Any]:
        return {"first_on": today + timedelta(days=30)}


class HoldForm(forms.Form):
    """Why no reminder goes, and how long."""

    kind = forms.ChoiceField(label=gettext_lazy("What"))
    until = Day(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until it is lifted.")
    )
    note = Line(label=gettext_lazy("Reason"), limit=NOTE)

    def __init__(self, *arguments: Any, debtor: str | None = None, **options: Any) -> None:
        """Only a consumer's single debt goes to court on his wish: `debtor` is that of the debt, if it is one."""
        super().__init__(*arguments, **options)
        kinds = [kind for kind in Hold.Kind if kind != Hold.Kind.COURT or debtor == Debtor.CONSUMER]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class WaiveForm(forms.Form):
    """Why a cost is not asked after all."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(one.value, one.label) for one in Waiver.Reason if one not in Waiver.BY_ITSELF],
    )


class GiveUpForm(forms.Form):
    """Why costs that are open alone are not asked for any more."""

    because = Line(label=gettext_lazy("Reason"), limit=200)


class DebtorForm(forms.Form):
    """Whom collection law sees."""

    debtor = forms.ChoiceField(label=gettext_lazy("The customer is"), choices=Debtor.choices)


class ApproveForm(KeyForm):
    """Which letters go, with or without fees."""

    friendly = forms.BooleanField(required=False)
    costs = forms.BooleanField(required=False)
    without_fees = forms.BooleanField(label=gettext_lazy("Without fees"), required=False)
    everybody = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("everybody") and not self.data.getlist("customer"):  # type: ignore[attr-defined]
            raise forms.ValidationError(_("Tick the customers to be reminded."))
        return data
