"""Money of a customer that met nothing: it stops reminders while nobody has decided, and only where it matters."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from billing import debt
from billing.bank import settling
from billing.models import Invoice, Payment
from billing.reminding import Stop
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money
from tests.billing.pages import as_biller, english  # noqa: F401  (fixtures)

PAID, LATER = date(2026, 3, 1), date(2026, 5, 29)


def owing(owner: User, biller: User) -> Invoice:
    return late.invoice(biller, bills.company(owner))


def has(biller: User, invoice: Invoice, amount: str) -> Payment:
    """Money of the invoice's customer that a person has to look at."""
    made = money.payment(biller, amount, on=PAID, customer_id=invoice.customer_id)
    with access.acting("billing", user_id=biller.pk):
        settling.ask(made, "no_reference", at=bills.NOW)
    return made


def left(biller: User, payment: Payment, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        settling.leave_as_credit(payment, invoice.customer, by=biller, at=timezone.now())


@pytest.mark.parametrize(("amount", "stops"), [("0.01", ()), ("1.00", ()), ("1.01", (Stop.MONEY,))])
def test_money_below_a_small_difference_stops_nothing(
    registrar: Registrar, owner: User, biller: User, amount: str, stops: tuple[Stop, ...]
) -> None:
    invoice = owing(owner, biller)
    has(biller, invoice, amount)
    assert late.stands(invoice, LATER).step.stops == stops


def test_credit_that_a_person_left_is_no_stop_and_stands_in_letter_and_statement(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = owing(owner, biller)
    payment = has(biller, invoice, "20.00")
    assert late.stands(invoice, LATER).step.stops == (Stop.MONEY,)
    left(biller, payment, invoice)
    debt_now = late.stands(invoice, LATER)
    assert (debt_now.step.stops, debt_now.is_ready) == ((), True)
    [letter] = late.reminded(biller, LATER)
    assert letter.document is not None
    assert letter.document["credit"] == "20.00"
    with access.acting("billing"):
        assert debt.explain(invoice.customer, on=LATER).credit == 20


def test_money_that_comes_free_after_the_decision_waits_for_another(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = owing(owner, biller)
    other = late.invoice(biller, invoice.customer)
    payment = has(biller, invoice, "1108.36")
    with access.acting("billing", user_id=biller.pk):
        settling.allocate(payment, {other.pk: other.total}, by=biller, at=bills.NOW, on=PAID)
    left(biller, payment, invoice)
    assert late.stands(invoice, LATER).step.stops == ()
    bills.credit(biller, other, on=LATER)
    assert late.stands(invoice, LATER).step.stops == (Stop.MONEY,)


def test_money_of_a_credited_invoice_can_be_left_as_credit(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = owing(owner, biller)
    other = late.invoice(biller, invoice.customer)
    money.paid(biller, other, "1088.36", on=PAID)
    bills.credit(biller, other, on=LATER)
    assert late.stands(invoice, LATER).step.stops == (Stop.MONEY,)
    with access.acting("billing"):
        free = Payment.objects.get(unallocated__gt=0)
    left(biller, free, invoice)
    assert late.stands(invoice, LATER).step.stops == ()


def test_the_debts_page_leads_to_the_money(
    registrar: Registrar,
    owner: User,
    biller: User,
    as_biller: Client,
) -> None:
    invoice = owing(owner, biller)
    payment = has(biller, invoice, "20.00")
    page = as_biller.get(f"/billing/invoices/D{invoice.pk}/late/").content.decode()
    assert "The customer&#x27;s money" in page
    assert f"/billing/bank/payments/M{payment.pk}/" in page
