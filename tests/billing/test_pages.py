"""Billing's pages through real requests: what they do, what they refuse, what they cost."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from billing.drafting import Line
from billing.models import BillingDetails, Invoice, ReleasedAssignment, Series
from customers.models import Customer
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def as_biller(as_biller: Client) -> Client:
    as_biller.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return as_biller


@pytest.fixture
def customer(owner: User, registrar: Registrar) -> Customer:
    return bills.company(owner)


def key() -> str:
    return str(uuid.uuid4())


def fields(**changed: Any) -> dict[str, Any]:
    """A draft's form with one line, as a browser sends it."""
    return {
        "subject": "",
        "language": "fi",
        "buyer_reference": "",
        "order_number": "",
        "payment_days": "14",
        "due_basis": "invoice_only",
        "vat_reason": "",
        "note": "",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "Työ",
        "lines-0-quantity": "2",
        "lines-0-unit": "h",
        "lines-0-unit_price": "50,00",
        "lines-0-discount_percent": "",
        "lines-0-vat_code": "standard",
        "lines-0-delivered_on": "",
        "lines-1-description": "",
        "lines-1-quantity": "1",
        "lines-1-unit": "h",
        "lines-1-unit_price": "",
        "lines-1-vat_code": "standard",
    } | changed


def url(invoice: Invoice, act: str = "") -> str:
    return f"/billing/invoices/D{invoice.pk}/{act}"


def stored(invoice: Invoice) -> Invoice:
    with access.acting("billing"):
        return Invoice.objects.get(pk=invoice.pk)


def test_from_released_work_to_the_pdf(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    work = bills.released(owner, customer)
    home = as_biller.get("/billing/")
    assert "Hallin suunnittelu" in home.content.decode()
    drawn = as_biller.post("/billing/released/draw-up/", {"release": work.pk})
    assert drawn.status_code == 302
    draft = as_biller.get(drawn["Location"]).content.decode()
    assert "Suunnittelu" in draft
    confirm = as_biller.get(drawn["Location"] + "issue/").content.decode()
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', confirm)
    assert found
    answer = as_biller.post(drawn["Location"] + "issue/", {"key": found[1]})
    assert answer["Location"] == drawn["Location"]
    year = timezone.localdate().year
    invoice = as_biller.get(drawn["Location"]).content.decode()
    assert f"{year}0001" in invoice
    again = as_biller.post(drawn["Location"] + "issue/", {"key": found[1]})
    assert again["Location"] == drawn["Location"]
    paper = as_biller.get(drawn["Location"] + "pdf/")
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == f'attachment; filename="{year}0001.pdf"'
    assert paper["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in paper["Content-Security-Policy"]
    assert "no-store" in paper["Cache-Control"]
    with access.acting("billing"):
        assert Series.objects.get().last == 1


def test_a_draft_is_counted_on_the_server(as_biller: Client, biller: User, customer: Customer) -> None:
    invoice = bills.draft(biller, customer, [])
    answer = as_biller.post(url(invoice), fields(save="1", total="1,00", net="0"))
    assert answer.status_code == 302
    assert stored(invoice).total == Decimal("125.50")
    assert "125.50" in as_biller.get(url(invoice)).content.decode()


def test_a_row_with_a_neutral_text_alone_is_not_lost(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.draft(biller, customer, [])
    answer = as_biller.post(url(invoice), fields(save="1", **{"lines-1-neutral": "Palvelu"}))
    assert answer.status_code == 422
    assert 'value="Palvelu"' in answer.content.decode()
    page = as_biller.post(url(invoice), fields(save="1", discount_percent="5", discount_amount="1,00"))
    assert "in percent or in euros, not both" in page.content.decode()


def test_rows_are_added_and_removed_without_scripts(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.draft(biller, customer, [])
    grown = as_biller.post(url(invoice), fields(more="1")).content.decode()
    assert 'name="lines-4-description"' in grown
    assert 'value="Työ"' in grown
    with access.acting("billing"):
        assert not stored(invoice).lines.exists()
    as_biller.post(url(invoice), fields(save="1"))
    with access.acting("billing"):
        assert stored(invoice).lines.count() == 1
    as_biller.post(url(invoice), fields(save="1", **{"lines-0-remove": "on", "lines-0-unit_price": "x"}))
    with access.acting("billing"):
        assert not stored(invoice).lines.exists()


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("lines-0-unit_price", "NaN", 422),
        ("lines-0-unit_price", "1e30", 422),
        ("lines-0-unit_price", "-Infinity", 422),
        ("lines-0-unit_price", "9" * 300, 422),
        ("lines-0-quantity", "0", 422),
        ("lines-0-quantity", "999999999", 302),
        ("lines-0-quantity", "9999999999", 422),
        ("lines-0-discount_percent", "101", 422),
        ("lines-0-discount_percent", "-1", 422),
        ("lines-0-vat_code", "free", 422),
        ("lines-0-delivered_on", "31.2.2026", 422),
        ("lines-0-delivered_on", "1.1.1990", 422),
        ("lines-0-description", "x" * 301, 422),
        ("lines-0-description", "a\0b", 422),
        ("lines-0-description", "kone 🚜 \u202etxe", 302),
        ("subject", "x" * 300, 422),
        ("subject", "a\nb", 422),
        ("payment_days", "-1", 422),
        ("payment_days", "181", 422),
        ("language", "xx", 422),
        ("lines-TOTAL_FORMS", "x", 422),
        ("lines-TOTAL_FORMS", "100000", 422),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(
    as_biller: Client, biller: User, customer: Customer, name: str, value: str, status: int
) -> None:
    invoice = bills.draft(biller, customer)
    answer = as_biller.post(url(invoice), fields(save="1", **{name: value}))
    assert answer.status_code == status
    if status == 422:
        assert "Työ" in answer.content.decode() or "lines-" in name
        assert stored(invoice).total == Decimal("1088.36")


def test_ten_megabytes_are_refused_without_an_error_page(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.draft(biller, customer)
    answer = as_biller.post(url(invoice), fields(save="1", note="x" * 10_000_000))
    assert answer.status_code in (400, 413)
    assert stored(invoice).note == ""


def test_extra_fields_change_nothing(as_biller: Client, biller: User, customer: Customer) -> None:
    invoice = bills.draft(biller, customer)
    forged = {
        "number": "1",
        "issued_at": "2020-01-01",
        "issued_on": "2020-01-01",
        "sequence": "1",
        "total": "0",
    }
    forged |= {"customer": "1", "kind": "credit_note", "drafted_by": "1", "save": "1"}
    assert as_biller.post(url(invoice), fields(**forged)).status_code == 302
    kept = stored(invoice)
    assert (kept.number, kept.issued_on, kept.kind, kept.customer_id) == ("", None, "invoice", customer.pk)
    answer = as_biller.post(url(invoice, "issue/"), {"key": key()} | forged)
    assert answer.status_code == 302
    kept = stored(invoice)
    assert kept.number == f"{timezone.localdate().year}0001"
    assert kept.issued_on == timezone.localdate()


def test_an_old_tab_cannot_change_what_was_issued(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.draft(biller, customer)
    as_biller.post(url(invoice, "issue/"), {"key": key()})
    before = stored(invoice)
    for act, data in (("", fields(save="1")), ("discard/", {}), ("issue/", {"key": key()})):
        answer = as_biller.post(url(invoice, act), data, follow=True)
        assert answer.status_code == 200
        assert "cannot be changed" in answer.content.decode()
    after = stored(invoice)
    assert (after.number, after.total, after.sha256) == (before.number, before.total, before.sha256)
    assert as_biller.get(url(invoice, "preview/")).status_code == 404


def test_what_is_lacking_stands_on_the_draft_and_stops_issuing(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner, street="", postal_code="", city="")
    invoice = bills.draft(biller, customer)
    for page in (url(invoice), url(invoice, "issue/")):
        assert "buyer&#x27;s name or address" in as_biller.get(page).content.decode()
    answer = as_biller.post(url(invoice, "issue/"), {"key": key()}, follow=True)
    assert "buyer&#x27;s name or address" in answer.content.decode()
    assert stored(invoice).is_draft


def test_without_the_registrar_the_page_says_who_helps(as_biller: Client, owner: User, biller: User) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    assert "register owner enters them first" in as_biller.get(url(invoice)).content.decode()
    answer = as_biller.get(url(invoice, "preview/"), follow=True)
    assert "register owner enters them first" in answer.content.decode()


def test_crediting_asks_why_and_happens_once(as_biller: Client, biller: User, customer: Customer) -> None:
    invoice = bills.issued(biller, customer)
    assert as_biller.post(url(invoice, "credit/"), {"key": key(), "because": ""}).status_code == 422
    once = {"key": key(), "because": "Laskutettu kahdesti"}
    first = as_biller.post(url(invoice, "credit/"), once)
    second = as_biller.post(url(invoice, "credit/"), once)
    assert first["Location"] == second["Location"]
    refused = as_biller.post(url(invoice, "credit/"), once | {"key": key()}, follow=True)
    assert "of which something is left" in refused.content.decode()
    assert "H20" in as_biller.get(url(invoice)).content.decode()
    with access.acting("billing"):
        assert Invoice.objects.filter(original=invoice).count() == 1


def test_a_corrected_invoice_is_drawn_up_once_from_the_credited_one(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.issued(biller, customer)
    bills.credit(biller, invoice)
    form = {"key": key()}
    answers = [as_biller.post(url(invoice, "again/"), form)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    with access.acting("billing"):
        draft = Invoice.objects.drafts().get()
        assert draft.total == invoice.total


def test_billing_details_are_checked_field_by_field(as_biller: Client, customer: Customer) -> None:
    page = f"/billing/customers/K{customer.pk}/details/"
    form = as_biller.get(page).content.decode()
    assert "003701120389" in form
    right = {name: str(value) for name, value in bills.DETAILS.items()}
    wrong = [
        ({"email": "not an address"}, "email"),
        ({"email": ""}, "email"),
        ({"postal_code": "9360"}, "postal_code"),
        ({"payment_days": "999"}, "payment_days"),
        ({"vat_id": "FI12345678"}, "vat_id"),
        ({"channel": "e_invoice"}, "einvoice_address"),
        ({"einvoice_address": "003712345678"}, "einvoice_address"),
        ({"channel": "e_invoice", "einvoice_address": "003701120389"}, "einvoice_operator"),
        ({"street": "x" * 201}, "street"),
        ({"street": "a\0b"}, "street"),
        ({"channel": "pigeon"}, "channel"),
    ]
    for changed, name in wrong:
        answer = as_biller.post(page, right | changed)
        assert answer.status_code == 422, changed
        assert answer.context["form"].errors.keys() == {name}, changed
    good = {"channel": "e_invoice", "einvoice_address": "0037 01120389", "einvoice_operator": "003721291126"}
    assert as_biller.post(page, right | good | {"vat_id": "fi 0112038-9"}).status_code == 302
    with access.acting("billing"):
        kept = BillingDetails.objects.get()
        assert (kept.einvoice_address, kept.vat_id) == ("003701120389", "FI01120389")


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


@pytest.mark.parametrize("release", [[], ["x"], ["-1"], ["99999999"], ["9" * 40], ["1' OR 1=1"]])
def test_nothing_is_drawn_up_from_nothing(
    as_biller: Client, owner: User, customer: Customer, release: list[str]
) -> None:
    bills.released(owner, customer)
    answer = as_biller.post("/billing/released/draw-up/", {"release": release}, follow=True)
    assert "Choose released work" in answer.content.decode()
    with access.acting("billing"):
        assert not Invoice.objects.exists()


def test_one_permitted_and_one_foreign_customers_work_is_refused_whole(
    as_biller: Client, owner: User, customer: Customer
) -> None:
    mine = bills.released(owner, customer)
    other = bills.released(owner, bills.company(owner, "Toinen Oy", business_id="2345678-0"))
    as_biller.post("/billing/released/draw-up/", {"release": [mine.pk, other.pk]})
    with access.acting("billing"):
        assert ReleasedAssignment.objects.waiting().count() == 2
        assert not Invoice.objects.exists()


def test_the_same_form_opens_the_same_draft(as_biller: Client, customer: Customer) -> None:
    form = {"key": key()}
    address = f"/billing/customers/K{customer.pk}/invoice/"
    answers = {as_biller.post(address, form)["Location"] for _ in range(3)}
    assert len(answers) == 1
    with access.acting("billing"):
        assert Invoice.objects.count() == 1
    as_biller.post(address, {"key": "not a key"})
    with access.acting("billing"):
        assert Invoice.objects.count() == 1


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


def test_the_day_of_issue_is_the_companys_day(
    as_biller: Client, biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing.views import doors

    monkeypatch.setattr(doors, "today", lambda: date(2027, 1, 1))
    invoice = bills.draft(biller, customer)
    as_biller.post(url(invoice, "issue/"), {"key": key()})
    assert stored(invoice).number == "20270001"
