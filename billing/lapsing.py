"""What lapses with an invoice that has been credited in full: its costs, its instalment plan, its holds."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from billing import charging, ledger
from billing.amounts import ZERO
from billing.models import Entry, Hold, Invoice, Lifting, Plan, PlanEnd, Receivable, Waiver
from register.models import User


def lapse(note: Invoice, *, by: User) -> None:
    """After a credit note: once nothing of the invoice stands, nothing is asked on its account; in its transaction.

    What was paid of the costs becomes the customer's credit, like what was paid of the invoice. A hold of the
    agency ends with its case, a dispute by what a person says of it.
    """
    held, on = ledger.hold(note.original_id), note.issued_on
    assert on is not None
    if _credited(held) < held.amount:
        return
    for cost in held.charges.filter(waiver__isnull=True).order_by("-pk"):
        charging.waive(cost, reason=Waiver.Reason.CREDITED, on=on, by=by)
    for plan in Plan.objects.standing().filter(receivable=held):
        PlanEnd.objects.create(plan=plan, reason=PlanEnd.Reason.CREDITED, on=on, entered_by_id=by.pk)
    for hold in held.holds.filter(lifting__isnull=True).exclude(kind=Hold.Kind.AGENCY):
        Lifting.objects.create(hold=hold, on=on, entered_by_id=by.pk)


def _credited(held: Receivable) -> Decimal:
    notes = held.entries.filter(kind=Entry.Kind.CREDIT)
    return -(notes.aggregate(sum=Sum("amount"))["sum"] or ZERO)
