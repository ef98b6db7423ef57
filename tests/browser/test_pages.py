"""All main pages of the three doors, with a whole company in them, in Finnish: they fit, they can be used by anybody.

Every page is looked at on a screen at a desk in light colours and on a telephone in dark ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from billing.models import Invoice
from config import demo
from customers.models import Assignment, Customer, Interaction, Person, Task
from privacy.models import Case
from register import doors
from register.models import SecurityEvent
from tests.browser.visitors import DESKTOP, PHONE, look

pytestmark = pytest.mark.browser

LIGHT_DESK = DESKTOP | {"color_scheme": "light", "locale": "fi-FI"}
DARK_PHONE = PHONE | {"color_scheme": "dark", "locale": "fi-FI"}
both_sizes = pytest.mark.parametrize("size", [LIGHT_DESK, DARK_PHONE], ids=["light desktop", "dark phone"])


@pytest.fixture
def company(database: None) -> demo.Demo:
    """The made-up company of the demo, with all its people and their work."""
    return demo.build(at=timezone.now())


def first(model: Any) -> int:
    return int(model.objects.using("owner").order_by("pk").values_list("pk", flat=True)[0])


def look_through(page: Page, door: str, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} answered {answer.status}"
        look(page, f"{door}-{name}")


@both_sizes
def test_the_owners_pages(at_work: Callable[..., Page], company: demo.Demo, size: dict[str, Any]) -> None:
    customer, person = first(Customer), first(Person)
    paths = {
        "today": "",
        "customers": "customers/",
        "people": "people/",
        "customer": f"customers/K{customer}/",
        "customer-narrowed": f"customers/K{customer}/?kind=email&since=2026-01-01&with_files=1",
        "customer-edit": f"customers/K{customer}/edit/",
        "customer-add": "customers/add/",
        "person": f"people/H{person}/",
        "person-log": f"people/H{person}/timeline/add/",
        "entry": f"entries/Y{first(Interaction)}/",
        "assignment": f"assignments/T{first(Assignment)}/",
        "assignment-edit": f"assignments/T{first(Assignment)}/edit/",
        "assignments-of-one": f"assignments/?status=all&customer={customer}",
        "task": f"tasks/M{first(Task)}/",
        "tasks-of-one": f"tasks/?state=done&person={person}",
        "search": "search/?q=virtanen",
        "import": "import/",
        "cases": "privacy/requests/",
        "case": f"privacy/requests/Q{first(Case)}/",
        "case-add": "privacy/requests/add/",
        "statement": "statement/",
        "record": "record/",
        "audit": "audit/",
        "security": "security/",
        "erase": f"erase/H{person}/",
        "users": "users/",
        "registrar": "registrar/",
        "vat": "billing/vat-rates/",
        "locked-periods": "billing/locked-periods/",
        "grounds": "billing/vat-grounds/",
        "tags": "customers/tag/",
    }
    for what in SecurityEvent.What:
        doors.record_event(what, user_id=company.biller.pk, login="default", view="account_login")
    page = at_work(company.owner, size)
    look_through(page, "owner", {name: f"/register/{path}" for name, path in paths.items()})


@both_sizes
def test_the_billing_persons_pages(
    at_work: Callable[..., Page], company: demo.Demo, size: dict[str, Any]
) -> None:
    customer = first(Customer)
    issued, draft = Invoice.objects.using("billing").order_by("pk").values_list("pk", flat=True)[:2]
    paths = {
        "home": "",
        "released": "released/",
        "customers": "customers/",
        "customer": f"customers/K{customer}/",
        "details": f"customers/K{customer}/details/",
        "invoices": "invoices/",
        "invoice": f"invoices/D{issued}/",
        "credit": f"invoices/D{issued}/credit/",
        "draft": f"invoices/D{draft}/",
        "issue": f"invoices/D{draft}/issue/",
        "reports": "reports/",
        "ageing": "reports/ageing/",
        "sales": "reports/sales/",
        "month-end": "month-end/",
        "journal": "journal/",
        "journal-accounts": "journal/accounts/",
        "collective": "collective/?until=2100-01-01",
        "recurring-list": "recurring/",
        "recurring-new": f"customers/K{customer}/recurring/",
        "numbers": "numbers/",
    }
    page = at_work(company.biller, size)
    look_through(page, "biller", {name: f"/billing/{path}" for name, path in paths.items()})


@both_sizes
def test_the_pages_of_ones_own_account(
    at_work: Callable[..., Page], company: demo.Demo, size: dict[str, Any]
) -> None:
    page = at_work(company.biller, size)
    paths = {"account": "", "sessions": "sessions/", "factors": "2fa/", "passkeys": "2fa/webauthn/"}
    paths |= {"password": "password/change/"}
    look_through(page, "account", {name: f"/accounts/{path}" for name, path in paths.items()})
    page.context.clear_cookies()
    paths = {"sign-in": "login/", "forgotten": "password/reset/"}
    look_through(page, "account", {name: f"/accounts/{path}" for name, path in paths.items()})


@both_sizes
def test_the_public_pages(visitors: Any, company: demo.Demo, size: dict[str, Any]) -> None:
    page = visitors.arrive(size)
    links = demo.new_links(at=timezone.now())
    paths = {
        "front": "/",
        "statement": "/privacy/",
        "request": "/privacy/request/",
        "asked": "/privacy/request/sent/",
        "stop": links.stop_path,
        "my-data": links.data_path,
    }
    look_through(page, "public", paths)
