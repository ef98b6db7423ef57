"""Sendings as tests ask for them and look at them."""

from __future__ import annotations

from datetime import date, datetime

from billing import sending
from billing.models import Invoice, Reminder, Sending
from register import access
from register.models import User
from tests.billing import bills

AT = bills.NOW
State = Sending.State


def sent(biller: User, document: Invoice | Reminder, *, at: datetime = AT, channel: str = "") -> Sending:
    with access.acting("billing", user_id=biller.pk):
        return sending.send(document, by=biller, at=at, channel=channel)


def now(row: Sending) -> Sending:
    with access.acting("billing"):
        return Sending.objects.select_related("invoice").get(pk=row.pk)


def proven(invoice: Invoice) -> date | None:
    with access.acting("billing"):
        return sending.sent_on(invoice)
