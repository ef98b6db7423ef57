"""Disputes (*riitautus*): what a debtor contests, whole or in part, is not collected until it is resolved.

Interest and limitation run on meanwhile; the undisputed part may be reminded of (513/1999 4 b §).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from billing import charging, ledger
from billing.amounts import ZERO
from billing.models import Charge, Dispute, Receivable, Resolution, Waiver
from billing.models.late import NOTE
from register import access
from register.finnish import clean_line
from register.models import User


class NotDisputable(ValueError):
    """More than is open and not disputed yet."""

    def __init__(self) -> None:
        super().__init__(
            _("The disputed amount is above zero and at most what is open and not disputed yet.")
        )


class AlreadyResolved(ValueError):
    """The dispute has ended."""

    def __init__(self) -> None:
        super().__init__(_("This dispute has been resolved already."))


class NotYet(ValueError):
    """A day that lies ahead or before the beginning."""

    def __init__(self) -> None:
        super().__init__(_("The day is not after today and not before the beginning."))


def enter(
    receivable: Receivable,
    *,
    amount: Decimal | None,
    since: date,
    ground: str,
    note: str = "",
    on: date,
    by: User,
) -> Dispute:
    """The debtor contests so many euros of the principal (None: all). Raises NotDisputable, NotYet."""
    with access.atomic():
        held = ledger.hold(receivable.pk)
        room = held.open - standing(held)
        amount = room if amount is None else amount
        if not ZERO < amount <= room:
            raise NotDisputable
        if not held.issued_on <= since <= on:
            raise NotYet
        return Dispute.objects.create(
            receivable=held,
            amount=amount,
            since=since,
            ground=ground,
            note=clean_line(note, limit=NOTE),
            entered_by_id=by.pk,
        )


def resolve(dispute: Dispute, *, outcome: str, on: date, by: User, note: str = "") -> Resolution:
    """End a dispute. Where the debtor was right, costs charged since it began come off. Raises AlreadyResolved."""
    with access.atomic():
        ledger.hold(dispute.receivable_id)
        if Resolution.objects.filter(dispute=dispute).exists():
            raise AlreadyResolved
        if outcome == Resolution.Outcome.UPHELD:
            charged = Charge.objects.filter(receivable=dispute.receivable_id, on__gte=dispute.since)
            for cost in charged.filter(waiver__isnull=True).order_by("-pk"):
                charging.waive(cost, reason=Waiver.Reason.DISPUTE, on=on, by=by)
        return Resolution.objects.create(
            dispute=dispute, outcome=outcome, on=on, note=clean_line(note, limit=NOTE), entered_by_id=by.pk
        )


def standing(receivable: Receivable) -> Decimal:
    """What of a receivable is disputed now, in euros."""
    rows = Dispute.objects.standing().filter(receivable=receivable)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO
