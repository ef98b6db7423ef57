"""What billing's pages and lists find and show, to whom, and what that costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.drafting import Line
from customers.models import Customer
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills
from tests.billing.pages import as_biller, customer, english, url  # noqa: F401  (three fixtures)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("höylä", True),
        ("hoylaamo", False),
        ("OY kuusamon", True),
        ("0112038-9", True),
        ("0112038", True),
        ("K{pk}", True),
        ("{pk}", True),
        ("2345678-0", False),
        ("laskut@hoylaamo.example", False),
        ("Sahantie", False),
        ("%", False),
        ("\0", True),
    ],
)
def test_customers_are_found_by_name_number_and_business_id_only(
    as_biller: Client, customer: Customer, text: str, found: bool
) -> None:
    page = as_biller.get("/billing/customers/", {"q": text.format(pk=customer.pk)})
    assert ("Kuusamon Höyläämö Oy" in page.content.decode()) is found


def test_an_invoice_is_found_by_number_and_reference(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.issued(biller, customer)
    for text in ("20260001", "202600017", "2026 00017", "RF85 2026 0001 7"):
        assert url(invoice) in as_biller.get("/billing/customers/", {"q": text}).content.decode(), text
        assert url(invoice) in as_biller.get("/billing/invoices/", {"q": text}).content.decode(), text
    assert url(invoice) not in as_biller.get("/billing/invoices/", {"q": "20260002"}).content.decode()


def test_the_list_filters_by_status(as_biller: Client, biller: User, customer: Customer) -> None:
    credited, issued = bills.issued(biller, customer), bills.issued(biller, customer)
    note, draft = bills.credit(biller, credited), bills.draft(biller, customer)
    shown = {
        "": [draft, note, issued, credited],
        "draft": [draft],
        "issued": [issued, credited],
        "credited": [credited],
        "credit_note": [note],
        "nonsense": [draft, note, issued, credited],
    }
    for status, expected in shown.items():
        page = as_biller.get("/billing/invoices/", {"status": status})
        assert list(page.context["page"].rows) == expected, status
        assert page.context["credited"] == {credited.pk} & {one.pk for one in expected}


def test_lists_go_on_by_key_and_show_every_row_once(
    as_biller: Client, owner: User, registrar: Registrar
) -> None:
    with access.acting("owner", user_id=owner.pk):
        rows = []
        for n in range(120):
            row = Customer()
            row.rename(f"Yhtiö {n % 60:03d} Oy")
            rows.append(row)
        Customer.objects.bulk_create(rows)
    seen: list[str] = []
    address = "/billing/customers/"
    while address:
        page = as_biller.get(address)
        seen += [row.number for row in page.context["page"].rows]
        following = page.context["page"].following
        address = f"/billing/customers/?after={following}" if following else ""
    assert len(seen) == 120
    assert len(set(seen)) == 120


def test_addresses_made_by_hand_meet_no_error(as_biller: Client, customer: Customer) -> None:
    for address in (
        "/billing/customers/?after=x",
        "/billing/customers/?after=99999999999999999999999",
        "/billing/customers/?after=-1&q=%00",
        "/billing/invoices/?before=1e9&status=%27",
        "/billing/released/?after=abc",
        "/billing/customers/?o=notes&sort=-email&notes__startswith=a&_connector=OR",
    ):
        assert as_biller.get(address).status_code == 200, address
    for address in (
        "/billing/invoices/D99999999999999999999999/",
        "/billing/invoices/D0/",
        "/billing/customers/K0/",
        "/billing/invoices/D1/pdf/",
        "/billing/unknown/",
    ):
        assert as_biller.get(address).status_code == 404, address


def test_scripts_and_templates_in_texts_stay_texts(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    evil = "<script>alert(1)</script>{{7*7}}{% load x %}"
    customer = bills.company(owner, f"{evil} Oy", attention=evil[:200])
    invoice = bills.draft(
        biller, customer, [Line(description=evil, quantity=Decimal(1), unit_price=Decimal(1))], subject=evil
    )
    pages = ["/billing/", "/billing/customers/", f"/billing/customers/K{customer.pk}/", "/billing/invoices/"]
    for address in [*pages, url(invoice), url(invoice, "issue/")]:
        page = as_biller.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page, address
    assert as_biller.get(url(invoice, "preview/")).content.startswith(b"%PDF-")
    issued = bills.issue(biller, invoice)
    assert "<script>alert" not in as_biller.get(url(issued)).content.decode()


def test_every_page_with_a_customer_records_who_was_shown(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    bills.released(owner, customer)
    draft, issued = bills.draft(biller, customer), bills.issued(biller, customer)
    pages = [
        "/billing/",
        "/billing/released/",
        "/billing/customers/",
        f"/billing/customers/K{customer.pk}/",
        f"/billing/customers/K{customer.pk}/details/",
        "/billing/invoices/",
        url(draft),
        url(draft, "issue/"),
        url(draft, "preview/"),
        url(issued),
        url(issued, "credit/"),
        url(issued, "pdf/"),
    ]
    for address in pages:
        with access.acting("owner"):
            before = reads(customer)
        page = as_biller.get(address)
        assert page.status_code == 200, address
        assert "no-store" in page["Cache-Control"], address
        with access.acting("owner"):
            assert reads(customer) == before + 1, address


def reads(customer: Customer) -> int:
    shown = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS, numbers__contains=[customer.number])
    return shown.count()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/billing/", 23),
        ("/billing/released/", 6),
        ("/billing/customers/", 5),
        ("/billing/invoices/", 6),
        ("/billing/customers/K{customer}/", 16),
        ("/billing/invoices/D{draft}/", 20),
        ("/billing/invoices/D{issued}/", 14),
    ],
)
def test_pages_cost_the_same_queries_however_many_rows(
    as_biller: Client, owner: User, biller: User, customer: Customer, address: str, most: int
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            bills.released(owner, customer)
            issued = bills.issued(biller, customer)
            draft = bills.draft(biller, customer)
        address = address.format(customer=customer.pk, draft=draft.pk, issued=issued.pk)
        with CaptureQueriesContext(connections["billing"]) as queries:
            assert as_biller.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= most, [query["sql"][:120] for query in queries]


def test_the_owner_may_enter_through_the_billing_login(
    as_owner: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.issued(biller, customer)
    with CaptureQueriesContext(connections["owner"]) as through_owner:
        assert "20260001" in as_owner.get(url(invoice)).content.decode()
    assert len(through_owner) == 0


def test_a_stranger_is_asked_to_sign_in(stranger: Client, biller: User, customer: Customer) -> None:
    invoice = bills.issued(biller, customer)
    for address in ("/billing/", url(invoice), url(invoice, "pdf/")):
        assert "/accounts/login/" in stranger.get(address)["Location"]
