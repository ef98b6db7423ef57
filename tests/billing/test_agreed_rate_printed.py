"""The invoice prints the late interest that was agreed, where one was, and the law's otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from lxml import etree

from billing import agreed_rates, finvoice, invoicing
from billing.models import Invoice
from billing.pdf import InvoiceDocument
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills, late

LAW = "korkolain viitekorko + 8 prosenttiyksikköä eräpäivästä"


@pytest.fixture
def company(registrar: Registrar, owner: User, biller: User) -> Customer:
    """16 % was agreed for what is invoiced from February to April."""
    company = bills.company(owner)
    with access.acting("billing", user_id=biller.pk):
        agreed = agreed_rates.agree(
            company, rate=Decimal(16), valid_from=date(2026, 2, 1), agreement="Puitesopimus 7 §", by=biller
        )
        agreed_rates.end(agreed, on=date(2026, 4, 30), by=biller)
    return company


def document(invoice: Invoice) -> InvoiceDocument:
    assert invoice.snapshot is not None
    return InvoiceDocument.from_json(invoice.snapshot)


def test_the_agreed_rate_stands_on_what_is_invoiced_while_it_holds(company: Customer, biller: User) -> None:
    before, first, last, after = (
        bills.issued(biller, company, on=on, due_basis="contract")
        for on in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 4, 30), date(2026, 5, 1))
    )
    for issued in (before, after):
        assert (document(issued).late_interest, document(issued).late_interest_percent) == (LAW, None)
    for issued in (first, last):
        words = document(issued).late_interest.replace("\u00a0", " ")
        assert (words, document(issued).late_interest_percent) == ("16 % vuodessa, sovittu, eräpäivästä", 16)
    paper = " ".join(bills.paper(first).split())
    assert "16 % vuodessa, sovittu, eräpäivästä" in paper
    assert "viitekorko" not in paper
    assert LAW in " ".join(bills.paper(before).split())


def test_the_e_invoice_tells_the_percent(company: Customer, biller: User) -> None:
    issued = bills.issued(biller, company, on=date(2026, 2, 2), due_basis="contract")
    fine = etree.fromstring(finvoice.write(document(issued))).find(".//PaymentOverDueFineDetails")
    assert fine is not None
    assert [(part.tag, (part.text or "").replace("\u00a0", " ")) for part in fine] == [
        ("PaymentOverDueFineFreeText", "16 % vuodessa, sovittu, eräpäivästä"),
        ("PaymentOverDueFinePercent", "16"),
    ]


def test_a_consumers_invoice_and_a_proforma_tell_no_agreed_rate(
    company: Customer, owner: User, biller: User
) -> None:
    consumer = late.consumer(owner)
    issued = bills.issued(biller, consumer, on=date(2026, 2, 2), due_basis="contract")
    assert document(issued).late_interest == "korkolain viitekorko + 7 prosenttiyksikköä eräpäivästä"
    draft = bills.draft(biller, company, on=date(2026, 2, 2))
    with access.acting("billing", user_id=biller.pk):
        papers = [make(draft, on=date(2026, 2, 2)) for make in (invoicing.preview, invoicing.proforma)]
    preview, proforma = (
        " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages) for paper in papers
    )
    assert "vuodessa, sovittu" in preview
    assert "sovittu" not in proforma
    assert "Kuusamon" in proforma
