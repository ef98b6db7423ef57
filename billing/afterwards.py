"""What becomes of letters that were made.

Until a letter goes, its debts are judged again: at printing, at each sending, and every hour. One that would say what
is not so any more is called back. Letters that were called back, came back or crossed with a payment cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing import charging, standing
from billing.amounts import ZERO
from billing.models import Charge, Entry, ReminderItem, Sending, Waiver
from billing.models.sendings import SendingQuerySet
from billing.reminding import Facts, Stop
from register import access

LOOKED_BACK = timedelta(days=60)
"""How long the news of a failed letter or of an earlier payment may take."""


BACK = "back:"
"""Before the code of why a letter was called back, in its sending's result."""
MORE_TIME, OTHER_SUM = "time", "sum"
WHY: dict[str, str | Promise] = {
    **{stop.value: stop.label for stop in Stop},
    MORE_TIME: _("the debt is not due yet"),
    OTHER_SUM: _("another sum is owed by now"),
}


class Outdated(ValueError):
    """The letter says what is not so any more."""

    def __init__(self, why: str) -> None:
        super().__init__(
            gettext(
                "The letter is out of date: %(why)s. Approve a new reminder when one may go; it says what is owed then."
            )
            % {"why": WHY[why]}
        )


def call_back(*, at: datetime) -> int:
    """Look at every letter that waits to go, and call back what must not go any more; how many."""
    return len(review(Sending.objects.all(), at=at))


def review(sendings: SendingQuerySet, *, at: datetime) -> list[Sending]:
    """Judge the waiting letters among some sendings again; returns those that were called back.

    What a letter charged is not asked, unless the same letter went before. Raises rules.RuleMissing.
    """
    on = timezone.localdate(at)
    with access.atomic():
        waiting = sendings.waiting().filter(reminder__isnull=False).order_by("pk")
        rows = list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("reminder"))
        why = outdated([row.reminder_id for row in rows if row.reminder_id], on=on)
        gone = [row for row in rows if row.reminder_id in why]
        for row in gone:
            row.state, row.settled_at = Sending.State.CANCELLED, at
            row.result = BACK + why[row.reminder_id or 0]
            row.save(update_fields=["state", "result", "settled_at"])
            _ask_no_fees(row, on=on)
    return gone


def outdated(reminders: Collection[int], *, on: date) -> dict[int, str]:
    """The letters that say what is not so on a day, and why: the first debt of which this is found decides."""
    items = list(
        ReminderItem.objects.filter(reminder__in=reminders, dropped="")
        .select_related("receivable", "charge")
        .order_by("reminder", "pk")
    )
    debts = {debt.pk: debt for debt in (item.receivable for item in items)}
    facts = {one.receivable.pk: one.facts for one in standing.debts(list(debts.values()), on=on)}
    found: dict[int, str] = {}
    for item in items:
        why = _why_outdated(item, facts[item.receivable_id], on)
        if why:
            found.setdefault(item.reminder_id, why)
    return found


def _why_outdated(item: ReminderItem, facts: Facts, on: date) -> str:
    stops = [stop for stop in facts.stops if stop != Stop.UNDERWAY]
    costs = item.costs + (item.charge.posted if item.charge else ZERO)
    if facts.principal == 0 and not (item.principal == 0 and item.receivable.costs):
        return str(Stop.PAID.value)
    if facts.undisputed <= 0 < item.principal:
        return str(Stop.DISPUTED.value)
    if stops:
        return str(stops[0].value)
    if item.principal == 0:  # a letter of costs alone
        return OTHER_SUM if item.receivable.costs != costs else ""
    if facts.due_on >= on:
        return MORE_TIME
    if facts.undisputed < item.principal and facts.disputed:
        return str(Stop.DISPUTED.value)
    if facts.instalment is not None:  # the next one falling due meanwhile makes no letter wrong
        return OTHER_SUM if facts.undisputed < item.principal else ""
    return OTHER_SUM if (facts.undisputed, item.receivable.costs) != (item.principal, costs) else ""


def _ask_no_fees(row: Sending, *, on: date) -> None:
    if Sending.objects.live().filter(reminder=row.reminder_id).exists():
        return
    for charged in Charge.objects.filter(item__reminder=row.reminder_id, waiver=None).order_by("pk"):
        charging.waive(charged, reason=Waiver.Reason.NOT_SENT, on=on, by=None)


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
