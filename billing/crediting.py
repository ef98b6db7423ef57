"""Crediting: an issued invoice is taken back, whole or in part, by credit notes with numbers of their own.

A credit note says what the original said and carries its rates, whatever has changed since. All of them together
take back no more than was charged; the database refuses more (0017_invoice_depth_law).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import documents, invoicing, remaining, retention, rules
from billing.amounts import ZERO
from billing.drafting import FACTS
from billing.models import Invoice, InvoiceLine, Sending, Voiding
from billing.pdf import InvoiceDocument, Kind
from billing.remaining import Left, Rate, Taken
from register import access
from register.finnish import clean_text
from register.models import User


class CannotBeCredited(ValueError):
    """Only an issued invoice that has not been credited in full can be."""

    def __init__(self) -> None:
        super().__init__(_("Only an issued invoice of which something is left can be credited."))


class CannotBeVoided(ValueError):
    """What was sent, is about to be sent or was credited before is not voided."""

    def __init__(self) -> None:
        super().__init__(
            _("The number can be voided only before the invoice is sent. Credit the invoice instead.")
        )


# --- crediting -------------------------------------------------------------------------------------------


def credit(
    invoice: Invoice, *, by: User, on: date, because: str, client_key: uuid.UUID | None = None
) -> Invoice:
    """Take back an issued invoice, or what earlier credit notes have left of it.

    The same key again answers with the same credit note. Raises CannotBeCredited, invoicing.Incomplete,
    pdf.NotTypeset.
    """
    return _credit(invoice, remaining.everything, by=by, on=on, because=because, client_key=client_key)


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
    Raises CannotBeCredited, remaining.MoreThanLeft, remaining.NothingChosen, invoicing.Incomplete, pdf.NotTypeset.
    """

    def chosen(left: Left) -> Taken:
        return remaining.part(left, quantities, reductions)

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


def _credit(
    invoice: Invoice,
    take: Callable[[Left], Taken],
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
        left = remaining.left_of(original)
        if left.is_nothing:
            raise CannotBeCredited
        taken = take(left)
        note = _open(original, taken, because=because, by=by)
        document = _document(original, left.document, taken, on=on, note=note.note)
        reasons = invoicing.reasons(document)
        if reasons:
            raise invoicing.Incomplete(reasons)
        paid_to = InvoiceDocument.from_json(original.snapshot or {}).account
        kept_until = retention.kept_until(on, rules.Rules([rules.Code.KEEP_VOUCHERS]), documents.registrar())
        invoicing.freeze(note, document, kept_until=kept_until, by=by, client_key=key, account=paid_to)
    return note


def _open(original: Invoice, taken: Taken, *, because: str, by: User) -> Invoice:
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
    original: Invoice, was: InvoiceDocument, taken: Taken, *, on: date, note: str
) -> InvoiceDocument:
    """What the original said, with what is taken back and nothing to pay."""
    net = sum((line.net for line in taken.vat_lines), ZERO)
    vat = sum((line.vat for line in taken.vat_lines), ZERO)
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
