"""Files of an invoice by each channel: printed after their letter, or told to the person who sends; none is dropped."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from billing import attaching, enclosing, finvoice, issuing_many, letters, sending
from billing.issuing_many import Chosen
from billing.models import Invoice, InvoiceAttachment, Sending
from billing.pdf import InvoiceDocument
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.pages import as_biller, english  # noqa: F401 (fixtures)
from tests.billing.test_finvoice import valid

PAPER: dict[str, Any] = {"channel": "paper", "email": ""}
E_INVOICE: dict[str, Any] = {
    "channel": "e_invoice", "email": "", "einvoice_address": "003701120389", "einvoice_operator": "003721291126",
}  # fmt: skip
JPEG = b"\xff\xd8\xff\xe0" + b"kuva" * 20


@pytest.fixture(autouse=True)
def elsewhere(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def pdf(pages: int = 1, *, password: str = "") -> bytes:
    """A file of so many pages, 100 points wide."""
    writer, made = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def draft(biller: User, customer: Customer, files: dict[str, bytes]) -> Invoice:
    made = bills.draft(biller, customer)
    with access.acting("billing", user_id=biller.pk):
        attaching.attach(made, [SimpleUploadedFile(name, held) for name, held in files.items()], by=biller)
    return made


def sent(biller: User, invoice: Invoice) -> Sending:
    issued = bills.issue(biller, invoice)
    with access.acting("billing", user_id=biller.pk):
        return sending.send(issued, by=biller, at=bills.NOW)


def widths(rows: Sequence[Sending], *, two_sided: bool = False) -> list[int]:
    with access.acting("billing"):
        paper = letters.together(rows, two_sided=two_sided)
    return [int(page.mediabox.width) for page in pypdf.PdfReader(io.BytesIO(paper)).pages]


def text(browser: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(address).content.decode()).split())


def test_pdf_files_are_printed_after_their_invoice_each_on_a_sheet_of_its_own(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = bills.company(owner, **PAPER)
    files = {"Erittely.pdf": pdf(2), "Tunnit.pdf": pdf(1), "kuva.jpg": JPEG}
    rows = [sent(biller, draft(biller, customer, files)), sent(biller, bills.draft(biller, customer))]
    assert widths(rows) == [595, 100, 100, 100, 595]
    assert widths(rows, two_sided=True) == [595, 595, 100, 100, 100, 100, 595, 595]


def test_what_cannot_be_printed_is_known_when_it_is_put_on_the_draft(
    registrar: Registrar, owner: User, biller: User
) -> None:
    files = {
        "rikki.pdf": b"%PDF-1.7\nx",
        "lukossa.pdf": pdf(1, password="x"),
        "ehjä.pdf": pdf(3),
        "kuva.jpg": JPEG,
    }
    draft(biller, bills.company(owner, **PAPER), files)
    with access.acting("billing"):
        rows = list(InvoiceAttachment.objects.order_by("pk"))
    assert [row.pages for row in rows] == [None, None, 3, None]
    assert [row.name for row in enclosing.left_out(rows, "paper")] == ["rikki.pdf", "lukossa.pdf", "kuva.jpg"]
    assert enclosing.left_out(rows, "email") == []
    assert len(enclosing.left_out(rows, "e_invoice")) == 4


def test_letters_tell_what_is_enclosed_by_hand_before_and_after_issuing(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    customer = bills.company(owner, **PAPER)
    made = draft(biller, customer, {"Erittely.pdf": pdf(), "kuva.jpg": JPEG})
    said = "Enclose them in the letter by hand: kuva.jpg."
    for address in (f"/billing/invoices/D{made.pk}/", f"/billing/invoices/D{made.pk}/issue/"):
        assert said in text(as_biller, address)
    with access.acting("billing"):
        assert issuing_many.with_files_left_out(Chosen()) == 1
    sent(biller, made)
    for address in (f"/billing/invoices/D{made.pk}/", "/billing/sendings/letters/"):
        assert said in text(as_biller, address)
    assert "Erittely.pdf" in text(as_biller, "/billing/sendings/letters/")


def test_a_letter_whose_file_is_gone_is_not_printed_without_it(
    registrar: Registrar, owner: User, biller: User, as_biller: Client, tmp_path: Path
) -> None:
    row = sent(biller, draft(biller, bills.company(owner, **PAPER), {"Erittely.pdf": pdf()}))
    ticked = {"sending": [row.pk]}
    assert as_biller.post("/billing/sendings/letters/pdf/", ticked)["Content-Type"] == "application/pdf"
    with access.acting("billing"):
        path = InvoiceAttachment.objects.get().path
    (tmp_path / path).unlink()
    refused = as_biller.post("/billing/sendings/letters/pdf/", ticked, follow=True)
    assert "Erittely.pdf of invoice 20260001 could not be read" in refused.content.decode()


def test_an_e_invoice_names_its_files_and_the_pages_say_that_it_carries_none(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    made = draft(biller, bills.company(owner, **E_INVOICE), {"Erittely.pdf": pdf()})
    said = "Give these to the customer in another way: Erittely.pdf."
    assert said in text(as_biller, f"/billing/invoices/D{made.pk}/issue/")
    sent(biller, made)
    with access.acting("billing"):
        document = InvoiceDocument.from_json(Invoice.objects.get().snapshot or {})
    told = valid(finvoice.write(document)).findall(".//InvoiceFreeText")
    assert [one.text for one in told] == ["Liitteet: Erittely.pdf"]
    for address in (f"/billing/invoices/D{made.pk}/", "/billing/sendings/e-invoices/"):
        assert said in text(as_biller, address)


def test_another_channel_chosen_on_the_invoice_tells_at_once(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    made = draft(biller, bills.company(owner), {"kuva.jpg": JPEG})
    assert "by hand" not in text(as_biller, f"/billing/invoices/D{made.pk}/issue/")
    bills.issue(biller, made)
    answer = as_biller.post(f"/billing/invoices/D{made.pk}/send/", {"channel": "paper"}, follow=True)
    assert answer.content.decode().count("Enclose them in the letter by hand: kuva.jpg.") == 2
