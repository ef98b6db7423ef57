"""Billing's pages of a draft and an invoice through real requests: what they do and what they refuse."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.models import BillingDetails, Invoice, ReleasedAssignment, Series
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.pages import as_biller, customer, english, fields, key, stored, url  # noqa: F401  (three fixtures)


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


def test_the_day_of_issue_is_the_companys_day(
    as_biller: Client, biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing.views import doors

    monkeypatch.setattr(doors, "today", lambda: date(2027, 1, 1))
    invoice = bills.draft(biller, customer)
    as_biller.post(url(invoice, "issue/"), {"key": key()})
    assert stored(invoice).number == "20270001"
