"""The ledger's cast: payments and what they meet, through the use cases and the billing login."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing import ledger
from billing.models import Entry, Invoice, Payment, Receivable
from register import access
from register.models import User
from tests.billing.bills import TODAY


def receivable(invoice: Invoice) -> Receivable:
    """What is owed of an invoice now."""
    with access.acting("billing"):
        return held(invoice)


def held(invoice: Invoice | Receivable) -> Receivable:
    """The same, asked by whoever is acting already."""
    return Receivable.objects.get(pk=invoice.pk)


def payment(biller: User, amount: str, *, on: date = TODAY, **facts: Any) -> Payment:
    """Money that came, met by nothing yet."""
    with access.acting("billing", user_id=biller.pk):
        made = Payment.objects.create(
            source=Payment.Source.MANUAL, amount=Decimal(amount), paid_on=on, booked_on=on, **facts
        )
        made.refresh_from_db()
    return made


def paid(
    biller: User, invoice: Invoice, amount: str, *, on: date = TODAY, part: str = ledger.Part.PRINCIPAL
) -> Entry:
    """An invoice paid, in part or whole, by a payment of just that amount."""
    money = payment(biller, amount, on=on)
    with access.acting("billing", user_id=biller.pk):
        return ledger.allocate(money, held(invoice), Decimal(amount), on=on, by=biller, part=part)
