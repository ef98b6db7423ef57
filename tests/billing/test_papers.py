"""What goes with an invoice and what shows it: files, proforma, preview, the register of numbers, grounds' page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing import attaching, drafting, invoicing, series, tasks
from billing.models import Invoice, InvoiceAttachment, VatGround
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bills import TODAY, paper
from tests.billing.pages import as_biller, customer, english, url  # noqa: F401  (three fixtures)
from tests.billing.printed import pages, scanned
from tests.billing.test_crediting import void
from tests.billing.test_discounts_and_grounds import document
from tests.billing.test_recurring import begun, planned

PDF = b"%PDF-1.7\nerittely"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(name: str = "Erittely.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def attached(biller: User, invoice: Invoice, **file: Any) -> InvoiceAttachment:
    with access.acting("billing", user_id=biller.pk):
        return attaching.attach(invoice, [upload(**file)], by=biller)[0]


def stored(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


# --- files -----------------------------------------------------------------------------------------------


def test_a_file_goes_with_the_invoice_and_is_frozen_with_it(biller: User, customer: Customer) -> None:
    draft = bills.draft(biller, customer)
    file = attached(biller, draft)
    invoice = bills.issue(biller, draft)
    (enclosure,) = document(invoice).enclosures
    assert (enclosure.name, enclosure.sha256, enclosure.size) == ("Erittely.pdf", file.sha256, len(PDF))
    assert "Liitteet: Erittely.pdf" in paper(invoice)
    with access.acting("billing", user_id=biller.pk):
        assert attaching.opened(invoice.attachments.get()).read() == PDF
        for act in (
            lambda: attaching.detach(file, by=biller),
            lambda: attaching.attach(invoice, [upload()], by=biller),
        ):
            with pytest.raises(drafting.AlreadyIssued):
                act()
    statements = (
        "DELETE FROM billing_invoiceattachment",
        "UPDATE billing_invoiceattachment SET name = 'x'",
        "TRUNCATE billing_invoiceattachment",
        "INSERT INTO billing_invoiceattachment (invoice_id, name, content_type, size, sha256, path, entered_at) "
        f"VALUES ({invoice.pk}, 'x', 'x', 1, 'x', 'x', now())",
    )
    for statement in statements:
        for login in ("owner", "billing", "worker", "migrate"):
            with pytest.raises(DatabaseError, match="permission denied|cannot be"), access.acting(login):
                connections[login].cursor().execute(statement)


def test_files_of_a_discarded_draft_leave_the_disk_and_the_sweep_keeps_the_others(
    biller: User, customer: Customer, folder: Path
) -> None:
    kept, gone = bills.draft(biller, customer), bills.draft(biller, customer)
    attached(biller, kept)
    attached(biller, gone)
    assert len(stored(folder)) == 2
    with access.acting("billing", user_id=biller.pk):
        drafting.discard(gone, by=biller)
    (left,) = stored(folder)
    (folder / "invoices" / "zz").mkdir()
    stray = folder / "invoices" / "zz" / "x"
    stray.write_bytes(b"x")
    with access.acting("worker"):
        assert attaching.sweep(before=tasks.timezone.now() + tasks.timedelta(days=1)) == 1
    assert stored(folder) == [left]


def test_files_are_added_and_fetched_on_the_page_and_refused_with_a_reason(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    draft = bills.draft(biller, customer)
    refused = as_biller.post(url(draft, "files/"), {"attach": upload("x.exe", b"MZ\0\0")}, follow=True)
    assert "not taken" in refused.content.decode()
    as_biller.post(url(draft, "files/"), {"attach": upload("Erittely <b>.pdf")})
    with access.acting("billing"):
        file = InvoiceAttachment.objects.get()
    assert f"/billing/files/U{file.pk}/" in as_biller.get(url(draft)).content.decode()
    answer = as_biller.get(f"/billing/files/U{file.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == PDF
    as_biller.post(f"/billing/files/U{file.pk}/remove/")
    assert as_biller.get(f"/billing/files/U{file.pk}/").status_code == 404


def test_an_invoice_carries_only_what_fits_an_email(
    biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = bills.draft(biller, customer)
    monkeypatch.setattr(attaching, "MOST_FILES", 1)
    attached(biller, draft)
    with pytest.raises(attaching.TooManyFiles):
        attached(biller, draft)


# --- preview and proforma --------------------------------------------------------------------------------


def test_the_preview_is_the_issued_paper_but_for_number_and_reference(
    biller: User, customer: Customer
) -> None:
    draft = bills.draft(biller, customer, discount_percent=Decimal(5), discount_reason="Alennus")
    with access.acting("billing"):
        preview = "\n".join(pages(invoicing.preview(draft, on=TODAY)))
    printed = paper(bills.issue(biller, draft))
    assert set(preview.split()) - set(printed.split()) == {"Luonnos", "ei", "vielä", "annettu"}


def test_a_proforma_shows_what_would_be_billed_and_cannot_be_paid(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    draft = bills.draft(biller, customer)
    answer = as_biller.get(url(draft, "proforma/"))
    (page,) = pages(answer.content)
    assert "Proformalasku" in page
    assert "Yhteensä 1 088,36 €" in page
    for unsaid in ("Luonnos", "Eräpäivä", "Viitenumero", "FI21", "Maksettava", "20260001"):
        assert unsaid not in page, unsaid
    with access.acting("billing"):
        assert Invoice.objects.get().is_draft
    issued = bills.issue(biller, draft)
    told = replace(document(issued), number="", reference="", account=None, proforma=True)
    assert scanned(told) == {}
    assert as_biller.get(url(issued, "proforma/")).status_code == 404


# --- the register of numbers -----------------------------------------------------------------------------


def test_the_register_of_numbers_proves_that_no_number_is_left_out(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoices = [bills.issued(biller, customer) for _ in range(3)]
    void(biller, invoices[1])
    bills.credit(biller, invoices[2], because="Laskutettu kahdesti")
    bills.issued(biller, customer, on=date(2027, 1, 2))
    with access.acting("billing"):
        assert series.years() == [2027, 2026]
        rows = {one.series.kind: one for one in series.of_year(2026)}
        given_up = series.given_up(2026)
    assert (rows["invoice"].first, rows["invoice"].last) == ("20260001", "20260003")
    assert (rows["invoice"].count, rows["invoice"].missing) == (3, [])
    assert (rows["credit_note"].first, rows["credit_note"].count) == ("H20260001", 2)
    assert [(one.invoice.number, one.voided, one.reason) for one in given_up] == [
        ("20260002", True, "Väärä asiakas"),
        ("20260003", False, "Laskutettu kahdesti"),
    ]
    page = as_biller.get("/billing/numbers/?year=2026").content.decode()
    for said in ("20260001", "voided before sending", "Laskutettu kahdesti", "H20260002"):
        assert said in page, said
    assert as_biller.get("/billing/numbers/?year=1999").status_code == 404
    assert as_biller.get("/billing/numbers/").status_code == 200


# --- grounds ---------------------------------------------------------------------------------------------


def test_the_owner_reads_and_adds_grounds_on_a_page(
    as_owner: Client, owner: User, customer: Customer
) -> None:
    as_owner.cookies["django_language"] = "en"
    page = "/register/billing/vat-grounds/"
    assert "Käännetty verovelvollisuus, AVL 8 c §" in as_owner.get(page).content.decode()
    form = {
        "name": "Puutavara", "category": "AE", "buyer": "vat_id", "statute": "AVL 8 e §", "source": "vero.fi",
        "wording_fi": "Käännetty, 8 e §", "wording_sv": "Omvänd, 8 e §", "wording_en": "Reverse, 8 e §",
        "valid_from": "1.1.2027",
    }  # fmt: skip
    assert as_owner.post(page, form | {"wording_sv": ""}).status_code == 422
    assert as_owner.post(page, form).status_code == 302
    assert as_owner.post(page, form).status_code == 422
    with access.acting("owner"):
        ground = VatGround.objects.get(name="Puutavara")
    assert (ground.vat_code, ground.entered_by_id) == ("reverse", owner.pk)
    as_owner.post(f"{page}{ground.pk}/remove/")
    with access.acting("owner"):
        assert not VatGround.objects.filter(name="Puutavara").exists()


# --- what the lists cost ---------------------------------------------------------------------------------


def test_lists_cost_the_same_queries_however_many_rows(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    most = {
        "/billing/numbers/": 14,
        "/billing/recurring/": 5,
        "/billing/collective/?until=2026-12-31": 6,
        "/billing/collective/N{run}/": 6,
    }
    counts: dict[str, list[int]] = {address: [] for address in most}
    for turn in range(2):
        customers = [bills.company(owner, f"Yhtiö {turn} {n} Oy", business_id="") for n in range(2)]
        for one in customers:
            bills.credit(biller, bills.issued(biller, one))
            planned(biller, one)
            bills.released(owner, one)
        run = begun(biller, customers)
        for one in customers:
            bills.released(owner, one)
        for address, counted in counts.items():
            with CaptureQueriesContext(connections["billing"]) as queries:
                assert as_biller.get(address.format(run=run.pk)).status_code == 200
            counted.append(len(queries))
    for address, (few, many) in counts.items():
        assert few == many, address
        assert few <= most[address], address
