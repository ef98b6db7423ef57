"""Drafts: from released work, by hand, or again from what was credited; revised and discarded until issued.

Nothing here has a number. What a draft comes to is counted on the server whenever it is saved.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from billing import details, grounds, pricing
from billing.amounts import ZERO
from billing.models import DueBasis, Invoice, InvoiceLine, Recurring, ReleasedAssignment
from customers import attachments
from customers.models import Customer, VatCode
from register import access, audit, subjects
from register.finnish import clean_line, clean_text
from register.models import AuditEntry, Registrar, User

MOST_LINES = 100


class NotReleased(LookupError):
    """Nothing to bill among what was chosen."""

    def __init__(self) -> None:
        super().__init__(_("Choose released work that is not on an invoice yet."))


class AlreadyTaken(ValueError):
    """Some of the work is on a draft or an invoice already; `invoice_id` says on which."""

    def __init__(self, invoice_id: int) -> None:
        self.invoice_id = invoice_id
        super().__init__(_("This work is already on an invoice."))


class SeveralCustomers(ValueError):
    """An invoice has one buyer."""

    def __init__(self) -> None:
        super().__init__(_("One invoice has one customer. Choose work of one customer at a time."))


class TooManyLines(ValueError):
    """More lines than an invoice holds."""

    def __init__(self) -> None:
        super().__init__(
            _("An invoice holds at most %(most)d lines. Make two invoices.") % {"most": MOST_LINES}
        )


class LineIncomplete(ValueError):
    """A line says nothing, or nothing of it is charged."""

    def __init__(self) -> None:
        super().__init__(_("Every line has a description and a quantity other than zero."))


class AlreadyIssued(ValueError):
    """The invoice has a number: it cannot be changed or issued again."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            _("Invoice %(number)s has been issued and cannot be changed. Correct it with a credit note.")
            % {"number": number}
        )


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a draft says besides its lines."""

    language: str
    payment_days: int
    prices_include_vat: bool = False
    subject: str = ""
    buyer_reference: str = ""
    order_number: str = ""
    note: str = ""
    vat_ground_id: int | None = None
    vat_reason: str = ""
    due_basis: str = DueBasis.INVOICE
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    discount_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line as entered; the price is with VAT where the draft's prices include it.

    `neutral` is printed instead of the description, which then stays inside.
    """

    description: str
    neutral: str = ""
    quantity: Decimal
    unit_price: Decimal
    unit: str = ""
    discount_percent: Decimal = ZERO
    vat_code: str = VatCode.STANDARD
    delivered_on: date | None = None
    kind_id: int | None = None


FACTS = tuple(field.name for field in fields(Facts))
LINE = tuple(field.name for field in fields(Line))


def draft_from(releases: Iterable[ReleasedAssignment], *, by: User, on: date, subject: str = "") -> Invoice:
    """Draw up a draft from released work of one customer; `subject` is said where it is several assignments.

    Raises NotReleased, AlreadyTaken, SeveralCustomers, TooManyLines, vat.RateMissing, subjects.Erased.
    """
    with access.atomic():
        held = list(
            ReleasedAssignment.objects.select_for_update()
            .filter(pk__in=[release.pk for release in releases])
            .order_by("pk")
        )
        customer = _one_customer(held)
        subjects.must_be_present(customer)
        lines = [line for release in held for line in _released_lines(release, several=len(held) > 1)]
        title = held[0].title if len(held) == 1 else subject
        buyer_vat_id = details.of(customer).vat_id
        ground = grounds.proposed((line.vat_code for line in lines), buyer_vat_id=buyer_vat_id, on=on)
        facts = replace(
            usual_facts(customer), subject=title, vat_ground_id=ground.pk if ground is not None else None
        )
        invoice = open_draft(customer, facts, lines, by=by.pk, on=on, draft_key=uuid.uuid4())
        for release in held:
            release.invoice = invoice
            release.save(update_fields=["invoice"])
    return invoice


def draft_by_hand(
    customer: Customer,
    *,
    by: User,
    on: date,
    lines: Sequence[Line] = (),
    draft_key: uuid.UUID | None = None,
) -> Invoice:
    """An empty draft, or one with lines. The same `draft_key` again gives the same draft.

    Raises TooManyLines, LineIncomplete, vat.RateMissing, AmountError, subjects.Erased.
    """
    subjects.must_be_present(customer)
    key = draft_key or uuid.uuid4()
    made = Invoice.objects.filter(draft_key=key, customer=customer)
    found = made.first()
    if found is not None:
        return found
    try:
        return open_draft(customer, usual_facts(customer), lines, by=by.pk, on=on, draft_key=key)
    except IntegrityError:
        found = made.first()
        if found is None:
            raise
        return found


def draft_again(invoice: Invoice, *, by: User, on: date, draft_key: uuid.UUID | None = None) -> Invoice:
    """A new draft with the lines of an issued invoice: to bill rightly what was credited."""
    facts = Facts(**{name: getattr(invoice, name) for name in FACTS})
    lines = [Line(**{name: getattr(line, name) for name in LINE}) for line in invoice.lines.all()]
    with access.atomic():
        draft = draft_by_hand(invoice.customer, by=by, on=on, draft_key=draft_key)
        if not draft.lines.exists():
            revise(draft, facts=facts, lines=lines, by=by, on=on)
    return draft


def revise(invoice: Invoice, *, facts: Facts, lines: Sequence[Line], by: User, on: date) -> None:
    """Put these facts and lines in the place of a draft's and count it anew.

    Raises AlreadyIssued, TooManyLines, LineIncomplete, vat.RateMissing, AmountError.
    """
    with access.atomic():
        held = held_draft(invoice)
        changed = set_facts(held, facts)
        rows = _rows(held, lines)
        pricing.settle(held, rows, registrar=Registrar.objects.first(), on=on)
        held.save(update_fields=[*changed, "net", "vat", "total"])
        held.lines.all().delete()
        InvoiceLine.objects.bulk_create(rows)
        audit.record(AuditEntry.Action.UPDATE, InvoiceLine, numbers=[str(held)], details={"lines": len(rows)})
    invoice.refresh_from_db()


def discard(invoice: Invoice, *, by: User) -> None:
    """Delete a draft; its released work waits again. Raises AlreadyIssued."""
    with access.atomic():
        held = held_draft(invoice)
        for release in ReleasedAssignment.objects.filter(invoice=held):
            release.invoice = None
            release.save(update_fields=["invoice"])
        for path in held.attachments.values_list("path", flat=True):
            attachments.forget_after_commit(path)
        held.delete()


def open_draft(
    customer: Customer, facts: Facts, lines: Sequence[Line], *, by: int, on: date, draft_key: uuid.UUID
) -> Invoice:
    """A new draft with these facts and lines; `by` is the key of the user for whom it is made.

    Raises TooManyLines, LineIncomplete, vat.RateMissing, AmountError.
    """
    invoice = Invoice(customer=customer, drafted_by_id=by, draft_key=draft_key)
    set_facts(invoice, facts)
    rows = _rows(invoice, lines)
    pricing.settle(invoice, rows, registrar=Registrar.objects.first(), on=on)
    with access.atomic():
        invoice.save()
        InvoiceLine.objects.bulk_create(rows)
    return invoice


def _one_customer(held: Sequence[ReleasedAssignment]) -> Customer:
    if not held:
        raise NotReleased
    for release in held:
        if release.invoice_id is not None:
            raise AlreadyTaken(release.invoice_id)
    if len({release.customer_id for release in held}) > 1:
        raise SeveralCustomers
    return held[0].customer


def _released_lines(release: ReleasedAssignment, *, several: bool) -> list[Line]:
    return [
        Line(
            description=(f"{release.title}: {line.description}" if several else line.description)[:300],
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            vat_code=line.vat_code,
            delivered_on=line.delivered_on,
            kind_id=release.kind_id,
        )
        for line in release.lines.all()
    ]


def usual_facts(customer: Customer) -> Facts:
    """What an invoice of this customer says unless told otherwise."""
    known = details.of(customer)
    return Facts(
        language=customer.language,
        payment_days=known.payment_days,
        buyer_reference=known.buyer_reference,
        due_basis=known.due_basis,
    )


def set_facts(invoice: Invoice | Recurring, facts: Facts) -> list[str]:
    """Give a draft, or a template of drafts, these facts, cleaned; returns the fields to save."""
    values = asdict(facts)
    for name in ("subject", "vat_reason"):
        values[name] = clean_line(values[name])
    for name in ("buyer_reference", "order_number", "discount_reason"):
        values[name] = clean_line(values[name], limit=100)
    values["note"] = clean_text(values["note"], limit=2000)
    for name, value in values.items():
        setattr(invoice, name, value)
    return list(values)


def cleaned(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What lines say, fit to keep. Raises TooManyLines, LineIncomplete."""
    if len(lines) > MOST_LINES:
        raise TooManyLines
    found = []
    for line in lines:
        description = clean_line(line.description, limit=300)
        if not description or not line.quantity:
            raise LineIncomplete
        texts = {"description": description, "neutral": clean_line(line.neutral, limit=300)}
        found.append(asdict(line) | texts | {"unit": clean_line(line.unit, limit=20)})
    return found


def _rows(invoice: Invoice, lines: Sequence[Line]) -> list[InvoiceLine]:
    return [
        InvoiceLine(invoice=invoice, position=position, **values)
        for position, values in enumerate(cleaned(lines), start=1)
    ]


def held_draft(invoice: Invoice) -> Invoice:
    """The draft, locked until the transaction ends. Raises AlreadyIssued."""
    held = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if held.number:
        raise AlreadyIssued(held.number)
    return held
