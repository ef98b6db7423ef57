"""What customers do without an account: read the statement, stop mailings, have themselves erased."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.models import EmailAddress, Person
from mailing import suppression, tokens
from mailing.models import EVERYTHING
from register import access
from register.models import Registrar, User
from tests import cast
from tests.browser.running import Site
from tests.browser.visitors import PHONE, Visitors, look

pytestmark = pytest.mark.browser

ADDRESS = "ada@example.fi"


@pytest.fixture
def ada(owner: User, registrar: Registrar) -> Person:
    """A customer's person, who reads English."""
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Koivukylän Kone Oy")
        person = cast.person(represents=company, phones=("040 123 4567",), language="en")
        cast.entry(customer=company, people=[person])
        return person


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def known_addresses() -> list[str]:
    return list(EmailAddress.objects.using("owner").values_list("address", flat=True))


def is_stopped() -> bool:
    with access.acting("worker"):
        return suppression.is_stopped(ADDRESS)


def test_the_front_page_and_the_statement_speak_three_languages(customer: Page, registrar: Registrar) -> None:
    customer.goto("/")
    look(customer, "front")
    customer.get_by_role("link", name=re.compile("^Privacy statement.+")).click()
    heading(customer).to_have_text("Privacy Statement")
    look(customer, "statement")
    languages = customer.get_by_role("navigation", name="Language")
    languages.get_by_role("link", name="Svenska").click()
    expect(customer.locator("html")).to_have_attribute("lang", "sv")
    customer.locator("nav.languages").get_by_role("link", name="Suomi").click()
    expect(customer.locator("html")).to_have_attribute("lang", "fi")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_stop_link_stops_on_one_press_and_takes_a_mistake_back(
    visitors: Visitors, ada: Person, scripts: bool
) -> None:
    page = visitors.arrive(PHONE, java_script_enabled=scripts)
    page.goto(f"/u/{tokens.make(ADDRESS, topic=EVERYTHING)}")
    if scripts:
        look(page, "stop")
    assert not is_stopped()
    page.get_by_role("button", name="Stop the mailings").click()
    heading(page).to_have_text("The mailings have been stopped")
    assert is_stopped()
    if scripts:
        look(page, "stopped")
    page.get_by_role("button", name="It was a mistake").click()
    heading(page).to_have_text("The mailings go on")
    assert not is_stopped()
    if scripts:
        look(page, "stop-taken-back")


def test_a_customer_asks_for_erasure_and_the_owner_erases(
    customer: Page, at_work: Callable[..., Page], owner: User, ada: Person, site: Site, worker: None
) -> None:
    customer.goto("/privacy/request/")
    look(customer, "request")
    customer.get_by_label("See what is held about me").check()
    customer.get_by_label("Your e-mail address").fill(ADDRESS)
    customer.get_by_role("button", name="Send").click()
    heading(customer).to_have_text("Thank you, we have your request")
    look(customer, "request-sent")

    link = re.search(rf"{site.url}(/my/\S+)", site.newest_mail(ADDRESS))
    assert link is not None
    customer.goto(link[1])
    heading(customer).to_have_text("Your data in our register")
    expect(customer.locator("main")).to_contain_text("040 123 4567")
    assert link[1] not in customer.url
    look(customer, "my-data")
    customer.get_by_role("button", name="Ask for erasure").click()
    look(customer, "my-code")
    code = re.search(r"^ +(\d{4} \d{4})$", site.newest_mail(ADDRESS, after=1), re.MULTILINE)
    assert code is not None
    customer.get_by_label("Code from the e-mail").fill(code[1])
    customer.get_by_role("button", name="Confirm").click()
    heading(customer).to_have_text("Thank you, we have your request")

    page = at_work(owner, {"viewport": customer.viewport_size})
    page.goto("/register/privacy/requests/")
    look(page, "cases")
    page.locator("main").get_by_role("link", name="Erase my data").click()
    expect(page.get_by_text("days left")).to_be_visible()
    look(page, "case")
    page.get_by_role("link", name="Erase the data…").click()
    look(page, "erase")
    assert known_addresses() == [ADDRESS]
    page.get_by_label("the person asked for it").check()
    page.get_by_label("Erase this data. It cannot be brought back.").check()
    page.get_by_role("button", name="Erase").click()
    heading(page).to_have_text(f"{ada.number} was erased")
    look(page, "erased")
    assert known_addresses() == []
    assert Person.objects.using("owner").get(pk=ada.pk).full_name == "— —"

    page.goto("/register/privacy/requests/?show=closed")
    page.locator("main").get_by_role("link", name="Erase my data").click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()
    look(page, "case-closed")
    assert "We have erased your data from our register." in site.newest_mail(ADDRESS, after=2)
    customer.goto("/my/")
    heading(customer).to_have_text("This link does not work any more")
    look(customer, "my-data-gone")
