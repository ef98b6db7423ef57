"""From the owner's release to the paper: the billing person's door, and nothing behind any other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from billing.models import Invoice, InvoicePdf
from customers import contacts
from customers.models import Assignment, PostalAddress
from register import access
from register.models import Registrar, User
from tests import cast
from tests.browser.test_signing_in import type_code, type_password
from tests.browser.visitors import PHONE, look
from tests.conftest import give_second_factor

pytestmark = pytest.mark.browser


@pytest.fixture
def work_done(owner: User, registrar: Registrar) -> Assignment:
    """Work that is done for a company with an address."""
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Koivukylän Kone Oy", business_id="2345678-0")
        contacts.add_postal(
            whose=company,
            street="Konepajankatu 4",
            postal_code="40100",
            city="Jyväskylä",
            kind=PostalAddress.Kind.POSTAL,
            primary=True,
            by=owner,
        )
        return cast.assignment(company, status=Assignment.Status.DONE)


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def menu(page: Page) -> list[str]:
    page.wait_for_load_state()
    return page.get_by_role("navigation", name="Main menu").locator("ul a").all_inner_texts()


def release(page: Page, assignment: Assignment) -> None:
    page.goto(f"/register/assignments/T{assignment.pk}/")
    look(page, "assignment-done")
    page.get_by_role("link", name="Release for billing…").click()
    page.get_by_label("Note for billing").fill("Tilausnumero 4711")
    look(page, "assignment-release")
    page.get_by_role("button", name="Release for billing").click()


def test_released_work_is_billed_by_the_billing_person_who_sees_nothing_else(
    at_work: Callable[..., Page], desktop: Page, owner: User, biller: User, work_done: Assignment
) -> None:
    release(at_work(owner), work_done)

    secret = give_second_factor(biller)
    type_password(desktop, biller.email)
    type_code(desktop, secret)
    heading(desktop).to_have_text("Billing")
    assert menu(desktop)[:4] == ["Billing", "Customers", "Assignments to bill", "Invoices"]
    assert {"Today", "People", "Tasks", "Audit"}.isdisjoint(menu(desktop))
    expect(desktop.get_by_role("searchbox")).to_have_count(1)
    look(desktop, "billing-home")
    desktop.get_by_role("button", name="Draw up an invoice").click()
    expect(desktop.get_by_text("Tilausnumero 4711")).to_be_visible()
    look(desktop, "billing-draft")

    preview = desktop.get_by_role("link", name="Preview as PDF").get_attribute("href")
    assert desktop.request.get(preview or "").body().startswith(b"%PDF-")
    desktop.get_by_role("button", name="Save and issue…").click()
    heading(desktop).to_have_text("Issue the invoice")
    look(desktop, "billing-issue")
    desktop.get_by_role("button", name="Issue the invoice").click()
    heading(desktop).to_have_text(re.compile(r"^Invoice \d+$"))
    look(desktop, "billing-invoice")
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="Download the PDF").click()
    paper = download.value.path().read_bytes()
    assert paper.startswith(b"%PDF-")
    invoice = Invoice.objects.using("billing").get()
    assert bytes(InvoicePdf.objects.using("billing").get(invoice=invoice).content) == paper
    assert download.value.suggested_filename == f"{invoice.number}.pdf"
    expect(desktop.get_by_role("heading", level=1)).to_have_text(f"Invoice {invoice.number}")


@pytest.mark.parametrize(
    "path", ["/register/", "/register/customers/", "/register/search/?q=kone", "/register/audit/"]
)
def test_the_owners_pages_do_not_exist_for_the_billing_person(
    at_work: Callable[..., Page], biller: User, registrar: Registrar, path: str
) -> None:
    page = at_work(biller)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    heading(page).to_have_text("Page not found")
    neutral = page.content()
    answer = page.goto("/register/there/never/was/such/a/page/")
    assert page.content() == neutral
    look(page, "not-found")


def test_billing_pages_fit_a_telephone(
    at_work: Callable[..., Page], owner: User, biller: User, work_done: Assignment
) -> None:
    release(at_work(owner, PHONE), work_done)
    page = at_work(biller, PHONE)
    for path in ("", "released/", "customers/", f"customers/K{work_done.customer_id}/", "invoices/"):
        page.goto(f"/billing/{path}")
        look(page, f"billing-{path.strip('/').partition('/')[0] or 'home'}{'-one' if 'K' in path else ''}")
    page.goto("/billing/")
    page.get_by_role("button", name="Draw up an invoice").click()
    look(page, "billing-draft")
    page.get_by_role("button", name="Save and issue…").click()
    look(page, "billing-issue")
    page.get_by_role("button", name="Issue the invoice").click()
    heading(page).to_have_text(re.compile(r"^Invoice \d+$"))
    look(page, "billing-invoice")
