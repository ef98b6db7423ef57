"""What is proposed for collection, and how a case is opened without the list (scenario 30)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from billing import agreements, collection_lists, disputes, holds, sending, worklists
from billing.models import CollectionCase, Invoice
from billing.views import doors
from register import access
from register.models import Registrar, User
from tests.billing import agencies, bills, late, money
from tests.billing.agencies import TODAY

Act = Callable[[User, Invoice], object]


def proposed(on: date = TODAY) -> list[str]:
    with access.acting("billing"):
        return [debt.number for debt in collection_lists.collectable(on=on).rows]


def disputed(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        disputes.enter(
            money.receivable(invoice), amount=None, since=TODAY, ground="quality", on=TODAY, by=biller
        )


def held(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        holds.place(invoice.customer, kind="quiet", until=None, note="", on=TODAY, by=biller)


def planned(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        days = agreements.monthly(date(2026, 5, 4), 3)
        agreements.plan(money.receivable(invoice), days=days, on=TODAY, by=biller)


@pytest.mark.parametrize("act", [disputed, held, planned])
def test_what_may_not_be_collected_is_not_proposed(
    registrar: Registrar, owner: User, biller: User, act: Act
) -> None:
    invoice = agencies.overdue(owner, biller)
    other = late.invoice(biller, bills.company(owner, "Toinen Oy", business_id=""))
    late.reminded(biller, agencies.REMINDED)
    assert proposed() == [invoice.number, other.number]
    act(biller, invoice)
    assert proposed() == [other.number]


def test_what_nobody_was_reminded_of_is_not_proposed(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = agencies.overdue(owner, biller)
    assert proposed() == []
    [letter] = late.made(biller, late.approved(biller, agencies.REMINDED), agencies.REMINDED)
    late.gone(letter, agencies.REMINDED, "bounced")
    assert proposed() == []
    with access.acting("billing", user_id=biller.pk):
        sending.send_otherwise(letter, on=agencies.REMINDED, how="", by=biller, at=late.noon(TODAY))
    assert proposed() == [invoice.number]
    agencies.case_of(biller, invoice)
    assert proposed() == []


def test_the_list_has_pages_and_says_what_else_stands_in_the_way(
    as_biller: Client, registrar: Registrar, owner: User, biller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    debtors = [bills.company(owner, f"Y{place} Oy", business_id="") for place in range(3)]
    numbers = [late.invoice(biller, debtor).number for debtor in debtors]
    late.reminded(biller, agencies.REMINDED)
    monkeypatch.setattr(worklists.Page.of.__func__, "__defaults__", (2,))
    first = as_biller.get("/billing/collection/candidates/")
    shown = first.content.decode()
    assert [number in shown for number in numbers] == [True, True, False]
    rest = as_biller.get(f"/billing/collection/candidates/?after={first.context['page'].following}")
    shown = rest.content.decode()
    assert [number in shown for number in numbers] == [False, False, True]
    assert "From the beginning" in shown


def test_money_that_waits_is_marked(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = agencies.overdue(owner, biller)
    late.reminded(biller, agencies.REMINDED)
    assert "waits to be matched" not in as_biller.get("/billing/collection/candidates/").content.decode()
    money.payment(biller, "5.00", on=TODAY, customer_id=invoice.customer_id)
    assert "waits to be matched" in as_biller.get("/billing/collection/candidates/").content.decode()


def test_a_case_is_opened_from_the_debts_page_and_from_the_customers(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    first = agencies.overdue(owner, biller)
    second = late.invoice(biller, first.customer)
    page, customer = f"/billing/invoices/D{first.pk}/late/", f"/billing/customers/K{first.customer_id}/"
    assert "Open a collection case of this debt" in as_biller.get(page).content.decode()
    assert "Open a collection case of the late debts" in as_biller.get(customer).content.decode()
    as_biller.post("/billing/collection/open/", {"debt": [first.pk]})
    with access.acting("billing"):
        case = CollectionCase.objects.get()
        assert list(case.items.values_list("receivable", flat=True)) == [first.pk]
    shown = as_biller.get(page).content.decode()
    assert "Open a collection case" not in shown
    assert f"/billing/collection/{case}/" in shown
    shown = as_biller.get(customer).content.decode()
    assert "Add the other late debts to the case" in shown
    assert f"/billing/collection/{case}/" in shown
    as_biller.post("/billing/collection/open/", {"customer": first.customer_id})
    with access.acting("billing"):
        assert set(case.items.values_list("receivable", flat=True)) == {first.pk, second.pk}
    assert "Add the other late debts" not in as_biller.get(customer).content.decode()


def test_before_the_handover_the_case_says_what_an_agency_may_charge(
    registrar: Registrar, owner: User, biller: User, as_biller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = agencies.overdue(owner, biller)
    late.reminded(biller, agencies.REMINDED)
    case = agencies.case_of(biller, invoice)
    agencies.agency(biller)
    monkeypatch.setattr(doors, "today", lambda: agencies.TODAY)
    page = " ".join(as_biller.get(f"/billing/collection/P{case.pk}/").content.decode().split())
    assert f"The agency's demand on {invoice.number} may cost 70.00 € at most" in page
