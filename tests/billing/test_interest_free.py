"""Days without interest by agreement: they keep what was promised when the plan or the time is over, and no more."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing import agreements, debt, debt_paper, interest, interest_csv, interest_invoicing
from billing.interest import Reckoning
from billing.models import Invoice, Plan, PlanEnd
from register import access
from register.models import Registrar, User
from tests.billing import late, money
from tests.billing.late import DUE
from tests.billing.pages import as_biller, english  # noqa: F401  (two fixtures)

ON = date(2026, 3, 30)
DAY = timedelta(days=1)
PARTS = [date(2026, 4, 29), date(2026, 5, 29), date(2026, 6, 29)]


@pytest.fixture
def invoice(registrar: Registrar, owner: User, biller: User) -> Invoice:
    """1 088,36 €, due by contract on 16.3.2026."""
    return late.invoice(biller, late.consumer(owner), due_basis="contract")


def reckoned(invoice: Invoice, until: date) -> Reckoning:
    with access.acting("billing"):
        return interest.reckon(money.receivable(invoice), until=until)


def bearing(invoice: Invoice, until: date) -> list[tuple[date, date]]:
    return [(part.first, part.last) for part in reckoned(invoice, until).segments]


def extended(biller: User, invoice: Invoice, due_on: date, *, on: date, **facts: Any) -> None:
    usual: dict[str, Any] = {"interest_runs": False, "on": on, "by": biller}
    with access.acting("billing", user_id=biller.pk):
        agreements.extend(money.receivable(invoice), due_on=due_on, **(usual | facts))


@pytest.fixture
def plan(biller: User, invoice: Invoice) -> Plan:
    """Three instalments without interest, agreed two weeks late."""
    with access.acting("billing", user_id=biller.pk):
        return agreements.plan(money.receivable(invoice), days=PARTS, interest_runs=False, on=ON, by=biller)


def pay(biller: User, plan: Plan, number: int, *, on: date | None = None) -> None:
    with access.acting("billing"):
        part = plan.instalments.get(number=number)
        owed = plan.receivable.invoice
    money.paid(biller, owed, str(part.amount), on=on or part.due_on)


def end(biller: User, plan: Plan, on: date, *, lapsed: bool = False) -> PlanEnd:
    with access.acting("billing", user_id=biller.pk):
        return (agreements.revive if lapsed else agreements.cancel)(plan, on=on, by=biller)


# --- more time -----------------------------------------------------------------------------------------


def test_more_time_agreed_late_forgives_the_days_meanwhile_and_no_others(
    invoice: Invoice, biller: User
) -> None:
    agreed, new = date(2026, 6, 1), date(2026, 6, 15)
    before = reckoned(invoice, agreed)
    assert (sum(part.days for part in before.segments), before.amount) == (77, Decimal("21.81"))
    ran_on = reckoned(invoice, new).amount
    extended(biller, invoice, new, on=agreed)
    found = reckoned(invoice, new)
    assert found.amount == before.amount < ran_on
    assert [(line.first, line.last, line.days) for line in found.lines] == [
        (DUE + DAY, agreed, 77),
        (agreed + DAY, new, 14),
    ]
    assert bearing(invoice, date(2026, 6, 20)) == [(DUE + DAY, agreed), (new + DAY, date(2026, 6, 20))]
    money.paid(biller, invoice, "1088.36", on=new)
    with access.acting("billing"):
        claims = interest_invoicing.claims(invoice.customer, until=new + DAY, on=new + DAY)
    assert [claim.amount for claim in claims] == [before.amount]


def test_more_time_agreed_before_the_debt_is_late_moves_the_beginning(invoice: Invoice, biller: User) -> None:
    extended(biller, invoice, date(2026, 4, 16), on=DUE)
    extended(biller, invoice, date(2026, 5, 16), on=date(2026, 4, 1))
    assert bearing(invoice, date(2026, 5, 16)) == []
    start = reckoned(invoice, date(2026, 5, 18)).start
    assert start.first == date(2026, 5, 19)  # 16.5. is a Saturday: paid on Monday is in time
    extended(biller, invoice, date(2026, 6, 30), on=date(2026, 5, 1), interest_runs=True)
    assert bearing(invoice, date(2026, 5, 20)) == [(date(2026, 5, 19), date(2026, 5, 20))]


# --- plans ---------------------------------------------------------------------------------------------


def test_a_plan_that_was_kept_keeps_its_promise_when_it_has_ended(
    invoice: Invoice, plan: Plan, biller: User
) -> None:
    for number in (1, 2, 3):
        pay(biller, plan, number)
    with access.acting("billing"):
        [claim] = interest_invoicing.claims(invoice.customer, until=PARTS[-1], on=PARTS[-1])
    assert (claim.amount, bearing(invoice, PARTS[-1])) == (Decimal("3.97"), [(DUE + DAY, ON)])
    assert end(biller, plan, PARTS[-1]).reason == PlanEnd.Reason.PAID
    assert reckoned(invoice, date(2026, 6, 30)).amount == Decimal("3.97")


def test_a_plan_that_the_creditor_ends_is_free_until_that_day(
    invoice: Invoice, plan: Plan, biller: User
) -> None:
    pay(biller, plan, 1)
    end(biller, plan, date(2026, 5, 10))
    assert bearing(invoice, date(2026, 5, 12)) == [(DUE + DAY, ON), (date(2026, 5, 11), date(2026, 5, 12))]


@pytest.mark.parametrize("lapsed", [True, False])
def test_a_plan_that_ends_after_a_missed_instalment_is_free_until_that_was_due(
    invoice: Invoice, plan: Plan, biller: User, *, lapsed: bool
) -> None:
    pay(biller, plan, 1)
    over = date(2026, 6, 10)
    assert bearing(invoice, over) == [(DUE + DAY, ON)]
    end(biller, plan, over, lapsed=lapsed)
    assert bearing(invoice, over) == [(DUE + DAY, ON), (PARTS[1] + DAY, over)]
    assert reckoned(invoice, over).segments[-1].base == Decimal("725.58")
    assert "29.5.2026" in str(reckoned(invoice, over).free[0].why)
    pay(biller, plan, 2, on=over + DAY)
    assert bearing(invoice, over) == [(DUE + DAY, ON), (PARTS[1] + DAY, over)]


def test_a_payment_that_came_in_time_and_was_entered_later_restores_the_promise(
    invoice: Invoice, plan: Plan, biller: User
) -> None:
    end(biller, plan, date(2026, 5, 10), lapsed=True)
    assert bearing(invoice, date(2026, 5, 10)) == [(DUE + DAY, ON), (PARTS[0] + DAY, date(2026, 5, 10))]
    pay(biller, plan, 1)
    assert bearing(invoice, date(2026, 5, 10)) == [(DUE + DAY, ON)]


def test_a_plan_that_nobody_ends_is_free_until_its_last_instalment_is_due(
    invoice: Invoice, plan: Plan, biller: User
) -> None:
    until = date(2026, 6, 30)
    assert bearing(invoice, until) == [(DUE + DAY, ON), (until, until)]
    end(biller, plan, ON)
    assert bearing(invoice, until) == [(DUE + DAY, until)]


# --- what is shown -------------------------------------------------------------------------------------


def test_the_days_without_interest_are_told_wherever_the_reckoning_is(
    invoice: Invoice,
    plan: Plan,
    biller: User,
    as_biller: Client,
) -> None:
    late_page = as_biller.get(f"/billing/invoices/D{invoice.pk}/late/").content.decode()
    assert "No interest 31.3.2026–29.6.2026." in late_page
    assert "interest runs from the day after that instalment was due" in late_page
    claim_page = as_biller.get(f"/billing/invoices/D{invoice.pk}/interest/?until=2026-06-30").content.decode()
    told = "No interest: instalment plan, agreed 30.3.2026."
    assert told in claim_page
    assert "17.3.2026–30.3.2026" in claim_page
    assert "31.3.2026–29.6.2026" in claim_page
    rows = interest_csv.write([reckoned(invoice, date(2026, 6, 30))]).splitlines()[1:]
    assert [row.split(";")[2:5] + row.split(";")[-3:] for row in rows][1] == [
        "2026-03-31", "2026-06-29", "91", "0", told, "free",
    ]  # fmt: skip
    with access.acting("billing"):
        [claim] = debt.explain(invoice.customer, on=date(2026, 6, 30)).claims
        table = debt_paper._interest(claim)
    assert [row[0] for row in table["rows"]] == [
        "17.3.2026–30.3.2026",
        "31.3.2026–29.6.2026",
        "30.6.2026–30.6.2026",
    ]
    assert table["rows"][1][3] == told
