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
    grounds,
    lapsing,
    ledger,
    locking,
    losses,
    numbering,
    pdf,
    pricing,
    references,
    retention,
    rules,
    tasks,
    vat,
)
from billing.drafting import AlreadyIssued
from billing.models import (
    BillingDetails,
    Debtor,
    DueBasis,
    Invoice,
    InvoiceLine,
    InvoicePdf,
    ReleasedAssignment,
    VatGround,
)
from billing.models.invoices import COUNTED, FROZEN
from billing.pdf import Account, Attached, InvoiceDocument
from register import access, jobs
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


ASKED = (
    rules.Code.MARGIN_GENERAL,
    rules.Code.MARGIN_COMMERCIAL,
    rules.Code.INTEREST_WAIT,
    rules.Code.PAYMENT_DAYS_BUSINESS,
    rules.Code.KEEP_VOUCHERS,
)
"""The figures an invoice goes by, read together."""
CANNOT_COUNT = (
    documents.RegistrarMissing,
    vat.RateMissing,
    grounds.GroundMissing,
    rules.RuleMissing,
    amounts.AmountError,
    numbering.NumberTooLong,
)
"""What stops the counting or numbering of a draft; each says who adds what is missing."""


# --- looking before issuing ----------------------------------------------------------------------------


def preview(invoice: Invoice, *, on: date) -> bytes:
    """The PDF that issuing on a day would make, page for page, but for number, reference and the codes made of them.

    Raises documents.RegistrarMissing, vat.RateMissing, AmountError, pdf.NotTypeset.
    """
    document, _known = _draft(invoice, rules.Rules(ASKED), on=on)
    return pdf.render(document)


def proforma(invoice: Invoice, *, on: date) -> bytes:
    """The draft as a proforma invoice: for show, with nothing to pay it by; nothing is booked.

    Raises CANNOT_COUNT, pdf.NotTypeset.
    """
    document, _known = _draft(invoice, rules.Rules(ASKED), on=on)
    return pdf.render(
        replace(
            document,
            proforma=True,
            due_on=None,
            due_basis="",
            late_interest="",
            late_interest_percent=None,
            account=None,
        )
    )


def lacking(invoice: Invoice, *, on: date) -> tuple[str, ...]:
    """What must be added before a draft can be issued; empty when it can."""
    figures = rules.Rules(ASKED)
    try:
        document, known = _draft(invoice, figures, on=on)
        return tuple(str(reason) for reason in _lacks(invoice, document, figures, known))
    except CANNOT_COUNT as problem:
        return (str(problem),)


def _draft(invoice: Invoice, figures: rules.Rules, *, on: date) -> tuple[InvoiceDocument, BillingDetails]:
    lines, known = list(invoice.lines.all()), details.of(invoice.customer)
    return _document(invoice, lines, figures, seller=documents.registrar(), known=known, on=on), known


def _document(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    figures: rules.Rules,
    *,
    seller: Registrar,
    known: BillingDetails,
    on: date,
) -> InvoiceDocument:
    """Settle a draft as of a day, in memory, and draw up its document without a number."""
    totals = pricing.settle(invoice, lines, registrar=seller, on=on)
    return documents.draw_up(invoice, lines, totals, seller=seller, details=known, figures=figures, on=on)


def _lacks(
    invoice: Invoice, document: InvoiceDocument, figures: rules.Rules, known: BillingDetails
) -> list[str | Promise]:
    """Everything that keeps a draft from being issued, each reason once. Raises rules.RuleMissing."""
    found = [*reasons(document), *_terms(invoice, document, figures), *_as_einvoice(document, known)]
    return list({str(reason): reason for reason in found}.values())


def _as_einvoice(document: InvoiceDocument, known: BillingDetails) -> list[str | Promise]:
    """What an e-invoice lacks, for customers who get one: once issued, the document could never be written as one."""
    if known.channel != BillingDetails.Channel.E_INVOICE or document.is_credit_note:
        return []
    found = [problem.text for problem in finvoice.problems(replace(document, number="1"))]
    if not (document.buyer.einvoice_address and document.buyer.einvoice_operator):
        found.append(_("The customer's e-invoice address or operator is missing."))
    return found


def reasons(document: InvoiceDocument) -> list[str | Promise]:
    """What AVL 209 e § and good sense find missing, the number aside."""
    lacks = list(replace(document, number="1").missing())
    try:
        locking.require_open(document.issued_on)
    except locking.PeriodLocked as locked:
        lacks.append(str(locked))
    if document.total < 0 and not document.is_credit_note:
        lacks.append(_("An invoice cannot be negative. Credit the earlier invoice instead."))
    if document.account is None and not document.is_credit_note:
        lacks.append(_("The account to which the customer pays is missing."))
    return lacks


def _terms(invoice: Invoice, document: InvoiceDocument, figures: rules.Rules) -> list[str | Promise]:
    """What the VAT ground asks of the buyer, and how long a business may be given. Raises rules.RuleMissing."""
    lacks: list[str | Promise] = []
    ground, on = invoice.vat_ground, document.issued_on
    used = {line.vat_category for line in document.vat_lines}
    if ground is not None and ground.category in used:
        if not ground.valid_from <= on <= (ground.valid_to or on):
            lacks.append(_("The chosen VAT ground is no longer in force. Choose another."))
        if ground.buyer == VatGround.Buyer.OTHER_STATE and document.buyer.vat_id.startswith("FI"):
            lacks.append(_("This VAT ground needs the buyer's VAT number in another EU country."))
    if ledger.debtor_of(invoice.customer) == Debtor.BUSINESS and invoice.due_basis != DueBasis.CONTRACT:
        most = figures.row(rules.Code.PAYMENT_DAYS_BUSINESS, on)
        if invoice.payment_days > most.value:
            lacks.append(
                _(
                    "A business may be given more than %(days)d days only if that was agreed (%(statute)s). "
                    "Shorten the payment time, or mark the due date as agreed in advance."
                )
                % {"days": most.value, "statute": most.statute}
            )
    return lacks


# --- issuing -----------------------------------------------------------------------------------------


def issue(invoice: Invoice, *, by: User, on: date, client_key: uuid.UUID) -> Invoice:
    """Give a draft its number and freeze it. The same key again answers with the same invoice.

    Raises AlreadyIssued (by another key), KeyUsed, Incomplete, documents.RegistrarMissing,
    vat.RateMissing, grounds.GroundMissing, rules.RuleMissing, AmountError, pdf.NotTypeset; then the draft stays
    as it was and no number is used.
    """
    with access.atomic():
        held = _held(invoice, client_key)
        if held.number:
            if held.client_key == client_key:
                return held
            raise AlreadyIssued(held.number)
        if held.key_is_used:
            raise KeyUsed
        seller, figures, lines = documents.registrar(), rules.Rules(ASKED), list(held.lines.all())
        known, counted = details.of(held.customer), [_counted(line) for line in lines]
        document = _document(held, lines, figures, seller=seller, known=known, on=on)
        lacks = _lacks(held, document, figures, known)
        if lacks:
            raise Incomplete(lacks)
        changed = [line for line, before in zip(lines, counted, strict=True) if _counted(line) != before]
        InvoiceLine.objects.bulk_update(changed, COUNTED)
        kept_until = retention.kept_until(on, figures, seller)
        rf = documents.pays_by_rf(seller, known)
        freeze(held, document, kept_until=kept_until, by=by, client_key=client_key, rf=rf)
        if held.takes_work:
            jobs.defer(tasks.mark_invoiced, invoice_id=held.pk, user_id=by.pk)
    return held


def _held(invoice: Invoice, client_key: uuid.UUID) -> Any:
    """The invoice, locked until the transaction ends; whether the key is another's, and whether it takes work."""
    same_key = Invoice.objects.filter(client_key=client_key)
    work = ReleasedAssignment.objects.filter(invoice=OuterRef("pk"))
    rows = Invoice.objects.select_related("customer__billing_details").select_for_update(of=("self",))
    return rows.annotate(key_is_used=Exists(same_key), takes_work=Exists(work)).get(pk=invoice.pk)


def freeze(
    held: Invoice,
    document: InvoiceDocument,
    *,
    kept_until: date,
    by: User,
    client_key: uuid.UUID,
    account: Account | None = None,
    rf: bool = False,
) -> None:
    """Number, reference (RF if told), PDF, snapshot. Others of the series wait from the number on: keep it last."""
    on = document.issued_on
    number = numbering.take(document.kind, on=on)
    payable = not document.is_credit_note
    reference = references.make(number.reference_base) if payable else ""
    if rf and reference:
        reference = references.make_rf(reference)
    document = replace(document, number=number.text, reference=reference)
    paper = pdf.render(document, as_einvoice(document, account))
    held.number, held.reference = number.text, reference
    held.series_id, held.sequence = number.series_id, number.sequence
    held.issued_on, held.due_on = on, document.due_on
    held.net, held.vat, held.total = document.net, document.vat, document.total
    held.issued_by_id, held.client_key = by.pk, client_key
    held.snapshot, held.sha256 = document.as_json(), hashlib.sha256(paper).hexdigest()
    held.kept_until = kept_until
    held.save(update_fields=FROZEN)
    InvoicePdf.objects.create(invoice=held, content=paper, sha256=held.sha256)
    if payable:
        ledger.charge(held, by=by)
    else:
        losses.reopen(held, by=by)
        ledger.credit(held, by=by)
        lapsing.lapse(held, by=by)


def as_einvoice(document: InvoiceDocument, account: Account | None = None) -> tuple[Attached, ...]:
    """The same invoice as Finvoice, to lie inside its PDF; none where an address cannot be put into one."""
    try:
        written = finvoice.write(document, account=account)
    except finvoice.CannotWrite:
        return ()
    name = f"finvoice-{document.number}.xml"
    return (Attached(name=name, content=written, media_type="text/xml", description="Finvoice 3.0"),)


def _counted(line: InvoiceLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in COUNTED)
