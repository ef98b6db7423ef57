"""The arithmetic of an invoice, exact to the cent.

Rounding is to 0,01 half-up, away from zero, so a credit note is the invoice's exact mirror. VAT is counted
once per rate from the sum of the lines (EN 16931 BR-CO-17) and the invoice's VAT is the sum of these
(BR-CO-14); a line's own VAT is for information only. Prices that include VAT: VAT = gross × r / (100 + r) per
rate, so that the customer pays exactly the price told. A discount on the total is an allowance of each rate
(EN 16931 BG-20): the taxable base of a rate is its lines less its allowance.
Which rate a supply carries is the dated rate table's business, not this module's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

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
class Discount:
    """A discount on the whole document: percents, or euros with or without VAT as the prices are."""

    percent: Decimal = ZERO
    amount: Decimal = ZERO

    def __post_init__(self) -> None:
        _require_exact(self.percent)
        _require_exact(self.amount)
        if not ZERO <= self.percent <= 100:
            raise AmountError(_("A discount is between 0 and 100 percent."))
        if self.percent and self.amount:
            raise AmountError(_("Give the discount on the total in percent or in euros, not both."))


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
    """``allowance`` is the rate's share of the discount on the total, without VAT; ``net`` is what is left."""

    vat_category: VatCategory
    vat_rate: Decimal
    allowance: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Totals(Amount):
    """``lines`` stand in the order given; ``per_rate`` highest rate first.

    The lines' nets less ``allowance`` are ``net``; ``discount`` is as told, with VAT where the prices are.
    """

    lines: tuple[Amount, ...]
    per_rate: tuple[RateTotal, ...]
    discount: Decimal = ZERO

    @property
    def allowance(self) -> Decimal:
        return sum((total.allowance for total in self.per_rate), ZERO)


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


def add_up(
    lines: Sequence[Line], *, prices_include_vat: bool = False, discount: Discount | None = None
) -> Totals:
    """The totals of one document, whose unit prices are either all with VAT or all without. Raises AmountError."""
    amounts: dict[int, Amount] = {}
    per_rate = []
    groups = [(key, places, [lines[place].price for place in places]) for key, places in _by_rate(lines)]
    sums = [sum(prices, ZERO) for _key, _places, prices in groups]
    shares = spread(discount or Discount(), sums)
    for ((category, rate), places, prices), told, share in zip(groups, sums, shares, strict=True):
        whole = total_of(told, rate=rate, includes_vat=prices_include_vat)
        left = total_of(told - share, rate=rate, includes_vat=prices_include_vat)
        per_rate.append(
            RateTotal(
                net=left.net,
                vat=left.vat,
                vat_category=category,
                vat_rate=rate,
                allowance=whole.net - left.net,
            )
        )
        amounts |= zip(places, line_amounts(prices, rate, whole, prices_include_vat), strict=True)
    return Totals(
        net=sum((total.net for total in per_rate), ZERO),
        vat=sum((total.vat for total in per_rate), ZERO),
        lines=tuple(amounts[place] for place in range(len(lines))),
        per_rate=tuple(per_rate),
        discount=sum(shares, ZERO),
    )


def spread(discount: Discount, sums: Sequence[Decimal]) -> list[Decimal]:
    """Each rate's share of a discount, in cents that add up to it; the largest remainders take the odd cents.

    Raises AmountError where the euros are more than the lines come to.
    """
    if not discount.amount:
        with localcontext(prec=_DIGITS_OF_PRECISION):
            return [rounded(told * discount.percent / 100) for told in sums]
    total = sum(sums, ZERO)
    if abs(discount.amount) > abs(total) or (discount.amount < 0) != (total < 0):
        raise AmountError(_("The discount on the total is larger than the lines come to."))
    with localcontext(prec=_DIGITS_OF_PRECISION):
        exact = [discount.amount * told / total for told in sums]
        shares = [share.quantize(CENT, ROUND_FLOOR if total > 0 else ROUND_CEILING) + ZERO for share in exact]
        short = [abs(one - share) for one, share in zip(exact, shares, strict=True)]
    left = discount.amount - sum(shares, ZERO)
    for place in sorted(range(len(sums)), key=lambda place: -short[place])[: int(abs(left) / CENT)]:
        shares[place] += CENT.copy_sign(left)
    return shares


def _by_rate(lines: Sequence[Line]) -> Iterator[tuple[tuple[VatCategory, Decimal], list[int]]]:
    groups: dict[tuple[VatCategory, Decimal], list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((line.vat_category, line.vat_rate), []).append(place)
    yield from sorted(groups.items(), key=lambda group: (-group[0][1], group[0][0]))


def total_of(price: Decimal, *, rate: Decimal, includes_vat: bool) -> Amount:
    """Net and VAT of a rate's price, which is with VAT or without."""
    if includes_vat:
        vat = vat_within(price, rate=rate)
        return Amount(net=price - vat, vat=vat)
    return Amount(net=price, vat=vat_on(price, rate=rate))


def line_amounts(
    prices: Sequence[Decimal], rate: Decimal, total: Amount, includes_vat: bool
) -> Iterable[Amount]:
    """Each line's net and VAT, the nets adding up to the rate's where prices include VAT."""
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
    order = sorted(range(len(vats)), key=errors.__getitem__)
    for step in range(int(abs(difference) / CENT)):
        vats[order[step % len(order)]] += cent


def _require_exact(figure: Decimal) -> None:
    if not isinstance(figure, Decimal):
        raise TypeError("amounts are Decimal")
    if not figure.is_finite() or abs(figure) >= _LARGEST_INPUT:
        raise AmountError(_("The figure is too large."))
    with localcontext(prec=_DIGITS_OF_PRECISION):
        if figure.quantize(_FINEST_INPUT) != figure:
            raise AmountError(_("A figure has at most six decimals."))
