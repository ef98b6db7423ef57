"""Billing's cast: customers ready to be billed, released work, drafts and invoices, through the use cases.

Each function says through which login it acts and commits; call them outside `acting()`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pypdf

from billing import crediting, details, drafting, invoicing, releasing
from billing.drafting import Line
from billing.models import BillingDetails, DueBasis, Invoice, InvoicePdf, ReleasedAssignment
from customers import assignments
from customers.models import Customer, VatCode
from register import access
from register.models import User
from tests import cast

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
CONSULTING = (
    Line(
        description="Asiakasrekisterin käyttöönotto",
        quantity=Decimal(8),
        unit="h",
        unit_price=Decimal("89.00"),
    ),
    Line(description="Koulutuspäivä, Kuusamo", quantity=Decimal(1), unit="kpl", unit_price=Decimal("155.22")),
)
"""1 088,36 € with VAT at 25,5 %."""
DETAILS: dict[str, Any] = {
    "channel": BillingDetails.Channel.EMAIL,
    "email": "laskut@hoylaamo.example",
    "attention": "",
    "street": "Sahantie 7",
    "postal_code": "93600",
    "city": "Kuusamo",
    "country": "FI",
    "einvoice_address": "",
    "einvoice_operator": "",
    "vat_id": "",
    "buyer_reference": "",
    "payment_days": 14,
    "due_basis": DueBasis.INVOICE,
}


def line(code: str = VatCode.STANDARD, price: str = "100.00", **facts: Any) -> Line:
    return Line(description="Työ", quantity=Decimal(1), unit_price=Decimal(price), vat_code=code, **facts)


def company(owner: User, name: str = "Kuusamon Höyläämö Oy", **facts: Any) -> Customer:
    """A company with billing details; `facts` replace some of them."""
    business_id = facts.pop("business_id", "0112038-9")
    with access.acting("owner", user_id=owner.pk):
        customer = cast.company(name, business_id=business_id)
        details.record(customer, **(DETAILS | facts), by=owner)
    return customer


def released(
    owner: User,
    customer: Customer,
    *,
    title: str = "Hallin suunnittelu",
    lines: Sequence[assignments.Line] = cast.LINES,
    done_on: date = TODAY,
) -> ReleasedAssignment:
    """A done assignment, released by the owner."""
    with access.acting("owner", user_id=owner.pk):
        work = assignments.offer(customer=customer, title=title, lines=lines, by=owner, on=done_on)
        assignments.agree(work, on=done_on, by=owner)
        assignments.finish(work, on=done_on, by=owner)
        return releasing.release(assignment=work, by=owner, at=NOW)


def draft(
    biller: User, customer: Customer, lines: Sequence[Line] = CONSULTING, *, on: date = TODAY, **facts: Any
) -> Invoice:
    """A draft by hand; `facts` replace some of the usual ones."""
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_by_hand(customer, by=biller, on=on, lines=lines)
        if facts:
            usual = {name: getattr(invoice, name) for name in drafting.FACTS}
            drafting.revise(invoice, facts=drafting.Facts(**(usual | facts)), lines=lines, by=biller, on=on)
    return invoice


def issue(
    biller: User, invoice: Invoice, *, on: date = TODAY, client_key: uuid.UUID | None = None
) -> Invoice:
    with access.acting("billing", user_id=biller.pk):
        return invoicing.issue(invoice, by=biller, on=on, client_key=client_key or uuid.uuid4())


def issued(
    biller: User, customer: Customer, lines: Sequence[Line] = CONSULTING, *, on: date = TODAY, **facts: Any
) -> Invoice:
    return issue(biller, draft(biller, customer, lines, on=on, **facts), on=on)


def credit(biller: User, invoice: Invoice, *, on: date = TODAY, because: str = "Virhe") -> Invoice:
    with access.acting("billing", user_id=biller.pk):
        return crediting.credit(invoice, by=biller, on=on, because=because)


def paper(invoice: Invoice) -> str:
    """What the paper that was kept of an invoice says."""
    with access.acting("billing"):
        content = bytes(InvoicePdf.objects.get(invoice=invoice).content)
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")
