"""What of reminding is lawful when: from the facts of one debt and the rules' table, and from nothing else.

Laki saatavien perinnästä 513/1999 (4 b, 4 c, 10 a, 10 b, 10 d, 10 e, 10 g §). A reminder without a fee is allowed
from the day after the due date; a fee has its waiting times, its highest amount and the cap of all costs. Clocks
run from what is proven to have been sent. Each step names the rows and days it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing import bankdays
from billing.amounts import ZERO
from billing.models import Debtor, Level, Rule
from billing.reasons import DECISIVE, Reason
from billing.rules import Code, Rules

CODES = (
    Code.REMINDER_FEE_CONSUMER, Code.REMINDER_FEE_BUSINESS, Code.REMINDER_WAIT_CONSUMER, Code.REMINDER_WAIT_BUSINESS,
    Code.REMINDER_NOTICE_CONSUMER, Code.REMINDER_INTERVAL_CONSUMER, Code.REMINDER_INTERVAL_BUSINESS,
    Code.COST_CAP_CONSUMER, Code.COST_CAP_BUSINESS, Code.COMPENSATION_BUSINESS, Code.REMINDER_GRACE,
    Code.REMINDER_TIME, Code.LIMITATION, Code.SMALL_DIFFERENCE, Code.AGENCY_DEMAND_CONSUMER,
    Code.AGENCY_DEMAND_BUSINESS,
)  # fmt: skip
REMINDERS_BEFORE_DEMAND = 2


class Stop(TextChoices):
    """Why no reminder goes at all, fee or not."""

    PAID = "paid", _("Nothing is open")
    DISPUTED = "disputed", _("Disputed")
    QUIET = "quiet", _("Do not remind")
    FREE = "free", _("Payment-free days")
    COURT = "court", _("The consumer wants it decided in court")
    AGENCY = "agency", _("With the collection agency")
    PLAN = "plan", _("Instalment plan in force")
    UNDERWAY = "underway", _("A reminder is on its way")
    MONEY = "money", _("The customer's money waits to be matched")
    BARRED = "barred", _("Time-barred")


class NotAllowed(ValueError):
    """A reminder or its fee is not lawful; the text says when or how much would be."""


class Stopped(NotAllowed):
    """No reminder may go."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(_("No reminder may go now: %(reason)s.") % {"reason": Stop(stop).label})


class TooEarly(NotAllowed):
    """The day has not come."""

    def __init__(self, day: date | None) -> None:
        if day is None:
            super().__init__(_("No fee may be charged for this debt. Send the reminder without one."))
        else:
            super().__init__(
                _("It is too early. The first lawful day is %(day)s.")
                % {"day": date_format(day, "SHORT_DATE_FORMAT")}
            )


class TooMuch(NotAllowed):
    """The fee is above what the law allows."""

    def __init__(self, most: Decimal) -> None:
        super().__init__(_("The fee is too high. At most %(most)s € is lawful now.") % {"most": most})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One debt as it stands. Amounts in euros; `undisputed` is what of the principal may be reminded of.

    `sent_on` is the day on which the invoice is proven to have been sent, `reminded_on` that of the latest
    reminder, `pay_by` the latest day that our letters have given. `costs` are those charged and not waived, without
    the standard compensation; `costs_open` is what of all of them is open.
    """

    debtor: str
    due_on: date
    principal: Decimal
    undisputed: Decimal
    sent_on: date | None = None
    reminded_on: date | None = None
    pay_by: date | None = None
    reminders: int = 0
    demanded: bool = False
    costs: Decimal = ZERO
    compensation: Decimal = ZERO
    costs_open: Decimal = ZERO
    stops: tuple[Stop, ...] = ()
    instalment: int | None = None

    @property
    def costs_alone(self) -> bool:
        """Collection costs are open although nothing else is: no fee may come on top of them."""
        return not self.principal and self.costs_open > 0

    @property
    def disputed(self) -> Decimal:
        return self.principal - self.undisputed if self.instalment is None else ZERO


@dataclass(frozen=True, kw_only=True)
class Step:
    """The next lawful step: from when a reminder, from when and how high a fee, and why."""

    stops: tuple[Stop, ...] = ()
    remind_from: date | None = None
    fee_from: date | None = None
    most: Decimal = ZERO
    rule: Rule | None = None
    level: str = Level.REMINDER
    handover: bool = False
    reasons: tuple[Reason, ...] = ()

    def fee_on(self, day: date) -> Decimal:
        """The highest lawful fee of a reminder sent on a day."""
        return self.most if self.fee_from is not None and day >= self.fee_from else ZERO

    @property
    def decisive(self) -> Reason | None:
        """The reason that decides when a fee is lawful."""
        waits = [reason for reason in self.reasons if reason.kind in DECISIVE]
        return max(waits, key=lambda reason: reason.on or date.max, default=None)

    @property
    def ready_from(self) -> date | None:
        """When the next reminder is worth sending: with its fee, where one will be lawful."""
        return self.fee_from or self.remind_from


def step(facts: Facts, *, on: date, rules: Rules) -> Step:
    """What may be done next with a debt, seen on a day. Raises RuleMissing where the table lacks a figure."""
    owed = facts.undisputed > 0 or facts.costs_alone
    stops = facts.stops if owed else (_nothing(facts), *facts.stops)
    reasons = [Reason(kind="due", on=facts.due_on)]
    if stops:
        return Step(stops=stops, reasons=tuple(reasons))
    reasons += _promise(facts, on, rules)
    remind_from = facts.due_on + timedelta(days=1)
    if facts.costs_alone:
        reasons.append(Reason(kind="costs_alone", amount=facts.costs_open))
        return Step(remind_from=remind_from, reasons=tuple(reasons))
    fee_from, more = _fee_from(facts, on, rules)
    most, rule, figures = _most(facts, max(on, fee_from or on), rules)
    chargeable = fee_from is not None and most > 0
    if not chargeable:
        fee_from, most = None, ZERO
    return Step(
        remind_from=remind_from,
        fee_from=fee_from,
        most=most,
        rule=rule if chargeable else None,
        level=_level(facts, fee=most),
        handover=facts.demanded,
        reasons=(*reasons, *more, *figures, *([Reason(kind="handover")] if facts.demanded else [])),
    )


def check(facts: Facts, *, fee: Decimal, on: date, rules: Rules) -> Step:
    """The step, if a reminder with this fee may be sent on this day. Raises Stopped, TooEarly, TooMuch."""
    found = step(facts, on=on, rules=rules)
    if found.stops:
        raise Stopped(found.stops[0])
    if found.remind_from is None or on < found.remind_from:
        raise TooEarly(found.remind_from)
    if fee > 0 and (found.fee_from is None or on < found.fee_from):
        raise TooEarly(found.fee_from)
    if fee < 0 or fee > found.fee_on(on):
        raise TooMuch(found.fee_on(on))
    return found


def cap_of(facts: Facts, *, on: date, rules: Rules) -> Rule | None:
    """The cap of all costs of a debt; None where the table knows none for businesses. Raises RuleMissing."""
    if facts.debtor == Debtor.CONSUMER:
        return rules.row(Code.COST_CAP_CONSUMER, on, principal=facts.principal)
    known = rules.tiers(Code.COST_CAP_BUSINESS, on)
    return rules.row(Code.COST_CAP_BUSINESS, on, principal=facts.principal) if known else None


def posted(amount: Decimal, facts: Facts) -> Decimal:
    """What a cost adds to what is owed: under a claimed compensation only what goes above it (10 e §)."""
    return max(facts.compensation, facts.costs + amount) - max(facts.compensation, facts.costs)


def compensation(facts: Facts, *, on: date, rules: Rules) -> tuple[Rule, Decimal]:
    """The standard compensation of a late business debt and what it adds to the costs charged already.

    Raises Stopped, TooEarly; NotAllowed for a consumer or when it has been claimed.
    """
    if facts.debtor != Debtor.BUSINESS or facts.compensation:
        raise NotAllowed(_("The standard compensation is claimed once, of a business only."))
    if facts.undisputed <= 0:
        raise Stopped(_nothing(facts))
    check(facts, fee=ZERO, on=on, rules=rules)
    row = rules.row(Code.COMPENSATION_BUSINESS, on)
    return row, max(row.value, facts.costs) - facts.costs


def agency_demand(facts: Facts, *, on: date, rules: Rules) -> tuple[Rule, Decimal]:
    """What a collection agency may charge for its demand, and what that adds to the costs. Raises RuleMissing."""
    consumer = facts.debtor == Debtor.CONSUMER
    code = Code.AGENCY_DEMAND_CONSUMER if consumer else Code.AGENCY_DEMAND_BUSINESS
    row = rules.row(code, on, principal=facts.principal)
    adds, cap = posted(row.value, facts), cap_of(facts, on=on, rules=rules)
    return row, adds if cap is None else max(min(adds, cap.value - facts.costs), ZERO)


@lru_cache(maxsize=4096)
def settled_by(due_on: date, bank_days: int) -> date:
    """The day by which a payment made on the due date has come: so many bank days later."""
    return bankdays.after(due_on, bank_days)


def own_from(due_on: date, pay_by: date | None, bank_days: int) -> date:
    """From when we take the next step by our own practice, whatever the law allows (good practice, 4 §).

    Payments made on the last day that we have given, by the invoice or by our latest letter, have come by then.
    """
    return settled_by(max(due_on, pay_by or due_on), bank_days)


def _promise(facts: Facts, on: date, rules: Rules) -> list[Reason]:
    if facts.pay_by is None:
        return []
    grace = rules.row(Code.REMINDER_GRACE, on)
    day = own_from(facts.due_on, facts.pay_by, int(grace.value))
    return [Reason(kind="promised", on=facts.pay_by), _by("promise", grace, on=day)]


def _nothing(facts: Facts) -> Stop:
    return Stop.DISPUTED if facts.principal > 0 else Stop.PAID


def _level(facts: Facts, *, fee: Decimal) -> str:
    if facts.reminders >= REMINDERS_BEFORE_DEMAND:
        return Level.DEMAND
    return Level.REMINDER if fee or facts.reminders else Level.FRIENDLY


def _fee_from(facts: Facts, on: date, rules: Rules) -> tuple[date | None, list[Reason]]:
    """The first day of a fee as far as waiting times go; None where there can be none."""
    if facts.sent_on is None:
        return None, [Reason(kind="not_sent")]
    reasons = [Reason(kind="sent", on=facts.sent_on)]
    consumer = facts.debtor == Debtor.CONSUMER
    if consumer:
        notice = rules.row(Code.REMINDER_NOTICE_CONSUMER, on)
        if (facts.due_on - facts.sent_on).days < notice.value:
            return None, [_by("notice", notice, on=facts.sent_on)]
    wait = rules.row(Code.REMINDER_WAIT_CONSUMER if consumer else Code.REMINDER_WAIT_BUSINESS, on)
    first = facts.due_on + timedelta(days=int(wait.value))
    reasons.append(_by("wait", wait, on=first))
    if facts.reminded_on is not None:
        code = Code.REMINDER_INTERVAL_CONSUMER if consumer else Code.REMINDER_INTERVAL_BUSINESS
        interval = rules.row(code, on)
        following = facts.reminded_on + timedelta(days=int(interval.value))
        reasons.append(_by("interval", interval, on=following))
        first = max(first, following)
    return first, reasons


def _most(facts: Facts, on: date, rules: Rules) -> tuple[Decimal, Rule, list[Reason]]:
    """The highest fee as far as amounts go, its rule, and why."""
    consumer = facts.debtor == Debtor.CONSUMER
    rule = rules.row(Code.REMINDER_FEE_CONSUMER if consumer else Code.REMINDER_FEE_BUSINESS, on)
    reasons, most = [_by("most", rule)], rule.value.quantize(ZERO)
    cap = cap_of(facts, on=on, rules=rules)
    if cap is None:
        reasons.append(Reason(kind="cap_unknown"))
    else:
        reasons.append(_by("cap", cap, amount=facts.costs))
        most = min(most, (cap.value - facts.costs).quantize(ZERO))
    if facts.compensation:
        reasons.append(Reason(kind="compensation", amount=facts.compensation))
    return max(most, ZERO), rule, reasons


def _by(kind: str, rule: Rule, *, on: date | None = None, amount: Decimal | None = None) -> Reason:
    return Reason(kind=kind, on=on, amount=amount, rule=rule.pk, value=rule.value, statute=rule.statute)
