"""What credit notes have left of an invoice, and what taking some of it back comes to.

Of a part, a credit note takes the difference between what was left before and what is left after, each counted and
rounded as an invoice is. So all credit notes of an invoice add up to it to the cent. Nothing here is saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import amounts, documents, pricing
from billing.amounts import ZERO, VatCategory, rounded, total_of
from billing.models import Invoice, InvoiceLine
from billing.pdf import DocumentLine, InvoiceDocument, Language, VatLine

REDUCTION = {
    Language.FINNISH: "Hinnanalennus",
    Language.SWEDISH: "Prisnedsättning",
    Language.ENGLISH: "Price reduction",
}
"""What the line of a credit in euros says."""

Rate = tuple[VatCategory, Decimal]


class MoreThanLeft(ValueError):
    """More than credit notes have left of a line or a VAT rate."""

    def __init__(self) -> None:
        super().__init__(
            _("That is more than is left of the invoice. Credit at most what is left of each line and rate.")
        )


class NothingChosen(ValueError):
    """A credit of a part names none."""

    def __init__(self) -> None:
        super().__init__(_("Write how much of a line or of a VAT rate is credited."))


@dataclass(frozen=True)
class LeftLine:
    """A line of the original, and how much of its quantity no credit note has taken back."""

    line: InvoiceLine
    quantity: Decimal


@dataclass(frozen=True)
class LeftRate:
    """What is left at one VAT rate; `told` is with VAT where the invoice's prices are."""

    category: VatCategory
    rate: Decimal
    net: Decimal
    vat: Decimal
    told: Decimal

    @property
    def key(self) -> Rate:
        return self.category, self.rate


@dataclass(frozen=True)
class Left:
    """What credit notes have left of an invoice."""

    document: InvoiceDocument
    lines: tuple[LeftLine, ...]
    rates: tuple[LeftRate, ...]
    noted: bool
    reduced: bool

    @property
    def total(self) -> Decimal:
        return sum((rate.net + rate.vat for rate in self.rates), ZERO)

    @property
    def is_nothing(self) -> bool:
        return self.noted and not any(rate.net or rate.vat for rate in self.rates)


def left_of(invoice: Invoice) -> Left:
    """What is left of an issued invoice."""
    document = InvoiceDocument.from_json(invoice.snapshot or {})
    notes = list(invoice.credit_notes.exclude(number="").prefetch_related("lines"))
    papers = [InvoiceDocument.from_json(note.snapshot or {}) for note in notes]
    rows = [row for note in notes for row in note.lines.all()]
    rates = []
    for told in document.vat_lines:
        back = [
            line
            for paper in papers
            for line in paper.vat_lines
            if (line.vat_category, line.vat_rate) == (told.vat_category, told.vat_rate)
        ]
        net, vat = told.net + sum(one.net for one in back), told.vat + sum(one.vat for one in back)
        price = net + vat if document.prices_include_vat else net
        rates.append(LeftRate(told.vat_category, told.vat_rate, net, vat, price))
    whole = bool(notes) and not any(rate.net or rate.vat for rate in rates)
    taken: dict[int | None, Decimal] = {}
    for row in rows:
        taken[row.credits] = taken.get(row.credits, ZERO) + row.quantity
    lines = tuple(
        LeftLine(line, Decimal(0) if whole else line.quantity + taken.get(line.position, ZERO))
        for line in invoice.lines.all()
    )
    return Left(document, lines, tuple(rates), bool(notes), None in taken)


# --- taking back ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """The lines and rates taken back, all negative, with the rows that keep them."""

    rows: tuple[InvoiceLine, ...]
    lines: tuple[DocumentLine, ...]
    vat_lines: tuple[VatLine, ...]
    discount_amount: Decimal


def everything(left: Left) -> Taken:
    """All that is left: the original's mirror, or by lines, or, where prices were reduced, by rates."""
    if not left.noted:
        return _mirror(left)
    if left.reduced:
        return part(left, {}, {rate.key: rate.told for rate in left.rates if rate.told})
    return part(left, {one.line.position: one.quantity for one in left.lines if one.quantity}, {})


def _mirror(left: Left) -> Taken:
    was = left.document
    return Taken(
        rows=tuple(_row(one.line, one.quantity) for one in left.lines),
        lines=tuple(
            replace(line, quantity=-line.quantity, net=-line.net, vat=-line.vat) for line in was.lines
        ),
        vat_lines=tuple(
            replace(line, net=-line.net, vat=-line.vat, allowance=-line.allowance) for line in was.vat_lines
        ),
        discount_amount=-was.discount_amount,
    )


def part(left: Left, quantities: Mapping[int, Decimal], reductions: Mapping[Rate, Decimal]) -> Taken:
    chosen = {place: taken for place, taken in quantities.items() if taken}
    asked = {key: told for key, told in reductions.items() if told}
    if not chosen and not asked:
        raise NothingChosen
    if chosen.keys() - {one.line.position for one in left.lines} or asked.keys() - {
        r.key for r in left.rates
    }:
        raise MoreThanLeft
    parts = [_of_rate(left, rate, chosen, asked.get(rate.key, ZERO)) for rate in left.rates]
    return Taken(
        rows=tuple(row for part in parts for row in part.rows),
        lines=tuple(line for part in parts for line in part.lines),
        vat_lines=tuple(line for part in parts for line in part.vat_lines),
        discount_amount=sum((part.discount_amount for part in parts), ZERO)
        if left.document.discount_amount
        else ZERO,
    )


def _of_rate(left: Left, rate: LeftRate, chosen: Mapping[int, Decimal], reduction: Decimal) -> Taken:
    """What is taken back at one VAT rate."""
    of_rate = [one for one in left.lines if (one.line.vat_category, one.line.vat_rate) == rate.key]
    taken = [(one, chosen[one.line.position]) for one in of_rate if one.line.position in chosen]
    if not taken and not reduction:
        return Taken((), (), (), ZERO)
    for one, quantity in taken:
        _require_within(quantity, one.quantity)
    prices = [_price(one.line, one.quantity) - _price(one.line, one.quantity - q) for one, q in taken]
    discount = _discount(left, rate, of_rate, sum(prices, ZERO))
    told = sum(prices, ZERO) - discount + reduction
    _require_within(told, rate.told)
    includes_vat = left.document.prices_include_vat
    after = total_of(rate.told - told, rate=rate.rate, includes_vat=includes_vat)
    net, vat = rate.net - after.net, rate.vat - after.vat
    allowance = total_of(discount, rate=rate.rate, includes_vat=includes_vat).net
    rows = [_row(one.line, quantity) for one, quantity in taken]
    if reduction:
        rows.append(_reduction_row(of_rate[0].line, reduction, left.document.language))
        prices.append(reduction)
    whole = amounts.Amount(net=net + allowance, vat=sum(prices, ZERO) - net - allowance)
    counted = amounts.line_amounts(prices, rate.rate, whole, includes_vat)
    for row, amount in zip(rows, counted, strict=True):
        row.net, row.vat = -amount.net, -amount.vat
    reason = next(
        one.reason for one in left.document.vat_lines if (one.vat_category, one.vat_rate) == rate.key
    )
    vat_line = VatLine(
        vat_category=rate.category,
        vat_rate=rate.rate,
        net=-net,
        vat=-vat,
        reason=reason,
        allowance=-allowance,
    )
    return Taken(tuple(rows), tuple(documents.line_of(row) for row in rows), (vat_line,), -discount)


def _discount(left: Left, rate: LeftRate, of_rate: Sequence[LeftLine], taken: Decimal) -> Decimal:
    """The part of the discount on the total that goes back with lines of this price."""
    (line,) = (one for one in left.document.vat_lines if (one.vat_category, one.vat_rate) == rate.key)
    includes_vat = left.document.prices_include_vat
    sold = sum((_price(one.line, one.line.quantity) for one in of_rate), ZERO)
    given = sold - (line.gross if includes_vat else line.net)
    if not given or not sold:
        return ZERO
    before = sum((_price(one.line, one.quantity) for one in of_rate), ZERO)
    return rounded(given * before / sold) - rounded(given * (before - taken) / sold)


def _require_within(taken: Decimal, left: Decimal) -> None:
    if abs(taken) > abs(left) or (taken < 0) != (left < 0):
        raise MoreThanLeft


def _price(line: InvoiceLine, quantity: Decimal) -> Decimal:
    return replace(pricing.priced(line), quantity=quantity).price


def _row(line: InvoiceLine, quantity: Decimal) -> InvoiceLine:
    """The row that takes a quantity of a line back."""
    copied = (
        "description",
        "neutral",
        "unit",
        "unit_price",
        "discount_percent",
        "vat_code",
        "delivered_on",
        "kind_id",
    )
    facts = {name: getattr(line, name) for name in (*copied, "vat_rate", "vat_category")}
    return InvoiceLine(**facts, quantity=-quantity, net=-line.net, vat=-line.vat, credits=line.position)


def _reduction_row(like: InvoiceLine, told: Decimal, language: Language) -> InvoiceLine:
    facts = {name: getattr(like, name) for name in ("vat_code", "delivered_on", "vat_rate", "vat_category")}
    return InvoiceLine(**facts, description=REDUCTION[language], quantity=Decimal(-1), unit_price=told)
