"""Consumer or business: what another kind of debtor changes, in euros, looked at before it is done.

Collection law asks less of a consumer (Laki saatavien perinnästä 513/1999, 10 a–10 d §): costs that could not have
been charged to one are waived when it turns out that the customer is one. Interest follows by itself (Korkolaki
633/1982, 2 and 4 a §), also of what was paid late and is not invoiced yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from billing import charging, details, interest_invoicing, ledger, reminding, sending, standing
from billing.amounts import CENT, ZERO
from billing.interest import Reckoning
from billing.models import (
    Charge,
    Debtor,
    Entry,
    Payment,
    Receivable,
    Reminder,
    ReminderItem,
    Rule,
    Sending,
    Waiver,
)
from billing.reasons import reasons_of
from billing.reminding import CODES, Facts, Step
from billing.rules import Code, Rules
from customers.models import Customer
from register import access
from register.models import User

AGREEMENTS = {Charge.Kind.EXTENSION: Code.EXTENSION_FEE_CONSUMER, Charge.Kind.PLAN: Code.PLAN_FEE_CONSUMER}


@dataclass(frozen=True)
class Cost:
    """A charged cost and what of it could have been asked of a consumer, by which rule."""

    charge: Charge
    lawful: Decimal
    rule: Rule | None = None

    @property
    def is_unlawful(self) -> bool:
        return self.charge.amount > self.lawful


@dataclass(frozen=True)
class Standing:
    """How a debt stands: open costs, interest that is on no invoice yet, and the next lawful step."""

    costs: Decimal
    interest: Reckoning
    step: Step


@dataclass(frozen=True)
class Change:
    """One debt before and after: what is waived, what of it had been paid, what was invoiced at the other rate."""

    receivable: Receivable
    now: Standing
    then: Standing
    unlawful: tuple[Cost, ...] = ()
    paid_back: Decimal = ZERO
    invoiced: Decimal = ZERO


class _OnlyLooked(Exception):
    """What was done to see what it would do is undone."""


def look(customer: Customer, *, debtor: str, on: date, by: User) -> list[Change]:
    """What would change if a customer's debts were those of such a debtor: done and taken back at once.

    Raises rules.RuleMissing.
    """
    changes: list[Change] = []
    try:
        with access.atomic():
            changes = _switch(customer, debtor=debtor, on=on, by=by)
            raise _OnlyLooked
    except _OnlyLooked:
        return changes


def switch(customer: Customer, *, debtor: str, on: date, at: datetime, by: User) -> list[Change]:
    """Treat a customer's debts and his next invoices as those of a consumer or a business.

    What could not have been charged to a consumer is waived, letters that ask for it and have not left are called
    back; what was paid of it becomes his credit. Raises rules.RuleMissing.
    """
    with access.atomic():
        changes = _switch(customer, debtor=debtor, on=on, by=by)
        details.treat_as(customer, Debtor(debtor))
        _call_back([change.receivable for change in changes if change.unlawful], by=by, at=at)
    return changes


def bearing(customer: Customer, *, on: date) -> list[Receivable]:
    """What the choice bears on, the oldest first: what is unpaid, and what was paid late and bore interest."""
    unpaid = Receivable.objects.unpaid().filter(customer=customer)
    late = interest_invoicing.late(customer, on)
    rows = list((unpaid | late).order_by("due_on", "pk"))
    interest, invoiced = interest_invoicing.uninvoiced(rows, until=on), _invoiced(rows)
    return [one for one in rows if one.outstanding or interest[one.pk].segments or one.pk in invoiced]


def _switch(customer: Customer, *, debtor: str, on: date, by: User) -> list[Change]:
    held = [ledger.hold(one.pk) for one in bearing(customer, on=on) if one.debtor != debtor]
    before, invoiced = _standing(held, on=on), _invoiced(held)
    unlawful = {one.pk: _unlawful(one) if debtor == Debtor.CONSUMER else () for one in held}
    paid_back = {}
    for one in held:
        one.debtor = debtor
        one.save(update_fields=["debtor"])
        credit = _credit(customer)
        for cost in unlawful[one.pk]:
            _lower(one, cost, on=on, by=by)
        paid_back[one.pk] = _credit(customer) - credit
        one.refresh_from_db()
    after = _standing(held, on=on)
    return [
        Change(
            one,
            before[one.pk],
            after[one.pk],
            unlawful[one.pk],
            paid_back[one.pk],
            invoiced.get(one.pk, ZERO),
        )
        for one in held
    ]


def _call_back(lowered: list[Receivable], *, by: User, at: datetime) -> None:
    asking = ReminderItem.objects.filter(receivable__in=lowered, dropped="").values("reminder")
    for row in Sending.objects.filter(reminder__in=asking, state=Sending.State.QUEUED):
        sending.cancel(row, by=by, at=at)


def _standing(held: list[Receivable], *, on: date) -> dict[int, Standing]:
    interest = interest_invoicing.uninvoiced(held, until=on)
    return {
        debt.receivable.pk: Standing(debt.receivable.costs, interest[debt.receivable.pk], debt.step)
        for debt in standing.debts(held, on=on)
    }


def _invoiced(held: Iterable[Receivable]) -> dict[int, Decimal]:
    """Interest that stands on invoices, by the debt it is for."""
    rows = interest_invoicing.standing(held).values_list("receivable").annotate(sum=Sum("amount"))
    return dict(rows)


def _credit(customer: Customer) -> Decimal:
    sums = Payment.objects.filter(customer=customer).aggregate(sum=Sum("unallocated"))
    return sums["sum"] or ZERO


# --- what a consumer would have had to pay -------------------------------------------------------------


def _lower(held: Receivable, cost: Cost, *, on: date, by: User) -> None:
    """Waive a cost and charge what is lawful of it anew: first the new, so that what was paid stays with it."""
    if cost.lawful:
        assert cost.rule is not None
        charging.charge_again(held, cost.charge, rule=cost.rule, amount=cost.lawful, on=on, by=by)
    charging.waive(cost.charge, reason=Waiver.Reason.UNLAWFUL, on=on, by=by)


def _unlawful(held: Receivable) -> tuple[Cost, ...]:
    """The costs of a debt of which a consumer would not have had to pay all, by the law of their days."""
    charges = held.charges.filter(waiver__isnull=True).select_related("item__reminder").order_by("on", "pk")
    known, letters, so_far = Rules([*CODES, *AGREEMENTS.values()]), _letters(held), ZERO
    found = []
    for charge in charges:
        cost = _lawful(held, charge, known=known, letters=letters, so_far=so_far)
        so_far += min(cost.lawful, charge.amount)
        found.append(cost)
    return tuple(cost for cost in found if cost.is_unlawful)


def _lawful(held: Receivable, charge: Charge, *, known: Rules, letters: list[date], so_far: Decimal) -> Cost:
    if charge.kind == Charge.Kind.COMPENSATION:
        return Cost(charge, ZERO)
    principal = _principal(held, charge.on)
    facts = Facts(
        debtor=Debtor.CONSUMER,
        due_on=_due_on(held, charge),
        principal=principal,
        undisputed=principal,
        sent_on=_sent_on(held),
        reminded_on=max((day for day in letters if day < charge.on), default=None),
        costs=so_far,
    )
    if charge.kind == Charge.Kind.REMINDER:
        step = reminding.step(facts, on=charge.on, rules=known)
        return Cost(charge, min(charge.amount, step.fee_on(charge.on)), step.rule)
    rule = known.row(AGREEMENTS[Charge.Kind(charge.kind)], charge.on, principal=principal)
    cap = reminding.cap_of(facts, on=charge.on, rules=known)
    room = rule.value if cap is None else max(min(rule.value, cap.value - so_far), ZERO)
    return Cost(charge, min(charge.amount, room.quantize(CENT)), rule)


def _principal(held: Receivable, day: date) -> Decimal:
    """What was open of the principal when something was charged; at least a cent, for there was a debt."""
    entries = held.entries.filter(part=Entry.Part.PRINCIPAL)
    before = Q(on__lt=day) | Q(kind=Entry.Kind.INVOICE)
    return max(entries.filter(before).aggregate(sum=Sum("amount"))["sum"] or ZERO, CENT)


def _due_on(held: Receivable, charge: Charge) -> date:
    """The due date that a letter went by, or the one of the day of the charge."""
    item = getattr(charge, "item", None)
    kept = reasons_of(item.why.get("reasons", ())) if item is not None else []
    told = next((reason.on for reason in kept if reason.kind == "due" and reason.on), None)
    later = held.extensions.filter(agreed_on__gt=charge.on).order_by("pk").first()
    return told or (later.was_due_on if later is not None else held.due_on)


def _sent_on(held: Receivable) -> date | None:
    first = held.invoice.sendings.filter(state=Sending.State.SENT, reminder=None).order_by("sent_at").first()
    return timezone.localdate(first.sent_at) if first is not None and first.sent_at else None


def _letters(held: Receivable) -> list[date]:
    """The days on which reminders of the debt have gone or were charged for."""
    went = Sending.objects.filter(
        state=Sending.State.SENT,
        reminder__state=Reminder.State.MADE,
        reminder__items__receivable=held,
        reminder__items__dropped="",
    )
    gone = [timezone.localdate(at) for at in went.values_list("sent_at", flat=True) if at]
    return [*gone, *held.charges.filter(kind=Charge.Kind.REMINDER).values_list("on", flat=True)]
