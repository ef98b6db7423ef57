"""Which VAT rate a supply carries: the dated table's business, asked by the day of delivery (AVL 1501/1993).

There is no fallback: a missing row stops the calculation with an error that names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.amounts import VatCategory
from billing.models import VatGround, VatRate
from customers.models import VatCode
from register import access
from register.finnish import clean_line
from register.models import User

CATEGORIES = {
    VatCode.STANDARD: VatCategory.STANDARD,
    VatCode.REDUCED: VatCategory.STANDARD,
    VatCode.PRESS: VatCategory.STANDARD,
    VatCode.ZERO: VatCategory.ZERO_RATED,
    VatCode.EXEMPT: VatCategory.EXEMPT,
    VatCode.REVERSE: VatCategory.REVERSE_CHARGE,
}


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


class RatesOverlap(ValueError):
    """Another rate of the group is in force on some of the days."""

    def __init__(self) -> None:
        super().__init__(
            _("Another rate of this group is in force on some of these days. Choose a later first day.")
        )


class RateDoesNotFit(ValueError):
    """A taxed group without a rate, or an untaxed group with one."""

    def __init__(self) -> None:
        super().__init__(
            _("The general and reduced rates are above 0 and below 100 percent; the others are 0.")
        )


class SourceMissing(ValueError):
    """A rate without its law or its source cannot be explained."""

    def __init__(self) -> None:
        super().__init__(_("Write the section of the law and where you read the rate."))


class ShippedRate(ValueError):
    """Rates that came with the program are not removed."""

    def __init__(self) -> None:
        super().__init__(_("This rate came with the program. Add a new rate from the day of the change."))


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
            if row.code == code and row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
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

    Raises RatesOverlap, RateDoesNotFit, SourceMissing.
    """
    statute, source = clean_line(statute), clean_line(source, limit=300)
    if not statute or not source:
        raise SourceMissing
    if (category(code) == VatCategory.STANDARD) != (rate > 0) or not 0 <= rate < 100:
        raise RateDoesNotFit
    if valid_to is not None and valid_to < valid_from:
        raise RatesOverlap
    try:
        with access.atomic():
            open_rate = VatRate.objects.filter(code=code, valid_to=None, valid_from__lt=valid_from).first()
            if open_rate is not None:
                _end(open_rate, valid_from - timedelta(days=1))
            return VatRate.objects.create(
                code=code,
                rate=rate,
                valid_from=valid_from,
                valid_to=valid_to,
                statute=statute,
                source=source,
                entered_by_id=by.pk,
            )
    except IntegrityError as refused:
        if "two rates" not in str(refused):
            raise
        raise RatesOverlap from None


def remove(rate: VatRate, *, by: User) -> None:
    """Take back a rate that was added by mistake; the one before it is in force again. Raises ShippedRate.

    Invoices carry their own copy of the rate, so what was issued does not change.
    """
    if rate.is_shipped:
        raise ShippedRate
    with access.atomic():
        before = VatRate.objects.filter(code=rate.code, valid_to=rate.valid_from - timedelta(days=1)).first()
        rate.delete()
        if before is not None:
            _end(before, rate.valid_to)


def _end(rate: VatRate, valid_to: date | None) -> None:
    rate.valid_to = valid_to
    rate.save(update_fields=["valid_to"])


def history() -> models.QuerySet[VatRate]:
    """Every row, newest first within a group."""
    return VatRate.objects.order_by("code", "-valid_from")
