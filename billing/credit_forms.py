"""The form of a credit of a part: a field for each line and each VAT rate of which something is left."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from billing.remaining import Left, LeftLine, LeftRate, Rate
from customers.forms.fields import Amount


class PartForm(forms.Form):
    """Quantities by line, euros by VAT rate; empty fields take nothing."""

    def __init__(self, *arguments: Any, left: Left, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lines = [one for one in left.lines if one.quantity]
        self._rates = [rate for rate in left.rates if rate.told]
        for one in self._lines:
            label = _("Quantity to credit, line %(place)d") % {"place": one.line.position}
            self.fields[f"line-{one.line.position}"] = Amount(
                label=label, max_digits=12, decimal_places=3, required=False
            )
        for place, rate in enumerate(self._rates):
            label = _("Euros to credit at %(rate)s %%") % {"rate": f"{rate.rate.normalize():f}"}
            self.fields[f"rate-{place}"] = Amount(
                label=label, max_digits=13, decimal_places=2, required=False
            )

    @property
    def lines(self) -> Iterator[tuple[LeftLine, forms.BoundField]]:
        """Each line with its field."""
        return ((one, self[f"line-{one.line.position}"]) for one in self._lines)

    @property
    def rates(self) -> Iterator[tuple[LeftRate, forms.BoundField]]:
        """Each VAT rate with its field."""
        return ((rate, self[f"rate-{place}"]) for place, rate in enumerate(self._rates))

    def quantities(self) -> dict[int, Decimal]:
        """What was written, by the lines' positions."""
        found = ((one.line.position, self.cleaned_data[f"line-{one.line.position}"]) for one in self._lines)
        return {position: quantity for position, quantity in found if quantity}

    def reductions(self) -> dict[Rate, Decimal]:
        """What was written, by VAT rate."""
        found = ((rate.key, self.cleaned_data[f"rate-{place}"]) for place, rate in enumerate(self._rates))
        return {key: told for key, told in found if told}
