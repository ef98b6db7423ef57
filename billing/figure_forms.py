"""The form by which the owner adds a row to a dated figure; it asks only for what the figure has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import figures
from billing.amounts import ZERO
from customers.forms.fields import Amount, Day, Line


class FigureForm(forms.Form):
    """Value, first day, section and source; a principal only where the figure has tiers."""

    value = Amount(label="", max_digits=8, decimal_places=2, min_value=0)
    above = Amount(
        label=gettext_lazy("For a principal above, €"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        initial=0,
        help_text=gettext_lazy("0: for any principal. A row above 100 € counts from 100,01 € on."),
    )
    valid_from = Day(label=gettext_lazy("In force from"))
    statute = Line(label=gettext_lazy("Section of the law"))
    source = Line(
        label=gettext_lazy("Where you read it"),
        limit=300,
        help_text=gettext_lazy("For example the announcement of the Bank of Finland and its day."),
    )

    def __init__(self, figure: figures.Figure, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = figures.CHOICES.get(figure.code)
        if choices is not None:
            self.fields["value"] = forms.TypedChoiceField(choices=tuple(choices.items()), coerce=Decimal)
        self.fields["value"].label = figure.label
        if not figure.is_tiered:
            del self.fields["above"]
        if figure.code == figures.Code.REFERENCE_RATE:
            self.fields["valid_from"].help_text = _("1 January or 1 July; it holds until the half-year ends.")

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not 1983 <= day.year <= 2100:
            raise ValidationError(_("The day is not between 1983 and 2100."))
        return day

    def values(self) -> dict[str, Any]:
        return {"above": ZERO} | self.cleaned_data
