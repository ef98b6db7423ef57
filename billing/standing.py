"""How debts stand: the facts that `reminding` judges, read from the rows for many receivables at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DateTimeField, F, Max, Min, Sum, When
from django.utils import timezone

from billing.amounts import ZERO
from billing.models import (
    Charge,
    Dispute,
    Entry,
    Hold,
    Instalment,
    Level,
    Payment,
    Plan,
    Receivable,
    Reminder,
    ReminderItem,
    Sending,
)
from billing.reminding import CODES, Facts, Step, Stop, settled_by, step
from billing.rules import Code, Rules

AT_A_TIME = 5000
HOLDS = {kind: Stop(kind.value) for kind in Hold.Kind}
LATEST_FIRST = {Level.FRIENDLY: 0, Level.REMINDER: 1, Level.DEMAND: 2}


@dataclass(frozen=True)
class Debt:
    """A receivable with its facts and the next lawful step."""

    receivable: Receivable
    facts: Facts
    step: Step
    on: date
    settled: bool = True
    """Whether a payment made on the due date would have come by now."""

    @property
    def days_late(self) -> int:
        return max((self.on - self.facts.due_on).days, 0)

    @property
    def fee(self) -> Decimal:
        """What a reminder sent on the day may cost."""
        return self.step.fee_on(self.on)

    @property
    def is_ready(self) -> bool:
        """Whether the next reminder is lawful on the day, with its fee where one will be."""
        ready = self.step.ready_from
        return self.is_free and not self.step.handover and ready is not None and ready <= self.on

    @property
    def is_new(self) -> bool:
        """Whether a first, friendly reminder without a fee may go on the day."""
        return self.is_free and not self.facts.reminders and self.facts.due_on < self.on

    @property
    def is_free(self) -> bool:
        """Nothing stops a reminder, and no payment can be on its way any more."""
        return not self.step.stops and self.settled


def rules() -> Rules:
    """The table's rows that judging a debt needs."""
    return Rules(CODES)


def debts(
    receivables: Sequence[Receivable],
    *,
    on: date,
    known: Rules | None = None,
    without: Reminder | None = None,
) -> list[Debt]:
    """The receivables as they stand on a day, in their order: a handful of queries however many they are.

    `without` leaves a reminder out that is just being made. Raises rules.RuleMissing.
    """
    known = known or rules()
    grace = known.days(Code.REMINDER_GRACE, on)
    found: list[Debt] = []
    for start in range(0, len(receivables), AT_A_TIME):
        some = receivables[start : start + AT_A_TIME]
        read = _Read(some, on, without)
        for one in some:
            facts = _facts(one, read, on, known)
            settled = settled_by(facts.due_on, grace) <= on
            found.append(Debt(one, facts, step(facts, on=on, rules=known), on, settled))
    return found


def debt(receivable: Receivable, *, on: date, known: Rules | None = None) -> Debt:
    """One receivable as it stands on a day. Raises rules.RuleMissing."""
    return debts([receivable], on=on, known=known)[0]


# --- reading -------------------------------------------------------------------------------------------


@dataclass
class _Reminded:
    """What has been sent about a debt."""

    count: int = 0
    latest: date | None = None
    underway: bool = False
    level: int = -1


@dataclass
class _Read:
    """The rows about some receivables, by receivable or customer."""

    receivables: Sequence[Receivable]
    on: date
    without: Reminder | None = None
    sent: dict[int, date] = field(default_factory=dict)
    disputed: dict[int, Decimal] = field(default_factory=dict)
    reminded: dict[int, _Reminded] = field(default_factory=lambda: defaultdict(_Reminded))
    costs: dict[tuple[int, bool], Decimal] = field(default_factory=dict)
    plans: dict[int, list[Instalment]] = field(default_factory=dict)
    holds: dict[tuple[int, int | None], list[Stop]] = field(default_factory=lambda: defaultdict(list))
    money: dict[int, Decimal] = field(default_factory=dict)
    paid: dict[int, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = [one.pk for one in self.receivables]
        self.customers = list({one.customer_id for one in self.receivables})
        self._read_sendings()
        self._read_reminders()
        self._read_states()
        self._read_plans()
        self._read_money()

    def _read_sendings(self) -> None:
        gone = Sending.objects.filter(invoice__in=self.ids, state=Sending.State.SENT, reminder__isnull=True)
        for pk, at in gone.values_list("invoice").annotate(Min("sent_at")):
            self.sent[pk] = timezone.localdate(at)

    def _read_reminders(self) -> None:
        items = ReminderItem.objects.filter(receivable__in=self.ids, dropped="").exclude(
            reminder__state=Reminder.State.DROPPED
        )
        if self.without is not None:
            items = items.exclude(reminder=self.without)
        rows = items.values_list("receivable", "reminder__state", "reminder__level", "reminder__on").annotate(
            sent=Max(
                Case(
                    When(reminder__sendings__state=Sending.State.SENT, then=F("reminder__sendings__sent_at")),
                    output_field=DateTimeField(),
                )
            ),
            queued=Max(
                Case(
                    When(
                        reminder__sendings__state=Sending.State.QUEUED,
                        then=F("reminder__sendings__queued_at"),
                    ),
                    output_field=DateTimeField(),
                )
            ),
        )
        for pk, state, level, _on, sent, queued in rows:
            told = self.reminded[pk]
            if state == Reminder.State.APPROVED or (sent is None and queued is not None):
                told.underway = True
            elif sent is not None:
                day = timezone.localdate(sent)
                told.count += 1
                told.latest = max(told.latest or day, day)
                told.level = max(told.level, LATEST_FIRST[level])

    def _read_states(self) -> None:
        standing = Dispute.objects.standing().filter(receivable__in=self.ids)
        self.disputed = dict(standing.values_list("receivable").annotate(Sum("amount")))
        charged = Charge.objects.filter(receivable__in=self.ids, waiver__isnull=True)
        for pk, kind, amount in charged.values_list("receivable", "kind").annotate(Sum("amount")):
            key = (pk, kind == Charge.Kind.COMPENSATION)
            self.costs[key] = self.costs.get(key, ZERO) + amount
        holds = Hold.objects.standing(on=self.on).filter(customer__in=self.customers)
        for customer, pk, kind in holds.values_list("customer", "receivable", "kind"):
            self.holds[customer, pk].append(HOLDS[Hold.Kind(kind)])

    def _read_plans(self) -> None:
        plans = Plan.objects.standing().filter(receivable__in=self.ids).with_met()
        for plan in plans.prefetch_related("instalments"):
            self.plans[plan.receivable_id] = missed(plan, on=self.on)

    def _read_money(self) -> None:
        spare = Payment.objects.filter(customer__in=self.customers, unallocated__gt=0)
        self.money = dict(spare.values_list("customer").annotate(Sum("unallocated")))
        old = [one.pk for one in self.receivables if (self.on - one.due_on).days > 365]
        if old:
            payments = Entry.objects.filter(receivable__in=old, kind=Entry.Kind.PAYMENT, reversed_by=None)
            self.paid = dict(payments.values_list("receivable").annotate(Max("on")))


def missed(plan: Plan, *, on: date) -> list[Instalment]:
    """The instalments whose day has passed and that are not met; of a plan read `with_met`.

    Each gets `left`, what is open of it: payments meet the instalments in their order.
    """
    left: Decimal = plan.met  # type: ignore[attr-defined]
    late: list[Instalment] = []
    for instalment in plan.instalments.all():
        covered = min(left, instalment.amount)
        left -= covered
        instalment.left = instalment.amount - covered  # type: ignore[attr-defined]
        if covered < instalment.amount and instalment.due_on < on:
            late.append(instalment)
    return late


# --- putting together ----------------------------------------------------------------------------------


def _facts(one: Receivable, read: _Read, on: date, known: Rules) -> Facts:
    disputed = min(read.disputed.get(one.pk, ZERO), one.open)
    told = read.reminded.get(one.pk) or _Reminded()
    facts: dict[str, Any] = {
        "debtor": one.debtor,
        "due_on": one.due_on,
        "principal": one.open,
        "undisputed": one.open - disputed,
        "sent_on": read.sent.get(one.pk),
        "reminded_on": told.latest,
        "reminders": told.count,
        "demanded": told.level == LATEST_FIRST[Level.DEMAND],
        "costs": read.costs.get((one.pk, False), ZERO),
        "compensation": read.costs.get((one.pk, True), ZERO),
    }
    if read.plans.get(one.pk):
        late = read.plans[one.pk]
        owed = sum((instalment.left for instalment in late), ZERO)  # type: ignore[attr-defined]
        facts |= {
            "due_on": late[0].due_on,
            "undisputed": min(facts["undisputed"], owed),
            "instalment": late[0].number,
        }
    return Facts(**facts, stops=tuple(_stops(one, read, told, on, known)))


def _stops(one: Receivable, read: _Read, told: _Reminded, on: date, known: Rules) -> list[Stop]:
    stops = [*read.holds.get((one.customer_id, one.pk), ()), *read.holds.get((one.customer_id, None), ())]
    if one.pk in read.plans and not read.plans[one.pk]:
        stops.append(Stop.PLAN)
    if told.underway:
        stops.append(Stop.UNDERWAY)
    if read.money.get(one.customer_id):
        stops.append(Stop.MONEY)
    if _is_barred(one, read, told, on, known):
        stops.append(Stop.BARRED)
    return list(dict.fromkeys(stops))


def _is_barred(one: Receivable, read: _Read, told: _Reminded, on: date, known: Rules) -> bool:
    """Three years have passed since the due date, the last payment and the last reminder (728/2003 4 and 10 §)."""
    if (on - one.due_on).days <= 365:
        return False
    events = [one.due_on, read.paid.get(one.pk), told.latest]
    last = max(day for day in events if day is not None)
    years = known.days(Code.LIMITATION, on)
    limit = last.replace(year=last.year + years, day=min(last.day, 28) if last.month == 2 else last.day)
    return on > limit
