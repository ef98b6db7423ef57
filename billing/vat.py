"""Which VAT rate a supply carries: the dated table's business, asked by the day of delivery (AVL 1501/1993).

There is no fallback: a missing row stops the calculation with an error that names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing import dated
from billing.amounts import VatCategory
from billing.models import VatGround, VatRate
from billing.pdf import Language
from customers.models import VatCode
from register.models import User

CATEGORIES = {
    VatCode.STANDARD: VatCategory.STANDARD,
    VatCode.REDUCED: VatCategory.STANDARD,
    VatCode.PRESS: VatCategory.STANDARD,
    VatCode.ZERO: VatCategory.ZERO_RATED,
    VatCode.EXEMPT: VatCategory.EXEMPT,
    VatCode.REVERSE: VatCategory.REVERSE_CHARGE,
}
NO_CONSIDERATION = {
    Language.FINNISH: "Viivästyskorko ei ole vastiketta, joten siitä ei suoriteta arvonlisäveroa",
    Language.SWEDISH: "Dröjsmålsränta är inget vederlag, så ingen mervärdesskatt betalas på den",
    Language.ENGLISH: "Late interest is not consideration for a supply: no VAT",
}
"""Printed on interest invoices: late interest is compensation, not the price of anything."""


class RateMissing(LookupError):
    """The table has no rate of a group for a day."""

    def __init__(self, code: str, on: date) -> None:
        self.code, self.on = code, on
        super().__init__(
            _(
                "The VAT rate is missing: %(group)s on %(day)s. "
                "The register owner adds it on the page “VAT rates”; nothing was calculated."
            )
            % {"group": VatCode(code).label, "day": date_format(on, "SHORT_DATE_FORMAT")}
        )


class RateDoesNotFit(ValueError):
    """A taxed group without a rate, or an untaxed group with one."""

    def __init__(self) -> None:
        super().__init__(
            _("The general and reduced rates are above 0 and below 100 percent; the others are 0.")
        )


def category(code: str) -> VatCategory:
    """The UNTDID 5305 category of a VAT group."""
    return CATEGORIES[VatCode(code)]


def category_of_zero(ground: VatGround | None) -> VatCategory:
    """What zero-rated lines are: a supply to another EU country or an export where the ground says so."""
    if ground is not None and ground.category in (VatCategory.INTRA_COMMUNITY, VatCategory.EXPORT):
        return VatCategory(ground.category)
    return VatCategory.ZERO_RATED


class Rates:
    """The table, read once for one calculation."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._rows = list(VatRate.objects.filter(code__in=set(codes)))

    def on(self, code: str, day: date) -> Decimal:
        """The rate in percent of a group on a day. Raises RateMissing."""
        for row in self._rows:
            if row.code == code and row.is_in_force(day):
                return row.rate
        raise RateMissing(code, day)


def rate_on(code: str, day: date) -> Decimal:
    """The rate in percent of one group on one day. Raises RateMissing."""
    return Rates([code]).on(code, day)


def add(
    *,
    code: str,
    rate: Decimal,
    valid_from: date,
    statute: str,
    source: str,
    by: User,
    valid_to: date | None = None,
) -> VatRate:
    """Add a rate; the group's rate that was in force without an end ends on the day before.

    Raises dated.RowsOverlap, dated.SourceMissing, RateDoesNotFit.
    """
    if (category(code) == VatCategory.STANDARD) != (rate > 0) or not 0 <= rate < 100:
        raise RateDoesNotFit
    row = VatRate(
        code=code,
        rate=rate,
        valid_from=valid_from,
        valid_to=valid_to,
        statute=statute,
        source=source,
        entered_by_id=by.pk,
    )
    return dated.add(row, code=code)


def remove(rate: VatRate, *, by: User) -> None:
    """Take back a rate that was added by mistake; the one before it is in force again. Raises dated.ShippedRow.

    Invoices carry their own copy of the rate, so what was issued does not change.
    """
    dated.remove(rate, code=rate.code)


def history() -> models.QuerySet[VatRate]:
    """Every row, newest first within a group."""
    return VatRate.objects.order_by("code", "-valid_from")


def in_force(*, on: date) -> list[VatRate]:
    """The rates of a day, in the order of the groups."""
    order = {code: place for place, code in enumerate(VatCode.values)}
    return sorted(VatRate.objects.on(on), key=lambda rate: order[rate.code])
