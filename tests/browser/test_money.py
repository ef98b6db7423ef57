"""From a draft to money or to the agency: the billing person's whole road, with the worker beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.drafting import Line
from billing.models import Handover, Invoice, Receivable, Sending
from register import access
from register.models import Registrar, User
from tests.billing import bills, late
from tests.billing.bankfiles import batch, camt, details
from tests.browser.running import Site
from tests.browser.visitors import look

pytestmark = pytest.mark.browser
WORK = [Line(description="Työ", quantity=Decimal(1), unit="kpl", unit_price=Decimal(100))]


def open_sum(invoice: Invoice) -> Decimal:
    with access.acting("billing"):
        return Receivable.objects.get(pk=invoice.pk).open


def test_an_invoice_is_issued_mailed_and_paid(
    at_work: Callable[..., Page], worker: None, site: Site, owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner, channel="email", email="laskut@hoylaamo.example")
    draft = bills.draft(biller, customer, WORK, on=timezone.localdate())
    page = at_work(biller)
    page.goto(f"/billing/invoices/D{draft.pk}/issue/")
    page.get_by_role("button", name="Issue and send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Invoice \d+$"))
    look(page, "money-issued")
    assert "20260001" in site.newest_mail("laskut@hoylaamo.example")
    for _second in range(30):
        with access.acting("billing"):
            invoice = Invoice.objects.get(pk=draft.pk)
            sending = invoice.sendings.get()
        if sending.state == "sent":
            break
        page.wait_for_timeout(1000)
    assert (sending.state, sending.channel) == ("sent", "email")
    paid = batch(details("125.50", reference=invoice.reference, archive="T1", payer="KUUSAMON HÖYLÄÄMÖ"))
    page.goto("/billing/bank/")
    page.get_by_label("Choose a bank file").set_input_files(
        {"name": "tapahtumat.xml", "mimeType": "application/xml", "buffer": camt(paid)}
    )
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Bank")
    page.goto(f"/billing/invoices/D{draft.pk}/")
    expect(page.get_by_text("Paid", exact=True).first).to_be_visible()
    assert open_sum(invoice) == 0


def test_a_debt_is_reminded_of(
    at_work: Callable[..., Page], worker: None, owner: User, biller: User, registrar: Registrar
) -> None:
    on = timezone.localdate() - timedelta(days=40)
    customer = bills.company(owner, channel="paper", email="")
    late.invoice(biller, customer, on=on, sent=on)
    page = at_work(biller)
    page.goto("/billing/")
    look(page, "money-desk")
    page.get_by_role("link", name=re.compile("^Reminders due")).click()
    look(page, "money-reminders")
    page.get_by_role("button", name="Approve the ticked letters").click()
    page.goto("/billing/sendings/letters/")
    for _second in range(30):
        if page.get_by_role("button", name="Download as one PDF").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    look(page, "money-letters")
    page.get_by_role("button", name="The ticked letters were printed and posted").click()
    with access.acting("billing"):
        assert Sending.objects.get(reminder__isnull=False).state == "sent"


def test_a_debt_that_was_reminded_of_is_handed_to_an_agency(
    at_work: Callable[..., Page], owner: User, biller: User, registrar: Registrar
) -> None:
    """The letter's own time has passed, and payments made then have come."""
    on = timezone.localdate() - timedelta(days=70)
    invoice = late.invoice(biller, bills.company(owner, channel="paper", email=""), on=on, sent=on)
    late.reminded(biller, on + timedelta(days=35))
    page = at_work(biller)
    page.goto("/billing/collection/agencies/")
    page.get_by_label("Agency's name").fill("Perintä Oy")
    page.get_by_label("Business ID").fill("1680235-8")
    page.get_by_role("button", name="Add").click()
    look(page, "money-agencies")
    page.goto("/billing/collection/candidates/")
    page.get_by_role("checkbox", name=invoice.number).check()
    look(page, "money-candidates")
    page.get_by_role("button", name="Open a case of the ticked debts").click()
    look(page, "money-case")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Handed over.")).to_be_visible()
    look(page, "money-case-with-agency")
    with page.expect_download() as download:
        page.get_by_role("link", name="Package").click()
    with access.acting("billing"):
        handover = Handover.objects.get()
    assert download.value.path().read_bytes() == bytes(handover.package)
    assert handover.principal == invoice.total
    page.goto(f"/billing/invoices/D{invoice.pk}/loss/")
    look(page, "money-loss")
