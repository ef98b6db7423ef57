"""The arithmetic of an invoice, exact to the cent.

Rounding is to 0,01 half-up, away from zero, so a credit note is the invoice's exact mirror. VAT is counted
once per rate from the sum of the lines (EN 16931 BR-CO-17) and the invoice's VAT is the sum of these
(BR-CO-14); a line's own VAT is for information only. Prices that include VAT: VAT = gross × r / (100 + r) per
rate, so that the customer pays exactly the price told. Which rate a supply carries is the dated rate table's
business, not this module's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_DIGITS_OF_PRECISION = 60  # products of three inputs stay exact
_LARGEST_INPUT = Decimal(10) ** 9
_FINEST_INPUT = Decimal("0.000001")


class AmountError(ValueError):
    """A figure that no invoice can hold; the text says what to change."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)


class VatCategory(TextChoices):
    """UNTDID 5305 as used by EN 16931 and Finvoice."""

    STANDARD = "S", _("Taxed")
    ZERO_RATED = "Z", _("Zero rate")
    EXEMPT = "E", _("Exempt from VAT")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    INTRA_COMMUNITY = "K", _("Intra-Community supply")
    EXPORT = "G", _("Export outside the EU")
    OUT_OF_SCOPE = "O", _("Not subject to VAT")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is charged. ``vat_rate`` and ``discount_percent`` are percents: ``Decimal("25.5")``."""

    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    vat_category: VatCategory = VatCategory.STANDARD
    discount_percent: Decimal = ZERO

    def __post_init__(self) -> None:
        for figure in (self.quantity, self.unit_price, self.vat_rate, self.discount_percent):
            _require_exact(figure)
        if not ZERO <= self.discount_percent <= 100:
            raise AmountError(_("A discount is between 0 and 100 percent."))
        taxed = self.vat_category == VatCategory.STANDARD
        if taxed != (self.vat_rate > 0) or self.vat_rate < 0 or self.vat_rate >= 100:
            raise AmountError(_("A taxed line has a VAT rate above zero; every other line has the rate 0."))

    @property
    def price(self) -> Decimal:
        """Quantity × unit price less the discount, to the cent; with or without VAT as the unit price is."""
        with localcontext(prec=_DIGITS_OF_PRECISION):
            return rounded(self.quantity * self.unit_price * (100 - self.discount_percent) / 100)

    def credited(self) -> "Line":
        """The line that takes this one back; the rate stays the original supply's."""
        return replace(self, quantity=-self.quantity)


@dataclass(frozen=True, kw_only=True)
class Amount:
    """Net, VAT and gross that add up."""

    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True, kw_only=True)
class RateTotal(Amount):
    vat_category: VatCategory
    vat_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Totals(Amount):
    """``lines`` stand in the order given; ``per_rate`` highest rate first. Nets of both add up to ``net``."""

    lines: tuple[Amount, ...]
    per_rate: tuple[RateTotal, ...]


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half away from zero."""
    with localcontext(prec=_DIGITS_OF_PRECISION):
        return amount.quantize(CENT, ROUND_HALF_UP) + ZERO  # adding zero turns -0.00 into 0.00


def vat_on(net: Decimal, *, rate: Decimal) -> Decimal:
    with localcontext(prec=_DIGITS_OF_PRECISION):
        return rounded(net * rate / 100)


def vat_within(gross: Decimal, *, rate: Decimal) -> Decimal:
    with localcontext(prec=_DIGITS_OF_PRECISION):
        return rounded(gross * rate / (100 + rate))


def add_up(lines: Sequence[Line], *, prices_include_vat: bool = False) -> Totals:
    """The totals of one document, whose unit prices are either all with VAT or all without."""
    amounts: dict[int, Amount] = {}
    per_rate = []
    for (category, rate), places in _by_rate(lines):
        prices = [lines[place].price for place in places]
        total = _total_of(sum(prices, ZERO), rate=rate, includes_vat=prices_include_vat)
        per_rate.append(RateTotal(net=total.net, vat=total.vat, vat_category=category, vat_rate=rate))
        amounts |= zip(places, _line_amounts(prices, rate, total, prices_include_vat), strict=True)
    return Totals(
        net=sum((total.net for total in per_rate), ZERO),
        vat=sum((total.vat for total in per_rate), ZERO),
        lines=tuple(amounts[place] for place in range(len(lines))),
        per_rate=tuple(per_rate),
    )


def _by_rate(lines: Sequence[Line]) -> Iterator[tuple[tuple[VatCategory, Decimal], list[int]]]:
    groups: dict[tuple[VatCategory, Decimal], list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((line.vat_category, line.vat_rate), []).append(place)
    yield from sorted(groups.items(), key=lambda group: (-group[0][1], group[0][0]))


def _total_of(price: Decimal, *, rate: Decimal, includes_vat: bool) -> Amount:
    if includes_vat:
        vat = vat_within(price, rate=rate)
        return Amount(net=price - vat, vat=vat)
    return Amount(net=price, vat=vat_on(price, rate=rate))


def _line_amounts(
    prices: Sequence[Decimal], rate: Decimal, total: Amount, includes_vat: bool
) -> Iterable[Amount]:
    if not includes_vat:
        return [Amount(net=price, vat=vat_on(price, rate=rate)) for price in prices]
    vats = [vat_within(price, rate=rate) for price in prices]
    _share_out(total.vat - sum(vats, ZERO), vats, prices, rate)
    return [Amount(net=price - vat, vat=vat) for price, vat in zip(prices, vats, strict=True)]


def _share_out(difference: Decimal, vats: list[Decimal], prices: Sequence[Decimal], rate: Decimal) -> None:
    """Move the cents that rounding left over onto the lines whose rounding erred most that way.

    The lines' nets must add up to the rate's taxable base (BR-S-08) also where prices include VAT.
    """
    cent = CENT.copy_sign(difference)
    with localcontext(prec=_DIGITS_OF_PRECISION):
        errors = [(vat - price * rate / (100 + rate)) * cent for vat, price in zip(vats, prices, strict=True)]
    for place in sorted(range(len(vats)), key=errors.__getitem__)[: int(abs(difference) / CENT)]:
        vats[place] += cent


def _require_exact(figure: Decimal) -> None:
    if not isinstance(figure, Decimal):
        raise TypeError("amounts are Decimal")
    if not figure.is_finite() or abs(figure) >= _LARGEST_INPUT:
        raise AmountError(_("The figure is too large."))
    with localcontext(prec=_DIGITS_OF_PRECISION):
        if figure.quantize(_FINEST_INPUT) != figure:
            raise AmountError(_("A figure has at most six decimals."))
