"""What is agreed with a debtor: more time (*lykkäys*) and instalment plans (*maksusuunnitelma*).

The invoice is never rewritten. More time moves the receivable's day; a plan leaves it and has days of its own, each
with a reference number, and payments meet its instalments in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from billing import charging, ledger, limitation, months, references, reminding, rules, standing
from billing.amounts import CENT, ZERO
from billing.models import Charge, Extension, Instalment, PaymentReference, Plan, PlanEnd, Receivable
from billing.models.late import NOTE
from register import access
from register.finnish import clean_line
from register.models import User

FEWEST, MOST = 2, 36


class NotOpen(ValueError):
    """There is nothing to agree on."""

    def __init__(self) -> None:
        super().__init__(_("Nothing of this invoice is open."))


class NoMoreTime(ValueError):
    """The new day is not later."""

    def __init__(self) -> None:
        super().__init__(_("The new due date is later than the earlier one and than today."))


class FeeTooHigh(ValueError):
    """The fee is above the law's highest, or the time too short for one."""

    def __init__(self, most: Decimal) -> None:
        super().__init__(_("At most %(most)s € may be charged for this.") % {"most": most})


class PlanStands(ValueError):
    """One plan at a time."""

    def __init__(self) -> None:
        super().__init__(_("An instalment plan is in force. End it first."))


class NotAPlan(ValueError):
    """Days or number of instalments that make no plan."""

    def __init__(self) -> None:
        super().__init__(_("A plan has from 2 to 36 instalments; the first is due tomorrow at the earliest."))


class NothingMissed(ValueError):
    """The whole falls due only after a missed instalment."""

    def __init__(self) -> None:
        super().__init__(_("No instalment is late, or the plan does not make the whole due."))


class PlanEnded(ValueError):
    """The plan is no longer in force."""

    def __init__(self) -> None:
        super().__init__(_("This plan has ended already."))


# --- more time -----------------------------------------------------------------------------------------


def extend(
    receivable: Receivable,
    *,
    due_on: date,
    interest_runs: bool,
    fee: Decimal = ZERO,
    note: str = "",
    on: date,
    by: User,
) -> Extension:
    """Give more time: the receivable is due on a later day.

    Raises NotOpen, limitation.TimeBarred, NoMoreTime, PlanStands, FeeTooHigh, charging.AskTheAgency, RuleMissing.
    """
    with access.atomic():
        held = _open(receivable, on=on)
        if due_on <= max(held.due_on, on):
            raise NoMoreTime
        if Plan.objects.standing().filter(receivable=held).exists():
            raise PlanStands
        if fee > 0 and (due_on - max(held.due_on, on)).days < rules.days(rules.Code.EXTENSION_FEE_DAYS, on):
            raise FeeTooHigh(ZERO)
        _charge_fee(held, Charge.Kind.EXTENSION, fee, on=on, by=by)
        made = Extension.objects.create(
            receivable=held,
            was_due_on=held.due_on,
            due_on=due_on,
            agreed_on=on,
            interest_runs=interest_runs,
            note=clean_line(note, limit=NOTE),
            entered_by_id=by.pk,
        )
        held.due_on = due_on
        held.save(update_fields=["due_on"])
    return made


# --- plans ---------------------------------------------------------------------------------------------


def split(amount: Decimal, count: int) -> list[Decimal]:
    """Equal instalments in whole cents; the last takes the cents that are left over."""
    each = (amount / count).quantize(CENT, ROUND_DOWN)
    return [*[each] * (count - 1), amount - each * (count - 1)]


def monthly(first: date, count: int) -> list[date]:
    """The same day of each month, or the month's last where it has no such day."""
    return [months.after(first, place) for place in range(count)]


def plan(
    receivable: Receivable,
    *,
    days: Sequence[date],
    interest_runs: bool = True,
    whole_falls_due: bool = True,
    fee: Decimal = ZERO,
    note: str = "",
    on: date,
    by: User,
) -> Plan:
    """Spread all that is open, the fee with it, over these days; each instalment has its own reference number.

    Raises NotOpen, limitation.TimeBarred, NotAPlan, PlanStands, FeeTooHigh, charging.AskTheAgency, RuleMissing.
    """
    with access.atomic():
        held = _open(receivable, on=on)
        if Plan.objects.standing().filter(receivable=held).exists():
            raise PlanStands
        if not FEWEST <= len(days) <= MOST or sorted(set(days)) != list(days) or days[0] <= on:
            raise NotAPlan
        _charge_fee(held, Charge.Kind.PLAN, fee, on=on, by=by)
        held.refresh_from_db()
        if held.outstanding < CENT * len(days):
            raise NotAPlan
        made = Plan.objects.create(
            receivable=held,
            amount=held.outstanding,
            after_entry=held.entries.aggregate(last=Max("pk"))["last"],
            agreed_on=on,
            interest_runs=interest_runs,
            whole_falls_due=whole_falls_due,
            note=clean_line(note, limit=NOTE),
            entered_by_id=by.pk,
        )
        for number, (day, amount) in enumerate(zip(days, split(made.amount, len(days)), strict=True), 1):
            Instalment.objects.create(
                plan=made, number=number, due_on=day, amount=amount, reference=_reference(held, made, number)
            )
    return made


def revive(made: Plan, *, on: date, by: User) -> PlanEnd:
    """A missed instalment makes the whole due. Raises NothingMissed, PlanEnded."""
    with access.atomic():
        _standing(made)
        if not made.whole_falls_due or not standing.missed(Plan.objects.with_met().get(pk=made.pk), on=on):
            raise NothingMissed
        return _end(made, PlanEnd.Reason.DEFAULT, on=on, by=by)


def cancel(made: Plan, *, on: date, by: User) -> PlanEnd:
    """End a plan by agreement, or because all of it has been paid. Raises PlanEnded."""
    with access.atomic():
        paid = _standing(made).outstanding == 0
        return _end(made, PlanEnd.Reason.PAID if paid else PlanEnd.Reason.CANCELLED, on=on, by=by)


def _open(receivable: Receivable, *, on: date) -> Receivable:
    held = ledger.hold(receivable.pk)
    if held.open <= 0:
        raise NotOpen
    limitation.refuse_barred(held, on=on)
    return held


def _charge_fee(held: Receivable, kind: str, fee: Decimal, *, on: date, by: User) -> None:
    if fee <= 0:
        return
    rule, known = charging.agreement_fee(held, kind, on=on), standing.rules()
    facts = standing.debt(held, on=on, known=known).facts
    cap = reminding.cap_of(facts, on=on, rules=known)
    most = rule.value if cap is None else max(min(rule.value, cap.value - facts.costs), ZERO)
    if fee > most:
        raise FeeTooHigh(most.quantize(CENT))
    charging.charge(held, facts, kind=kind, rule=rule, amount=fee, on=on, by=by)


def _reference(held: Receivable, made: Plan, number: int) -> PaymentReference:
    """A viitenumero of the plan's and the instalment's numbers: 8, plan, two digits of the instalment."""
    key = references.make(f"8{made.pk:05d}{number:02d}")
    return PaymentReference.objects.create(receivable=held, key=key)


def _standing(made: Plan) -> Receivable:
    held = ledger.hold(made.receivable_id)
    if PlanEnd.objects.filter(plan=made).exists():
        raise PlanEnded
    return held


def _end(made: Plan, reason: str, *, on: date, by: User) -> PlanEnd:
    return PlanEnd.objects.create(plan=made, reason=reason, on=on, entered_by_id=by.pk)
