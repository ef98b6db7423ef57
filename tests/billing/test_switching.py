"""Consumer or business: what changes in euros is shown first, then done, and remembered for the next invoices."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.test import Client

from billing import afterwards, charging, debt, details, interest_invoicing, ledger, standing, switching
from billing.models import (
    BillingDetails,
    Charge,
    Debtor,
    Entry,
    Invoice,
    Payment,
    Receivable,
    Rule,
    Sending,
    Waiver,
)
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests import cast
from tests.billing import bills, late, money, owed
from tests.billing.pages import as_biller, english  # noqa: F401  (fixtures)

D = Decimal
FIRST, SECOND, CLAIMED = date(2026, 3, 30), date(2026, 4, 9), date(2026, 4, 20)
TODAY = date(2026, 4, 21)


def with_costs(owner: User, biller: User) -> Invoice:
    """A company's invoice with two fees of 12 € and the compensation: 40 € in all."""
    invoice = late.invoice(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        owed_now = Receivable.objects.get(pk=invoice.pk)
    for day in (FIRST, SECOND):
        _reminded(biller, invoice, day)
    with access.acting("billing", user_id=biller.pk):
        charging.claim_compensation(owed_now, on=CLAIMED, by=biller)
    assert money.receivable(invoice).costs == D("40.00")
    return invoice


def _reminded(biller: User, invoice: Invoice, day: date) -> None:
    """A fee of 12 € with its letter: at the law's earliest days, whatever we promise ourselves."""
    with access.acting("billing", user_id=biller.pk):
        held = Receivable.objects.get(pk=invoice.pk)
        rule = Rule.objects.get(code="reminder_fee_business")
        facts = standing.debt(held, on=day).facts
        charging.charge(held, facts, kind="reminder", rule=rule, amount=D("12.00"), on=day, by=biller)


def changed(
    biller: User, customer: Customer, *, to: str = Debtor.CONSUMER, save: bool = False, on: date = TODAY
) -> list[switching.Change]:
    with access.acting("billing", user_id=biller.pk):
        if save:
            return switching.switch(customer, debtor=to, on=on, at=late.noon(on), by=biller)
        return switching.look(customer, debtor=to, on=on, by=biller)


def test_costs_that_no_consumer_owes_are_shown_and_then_waived(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_costs(owner, biller)
    [shown] = changed(biller, invoice.customer)
    assert (shown.now.costs, shown.then.costs) == (D("40.00"), D("5.00"))
    assert [(one.charge.kind, one.charge.on, one.lawful) for one in shown.unlawful] == [
        ("reminder", FIRST, D("5.00")),
        ("reminder", SECOND, D("0.00")),
        ("compensation", CLAIMED, D("0.00")),
    ]
    untouched = money.receivable(invoice)
    assert (untouched.debtor, untouched.costs) == (Debtor.BUSINESS, D("40.00"))
    with access.acting("billing"):
        assert not Waiver.objects.exists()
    [done] = changed(biller, invoice.customer, save=True)
    assert done.then.costs == shown.then.costs
    switched = money.receivable(invoice)
    assert (switched.debtor, switched.costs) == (Debtor.CONSUMER, D("5.00"))
    with access.acting("billing"):
        assert set(Waiver.objects.values_list("reason", flat=True)) == {"unlawful"}
        [left] = Charge.objects.filter(waiver__isnull=True)
        assert (left.amount, left.on, left.rule.code) == (D("5.00"), FIRST, "reminder_fee_consumer")
        assert debt.explain(invoice.customer, on=TODAY).costs == D("5.00")


def test_the_next_letter_to_the_consumer_cites_no_compensation(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_costs(owner, biller)
    changed(biller, invoice.customer, save=True)
    [letter] = late.reminded(biller, date(2026, 6, 1))
    assert letter.document is not None
    assert (letter.document["compensation"], letter.document["consumer"]) == (False, True)
    assert letter.document["debts"][0]["costs"] == "5.00"
    assert "10 e" not in str(letter.document)


def test_what_was_paid_of_unlawful_costs_is_the_customers_and_the_lawful_stays_paid(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = with_costs(owner, biller)
    money.paid(biller, invoice, "40.00", on=CLAIMED, part=Entry.Part.COSTS)
    [shown] = changed(biller, invoice.customer)
    assert shown.paid_back == D("35.00")
    changed(biller, invoice.customer, save=True)
    assert money.receivable(invoice).costs == 0
    with access.acting("billing"):
        assert Payment.objects.get().unallocated == D("35.00")


def test_interest_paid_late_but_not_invoiced_changes_its_rate(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "1000.00", due=date(2026, 1, 15))
    money.paid(biller, claim.invoice, "1000.00", on=date(2026, 3, 15))
    assert money.receivable(claim.invoice).settled_on is not None
    on = date(2026, 4, 1)
    [shown] = changed(biller, company, on=on)
    # 59 days at the reference rate of 2.5 % and 8, then 7 percentage points
    assert (shown.now.interest.amount, shown.then.interest.amount) == (D("16.97"), D("15.36"))
    changed(biller, company, save=True, on=on)
    with access.acting("billing"):
        assert [one.amount for one in interest_invoicing.claims(company, until=on, on=on)] == [D("15.36")]


def test_interest_invoiced_at_the_rate_of_businesses_is_told(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "1000.00", due=date(2026, 1, 15))
    money.paid(biller, claim.invoice, "1000.00", on=date(2026, 3, 15))
    on = date(2026, 4, 1)
    with access.acting("billing", user_id=biller.pk):
        interest_invoicing.issue(company, [claim.pk], until=on, by=biller, on=on, client_key=uuid.uuid4())
    told = {one.receivable.pk: one.invoiced for one in changed(biller, company, on=on)}
    assert told[claim.pk] == D("16.97")


def test_the_next_invoice_is_a_consumers_and_says_so_until_he_is_switched_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    invoice = late.invoice(biller, company)
    changed(biller, company, save=True)
    fresh = Customer.objects.get
    with access.acting("billing"):
        again = fresh(pk=company.pk)
        assert ledger.debtor_of(again) == Debtor.CONSUMER
    second = late.invoice(biller, again)
    assert money.receivable(second).debtor == Debtor.CONSUMER
    said = [one.snapshot["late_interest"] for one in (invoice, second) if one.snapshot]
    assert ["+ 8" in said[0], "+ 7" in said[1]] == [True, True]
    changed(biller, again, to=Debtor.BUSINESS, save=True)
    with access.acting("billing"):
        assert ledger.debtor_of(fresh(pk=company.pk)) == Debtor.BUSINESS
        assert fresh(pk=company.pk).billing_details.debtor == ""


def test_a_customer_who_owes_nothing_is_remembered_too(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    assert changed(biller, company, save=True) == []
    invoice = late.invoice(biller, company)
    assert money.receivable(invoice).debtor == Debtor.CONSUMER


def test_the_lawful_part_of_a_fee_goes_too_when_its_letter_comes_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    [letter] = late.reminded(biller, FIRST)
    changed(biller, invoice.customer, save=True)
    assert money.receivable(invoice).costs == D("5.00")
    late.gone(letter, FIRST, Sending.State.BOUNCED)
    with access.acting("worker"):
        assert afterwards.settle(on=TODAY) == 1
        assert afterwards.settle(on=TODAY) == 0
    assert money.receivable(invoice).costs == 0


def test_a_letter_that_asks_for_unlawful_costs_and_has_not_left_is_called_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    [letter] = late.made(biller, late.approved(biller, FIRST), FIRST)
    with access.acting("billing"):
        assert letter.sendings.get().state == "queued"
    changed(biller, invoice.customer)
    with access.acting("billing"):
        assert letter.sendings.get().state == "queued"
    changed(biller, invoice.customer, save=True)
    with access.acting("billing"):
        assert letter.sendings.get().state == "cancelled"
    with access.acting("worker"):
        assert afterwards.settle(on=FIRST) == 1
    assert money.receivable(invoice).costs == 0


def test_the_page_shows_the_euros_before_it_saves_them(
    registrar: Registrar,
    owner: User,
    biller: User,
    as_biller: Client,
) -> None:
    invoice = with_costs(owner, biller)
    page = f"/billing/customers/K{invoice.customer_id}/debtor/"
    shown = as_biller.post(page, {"debtor": "consumer", "show": "1"}).content.decode()
    for said in (
        "40.00",
        "5.00",
        "the rest is waived",
        "12.00\u00a0€ → 5.00\u00a0€",
        "Standard compensation",
    ):
        assert said in shown, said
    assert money.receivable(invoice).costs == D("40.00")
    assert as_biller.post(page, {"debtor": "consumer", "save": "1"}).status_code == 302
    assert money.receivable(invoice).costs == D("5.00")
    assert "Nothing is owed" not in shown


def test_what_the_owner_knows_is_taken_over_although_somebody_was_switched_first(
    registrar: Registrar, owner: User, biller: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer(emails=["aino@example.fi"])
    changed(biller, customer, to=Debtor.BUSINESS, save=True)
    with access.acting("owner", user_id=owner.pk):
        details.take_over(Customer.objects.get(pk=customer.pk), by=owner)
        known = BillingDetails.objects.get(customer=customer)
    assert (known.debtor, known.email, known.channel) == (Debtor.BUSINESS, "aino@example.fi", "email")
