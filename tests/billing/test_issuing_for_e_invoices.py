"""What a Finvoice cannot hold is told before an invoice is issued to a customer who gets e-invoices."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from billing import finvoice, invoicing, numbering
from billing.models import Invoice, Series
from billing.pdf import InvoiceDocument, Kind
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.pages import as_biller, english  # noqa: F401 (fixtures)
from tests.billing.test_finvoice import valid

E_INVOICE: dict[str, Any] = {
    "channel": "e_invoice", "email": "", "einvoice_address": "003701120389", "einvoice_operator": "003721291126",
}  # fmt: skip
STREET = "An e-invoice needs the customer's street address, postal code and town."


def lacking(draft: Invoice) -> tuple[str, ...]:
    with access.acting("billing"):
        return invoicing.lacking(Invoice.objects.get(pk=draft.pk), on=bills.TODAY)


@pytest.mark.usefixtures("english")
def test_a_customer_of_e_invoices_without_a_street_is_told_of_before_issuing(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    draft = bills.draft(biller, bills.company(owner, **E_INVOICE, street=""))
    assert STREET in lacking(draft)
    page = as_biller.get(f"/billing/invoices/D{draft.pk}/").content.decode()
    assert "customer&#x27;s street address" in page
    assert "Add the billing details" in page
    with pytest.raises(invoicing.Incomplete, match="street address"):
        bills.issue(biller, draft)
    with access.acting("billing"):
        assert not Series.objects.exists()


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"street": "x" * 120}, STREET),
        ({"postal_code": "", "city": "Kuusamo"}, STREET),
        ({"einvoice_operator": ""}, "e-invoice address or operator is missing"),
    ],
)
def test_each_reason_why_no_finvoice_can_be_written_is_told(
    registrar: Registrar, owner: User, biller: User, facts: dict[str, Any], reason: str
) -> None:
    customer = bills.company(owner, **E_INVOICE)
    with access.acting("owner", user_id=owner.pk):
        known = customer.billing_details
        for name, value in facts.items():
            setattr(known, name, value)
        known.save(update_fields=list(facts))
    assert any(reason in told for told in lacking(bills.draft(biller, customer)))


def test_the_same_customer_on_paper_lacks_nothing_and_a_whole_address_neither(
    registrar: Registrar, owner: User, biller: User
) -> None:
    paper = bills.company(owner, "Paperi Oy", business_id="2345678-0", channel="paper", email="", street="")
    assert lacking(bills.draft(biller, paper)) == ()
    whole = bills.draft(biller, bills.company(owner, **E_INVOICE))
    assert lacking(whole) == ()
    snapshot = bills.issue(biller, whole).snapshot
    valid(finvoice.write(InvoiceDocument.from_json(snapshot or {})))


@pytest.mark.usefixtures("english")
def test_scenario_40_a_number_of_more_than_twenty_characters_is_refused_at_issue(
    registrar: Registrar, owner: User, biller: User, monkeypatch: pytest.MonkeyPatch, as_biller: Client
) -> None:
    draft = bills.draft(biller, bills.company(owner))
    monkeypatch.setitem(numbering.PREFIXES, Kind.INVOICE, "TAMPERE-2026-")
    with pytest.raises(numbering.NumberTooLong, match="20 characters"):
        bills.issue(biller, draft)
    key = "7d5a8a3e-3b7e-4d39-93e4-1f8a7f6f3f10"
    page = as_biller.post(f"/billing/invoices/D{draft.pk}/issue/", {"key": key}, follow=True)
    assert "more than 20 characters" in page.content.decode()
    with access.acting("billing"):
        assert Invoice.objects.get().is_draft
        assert not Series.objects.exists()
    monkeypatch.setitem(numbering.PREFIXES, Kind.INVOICE, "TAMPERE-2026")
    assert len(bills.issue(biller, draft).number) == 20
