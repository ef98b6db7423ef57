"""Issuing through the real logins: numbers, frozen documents, rates, and what stops it."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from lxml import etree

from billing import drafting, invoicing, pdf, vat
from billing.drafting import Line
from billing.models import Invoice, InvoicePdf, Series
from billing.pdf import InvoiceDocument
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills
from tests.billing.bills import CONSULTING, TODAY, line, paper


def test_an_issued_invoice_has_number_reference_due_date_and_frozen_paper(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    invoice = bills.issued(biller, customer)
    with access.acting("billing"):
        stored = Invoice.objects.get()
        kept = InvoicePdf.objects.get()
    assert (stored.number, stored.reference) == ("20260001", "202600017")
    assert (stored.issued_on, stored.due_on) == (TODAY, date(2026, 9, 15))
    assert (stored.net, stored.vat, stored.total) == (
        Decimal("867.22"),
        Decimal("221.14"),
        Decimal("1088.36"),
    )
    assert stored.kept_until == date(2032, 12, 31)
    assert stored.issued_at is not None
    assert (stored.issued_by_id, stored.drafted_by_id) == (biller.pk, biller.pk)
    assert stored.sha256 == kept.sha256 == hashlib.sha256(bytes(kept.content)).hexdigest()
    document = InvoiceDocument.from_json(stored.snapshot)
    assert document.missing() == ()
    assert (document.buyer.name, document.buyer.address) == (customer.name, ("Sahantie 7", "93600 Kuusamo"))
    assert pdf.render(document, invoicing.as_einvoice(document)) == bytes(kept.content)
    printed = paper(invoice)
    for words in (
        "20260001",
        "2026 00017",
        "1 088,36 €",
        "Kuusamon Höyläämö Oy",
        "Esimerkki Oy",
        "15.9.2026",
    ):
        assert words in printed, words


def test_invoices_and_credit_notes_number_on_in_series_of_their_own_by_year(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    first = bills.issued(biller, customer)
    second = bills.issued(biller, customer)
    note = bills.credit(biller, first)
    next_year = bills.issued(biller, customer, on=date(2027, 1, 2))
    assert [one.number for one in (first, second, note, next_year)] == [
        "20260001",
        "20260002",
        "H20260001",
        "20270001",
    ]


# --- rates ---


@pytest.mark.parametrize(
    ("code", "delivered_on", "rate"),
    [
        ("reduced", date(2025, 12, 31), "14"),
        ("reduced", date(2026, 1, 1), "13.5"),
        ("standard", date(2024, 8, 31), "24"),
        ("standard", date(2024, 9, 1), "25.5"),
        ("press", date(2026, 1, 1), "10"),
    ],
)
def test_the_rate_is_that_of_the_day_of_delivery(
    owner: User, biller: User, registrar: Registrar, code: str, delivered_on: date, rate: str
) -> None:
    invoice = bills.issued(
        biller, bills.company(owner), [line(code, delivered_on=delivered_on)], on=date(2026, 1, 10)
    )
    with access.acting("billing"):
        assert invoice.lines.get().vat_rate == Decimal(rate)
    assert invoice.vat == Decimal(rate)
    assert InvoiceDocument.from_json(invoice.snapshot).supplied_on == delivered_on


def test_lines_without_a_day_were_delivered_on_the_day_of_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    mixed = bills.issued(biller, customer, [line(delivered_on=date(2026, 8, 1)), line()])
    same_day = bills.issued(biller, customer, [line(delivered_on=TODAY), line()])
    told = [InvoiceDocument.from_json(one.snapshot) for one in (mixed, same_day)]
    assert [(one.supplied_from, one.supplied_on) for one in told] == [(date(2026, 8, 1), TODAY), (None, None)]


def test_a_missing_rate_stops_the_calculation_and_is_named(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    with pytest.raises(vat.RateMissing, match=r"general rate|yleinen") as missing:
        bills.draft(biller, customer, [line(delivered_on=date(2012, 12, 31))])
    assert "31.12.2012" in str(missing.value)
    with access.acting("billing"):
        assert not Invoice.objects.exists()


def test_a_rate_that_ends_before_issuing_leaves_the_draft_without_a_number(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    with access.acting("owner", user_id=owner.pk):
        rate = vat.VatRate.objects.on(TODAY).get(code="standard")
        rate.valid_to = date(2026, 8, 31)
        rate.save(update_fields=["valid_to"])
    with pytest.raises(vat.RateMissing):
        bills.issue(biller, invoice)
    with access.acting("billing"):
        assert Invoice.objects.get().is_draft
        assert not Series.objects.exists()


# --- what stops it ---


@pytest.mark.parametrize(
    ("details", "lines", "reason"),
    [
        ({"street": "", "postal_code": "", "city": ""}, CONSULTING, "buyer's name or address"),
        ({}, [], "no lines"),
        ({}, [line("exempt")], "reason why no VAT"),
        ({}, [line("reverse")], "buyer's VAT number"),
        ({}, [line(price="-1.00")], "cannot be negative"),
    ],
)
def test_an_invoice_that_lacks_what_the_law_asks_for_is_not_issued(
    owner: User,
    biller: User,
    registrar: Registrar,
    details: dict[str, Any],
    lines: list[Line],
    reason: str,
) -> None:
    invoice = bills.draft(biller, bills.company(owner, **details), lines)
    with pytest.raises(invoicing.Incomplete) as incomplete:
        bills.issue(biller, invoice)
    assert reason in str(incomplete.value)
    with access.acting("billing"):
        assert invoicing.lacking(invoice, on=TODAY) == incomplete.value.reasons
        assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "price", "error"),
    [
        ("999999999.999", "999999999.9999", "too large"),
        ("0", "1", "quantity other than zero"),
    ],
)
def test_figures_that_no_invoice_can_hold_are_refused(
    owner: User, biller: User, registrar: Registrar, quantity: str, price: str, error: str
) -> None:
    customer = bills.company(owner)
    with pytest.raises(ValueError, match=error):
        bills.draft(
            biller,
            customer,
            [Line(description="Työ", quantity=Decimal(quantity), unit_price=Decimal(price))],
        )


# --- the paper ---


def test_reverse_charge_carries_its_wording_and_the_buyers_vat_number(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner, vat_id="FI01120389")
    work = bills.released(
        owner,
        customer,
        lines=[bills.assignments.Line("Rakennustyö", Decimal(1), Decimal("563.50"), vat_code="reverse")],
    )
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_from([work], by=biller, on=TODAY)
    issued = bills.issue(biller, invoice)
    assert (issued.net, issued.vat, issued.total) == (Decimal("563.50"), Decimal("0.00"), Decimal("563.50"))
    assert "AVL 8 c §" in paper(issued)
    assert "FI01120389" in paper(issued)


def test_a_seller_outside_the_vat_register_shows_no_vat(
    owner: User, biller: User, registrar: Registrar
) -> None:
    with access.acting("owner", user_id=owner.pk):
        registrar.vat_registered = False
        registrar.save(update_fields=["vat_registered"])
    invoice = bills.issued(biller, bills.company(owner))
    assert (invoice.vat, invoice.total) == (Decimal("0.00"), Decimal("867.22"))
    assert "Ei arvonlisäverovelvollinen, AVL 3 §" in paper(invoice)
    assert "FI23456780" not in paper(invoice)


def test_the_paper_speaks_the_customers_language(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.issued(biller, bills.company(owner), language="sv")
    assert "Faktura" in paper(invoice)
    assert "14 dagar netto" in paper(invoice)


def test_the_preview_is_the_invoice_but_for_number_and_payment(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        before = invoicing.preview(invoice, on=TODAY)
        assert not Series.objects.exists()
    text = pypdf.PdfReader(BytesIO(before)).pages[0].extract_text()
    assert "Luonnos" in text
    assert "Koulutuspäivä, Kuusamo" in text


def test_the_papers_carry_the_same_document_as_an_e_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    note = bills.credit(biller, invoice)
    for document, amount in ((invoice, "1088,36"), (note, "-1088,36")):
        with access.acting("billing"):
            reader = pypdf.PdfReader(BytesIO(bytes(InvoicePdf.objects.get(invoice=document).content)))
        [written] = reader.attachments[f"finvoice-{document.number}.xml"]
        root = etree.fromstring(written)
        assert root.findtext(".//InvoiceNumber") == document.number
        assert root.findtext(".//EpiInstructedAmount") == amount


def test_an_address_that_no_e_invoice_takes_does_not_stop_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(
        biller, bills.company(owner, street="Dock 7", postal_code="", city="Riga", country="LV")
    )
    with access.acting("billing"):
        reader = pypdf.PdfReader(BytesIO(bytes(InvoicePdf.objects.get(invoice=invoice).content)))
    assert dict(reader.attachments) == {}


# --- the audit ---


def test_the_audit_holds_who_issued_and_no_word_of_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    bills.issued(biller, bills.company(owner), note="Salainen huomautus")
    with access.acting("owner"):
        entries = list(AuditEntry.objects.filter(object_repr="20260001", action=AuditEntry.Action.UPDATE))
        everything = str(list(AuditEntry.objects.values()))
    assert [entry.actor_id for entry in entries] == [biller.pk]
    assert "number" in entries[0].changes
    for secret in ("Salainen", "Höyläämö", "Koulutuspäivä", "Sahantie"):
        assert secret not in everything


def test_drawing_up_and_issuing_take_few_statements(owner: User, biller: User, registrar: Registrar) -> None:
    customer = bills.company(owner)
    bills.issued(biller, customer)
    with CaptureQueriesContext(connections["billing"]) as queries:
        bills.issued(biller, customer)
    asked = [query["sql"] for query in queries]
    assert any("billing_series" in sql for sql in asked)
    assert len(asked) <= 35, asked  # BEGIN, SAVEPOINT and their ends among them
