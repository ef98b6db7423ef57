"""Invoices with RF references: as the company chose, on every paper, and one with the Finnish ones to payments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from billing import agreements, debt_paper, details, documents, finvoice, references, worklists
from billing.models import Invoice, InvoicePdf, PaymentReference
from billing.pdf import InvoiceDocument
from customers.models import Customer
from register import access
from register.models import ReferenceForm, Registrar, User
from register.registrar.forms import RegistrarForm
from tests.billing import bills, late, money
from tests.billing.codes import seen, words
from tests.billing.test_finvoice import text, valid

V4 = "421123456000007850010883600000000000000202600017260915"
V5 = "521123456000007850010883685000000000000202600017260915"
QR = (
    "BCD", "001", "1", "SCT", "NDEAFIHH", "Esimerkki Oy", "FI2112345600000785", "EUR1088.36", "",
    "RF85202600017", "", "ReqdExctnDt/2026-09-15",
)  # fmt: skip


def choose(owner: User, form: str) -> None:
    with access.acting("owner", user_id=owner.pk):
        Registrar.objects.update(reference_form=form)


def content(invoice: Invoice) -> bytes:
    with access.acting("billing"):
        return bytes(InvoicePdf.objects.get(invoice=invoice).content)


@pytest.mark.parametrize(
    ("form", "country", "reference"),
    [
        (ReferenceForm.NATIONAL, "FI", "202600017"),
        (ReferenceForm.NATIONAL, "SE", "202600017"),
        (ReferenceForm.RF_ABROAD, "FI", "202600017"),
        (ReferenceForm.RF_ABROAD, "SE", "RF85202600017"),
        (ReferenceForm.RF, "FI", "RF85202600017"),
    ],
)
def test_the_company_chooses_whose_invoices_carry_an_rf_reference(
    registrar: Registrar, owner: User, biller: User, form: str, country: str, reference: str
) -> None:
    choose(owner, form)
    invoice = bills.issued(biller, bills.company(owner, country=country, postal_code="11122"))
    assert invoice.reference == reference
    assert InvoiceDocument.from_json(invoice.snapshot or {}).reference == reference
    with access.acting("billing"):
        assert PaymentReference.objects.get().key == "202600017"


def test_scenarios_1_2_6_and_9_on_an_issued_paper(registrar: Registrar, owner: User, biller: User) -> None:
    """The reference in fours, the bar code of version 5 and the QR code, read back from the page."""
    customer = bills.company(owner)
    choose(owner, ReferenceForm.RF)
    paper = content(bills.issued(biller, customer))
    assert seen(paper) == {"Code 128": V5, "QR Code": "\n".join(QR)}
    assert words(paper).count("RF85 2026 0001 7") == 2
    assert V5 in words(paper).replace(" ", "")


def test_scenario_5_on_an_issued_paper(registrar: Registrar, owner: User, biller: User) -> None:
    paper = content(bills.issued(biller, bills.company(owner)))
    assert seen(paper)["Code 128"] == V4
    assert words(paper).count("2026 00017") == 2


def test_the_finvoice_of_an_rf_invoice_names_it_as_one(
    registrar: Registrar, owner: User, biller: User
) -> None:
    choose(owner, ReferenceForm.RF)
    invoice = bills.issued(biller, bills.company(owner))
    root = valid(finvoice.write(InvoiceDocument.from_json(invoice.snapshot or {})))
    identifier: Any = root.find(".//EpiRemittanceInfoIdentifier")
    assert (identifier.text, identifier.get("IdentificationSchemeName")) == ("RF85202600017", "ISO")
    assert text(root, "VirtualBankBarcode") == V5


def overdue(owner: User, biller: User) -> tuple[Customer, Invoice]:
    choose(owner, ReferenceForm.RF)
    customer = late.consumer(owner)
    return customer, late.invoice(biller, customer)


def test_reminders_and_statements_of_debt_carry_the_invoices_form(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    customer, _invoice = overdue(owner, biller)
    [letter] = late.reminded(biller, date(2026, 3, 30))
    with access.acting("billing"):
        reminder = bytes(letter.pdf.content)
        statement = debt_paper.render(
            customer, on=date(2026, 3, 30), seller=documents.registrar(), details=details.of(customer)
        )
    codes = seen(reminder)
    assert codes["Code 128"].startswith("52112345600000785")
    assert codes["Code 128"][25:48] == "85" + "202600017".zfill(21)
    assert "RF85202600017" in codes["QR Code"].splitlines()
    assert "RF85 2026 0001 7" in words(reminder)
    assert "RF85 2026 0001 7" in words(statement)
    page = as_biller.get(f"/billing/customers/K{customer.pk}/debt/").content.decode()
    assert "RF85 2026 0001 7" in page


def test_instalments_carry_the_invoices_form(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    _customer, invoice = overdue(owner, biller)
    on = date(2026, 3, 30)
    with access.acting("billing", user_id=biller.pk):
        days = agreements.monthly(on + timedelta(days=30), 3)
        plan = agreements.plan(money.receivable(invoice), days=days, on=on, by=biller)
        keys = [part.reference.key for part in plan.instalments.select_related("reference")]
    assert all(key.isdigit() for key in keys)
    page = as_biller.get(f"/billing/invoices/D{invoice.pk}/late/").content.decode()
    assert page.count('data-label="Reference number" class="number">RF') == 3


@pytest.mark.parametrize("typed", ["RF85 2026 0001 7", "202600017", "0000 2026 0001 7"])
def test_the_list_finds_an_invoice_by_either_form(
    registrar: Registrar, owner: User, biller: User, typed: str
) -> None:
    choose(owner, ReferenceForm.RF)
    invoice = bills.issued(biller, bills.company(owner))
    with access.acting("billing"):
        assert worklists.by_number(typed) == invoice


def test_the_owner_chooses_on_the_registrars_page(
    registrar: Registrar, owner: User, as_owner: Client
) -> None:
    page = as_owner.get("/register/registrar/").content.decode()
    assert '<option value="rf_abroad" selected>' in page
    usual = RegistrarForm(instance=registrar).initial
    typed = {name: "" if value is None else value for name, value in usual.items()}
    answer = as_owner.post("/register/registrar/", typed | {"reference_form": "rf"})
    assert answer.status_code == 302
    with access.acting("owner"):
        assert Registrar.objects.get().reference_form == ReferenceForm.RF


def test_a_reference_that_fails_its_check_is_shown_as_it_came() -> None:
    """Old rows may hold one; a statement of debt is shown all the same."""
    assert [references.written(one) for one in ("202600017", "RF85202600017", "202600018", "")] == [
        "2026 00017",
        "RF85 2026 0001 7",
        "202600018",
        "",
    ]
