"""The ledger (*reskontra*): what issuing, crediting and paying do to what is owed.

Every act is an entry that stays; an error is undone by an entry that takes the first one back. The database sums
what is open and unallocated, and refuses to let either fall below zero.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import locking, references
from billing.amounts import ZERO
from billing.models import Debtor, Entry, Invoice, Payment, PaymentReference, Receivable
from customers.models import Customer
from register import access
from register.finnish import clean_line
from register.models import User

Kind, Part = Entry.Kind, Entry.Part


class NotSoMuch(ValueError):
    """More than is open of the receivable or left of the payment."""

    def __init__(self) -> None:
        super().__init__(_("That is more than is open or left of the payment."))


class AlreadyTakenBack(ValueError):
    """The entry has been undone before."""

    def __init__(self) -> None:
        super().__init__(_("This has been taken back already."))


def debtor_of(customer: Customer) -> str:
    """Whom collection law sees in a customer: what somebody decided, else what the register says he is."""
    known = getattr(customer, "billing_details", None)
    return (known and known.debtor) or by_kind(customer)


def by_kind(customer: Customer) -> Debtor:
    """A private customer is a consumer, everybody else is not."""
    return Debtor.CONSUMER if customer.kind == Customer.Kind.PRIVATE else Debtor.BUSINESS


# --- documents -----------------------------------------------------------------------------------------


def charge(invoice: Invoice, *, by: User) -> Receivable:
    """What an issued invoice has its customer owe; called by issuing, in its transaction."""
    assert invoice.issued_on is not None
    assert invoice.due_on is not None
    receivable = Receivable.objects.create(
        invoice=invoice,
        customer_id=invoice.customer_id,
        debtor=debtor_of(invoice.customer),
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        due_basis=invoice.due_basis,
        amount=invoice.total,
    )
    PaymentReference.objects.create(
        receivable=receivable, key=references.matching_key(invoice.reference) or invoice.reference
    )
    if invoice.total:
        _post(
            Kind.INVOICE, invoice.total, receivable=receivable, document=invoice, on=invoice.issued_on, by=by
        )
    return receivable


def credit(note: Invoice, *, by: User) -> None:
    """Take a credit note off its invoice. Payments that are then too much become the customer's credit."""
    assert note.issued_on is not None
    receivable = hold(note.original_id)
    amount = -note.total
    if not amount:
        return
    excess = amount - receivable.open
    if excess > 0:
        free(receivable, excess, on=note.issued_on, by=by)
    _post(Kind.CREDIT, -amount, receivable=receivable, document=note, on=note.issued_on, by=by)


# --- payments ------------------------------------------------------------------------------------------


def allocate(
    payment: Payment,
    receivable: Receivable,
    amount: Decimal,
    *,
    on: date,
    by: User | None,
    part: str = Part.PRINCIPAL,
    reason: str = "",
) -> Entry:
    """Let a payment meet a receivable, in euros. The payment belongs to its customer from then on.

    It counts from `on`; if the books of that day are locked, it is booked on the first open one. Raises NotSoMuch.
    """
    with access.atomic():
        held, money = hold(receivable.pk), Payment.objects.select_for_update().get(pk=payment.pk)
        open_part = held.open if part == Part.PRINCIPAL else held.costs
        if not ZERO < amount <= min(open_part, money.unallocated):
            raise NotSoMuch
        if money.customer_id is None:
            money.customer_id = held.customer_id
            money.save(update_fields=["customer"])
        booked = locking.open_day(on)
        return _post(
            Kind.PAYMENT,
            -amount,
            receivable=held,
            payment=money,
            part=part,
            on=booked,
            value_on=on if on < booked else None,
            by=by,
            reason=reason,
        )


def take_back(entry: Entry, *, on: date, by: User | None, reason: str = "") -> Entry:
    """Undo an entry by its opposite; what it took is open again. Raises AlreadyTakenBack."""
    with access.atomic():
        if entry.receivable_id is not None:
            hold(entry.receivable_id)
        if Entry.objects.filter(reverses=entry).exists():
            raise AlreadyTakenBack
        return Entry.objects.create(
            kind=Kind.REVERSAL,
            part=entry.part,
            receivable_id=entry.receivable_id,
            payment_id=entry.payment_id,
            reverses=entry,
            amount=-entry.amount,
            on=on,
            reason=clean_line(reason, limit=200),
            entered_by_id=by.pk if by else None,
        )


def free(
    receivable: Receivable, amount: Decimal, *, on: date, by: User | None, part: str = Part.PRINCIPAL
) -> None:
    """Give payments back, the latest first, until so much is open again; the payments keep it as credit."""
    paid = receivable.entries.filter(kind=Kind.PAYMENT, part=part, reversed_by__isnull=True)
    for entry in paid.order_by("-on", "-pk"):
        if amount <= 0:
            return
        take_back(entry, on=on, by=by)
        spare = -entry.amount - amount
        if spare > 0:
            assert entry.payment is not None
            allocate(entry.payment, receivable, spare, on=on, by=by, part=part)
        amount += entry.amount


def move(payment: Payment, amount: Decimal, *, kind: str, on: date, by: User, reason: str = "") -> Entry:
    """Money of a payment goes where it meets no receivable, in euros. Raises NotSoMuch."""
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if not ZERO < amount <= held.unallocated:
            raise NotSoMuch
        return _post(kind, -amount, payment=held, on=locking.open_day(on), by=by, reason=reason)


def post_cost(
    receivable: Receivable,
    amount: Decimal,
    *,
    on: date,
    by: User | None,
    kind: str = Kind.FEE,
    reason: str = "",
) -> Entry:
    """Charge a collection cost in euros, or, negative, waive one."""
    return _post(kind, amount, receivable=receivable, part=Part.COSTS, on=on, by=by, reason=reason)


def write_off(
    receivable: Receivable,
    amount: Decimal,
    *,
    on: date,
    by: User | None,
    kind: str = Kind.WRITE_OFF,
    part: str = Part.PRINCIPAL,
    reason: str = "",
) -> Entry:
    """Take a positive amount off what is open, without money. Raises NotSoMuch."""
    with access.atomic():
        held = hold(receivable.pk)
        if not ZERO < amount <= (held.open if part == Part.PRINCIPAL else held.costs):
            raise NotSoMuch
        return _post(kind, -amount, receivable=held, part=part, on=on, by=by, reason=reason)


def hold(pk: int | None) -> Receivable:
    """The receivable of an invoice, locked until the transaction ends."""
    return Receivable.objects.select_for_update().get(pk=pk)


# --- posting -------------------------------------------------------------------------------------------


def _post(
    kind: str,
    amount: Decimal,
    *,
    on: date,
    by: User | None,
    receivable: Receivable | None = None,
    payment: Payment | None = None,
    document: Invoice | None = None,
    part: str = Part.PRINCIPAL,
    value_on: date | None = None,
    reason: str = "",
) -> Entry:
    return Entry.objects.create(
        kind=kind,
        part=part,
        receivable=receivable,
        payment=payment,
        document=document,
        amount=amount,
        on=on,
        value_on=value_on,
        reason=clean_line(reason, limit=200),
        entered_by_id=by.pk if by else None,
    )
