"""More time, instalment plans, holds, and the switch between consumer and business."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from billing import agreements, charging, debt, holds, interest, interest_invoicing, ledger, switching
from billing.drafting import Line
from billing.models import (
    Debtor,
    Extension,
    Hold,
    Instalment,
    Invoice,
    Payment,
    PaymentReference,
    Plan,
    Receivable,
)
from billing.reminding import Stop
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money
from tests.billing.late import DUE, SENT

ON = date(2026, 3, 30)
SMALL = Line(description="Käynti", quantity=Decimal(1), unit_price=Decimal("60.00"))


def planned(biller: User, invoice: Invoice, *, on: date = ON, **facts: Any) -> Plan:
    usual: dict[str, Any] = {"days": agreements.monthly(on + timedelta(days=30), 3), "on": on, "by": biller}
    with access.acting("billing", user_id=biller.pk):
        return agreements.plan(money.receivable(invoice), **(usual | facts))


def pay(biller: User, reference: str, amount: str, *, on: date) -> None:
    """Money that came under an instalment's reference."""
    paid = money.payment(biller, amount, on=on, reference=reference)
    with access.acting("billing", user_id=biller.pk):
        owed = PaymentReference.objects.get(key=reference).receivable
        ledger.allocate(Payment.objects.get(pk=paid.pk), owed, Decimal(amount), on=on, by=biller)


def test_scenario_35_the_last_instalment_takes_the_cent() -> None:
    assert agreements.split(Decimal("1000.00"), 3) == [
        Decimal("333.33"),
        Decimal("333.33"),
        Decimal("333.34"),
    ]


@given(amount=st.decimals("0.36", "999999", places=2), count=st.integers(2, 36))
def test_instalments_always_add_up(amount: Decimal, count: int) -> None:
    parts = agreements.split(amount, count)
    assert sum(parts) == amount
    assert len(parts) == count
    assert min(parts) > 0
    assert len(set(parts[:-1])) == 1


def test_months_keep_their_day_or_end() -> None:
    assert agreements.monthly(date(2026, 1, 31), 3) == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31),
    ]  # fmt: skip


def test_payments_meet_a_plans_instalments_and_reminders_follow_them(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, late.consumer(owner))
    plan = planned(biller, invoice, fee=Decimal(20))
    with access.acting("billing"):
        parts = list(plan.instalments.select_related("reference"))
    assert [part.amount for part in parts] == [Decimal("369.45"), Decimal("369.45"), Decimal("369.46")]
    assert len({part.reference.key for part in parts} | {invoice.reference}) == 4
    assert late.stands(invoice, ON).step.stops == (Stop.PLAN,)
    pay(biller, parts[0].reference.key, "369.45", on=parts[0].due_on)
    assert late.stands(invoice, parts[1].due_on).step.stops == (Stop.PLAN,)
    missed = late.stands(invoice, parts[1].due_on + timedelta(days=1))
    assert (missed.facts.instalment, missed.facts.undisputed) == (2, Decimal("369.45"))
    assert missed.step.fee_from == parts[1].due_on + timedelta(days=14)
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(agreements.NothingMissed):
            agreements.revive(plan, on=parts[1].due_on, by=biller)
        agreements.revive(plan, on=parts[1].due_on + timedelta(days=1), by=biller)
        with pytest.raises(agreements.PlanEnded):
            agreements.cancel(plan, on=ON, by=biller)
    with access.acting("billing"):
        statement = debt.explain(invoice.customer, on=parts[1].due_on)
        [claim] = statement.claims
        assert "513/1999, 10 a §" in {str(line.rule) for line in claim.lines if line.rule}.pop()
    whole = late.stands(invoice, parts[1].due_on + timedelta(days=1))
    assert (whole.facts.undisputed, whole.facts.due_on) == (Decimal("718.91"), DUE)


def test_a_missed_instalments_letter_carries_its_reference(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, late.consumer(owner))
    plan = planned(biller, invoice)
    with access.acting("billing"):
        first = plan.instalments.select_related("reference").order_by("number")[0]
    [letter] = late.reminded(biller, first.due_on + timedelta(days=14))
    assert letter.document is not None
    [debt] = letter.document["debts"]
    assert (debt["reference"], debt["principal"], debt["instalment"]) == (first.reference.key, "362.78", 1)


def test_plan_fees_and_days_are_refused_where_the_law_or_sense_is(
    registrar: Registrar, owner: User, biller: User
) -> None:
    mine, theirs = late.invoice(biller, late.consumer(owner)), late.invoice(biller, bills.company(owner))
    with pytest.raises(agreements.FeeTooHigh, match="50"):
        planned(biller, mine, fee=Decimal("50.01"))
    with pytest.raises(charging.AskTheAgency):
        planned(biller, theirs, fee=Decimal(1))
    for days in ([], [ON + timedelta(days=1)], [ON, ON + timedelta(days=9)], [ON + timedelta(days=9)] * 2):
        with pytest.raises(agreements.NotAPlan):
            planned(biller, mine, days=days)
    small = late.invoice(biller, late.consumer(owner), lines=[SMALL])
    planned(biller, small, fee=Decimal(20))
    with access.acting("billing", user_id=biller.pk):
        agreements.cancel(Plan.objects.get(), on=ON, by=biller)
    for fee in ("20", "20"):
        end = planned(biller, small, fee=Decimal(fee))
        with access.acting("billing", user_id=biller.pk):
            agreements.cancel(end, on=ON, by=biller)
    with pytest.raises(agreements.FeeTooHigh, match=r"0\.00"):
        planned(biller, small, fee=Decimal("0.01"))
    planned(biller, mine)
    with pytest.raises(agreements.PlanStands):
        planned(biller, mine)
    assert money.receivable(mine).costs == 0


def test_the_database_refuses_a_plan_that_does_not_add_up(
    registrar: Registrar, owner: User, biller: User
) -> None:
    owed = money.receivable(late.invoice(biller, bills.company(owner)))
    with pytest.raises(DatabaseError, match="add up"), access.acting("billing", user_id=biller.pk):
        plan = Plan.objects.create(
            receivable=owed, amount=Decimal(100), after_entry=1, agreed_on=ON, entered_by_id=biller.pk
        )
        key = PaymentReference.objects.create(receivable=owed, key="99999")
        Instalment.objects.create(plan=plan, number=1, due_on=ON, amount=Decimal("99.99"), reference=key)


def test_more_time_moves_the_day_and_leaves_the_invoice(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, late.consumer(owner), due_basis="contract")
    new = ON + timedelta(days=30)

    def extended(**facts: Any) -> None:
        usual: dict[str, Any] = {"due_on": new, "interest_runs": False, "on": ON, "by": biller}
        with access.acting("billing", user_id=biller.pk):
            agreements.extend(money.receivable(invoice), **(usual | facts))

    with pytest.raises(agreements.FeeTooHigh):
        extended(fee=Decimal("5.01"))
    with pytest.raises(agreements.FeeTooHigh, match="0"):
        extended(fee=Decimal(1), due_on=ON + timedelta(days=13))
    with pytest.raises(agreements.NoMoreTime):
        extended(due_on=DUE)
    extended(fee=Decimal(5))
    extended(due_on=new + timedelta(days=20), interest_runs=True)
    owed = money.receivable(invoice)
    assert (owed.due_on, owed.costs) == (new + timedelta(days=20), 5)
    with access.acting("billing"):
        assert Invoice.objects.get(pk=invoice.pk).due_on == DUE
        assert Extension.objects.first_due([owed.pk]) == {owed.pk: DUE}
        reckoned = interest.reckon(owed, until=owed.due_on)
        assert [(part.first, part.last) for part in reckoned.segments] == [
            (DUE + timedelta(days=1), ON),
            (new + timedelta(days=1), new + timedelta(days=20)),
        ]
        assert list(Receivable.objects.overdue(on=new + timedelta(days=20))) == []
        assert list(interest_invoicing.late(owed.customer, DUE)) == []
        assert list(interest_invoicing.late(owed.customer, DUE + timedelta(days=1))) == [owed]
    assert late.stands(invoice, new + timedelta(days=21)).step.fee_from == new + timedelta(days=34)


def test_holds_hold_one_debt_or_all_until_they_end(registrar: Registrar, owner: User, biller: User) -> None:
    consumer = late.consumer(owner)
    one, other = late.invoice(biller, consumer), late.invoice(biller, consumer)

    def held(kind: str, until: date | None = None, **whose: Any) -> Hold:
        with access.acting("billing", user_id=biller.pk):
            return holds.place(consumer, kind=kind, until=until, note="Sovittu", on=ON, by=biller, **whose)

    court = held("court", receivable=money.receivable(one))
    assert late.stands(one, ON).step.stops == (Stop.COURT,)
    assert late.stands(other, ON).step.stops == ()
    held("free", ON + timedelta(days=10))
    assert late.stands(other, ON + timedelta(days=10)).step.stops == (Stop.FREE,)
    assert late.stands(other, ON + timedelta(days=11)).step.stops == ()
    with access.acting("billing", user_id=biller.pk):
        holds.lift(court, on=ON, by=biller)
        with pytest.raises(holds.AlreadyLifted):
            holds.lift(court, on=ON, by=biller)
    assert late.stands(one, ON + timedelta(days=11)).step.stops == ()
    for kind, until in (("free", None), ("court", None), ("quiet", ON - timedelta(days=1))):
        with pytest.raises(holds.HoldDoesNotFit):
            held(kind, until)


def test_the_switch_shows_what_changes_before_it_changes_it(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    invoice = late.invoice(biller, company)
    with access.acting("billing", user_id=biller.pk):
        [change] = switching.look(company, debtor=Debtor.CONSUMER, on=ON, by=biller)
        now, then = change.now.step, change.then.step
        assert (now.most, now.fee_from) == (12, DUE + timedelta(days=1))
        assert (then.most, then.fee_from) == (5, DUE + timedelta(days=14))
        assert money.receivable(invoice).debtor == Debtor.BUSINESS
        assert len(switching.switch(company, debtor=Debtor.CONSUMER, on=ON, at=late.noon(ON), by=biller)) == 1
    assert money.receivable(invoice).debtor == Debtor.CONSUMER


def test_what_is_time_barred_is_left_alone(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    assert late.stands(invoice, date(2029, 3, 16)).step.stops == ()
    assert late.stands(invoice, date(2029, 3, 17)).step.stops == (Stop.BARRED,)
    money.paid(biller, invoice, "100.00", on=date(2027, 1, 1))
    assert late.stands(invoice, date(2029, 12, 31)).step.stops == ()
    assert SENT < DUE
