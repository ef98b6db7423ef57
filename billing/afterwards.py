"""What becomes of letters that were made: those that crossed with a payment or came back cost nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing import charging
from billing.amounts import ZERO
from billing.models import Charge, Entry, ReminderItem, Sending, Waiver

LOOKED_BACK = timedelta(days=60)
"""How long the news of a failed letter or of an earlier payment may take."""


def call_back(*, at: datetime) -> int:
    """Cancel letters that wait to go although all they ask for has been paid meanwhile; how many."""
    asked = Q(receivable__open__gt=0) | Q(principal=0, receivable__costs__gt=0)
    owed = ReminderItem.objects.filter(asked, reminder=OuterRef("reminder"), dropped="")
    needless = Sending.objects.filter(~Exists(owed), state=Sending.State.QUEUED, reminder__isnull=False)
    rows = list(needless.select_for_update(skip_locked=True, of=("self",)))
    for sending in rows:
        sending.state, sending.settled_at = Sending.State.CANCELLED, at
        sending.save(update_fields=["state", "settled_at"])
    return len(rows)


def settle(*, on: date) -> int:
    """Take off the fees of letters that did not reach their debtor or crossed with his payment; how many.

    Nothing is asked where the principal had been paid before the letter left, whenever the bank tells of it.
    """
    gone = 0
    for charge_id, reason in (
        *((pk, Waiver.Reason.NOT_SENT) for pk in _unsent(on)),
        *((pk, Waiver.Reason.PAID_BEFORE) for pk in _crossed(on)),
    ):
        charged = Charge.objects.filter(pk=charge_id).first()
        if charged is not None and not Waiver.objects.filter(charge=charged).exists():
            charging.waive(charged, reason=reason, on=on, by=None)
            gone += 1
    return gone


def _asked(on: date) -> QuerySet[ReminderItem]:
    asked = Q(charge__waiver__isnull=True) | Q(charge__waiver__reason=Waiver.Reason.UNLAWFUL)
    rows = ReminderItem.objects.filter(asked, charge__isnull=False, reminder__on__gte=on - LOOKED_BACK)
    return rows.select_related("reminder", "charge")


def _fee(item: ReminderItem) -> int:
    """The fee of a letter; where only a part of it was lawful, the charge that was made of this part. 0: none."""
    assert item.charge is not None
    same = Charge.objects.filter(receivable=item.receivable_id, kind=item.charge.kind, on=item.charge.on)
    return same.filter(waiver__isnull=True).values_list("pk", flat=True).first() or 0


def _unsent(on: date) -> list[int]:
    """Fees of reminders that failed or came back and did not go another way."""
    wrong = (Sending.State.FAILED, Sending.State.BOUNCED, Sending.State.CANCELLED)
    rows = _asked(on).filter(reminder__sendings__state__in=wrong)
    going = (Sending.State.SENT, Sending.State.QUEUED, Sending.State.HANDING)
    return [
        _fee(item)
        for item in rows.distinct()
        if not Sending.objects.filter(reminder=item.reminder_id, state__in=going).exists()
    ]


def _crossed(on: date) -> list[int]:
    """Fees of debts whose principal was paid before the letter left."""
    rows = _asked(on).filter(receivable__open=0, reminder__sendings__state=Sending.State.SENT)
    found = []
    for item in rows.annotate(sent_at=F("reminder__sendings__sent_at")).distinct():
        left = timezone.localdate(item.sent_at)
        paid = Entry.objects.filter(
            Q(receivable=item.receivable_id, kind=Entry.Kind.PAYMENT, reversed_by__isnull=True),
            Q(part=Entry.Part.PRINCIPAL, payment__paid_on__lt=left),
            entered_at__gte=item.reminder.made_at,
        ).aggregate(sum=Coalesce(Sum("amount"), ZERO))["sum"]
        if -paid >= item.principal:
            found.append(_fee(item))
    return found
