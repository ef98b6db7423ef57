"""Figures as pages show them: signs, decimals, and what the start page counts."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client

from billing import outgoing, sending
from billing.models import Sending
from customers.models import Customer
from customers.templatetags.contacts import price
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.pages import as_biller, english  # noqa: F401 (fixtures)


@pytest.fixture
def customer(registrar: Registrar, owner: User) -> Customer:
    return bills.company(owner)


def text(browser: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(address).content.decode()).split())


def test_a_discount_has_one_minus_on_an_invoice_and_none_on_its_credit_note(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.issued(
        biller, customer, [bills.line(price="33.33")], discount_percent=Decimal(5), discount_reason="Alennus"
    )
    note = bills.credit(biller, invoice)
    assert re.search(r"Alennus 5 % : -1[.,]67", text(as_biller, f"/billing/invoices/D{invoice.pk}/"))
    page = text(as_biller, f"/billing/invoices/D{note.pk}/")
    assert re.search(r"Alennus 5 % : 1[.,]67", page)
    assert "−-" not in page


@pytest.mark.parametrize(
    ("amount", "shown"), [("12.345", "12.345"), ("12.3450", "12.345"), ("89", "89.00"), ("0.0125", "0.0125")]
)
@pytest.mark.usefixtures("english")
def test_a_unit_price_shows_the_decimals_it_has(amount: str, shown: str) -> None:
    assert price(Decimal(amount)) == f"{shown}\xa0€"


def test_the_page_of_an_invoice_shows_its_unit_prices_whole(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.issued(biller, customer, [bills.line(price="12.345")])
    assert re.search(r"12[.,]345\xa0€|12[.,]345 €", text(as_biller, f"/billing/invoices/D{invoice.pk}/"))


def test_the_start_page_counts_what_was_issued_and_never_sent_once(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    def waiting() -> int:
        with access.acting("billing"):
            return outgoing.waiting(on=bills.TODAY)

    assert waiting() == 0
    invoice, other = bills.issued(biller, customer), bills.issued(biller, customer)
    assert waiting() == 2
    with access.acting("billing", user_id=biller.pk):
        row = sending.send(invoice, by=biller, at=bills.NOW)
    assert waiting() == 1
    with access.acting("billing", user_id=biller.pk):
        Sending.objects.filter(pk=row.pk).update(state="failed", result="no answer", settled_at=bills.NOW)
    assert waiting() == 2
    assert "Sendings to see to 2 " in text(as_biller, "/billing/")
    with access.acting("billing", user_id=biller.pk):
        sending.send(other, by=biller, at=bills.NOW, channel="paper")
    assert waiting() == 2
