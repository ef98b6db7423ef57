"""What is owed since when: invoices of round sums with proof of sending, to companies and consumers."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from billing import details
from billing.drafting import Line
from billing.models import DueBasis, Invoice, Receivable, Sending
from customers.models import Customer, VatCode
from register import access
from register.models import User
from tests import cast
from tests.billing import bills, money


def consumer(owner: User, family_name: str = "Yksityinen") -> Customer:
    """A private customer who can be billed."""
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer(family_name=family_name)
        details.record(customer, **bills.DETAILS, by=owner)
    return customer


def owed(
    biller: User, customer: Customer, amount: str, *, due: date, sent: date | None = None, **facts: Any
) -> Receivable:
    """A receivable of a round sum: invoiced and, unless told otherwise, sent 14 days before it is due."""
    on = facts.pop("issued", None) or date.fromordinal(due.toordinal() - 14)
    line = Line(description="Työ", quantity=Decimal(1), unit_price=Decimal(amount), vat_code=VatCode.ZERO)
    usual = {"payment_days": (due - on).days, "due_basis": DueBasis.CONTRACT}
    invoice = bills.issued(biller, customer, [line], on=on, **(usual | facts))
    send(biller, invoice, on=sent or on)
    claim = money.receivable(invoice)
    claim.invoice = invoice
    return claim


def send(
    biller: User, invoice: Invoice, *, on: date, state: str = Sending.State.SENT, hour: int = 12
) -> Sending:
    """Proof that an invoice went."""
    at = datetime.combine(on, time(hour), ZoneInfo("Europe/Helsinki"))
    with access.acting("billing", user_id=biller.pk):
        return Sending.objects.create(
            customer_id=invoice.customer_id,
            invoice=invoice,
            channel=Sending.Channel.PAPER,
            address="Sahantie 7",
            sha256=invoice.sha256,
            state=state,
            queued_at=at,
            sent_at=at,
        )
