"""Collection costs without their invoice: they lapse with its credit; those that are left over are not forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from billing import (
    afterwards,
    agreements,
    collecting,
    crediting,
    debt,
    holds,
    journal,
    losses,
    overdue,
    proposals,
    reminding,
    standing,
)
from billing.models import CreditLoss, Debtor, Entry, Hold, Invoice, Payment, Plan, PlanEnd, Waiver
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money
from tests.billing.pages import as_biller, english, key  # noqa: F401  (fixtures)

D = Decimal
REMINDED, CREDITED = date(2026, 3, 30), date(2026, 4, 2)
LATER = date(2026, 6, 1)


def with_fee(owner: User, biller: User) -> Invoice:
    """A consumer's invoice of 1 088,36 € with a reminder fee of 5 €."""
    invoice = late.invoice(biller, late.consumer(owner))
    late.reminded(biller, REMINDED)
    assert money.receivable(invoice).costs == D("5.00")
    return invoice


def costs_alone(owner: User, biller: User) -> Invoice:
    """The principal was paid after the reminder, the fee was not."""
    invoice = with_fee(owner, biller)
    money.paid(biller, invoice, "1088.36", on=date(2026, 4, 5))
    return invoice


# --- credited --------------------------------------------------------------------------------------------


def test_scenario_15_with_a_fee_a_full_credit_leaves_nothing_open(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_fee(owner, biller)
    bills.credit(biller, invoice, on=CREDITED)
    owed = money.receivable(invoice)
    assert (owed.open, owed.costs, owed.settled_on) == (0, 0, CREDITED)
    with access.acting("billing"):
        waiver = Waiver.objects.get(charge__receivable=owed)
        assert (waiver.reason, waiver.on, waiver.entered_by_id) == ("credited", CREDITED, biller.pk)
        assert debt.explain(invoice.customer, on=CREDITED).costs == 0
        posted = [one for one in journal.postings(CREDITED, CREDITED) if one.type == "KU"]
        assert {(one.text, one.amount) for one in posted} == {
            (f"Perintäkulu poistettu {invoice.number}", D("-5.00")),
            (f"Perintäkulu poistettu {invoice.number}", D("5.00")),
        }


def test_credits_of_parts_leave_the_costs_until_they_have_taken_the_whole(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_fee(owner, biller)
    with access.acting("billing", user_id=biller.pk):
        crediting.credit_part(
            invoice, quantities={1: D(8)}, reductions={}, by=biller, on=CREDITED, because="Reklamaatio"
        )
    assert money.receivable(invoice).costs == D("5.00")
    bills.credit(biller, invoice, on=CREDITED)
    assert (money.receivable(invoice).open, money.receivable(invoice).costs) == (0, 0)


def test_costs_paid_before_the_credit_become_the_customers_money(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_fee(owner, biller)
    money.paid(biller, invoice, "5.00", on=CREDITED, part=Entry.Part.COSTS)
    assert money.receivable(invoice).costs == 0
    bills.credit(biller, invoice, on=CREDITED)
    assert (money.receivable(invoice).open, money.receivable(invoice).costs) == (0, 0)
    with access.acting("billing"):
        assert Payment.objects.get().unallocated == D("5.00")


def test_a_full_credit_ends_the_plan_and_the_holds_of_the_invoice_and_no_others(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_fee(owner, biller)
    with access.acting("billing", user_id=biller.pk):
        owed = money.receivable(invoice)
        plan = agreements.plan(owed, days=agreements.monthly(LATER, 3), on=REMINDED, by=biller)
        for of in (owed, None):
            holds.place(
                invoice.customer, kind="quiet", until=None, note="", on=REMINDED, by=biller, receivable=of
            )
        assert Plan.objects.standing().get() == plan
    bills.credit(biller, invoice, on=CREDITED)
    with access.acting("billing"):
        assert not Plan.objects.standing().exists()
        assert PlanEnd.objects.get().get_reason_display() == "The invoice was credited"
        [left] = Hold.objects.standing(on=LATER)
        assert left.receivable_id is None


def test_a_case_whose_only_invoice_is_credited_can_be_closed(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_fee(owner, biller)
    with access.acting("billing", user_id=biller.pk):
        case = collecting.open_case([money.receivable(invoice)], by=biller, on=REMINDED)
        with pytest.raises(collecting.StillOpen):
            collecting.close(case, outcome="paid", by=biller, on=CREDITED)
    bills.credit(biller, invoice, on=CREDITED)
    with access.acting("billing", user_id=biller.pk):
        collecting.close(case, outcome="paid", by=biller, on=CREDITED)
        case.refresh_from_db()
        assert case.stage == "closed"


# --- left over -------------------------------------------------------------------------------------------


def test_costs_left_over_stand_in_a_list_of_their_own_and_bear_no_fee(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = costs_alone(owner, biller)
    with access.acting("billing"):
        assert not overdue.page(on=LATER).rows
        [row] = overdue.page(on=LATER, shown="costs").rows
        assert (row.receivable.pk, row.fee, row.step.stops, row.step.handover) == (invoice.pk, 0, (), False)
        total = overdue.sums(on=LATER, shown="costs")
        assert total is not None
        assert (total.count, total.principal, total.costs) == (1, 0, D("5.00"))
        facts, rules = row.facts, standing.rules()
        with pytest.raises(reminding.TooEarly):
            reminding.check(facts, fee=D("0.01"), on=LATER, rules=rules)
        with pytest.raises(reminding.Stopped):
            reminding.compensation(replace(facts, debtor=Debtor.BUSINESS), on=LATER, rules=rules)


def test_a_letter_about_costs_alone_goes_on_its_own_and_adds_nothing(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = costs_alone(owner, biller)
    with access.acting("billing"):
        assert not list(proposals.for_day(on=LATER))
    [letter] = late.reminded(biller, LATER, costs=True)
    assert letter.document is not None
    [asked] = letter.document["debts"]
    assert (asked["principal"], asked["costs"], asked["fee"]) == ("0.00", "5.00", "0.00")
    assert letter.level == "reminder"
    assert money.receivable(invoice).costs == D("5.00")


def test_a_letter_about_costs_that_are_paid_meanwhile_is_called_back_and_no_other(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = costs_alone(owner, biller)
    late.made(biller, late.approved(biller, LATER, costs=True), LATER)
    with access.acting("worker"):
        assert afterwards.call_back(at=late.noon(LATER)) == 0
    money.paid(biller, invoice, "5.00", on=LATER, part=Entry.Part.COSTS)
    with access.acting("worker"):
        assert afterwards.call_back(at=late.noon(LATER)) == 1


def test_costs_left_over_are_given_up_without_vat_and_what_was_paid_stays_paid(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_fee(owner, biller)
    with access.acting("billing", user_id=biller.pk), pytest.raises(losses.CostsAreNotAlone):
        losses.give_up_costs(money.receivable(invoice), by=biller, on=LATER)
    money.paid(biller, invoice, "1088.36", on=date(2026, 4, 5))
    money.paid(biller, invoice, "2.00", on=date(2026, 4, 5), part=Entry.Part.COSTS)
    with access.acting("billing", user_id=biller.pk):
        losses.give_up_costs(money.receivable(invoice), by=biller, on=LATER, because="Pieni summa")
        assert not CreditLoss.objects.exists()
        assert not Payment.objects.exclude(unallocated=0).exists()
    owed = money.receivable(invoice)
    assert (owed.costs, owed.settled_on) == (0, LATER)


def test_the_pages_lead_from_the_list_to_the_letter_and_to_giving_up(
    registrar: Registrar,
    owner: User,
    biller: User,
    as_biller: Client,
) -> None:
    invoice = costs_alone(owner, biller)
    debt_page = f"/billing/invoices/D{invoice.pk}/late/"
    shown = as_biller.get("/billing/overdue/?show=costs").content.decode()
    assert invoice.number in shown
    assert "Only costs are open" in shown
    page = as_biller.get(debt_page).content.decode()
    assert "Only costs of 5.00" in page
    assert f"{debt_page}costs/" in page
    assert invoice.number in as_biller.get("/billing/reminders/?costs=1").content.decode()
    sent = {"key": key(), "customer": invoice.customer_id, "costs": "on"}
    assert as_biller.post("/billing/reminders/approve/", sent).status_code == 302
    loss = as_biller.get(f"/billing/invoices/D{invoice.pk}/loss/")
    assert loss.headers["Location"] == f"{debt_page}costs/"
    assert as_biller.post(f"{debt_page}costs/", {"because": ""}).status_code == 422
    as_biller.post(f"{debt_page}costs/", {"because": "Pieni summa"})
    assert money.receivable(invoice).costs == 0
    again = as_biller.post(f"{debt_page}costs/", {"because": "Pieni summa"})
    assert "Costs are given up by themselves only" in again.content.decode()
