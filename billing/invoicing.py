"""Invoicing: a draft becomes a numbered document that nobody can change.

Issuing settles rates and amounts, takes the number, sets the PDF and freezes both in one transaction; a
failure anywhere leaves the draft and gives the number back. What was issued is corrected by a credit note.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import (
    amounts,
    details,
    documents,
    finvoice,
    ledger,
    numbering,
    pdf,
    pricing,
    references,
    retention,
    tasks,
    vat,
)
from billing.drafting import FACTS, AlreadyIssued
from billing.models import Invoice, InvoiceLine, InvoicePdf, ReleasedAssignment
from billing.pdf import Account, Attached, InvoiceDocument, Kind
from register import access, jobs
from register.finnish import clean_text
from register.models import Registrar, User


class Incomplete(ValueError):
    """Something that the law asks for is missing; `reasons` say what."""

    def __init__(self, reasons: Sequence[str | Promise]) -> None:
        self.reasons = tuple(str(reason) for reason in reasons)
        super().__init__(" ".join(self.reasons))


class KeyUsed(ValueError):
    """The same form has issued another invoice."""

    def __init__(self) -> None:
        super().__init__(_("This form has been used already. Open the invoice again and try once more."))


class CannotBeCredited(ValueError):
    """Only an issued invoice that has not been credited can be."""

    def __init__(self) -> None:
        super().__init__(_("Only an issued invoice can be credited, and only once."))


# --- looking before issuing ----------------------------------------------------------------------------


def preview(invoice: Invoice, *, on: date) -> bytes:
    """The PDF that issuing on a day would make, but for number and reference.

    Raises documents.RegistrarMissing, vat.RateMissing, AmountError, pdf.NotTypeset.
    """
    return pdf.render(_document(invoice, list(invoice.lines.all()), seller=documents.registrar(), on=on))


def lacking(invoice: Invoice, *, on: date) -> tuple[str, ...]:
    """What must be added before a draft can be issued; empty when it can."""
    try:
        document = _document(invoice, list(invoice.lines.all()), seller=documents.registrar(), on=on)
    except (documents.RegistrarMissing, vat.RateMissing, amounts.AmountError) as problem:
        return (str(problem),)
    return tuple(str(reason) for reason in _reasons(document))


def _document(
    invoice: Invoice, lines: Sequence[InvoiceLine], *, seller: Registrar, on: date
) -> InvoiceDocument:
    """Settle a draft as of a day, in memory, and draw up its document without a number."""
    totals = pricing.settle(invoice, lines, registrar=seller, on=on)
    known = details.of(invoice.customer)
    return documents.draw_up(invoice, lines, totals, seller=seller, details=known, on=on)


def _reasons(document: InvoiceDocument) -> list[str | Promise]:
    """What AVL 209 e § and good sense find missing, the number aside."""
    reasons = list(replace(document, number="1").missing())
    if document.total < 0 and not document.is_credit_note:
        reasons.append(_("An invoice cannot be negative. Credit the earlier invoice instead."))
    if document.account is None and not document.is_credit_note:
        reasons.append(_("The account to which the customer pays is missing."))
    return reasons


# --- issuing -----------------------------------------------------------------------------------------


def issue(invoice: Invoice, *, by: User, on: date, client_key: uuid.UUID) -> Invoice:
    """Give a draft its number and freeze it. The same key again answers with the same invoice.

    Raises AlreadyIssued (by another key), KeyUsed, Incomplete, documents.RegistrarMissing,
    vat.RateMissing, AmountError, pdf.NotTypeset; then the draft stays as it was and no number is used.
    """
    with access.atomic():
        held = _held(invoice, client_key)
        if held.number:
            if held.client_key == client_key:
                return held
            raise AlreadyIssued(held.number)
        if held.key_is_used:
            raise KeyUsed
        seller, lines = documents.registrar(), list(held.lines.all())
        counted = [_counted(line) for line in lines]
        document = _document(held, lines, seller=seller, on=on)
        reasons = _reasons(document)
        if reasons:
            raise Incomplete(reasons)
        changed = [line for line, before in zip(lines, counted, strict=True) if _counted(line) != before]
        InvoiceLine.objects.bulk_update(changed, COUNTED)
        _freeze(held, document, seller=seller, by=by, client_key=client_key)
        if held.takes_work:
            jobs.defer(tasks.mark_invoiced, invoice_id=held.pk, user_id=by.pk)
    return held


def _held(invoice: Invoice, client_key: uuid.UUID) -> Any:
    """The invoice, locked until the transaction ends; whether the key is another's, and whether it takes work."""
    same_key = Invoice.objects.filter(client_key=client_key)
    work = ReleasedAssignment.objects.filter(invoice=OuterRef("pk"))
    rows = Invoice.objects.select_related("customer").select_for_update(of=("self",))
    return rows.annotate(key_is_used=Exists(same_key), takes_work=Exists(work)).get(pk=invoice.pk)


def credit(
    invoice: Invoice, *, by: User, on: date, because: str, client_key: uuid.UUID | None = None
) -> Invoice:
    """Take an issued invoice back in full, at its own rates, by a credit note with a number of its own.

    The document is the original's mirror, so it says what the original said, whatever has changed since.
    The same key again answers with the same credit note. Raises CannotBeCredited, Incomplete, pdf.NotTypeset.
    """
    key = client_key or uuid.uuid4()
    with access.atomic():
        original = Invoice.objects.select_for_update().get(pk=invoice.pk)
        made = original.credit_notes.first()
        if made is not None and made.client_key == key:
            return made
        if made is not None or not original.number or original.is_credit_note:
            raise CannotBeCredited
        note = _mirror_rows(original, because=because, by=by)
        document = _mirror(original, on=on, note=note.note)
        reasons = _reasons(document)
        if reasons:
            raise Incomplete(reasons)
        paid_to = InvoiceDocument.from_json(original.snapshot or {}).account
        _freeze(note, document, seller=documents.registrar(), by=by, client_key=key, account=paid_to)
    return note


def _freeze(
    held: Invoice,
    document: InvoiceDocument,
    *,
    seller: Registrar,
    by: User,
    client_key: uuid.UUID,
    account: Account | None = None,
) -> None:
    """Number, reference, PDF, snapshot. Others of the series wait from the number on: keep it last."""
    on = document.issued_on
    number = numbering.take(document.kind, on=on)
    payable = not document.is_credit_note
    reference = references.make(number.reference_base) if payable else ""
    document = replace(document, number=number.text, reference=reference)
    paper = pdf.render(document, as_einvoice(document, account))
    year_end = (seller.financial_year_end_month, seller.financial_year_end_day)
    held.number, held.reference = number.text, reference
    held.series_id, held.sequence = number.series_id, number.sequence
    held.issued_on, held.due_on = on, document.due_on
    held.net, held.vat, held.total = document.net, document.vat, document.total
    held.issued_by_id, held.client_key = by.pk, client_key
    held.snapshot, held.sha256 = document.as_json(), hashlib.sha256(paper).hexdigest()
    held.kept_until = retention.kept_until(on, financial_year_end=year_end)
    held.save(update_fields=FROZEN)
    InvoicePdf.objects.create(invoice=held, content=paper, sha256=held.sha256)
    if payable:
        ledger.charge(held, by=by)
    else:
        ledger.credit(held, by=by)


def as_einvoice(document: InvoiceDocument, account: Account | None = None) -> tuple[Attached, ...]:
    """The same invoice as Finvoice, to lie inside its PDF; none where an address cannot be put into one."""
    try:
        written = finvoice.write(document, account=account)
    except finvoice.CannotWrite:
        return ()
    name = f"finvoice-{document.number}.xml"
    return (Attached(name=name, content=written, media_type="text/xml", description="Finvoice 3.0"),)


COUNTED = ("vat_rate", "vat_category", "net", "vat")
FROZEN = (
    "number", "reference", "series", "sequence", "issued_on", "due_on", "net", "vat", "total", "issued_by",
    "client_key", "snapshot", "sha256", "kept_until",
)  # fmt: skip


def _counted(line: InvoiceLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in COUNTED)


def _mirror_rows(original: Invoice, *, because: str, by: User) -> Invoice:
    """A draft credit note with the original's lines taken back."""
    note = Invoice(kind=Kind.CREDIT_NOTE, original=original, customer=original.customer, drafted_by_id=by.pk)
    for name in FACTS:
        setattr(note, name, getattr(original, name))
    note.note = clean_text(because, limit=2000)
    note.save()
    lines = list(original.lines.all())
    for line in lines:
        line.pk, line.invoice, line.quantity = None, note, -line.quantity
    pricing.settle_credit(note, lines)
    InvoiceLine.objects.bulk_create(lines)
    return note


def _mirror(original: Invoice, *, on: date, note: str) -> InvoiceDocument:
    """The original document with every amount taken back, and nothing to pay."""
    was = InvoiceDocument.from_json(original.snapshot or {})
    return replace(
        was,
        kind=Kind.CREDIT_NOTE,
        number="",
        issued_on=on,
        lines=tuple(
            replace(line, quantity=-line.quantity, net=-line.net, vat=-line.vat) for line in was.lines
        ),
        vat_lines=tuple(replace(line, net=-line.net, vat=-line.vat) for line in was.vat_lines),
        net=-was.net,
        vat=-was.vat,
        total=-was.total,
        amount_due=-was.total,
        due_on=None,
        account=None,
        reference="",
        payment_terms="",
        note=note,
        original_number=original.number,
        original_issued_on=original.issued_on,
    )
