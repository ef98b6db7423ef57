"""Crediting: an issued invoice is taken back, whole or in part, by credit notes with numbers of their own.

A credit note says what the original said and carries its rates, whatever has changed since. Of a part, it takes
back the difference between what was left before and what is left after, each rounded as an invoice is; so all
credit notes of an invoice add up to it to the cent. The database refuses more (0011_invoice_depth_law).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import amounts, documents, invoicing, pricing
from billing.amounts import ZERO, VatCategory, rounded, total_of
from billing.drafting import FACTS
from billing.models import Invoice, InvoiceLine, Sending, Voiding
from billing.pdf import DocumentLine, InvoiceDocument, Kind, Language, VatLine
from register import access
from register.finnish import clean_text
from register.models import User

REDUCTION = {
    Language.FINNISH: "Hinnanalennus",
    Language.SWEDISH: "Prisnedsättning",
    Language.ENGLISH: "Price reduction",
}
"""What the line of a credit in euros says."""

Rate = tuple[VatCategory, Decimal]


class CannotBeCredited(ValueError):
    """Only an issued invoice that has not been credited in full can be."""

    def __init__(self) -> None:
        super().__init__(_("Only an issued invoice of which something is left can be credited."))


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


class CannotBeVoided(ValueError):
    """What was sent, is about to be sent or was credited before is not voided."""

    def __init__(self) -> None:
        super().__init__(
            _("The number can be voided only before the invoice is sent. Credit the invoice instead.")
        )


# --- what is left ----------------------------------------------------------------------------------------


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


# --- crediting -------------------------------------------------------------------------------------------


def credit(
    invoice: Invoice, *, by: User, on: date, because: str, client_key: uuid.UUID | None = None
) -> Invoice:
    """Take back an issued invoice, or what earlier credit notes have left of it.

    The same key again answers with the same credit note. Raises CannotBeCredited, invoicing.Incomplete,
    pdf.NotTypeset.
    """
    return _credit(invoice, _everything, by=by, on=on, because=because, client_key=client_key)


def credit_part(
    invoice: Invoice,
    *,
    quantities: Mapping[int, Decimal],
    reductions: Mapping[Rate, Decimal],
    by: User,
    on: date,
    because: str,
    client_key: uuid.UUID | None = None,
) -> Invoice:
    """Take back some of an issued invoice: quantities by the lines' positions, and euros by VAT rate.

    Euros are with VAT where the invoice's prices are. The same key again answers with the same credit note.
    Raises CannotBeCredited, MoreThanLeft, NothingChosen, invoicing.Incomplete, pdf.NotTypeset.
    """

    def chosen(left: Left, _on: date) -> _Note:
        return _part(left, quantities, reductions)

    return _credit(invoice, chosen, by=by, on=on, because=because, client_key=client_key)


def void(
    invoice: Invoice, *, by: User, on: date, because: str, client_key: uuid.UUID | None = None
) -> Invoice:
    """Give up a number that nobody outside has seen: credit the invoice in full and record why.

    Raises CannotBeVoided besides what `credit` raises.
    """
    with access.atomic():
        held = Invoice.objects.select_for_update().get(pk=invoice.pk)
        made = Voiding.objects.filter(invoice=held).select_related("note").first()
        if made is not None and made.note.client_key == client_key:
            return made.note
        if not can_be_voided(held):
            raise CannotBeVoided
        note = credit(held, by=by, on=on, because=because, client_key=client_key)
        Voiding.objects.create(
            invoice=held, note=note, reason=clean_text(because, limit=500), voided_by_id=by.pk
        )
    return note


def can_be_voided(invoice: Invoice) -> bool:
    """Whether an issued invoice has gone nowhere and nothing of it was credited."""
    unsent = (Sending.State.FAILED, Sending.State.CANCELLED)
    on_its_way = invoice.sendings.exclude(state__in=unsent, sent_at__isnull=True)
    return not (
        invoice.is_draft or invoice.is_credit_note or invoice.credit_notes.exists() or on_its_way.exists()
    )


# --- what a credit note says -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Note:
    """The lines and rates taken back, all negative, with the rows that keep them."""

    rows: tuple[InvoiceLine, ...]
    lines: tuple[DocumentLine, ...]
    vat_lines: tuple[VatLine, ...]
    discount_amount: Decimal


def _credit(
    invoice: Invoice,
    take: Callable[[Left, date], _Note],
    *,
    by: User,
    on: date,
    because: str,
    client_key: uuid.UUID | None,
) -> Invoice:
    key = client_key or uuid.uuid4()
    with access.atomic():
        original = Invoice.objects.select_for_update().get(pk=invoice.pk)
        made = original.credit_notes.filter(client_key=key).first()
        if made is not None:
            return made
        if not original.number or original.is_credit_note:
            raise CannotBeCredited
        left = left_of(original)
        if left.is_nothing:
            raise CannotBeCredited
        taken = take(left, on)
        note = _open(original, taken, because=because, by=by)
        document = _document(original, left.document, taken, on=on, note=note.note)
        reasons = invoicing.reasons(document)
        if reasons:
            raise invoicing.Incomplete(reasons)
        paid_to = InvoiceDocument.from_json(original.snapshot or {}).account
        invoicing.freeze(note, document, seller=documents.registrar(), by=by, client_key=key, account=paid_to)
    return note


def _everything(left: Left, on: date) -> _Note:
    """All that is left: the original's mirror, or by lines, or, where prices were reduced, by rates."""
    if not left.noted:
        return _mirror(left)
    if left.reduced:
        return _part(left, {}, {rate.key: rate.told for rate in left.rates if rate.told})
    return _part(left, {one.line.position: one.quantity for one in left.lines if one.quantity}, {})


def _mirror(left: Left) -> _Note:
    was = left.document
    return _Note(
        rows=tuple(_row(one.line, one.quantity) for one in left.lines),
        lines=tuple(
            replace(line, quantity=-line.quantity, net=-line.net, vat=-line.vat) for line in was.lines
        ),
        vat_lines=tuple(
            replace(line, net=-line.net, vat=-line.vat, allowance=-line.allowance) for line in was.vat_lines
        ),
        discount_amount=-was.discount_amount,
    )


def _part(left: Left, quantities: Mapping[int, Decimal], reductions: Mapping[Rate, Decimal]) -> _Note:
    chosen = {place: taken for place, taken in quantities.items() if taken}
    asked = {key: told for key, told in reductions.items() if told}
    if not chosen and not asked:
        raise NothingChosen
    if chosen.keys() - {one.line.position for one in left.lines} or asked.keys() - {
        r.key for r in left.rates
    }:
        raise MoreThanLeft
    parts = [_of_rate(left, rate, chosen, asked.get(rate.key, ZERO)) for rate in left.rates]
    return _Note(
        rows=tuple(row for part in parts for row in part.rows),
        lines=tuple(line for part in parts for line in part.lines),
        vat_lines=tuple(line for part in parts for line in part.vat_lines),
        discount_amount=sum((part.discount_amount for part in parts), ZERO)
        if left.document.discount_amount
        else ZERO,
    )


def _of_rate(left: Left, rate: LeftRate, chosen: Mapping[int, Decimal], reduction: Decimal) -> _Note:
    """What is taken back at one VAT rate."""
    of_rate = [one for one in left.lines if (one.line.vat_category, one.line.vat_rate) == rate.key]
    taken = [(one, chosen[one.line.position]) for one in of_rate if one.line.position in chosen]
    if not taken and not reduction:
        return _Note((), (), (), ZERO)
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
    return _Note(tuple(rows), tuple(documents.line_of(row) for row in rows), (vat_line,), -discount)


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
    copied = ("description", "neutral", "unit", "unit_price", "discount_percent", "vat_code", "delivered_on")
    facts = {name: getattr(line, name) for name in (*copied, "vat_rate", "vat_category")}
    return InvoiceLine(**facts, quantity=-quantity, net=-line.net, vat=-line.vat, credits=line.position)


def _reduction_row(like: InvoiceLine, told: Decimal, language: Language) -> InvoiceLine:
    facts = {name: getattr(like, name) for name in ("vat_code", "delivered_on", "vat_rate", "vat_category")}
    return InvoiceLine(**facts, description=REDUCTION[language], quantity=Decimal(-1), unit_price=told)


def _open(original: Invoice, taken: _Note, *, because: str, by: User) -> Invoice:
    """The credit note as a draft, with its lines."""
    note = Invoice(kind=Kind.CREDIT_NOTE, original=original, customer=original.customer, drafted_by_id=by.pk)
    for name in FACTS:
        setattr(note, name, getattr(original, name))
    note.note = clean_text(because, limit=2000)
    note.discount_amount = taken.discount_amount
    note.save()
    for position, row in enumerate(taken.rows, start=1):
        row.invoice, row.position = note, position
    InvoiceLine.objects.bulk_create(taken.rows)
    return note


def _document(
    original: Invoice, was: InvoiceDocument, taken: _Note, *, on: date, note: str
) -> InvoiceDocument:
    """What the original said, with what is taken back and nothing to pay."""
    net, vat = _sum(line.net for line in taken.vat_lines), _sum(line.vat for line in taken.vat_lines)
    return replace(
        was,
        kind=Kind.CREDIT_NOTE,
        number="",
        issued_on=on,
        lines=taken.lines,
        vat_lines=taken.vat_lines,
        net=net,
        vat=vat,
        total=net + vat,
        amount_due=net + vat,
        discount_amount=taken.discount_amount,
        due_on=None,
        account=None,
        reference="",
        payment_terms="",
        due_basis="",
        late_interest="",
        note=note,
        original_number=original.number,
        original_issued_on=original.issued_on,
        enclosures=(),
    )


def _sum(figures: Iterable[Decimal]) -> Decimal:
    return sum(figures, ZERO)
