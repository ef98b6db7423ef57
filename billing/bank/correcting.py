"""Payments that the bank takes back: booked as negative money, set against what they correct, invoices reopened.

Nothing is stopped by itself; but somebody must look, because a reminder may have been skipped meanwhile.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import ledger
from billing.amounts import ZERO
from billing.models import Entry, Payment, PaymentQuestion, Receivable
from register import access
from register.models import User

Kind = Entry.Kind


class NotItsOriginal(ValueError):
    """The payment that was chosen cannot be what was taken back."""

    def __init__(self) -> None:
        super().__init__(_("Choose a payment on the same account, of at least this amount."))


def correct(
    correction: Payment, *, related: tuple[str, ...], on: date, by: User | None = None
) -> Payment | None:
    """Set a negative payment against the one it takes back; returns that, or None when it is not known."""
    with access.atomic():
        original = _original(correction, related)
        if original is not None:
            _meet(correction, original, on=on, by=by)
        return original


def correct_by_hand(correction: Payment, original: Payment, *, on: date, by: User) -> None:
    """A person has found out what was taken back. Raises NotItsOriginal."""
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=correction.pk)
        if held.unallocated >= 0 or original.account != held.account or original.amount < -held.unallocated:
            raise NotItsOriginal
        _meet(held, original, on=on, by=by)


def _meet(correction: Payment, original: Payment, *, on: date, by: User | None) -> None:
    amount = -correction.unallocated
    free(original, amount, on=on, by=by)
    original.refresh_from_db(fields=["unallocated"])
    meets = min(amount, original.unallocated)
    if meets > 0:
        _set_against(original, -meets, on=on, by=by)
        _set_against(correction, meets, on=on, by=by)
    PaymentQuestion.objects.filter(payment=correction).update(original=original)
    if correction.customer_id is None and original.customer_id is not None:
        correction.customer_id = original.customer_id
        correction.save(update_fields=["customer"])


def free(payment: Payment, amount: Decimal, *, on: date, by: User | None, reason: str = "") -> None:
    """Take allocations of a payment back, the latest first, until so much of it is unallocated."""
    held = Payment.objects.select_for_update().get(pk=payment.pk)
    lacking = amount - held.unallocated
    for entry in met_by(payment):
        if lacking <= 0:
            return
        assert entry.receivable_id is not None
        ledger.take_back(entry, on=on, by=by, reason=reason)
        spare = -entry.amount - lacking
        lacking += entry.amount
        if spare > 0:
            receivable = Receivable.objects.get(pk=entry.receivable_id)
            ledger.allocate(payment, receivable, spare, on=on, by=by, part=entry.part)


def met_by(payment: Payment) -> list[Entry]:
    """The allocations of a payment that stand, the latest first."""
    return list(
        Entry.objects.filter(
            payment=payment, kind=Kind.PAYMENT, receivable__isnull=False, reversed_by__isnull=True
        ).order_by("-on", "-pk")
    )


def _original(correction: Payment, related: tuple[str, ...]) -> Payment | None:
    """By the bank's identifiers, else the latest payment of the same reference and amount."""
    own = correction.archive_id.partition("@")[0].removesuffix("-R")
    candidates = (
        Payment.objects.select_for_update(of=("self",))
        .filter(account=correction.account, amount__gte=-correction.amount, corrections__isnull=True)
        .exclude(pk=correction.pk)
    )
    named = candidates.filter(archive_id__in={own, *related} - {""}).order_by("-booked_on", "-pk").first()
    if named is not None:
        return named
    if not correction.reference:
        return None
    alike = candidates.filter(
        reference=correction.reference, amount=-correction.amount, booked_on__lte=correction.booked_on
    )
    return alike.order_by("-booked_on", "-pk").first()


def _set_against(payment: Payment, amount: Decimal, *, on: date, by: User | None) -> None:
    if amount != ZERO:
        Entry.objects.create(
            kind=Kind.REVERSAL, payment=payment, amount=amount, on=on, entered_by_id=by.pk if by else None
        )
