"""Which figure is in force: asked of the dated table by code and day, never a constant in code.

There is no fallback: a missing row stops the calculation with an error that names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.models import Debtor, Rule

Code = Rule.Code

ORDERS = {Debtor.CONSUMER: Code.ALLOCATION_CONSUMER, Debtor.BUSINESS: Code.ALLOCATION_BUSINESS}
"""By whom is owed: the figure that says what a payment covers first."""
PRINCIPAL_FIRST, COSTS_FIRST = 1, 2


class RuleMissing(LookupError):
    """The table has no figure for a day; `code` and `on` say which."""

    def __init__(self, code: str, on: date) -> None:
        self.code, self.on = code, on
        if code == Code.REFERENCE_RATE:
            text = _(
                "The reference rate is missing for %(period)s. The register owner adds it on the page “Rules”."
            )
        else:
            text = _(
                "A figure is missing: %(figure)s, %(period)s. "
                "The register owner adds it on the page “Rules”; nothing was calculated."
            )
        super().__init__(text % {"figure": Code(code).label, "period": period(code, on)})


class Rules:
    """Rows of some codes, read once for one calculation."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._rows = list(Rule.objects.filter(code__in=set(codes)).order_by("code", "-above"))
        self._found: dict[tuple[str, date], list[Rule]] = {}

    def row(self, code: str, on: date, *, principal: Decimal = ZERO) -> Rule:
        """The row in force on a day for a principal in euros. Raises RuleMissing."""
        for row in self.tiers(code, on):
            if row.above < principal or row.above == 0:
                return row
        raise RuleMissing(code, on)

    def tiers(self, code: str, on: date) -> list[Rule]:
        """The rows in force on a day, the highest tier first; none where the figure is not known."""
        found = self._found.get((code, on))
        if found is None:
            found = [row for row in self._rows if row.code == code and row.is_in_force(on)]
            self._found[code, on] = found
        return found

    def value(self, code: str, on: date, *, principal: Decimal = ZERO) -> Decimal:
        """The figure itself. Raises RuleMissing."""
        return self.row(code, on, principal=principal).value

    def days(self, code: str, on: date) -> int:
        """A figure that counts days or years. Raises RuleMissing."""
        return int(self.value(code, on))

    def segments(self, code: str, first: date, last: date) -> list[tuple[date, date, Rule]]:
        """First and last day and row of each stretch between two days. Raises RuleMissing at the first gap."""
        found, day = [], first
        while day <= last:
            row = self.row(code, day)
            end = last if row.valid_to is None else min(last, row.valid_to)
            found.append((day, end, row))
            day = date.fromordinal(end.toordinal() + 1)
        return found


def costs_first(on: date) -> frozenset[str]:
    """The debtors whose payments cover costs before principal. Raises RuleMissing."""
    known = Rules(ORDERS.values())
    return frozenset(debtor for debtor, code in ORDERS.items() if known.value(code, on) == COSTS_FIRST)


def row(code: str, on: date, *, principal: Decimal = ZERO) -> Rule:
    """One row, for one question. Raises RuleMissing."""
    return Rules([code]).row(code, on, principal=principal)


def days(code: str, on: date) -> int:
    """One figure that counts days or years. Raises RuleMissing."""
    return Rules([code]).days(code, on)


def period(code: str, on: date) -> str:
    """How people name the time of a figure: the half-year of a reference rate (2026-H2), else the day."""
    if code == Code.REFERENCE_RATE:
        return f"{on.year}-H{1 if on.month <= 6 else 2}"
    return on.isoformat()
