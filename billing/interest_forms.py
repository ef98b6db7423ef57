"""The forms of the interest and limitation pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from billing.forms import KeyForm
from billing.models import LimitationEvent
from customers.forms.fields import Amount, Day, Line


class UntilForm(forms.Form):
    """The last day to reckon."""

    until = Day(label=gettext_lazy("Reckoned until"), required=False)


class InterestInvoiceForm(KeyForm):
    """The last day to invoice; the receivables are ticked beside."""

    until = Day(label=gettext_lazy("Reckoned until"))


class AgreedRateForm(forms.Form):
    """A rate agreed with a business."""

    rate = Amount(label=gettext_lazy("Agreed rate, % a year"), max_digits=5, decimal_places=2, min_value=0)
    valid_from = Day(
        label=gettext_lazy("For what is invoiced from"),
        help_text=gettext_lazy("What was invoiced earlier bears the law's interest."),
    )
    agreement = Line(
        label=gettext_lazy("Where it was agreed"),
        limit=200,
        help_text=gettext_lazy("For example: framework agreement of 3.2.2026, section 7."),
    )

    def __init__(self, *arguments: Any, for_one: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if for_one:
            del self.fields["valid_from"]


class InterruptionForm(forms.Form):
    """What let the time of limitation run anew."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened"), choices=LimitationEvent.Kind.choices)
    on = Day(label=gettext_lazy("Date"))
    evidence = Line(
        label=gettext_lazy("How it can be shown"),
        limit=200,
        help_text=gettext_lazy("For example the case number, or the debtor's letter and its day."),
    )
