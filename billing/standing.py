"""How debts stand: the facts that `reminding` judges, read from the rows for many receivables at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connections

from billing import limitation
from billing.amounts import ZERO
from billing.models import Charge, Hold, Instalment, Level, Plan, Receivable, Reminder
from billing.reminding import CODES, Facts, Step, Stop, own_from, step
from billing.rules import Code, Rules
from register import access

AT_A_TIME = 5000
DAYS = 365
HOLDS = {kind: Stop(kind.value) for kind in Hold.Kind}
LATEST_FIRST = {Level.FRIENDLY: 0, Level.REMINDER: 1, Level.DEMAND: 2}


@dataclass(frozen=True)
class Debt:
    """A receivable with its facts and the next lawful step."""

    receivable: Receivable
    facts: Facts
    step: Step
    on: date
    own_from: date = date.min
    """From when we go on by our own practice: payments made on the last day that we have given have come."""

    @property
    def settled(self) -> bool:
        """Whether a payment made on the due date, or on the day of our latest letter, would have come by now."""
        return self.own_from <= self.on

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
    def asked(self) -> Decimal:
        """What a reminder would ask for besides its fee: principal, or the costs where they are open alone."""
        return self.facts.costs_open if self.facts.costs_alone else self.facts.undisputed

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
    if not receivables:
        return []
    known = known or rules()
    grace, years = known.days(Code.REMINDER_GRACE, on), known.days(Code.LIMITATION, on)
    small = known.value(Code.SMALL_DIFFERENCE, on)
    found: list[Debt] = []
    for start in range(0, len(receivables), AT_A_TIME):
        some = receivables[start : start + AT_A_TIME]
        read = _Read(some, on, years, small, without)
        for one in some:
            facts = _facts(one, read)
            own = own_from(facts.due_on, facts.pay_by, grace)
            found.append(Debt(one, facts, step(facts, on=on, rules=known), on, own))
    return found


def debt(receivable: Receivable, *, on: date, known: Rules | None = None) -> Debt:
    """One receivable as it stands on a day. Raises rules.RuleMissing."""
    return debts([receivable], on=on, known=known)[0]


# --- reading -------------------------------------------------------------------------------------------

READ = """
SELECT 'sent' AS what, s.invoice_id AS key, NULL::bigint AS other, '' AS word, NULL::numeric AS amount,
       (min(s.sent_at) AT TIME ZONE %(zone)s)::date AS day, NULL::date AS until
  FROM billing_sending s WHERE s.invoice_id = ANY(%(ids)s) AND s.state = 'sent' AND s.reminder_id IS NULL
 GROUP BY s.invoice_id
UNION ALL
SELECT CASE WHEN m.state = 'approved' OR bool_or(s.state IN ('queued', 'handing')) AND NOT bool_or(s.state = 'sent')
            THEN 'underway' ELSE 'reminded' END, i.receivable_id, m.id, m.level, NULL,
       (max(s.sent_at) FILTER (WHERE s.state = 'sent') AT TIME ZONE %(zone)s)::date, m.pay_by
  FROM billing_reminderitem i JOIN billing_reminder m ON m.id = i.reminder_id
  LEFT JOIN billing_sending s ON s.reminder_id = m.id
 WHERE i.receivable_id = ANY(%(ids)s) AND i.dropped = '' AND m.state <> 'dropped' AND m.id <> %(without)s
 GROUP BY i.receivable_id, m.id
UNION ALL
SELECT 'disputed', d.receivable_id, NULL, '', sum(d.amount), NULL, NULL FROM billing_dispute d
 WHERE d.receivable_id = ANY(%(ids)s)
   AND NOT EXISTS (SELECT FROM billing_resolution e WHERE e.dispute_id = d.id) GROUP BY d.receivable_id
UNION ALL
SELECT 'cost', c.receivable_id, NULL, c.kind, sum(c.amount), NULL, NULL FROM billing_charge c
 WHERE c.receivable_id = ANY(%(ids)s)
   AND NOT EXISTS (SELECT FROM billing_waiver w WHERE w.charge_id = c.id) GROUP BY c.receivable_id, c.kind
UNION ALL
SELECT 'hold', h.customer_id, h.receivable_id, h.kind, NULL, NULL, NULL FROM billing_hold h
 WHERE h.customer_id = ANY(%(customers)s) AND h.since <= %(on)s AND (h.until IS NULL OR h.until >= %(on)s)
   AND NOT EXISTS (SELECT FROM billing_lifting l WHERE l.hold_id = h.id)
UNION ALL
SELECT 'money', p.customer_id, NULL, '', sum(p.unallocated), NULL, NULL FROM billing_payment p
 WHERE p.customer_id = ANY(%(customers)s) AND p.unallocated > 0
   AND NOT EXISTS (SELECT FROM billing_paymentquestion q WHERE q.payment_id = p.id AND q.outcome = 'credit'
                      AND NOT EXISTS (SELECT FROM billing_entry e WHERE e.payment_id = p.id AND e.amount > 0
                                         AND e.entered_at > q.settled_at)) GROUP BY p.customer_id
UNION ALL
SELECT 'extended', x.receivable_id, NULL, '', NULL, min(x.was_due_on), NULL FROM billing_extension x
 WHERE x.receivable_id = ANY(%(ids)s) GROUP BY x.receivable_id
UNION ALL
SELECT 'plan', p.receivable_id, p.id, '', NULL, NULL, NULL FROM billing_plan p
 WHERE p.receivable_id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM billing_planend e WHERE e.plan_id = p.id)
"""
"""Everything that bears on some receivables, in one question: by receivable, or by customer (hold, money).

Money about which somebody has decided that it stays the customer's credit waits for nobody.
"""


@dataclass
class _Reminded:
    """What has been sent about a debt."""

    count: int = 0
    latest: date | None = None
    until: date | None = None
    underway: bool = False
    level: int = -1


NOT_TOLD = _Reminded()


@dataclass
class _Read:
    """The rows about some receivables, by receivable or customer."""

    receivables: Sequence[Receivable]
    on: date
    limitation: int
    """Years after which a debt can be time-barred at the earliest."""
    small: Decimal
    """So many euros of a customer that wait to be matched do not matter."""
    without: Reminder | None = None
    sent: dict[int, date] = field(default_factory=dict)
    first_due: dict[int, date] = field(default_factory=dict)
    disputed: dict[int, Decimal] = field(default_factory=dict)
    reminded: dict[int, _Reminded] = field(default_factory=dict)
    costs: dict[tuple[int, bool], Decimal] = field(default_factory=dict)
    plans: dict[int, list[Instalment]] = field(default_factory=dict)
    holds: dict[tuple[int, int | None], list[Stop]] = field(default_factory=dict)
    money: dict[int, Decimal] = field(default_factory=dict)
    barred: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        asked: dict[str, Any] = {
            "ids": [one.pk for one in self.receivables],
            "customers": list({one.customer_id for one in self.receivables}),
            "without": self.without.pk if self.without is not None else 0,
            "on": self.on,
            "zone": settings.TIME_ZONE,
        }
        with connections[access.alias()].cursor() as cursor:
            cursor.execute(READ, asked)
            for row in cursor.fetchall():
                self._take(*row)
        if self.plans:
            self._read_plans()
        old = [one for one in self.receivables if self._days_due(one) > self.limitation * DAYS]
        if old:
            limits = limitation.limits(old, on=self.on)
            self.barred = {limit.receivable.pk for limit in limits if limit.is_time_barred(self.on)}

    def _days_due(self, one: Receivable) -> int:
        """Days since it first fell due: more time that was given later does not count."""
        return (self.on - self.first_due.get(one.pk, one.due_on)).days

    def _take(
        self,
        what: str,
        key: int,
        other: int | None,
        word: str,
        amount: Decimal | None,
        day: date | None,
        until: date | None,
    ) -> None:
        if what == "sent" and day is not None:
            self.sent[key] = day
        elif what == "extended" and day is not None:
            self.first_due[key] = day
        elif what in ("underway", "reminded"):
            self._told(self.reminded.setdefault(key, _Reminded()), what, word, day, until)
        elif what == "hold":
            self.holds.setdefault((key, other), []).append(HOLDS[Hold.Kind(word)])
        elif what == "plan":
            self.plans[key] = []
        elif amount is not None:
            self._sum(what, key, word, amount)

    def _told(self, told: _Reminded, what: str, level: str, day: date | None, until: date | None) -> None:
        if what == "underway":
            told.underway = True
        elif day is not None:
            told.count += 1
            told.latest = max(told.latest or day, day)
            told.until = max(told.until or date.min, until or date.min)
            told.level = max(told.level, LATEST_FIRST[Level(level)])

    def _sum(self, what: str, key: int, word: str, amount: Decimal) -> None:
        if what == "disputed":
            self.disputed[key] = amount
        elif what == "money":
            self.money[key] = amount
        else:
            kind = (key, word == Charge.Kind.COMPENSATION)
            self.costs[kind] = self.costs.get(kind, ZERO) + amount

    def _read_plans(self) -> None:
        plans = Plan.objects.standing().filter(receivable__in=list(self.plans)).with_met()
        for plan in plans.prefetch_related("instalments"):
            self.plans[plan.receivable_id] = missed(plan, on=self.on)


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


def _facts(one: Receivable, read: _Read) -> Facts:
    told = read.reminded.get(one.pk) or NOT_TOLD
    undisputed = one.open - min(read.disputed.get(one.pk, ZERO), one.open)
    due_on, instalment = one.due_on, None
    late = read.plans.get(one.pk)
    if late:
        owed = sum((missed.left for missed in late), ZERO)  # type: ignore[attr-defined]
        due_on, instalment, undisputed = late[0].due_on, late[0].number, min(undisputed, owed)
    return Facts(
        debtor=one.debtor,
        due_on=due_on,
        principal=one.open,
        undisputed=undisputed,
        sent_on=read.sent.get(one.pk),
        reminded_on=told.latest,
        pay_by=told.until,
        reminders=told.count,
        demanded=told.level == LATEST_FIRST[Level.DEMAND],
        costs=read.costs.get((one.pk, False), ZERO),
        compensation=read.costs.get((one.pk, True), ZERO),
        costs_open=one.costs,
        stops=_stops(one, read, told),
        instalment=instalment,
    )


def _stops(one: Receivable, read: _Read, told: _Reminded) -> tuple[Stop, ...]:
    stops = [*read.holds.get((one.customer_id, one.pk), ()), *read.holds.get((one.customer_id, None), ())]
    if one.pk in read.plans and not read.plans[one.pk]:
        stops.append(Stop.PLAN)
    if told.underway:
        stops.append(Stop.UNDERWAY)
    if read.money.get(one.customer_id, ZERO) > read.small:
        stops.append(Stop.MONEY)
    if one.pk in read.barred:
        stops.append(Stop.BARRED)
    return tuple(dict.fromkeys(stops))
