"""What the billing person does at the bank's pages, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billing.drafting import Line
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bankfiles import batch, camt, details, entry
from tests.browser.visitors import DESKTOP, PHONE, look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_bank_file_is_imported_and_its_payments_are_settled(
    at_work: Callable[..., Page], biller: User, owner: User, registrar: Registrar, size: object
) -> None:
    customer = bills.company(owner)
    line = Line(description="Työ", quantity=Decimal(1), unit="kpl", unit_price=Decimal(100))
    first, second, third = (bills.issued(biller, customer, [line]) for _n in range(3))
    page = at_work(biller, size)
    page.goto("/billing/bank/")
    look(page, "bank-empty")
    said = "Laskut viime kuulta, kiitos. " * 8
    paid = batch(
        details("125.50", reference=first.reference, archive="T1", payer="KUUSAMON HÖYLÄÄMÖ"),
        details("145.50", reference=second.reference, archive="T2", payer="KUUSAMON HÖYLÄÄMÖ"),
        details("125.50", archive="T3", payer="Kuusamon Höyläämö", message=said),
        details("12.00", reference="202699999", archive="T4", payer="Maija Meikäläinen-Korhonen-Mäkipää"),
    )
    bare = batch(amount="87.40", count=3, archive="REFP2", day="2026-09-14")
    file = {"name": "tapahtumat-2026-09-15.xml", "mimeType": "application/xml", "buffer": camt(paid, bare)}
    page.get_by_label("Choose a bank file").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("link", name="Known already")).to_have_count(0)
    look(page, "bank-file")
    page.get_by_role("link", name="Payments to look at").last.click()
    look(page, "bank-payments")
    page.get_by_role("link", name="M", exact=False).filter(has_text="M").first.wait_for()
    page.locator("tr", has_text="Kuusamon Höyläämö").filter(has_text="No reference").get_by_role(
        "link"
    ).first.click()
    look(page, "bank-payment")
    expect(page.get_by_role("button", name="Allocate").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is settled. This is the next one.")).to_be_visible()
    look(page, "bank-payment-too-much")
    page.get_by_label("Account (IBAN)").fill("FI48 1950 3000 0000 10")
    page.get_by_role("button", name="Propose a refund").click()
    page.goto("/billing/bank/refunds/")
    look(page, "bank-refunds")
    page.get_by_role("button", name="Approve").click()
    look(page, "bank-refunds-approved")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("The file is ready.")).to_be_visible()
    look(page, "bank-refunds-file")
    assert third.number


def test_a_broken_file_says_its_line(
    at_work: Callable[..., Page], biller: User, registrar: Registrar
) -> None:
    page = at_work(biller)
    page.goto("/billing/bank/")
    broken = camt(entry("5,00", details("5.00")))
    page.get_by_label("Choose a bank file").set_input_files(
        {"name": "rikki.xml", "mimeType": "application/xml", "buffer": broken}
    )
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("An amount cannot be read.")).to_be_visible()
    look(page, "bank-broken")
    page.goto("/billing/bank/payments/new/")
    look(page, "bank-by-hand")
