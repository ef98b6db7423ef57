"""The way back to a list: every page opened from one leads to it as it was left, and nowhere else."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from customers.models import Customer, Person
from register import access, lists
from register.models import Registrar, User
from register.sealing import unseal
from tests import cast
from tests.billing import bills, money
from tests.conftest import signed_in

CUSTOMERS = "/register/customers/"
PEOPLE = "/register/people/"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def text(browser: Client, url: str, **headers: str) -> str:
    answer = browser.get(url, headers=headers)
    assert answer.status_code == 200, url
    return answer.content.decode()


def back(browser: Client, url: str, **headers: str) -> tuple[str, str]:
    """Where the page leads back to, and what stands there."""
    found = re.search(r'<p class="back"><a href="([^"]*)"[^>]*>← ([^<]*)</a>', text(browser, url, **headers))
    assert found, url
    return unescape(found[1]), unescape(found[2])


def rows(page: str) -> list[str]:
    """The table's links, in order."""
    return re.findall(r'<td class="(?:name|number)"[^>]*><a href="([^"]+)"', page)


def pressed(page: str, words: str) -> str:
    """The address of a link."""
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{words}</a>', page)
    assert found, words
    return unescape(found[1])


def test_a_page_leads_back_to_the_second_page_of_the_filtered_sorted_list(
    as_owner: Client, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        for n in range(120):
            cast.company(f"Koivu {n:03} Oy", emails=[], status="former" if n % 2 else "active")
        for n in range(55):
            cast.person("Åke", f"Mäki {n:03}", emails=[])
    for address, asked in (
        (CUSTOMERS, "?q=koivu&status=former&sort=-number"),
        (PEOPLE, "?q=m%C3%A4ki&sort=-name"),
    ):
        second = address + pressed(text(as_owner, address + asked), "Next")
        shown = text(as_owner, second)
        assert 0 < len(rows(shown)) <= 10
        assert rows(shown) != rows(text(as_owner, address))
        text(as_owner, second)
        one = address + rows(shown)[0]
        text(as_owner, one + "edit/")
        url, title = back(as_owner, one)
        assert (url, title) == (second, "Customers" if address == CUSTOMERS else "People")
        assert rows(text(as_owner, url)) == rows(shown)


def test_an_assignment_and_a_task_lead_back_to_their_lists(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        koivu = cast.company()
        work = [cast.assignment(koivu, lines=()) for _ in range(60)]
        tasks = [cast.task(f"Soita {n}", customer=koivu) for n in range(60)]
    first = "/register/assignments/?status=offer"
    second = "/register/assignments/" + pressed(text(as_owner, first), "Older")
    assert "status=offer" in second
    shown = text(as_owner, second)
    assert rows(shown)[0] == f"/register/assignments/T{work[9].pk}/"
    url, title = back(as_owner, rows(shown)[0])
    assert title == "Assignments"
    assert rows(text(as_owner, url)) == rows(shown)
    second = "/register/tasks/" + pressed(text(as_owner, "/register/tasks/"), "Next")
    shown = text(as_owner, second)
    page = pressed(shown, tasks[55].title)
    assert back(as_owner, page) == (second, "Tasks")
    saved = as_owner.post(page, {"title": "Soita heti", "due_on": "", "next": second})
    assert saved["Location"] == second
    done = as_owner.post(f"/register/tasks/M{tasks[56].pk}/done/", {"next": second})
    assert done["Location"] == second


def test_the_lists_of_billing_are_come_back_to_alike(
    as_biller: Client, biller: User, owner: User, registrar: Registrar
) -> None:
    as_biller.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    customer = bills.company(owner)
    invoice = bills.issued(biller, customer, bills.CONSULTING)
    payment = money.payment(biller, "12.00")
    for left, opened, title in (
        ("/billing/invoices/?status=issued&q=" + invoice.number, f"/billing/invoices/D{invoice.pk}/", "Invoices"),
        ("/billing/customers/?q=kuusamon", f"/billing/customers/K{customer.pk}/", "Customers"),
        ("/billing/overdue/?show=&debtor=business", f"/billing/invoices/D{invoice.pk}/", "Late payments"),
        ("/billing/bank/payments/?reason=none", f"/billing/bank/payments/M{payment.pk}/", "Payments to look at"),
    ):  # fmt: skip
        text(as_biller, left)
        assert back(as_biller, opened) == (left, title)
    seen = as_biller.post("/billing/bank/payments/seen/", {"payment": payment.pk})
    assert seen["Location"] == "/billing/bank/payments/?reason=none"


@pytest.fixture
def ada(owner: User) -> Person:
    with access.acting("owner", user_id=owner.pk):
        return cast.person(represents=cast.company())


@pytest.fixture
def koivu(ada: Person, owner: User) -> Customer:
    with access.acting("owner", user_id=owner.pk):
        return Customer.objects.get()


def test_whoever_came_from_no_list_gets_the_whole_one(as_owner: Client, koivu: Customer, ada: Person) -> None:
    assert back(as_owner, f"{CUSTOMERS}K{koivu.pk}/") == (CUSTOMERS, "Customers")
    assert back(as_owner, f"{PEOPLE}H{ada.pk}/") == (PEOPLE, "People")


def test_two_tabs_each_lead_back_to_their_own_list(as_owner: Client, koivu: Customer) -> None:
    page, mine = f"{CUSTOMERS}K{koivu.pk}/", CUSTOMERS + "?q=koivu"
    text(as_owner, mine)
    text(as_owner, "/register/tasks/?state=done")
    assert back(as_owner, page, Referer="http://testserver" + mine) == (mine, "Customers")
    assert back(as_owner, page, Referer="http://testserver" + page) == (
        "/register/tasks/?state=done",
        "Tasks",
    )


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/register/tasks/",
        "http://testserver/billing/invoices/",
        "http://testserver/register/audit/",
        "http://testserver//evil.example/register/tasks/",
        "http://testserver/accounts/",
        "http://[",
        "javascript:alert(1)",
    ],
)
def test_nothing_but_a_list_of_this_door_is_a_way_back(
    as_owner: Client, koivu: Customer, referer: str
) -> None:
    assert back(as_owner, f"{CUSTOMERS}K{koivu.pk}/", Referer=referer) == (CUSTOMERS, "Customers")


def test_the_words_of_a_search_are_kept_sealed_and_for_one_user(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    left = CUSTOMERS + "?q=salaneuvos"
    cookie = as_owner.get(left).cookies[lists.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/register/", True, "Lax")
    assert cookie["expires"] == cookie["max-age"] == ""
    assert "salaneuvos" in unseal(cookie.value, purpose=lists.PURPOSE)
    assert "salaneuvos" not in cookie.value
    page = f"{CUSTOMERS}K{koivu.pk}/"
    assert back(as_owner, page)[0] == left
    other = User.objects.using("default").create(
        email="toinen@example.fi", name="Toinen", role=owner.role, language="en", password="!"
    )
    colleague = signed_in(other)
    for value in (cookie.value, cookie.value[:-9] + "AAAAAAAA=", "x", ""):
        colleague.cookies[lists.COOKIE] = value
        assert back(colleague, page) == (CUSTOMERS, "Customers")


def test_an_endless_address_is_not_given_to_the_browser(as_owner: Client, koivu: Customer) -> None:
    text(as_owner, CUSTOMERS + "?q=" + "x" * lists.LONGEST)
    assert back(as_owner, f"{CUSTOMERS}K{koivu.pk}/") == (CUSTOMERS, "Customers")
