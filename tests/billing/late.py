"""The cast of late payment: invoices that were sent long ago, and what is decided about them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from billing import proposals, reminders, standing
from billing.models import Invoice, Reminder, ReminderRun, Sending
from billing.standing import Debt
from customers.models import Customer
from register import access
from register.models import User
from tests import cast
from tests.billing import bills, money

SENT = date(2026, 3, 2)
DUE = date(2026, 3, 16)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("Europe/Helsinki"))


def consumer(owner: User, **facts: Any) -> Customer:
    """A private customer with billing details."""
    from billing import details

    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer()
        details.record(customer, **(bills.DETAILS | {"email": "aino@posti.example"} | facts), by=owner)
    return customer


def invoice(
    biller: User, customer: Customer, *, on: date = SENT, sent: date | None = SENT, **facts: Any
) -> Invoice:
    """An invoice of 1 088,36 €, due 14 days later, with proof that it was sent."""
    issued = bills.issued(biller, customer, on=on, **facts)
    if sent is not None:
        with access.acting("billing", user_id=biller.pk):
            Sending.objects.create(
                customer=customer, invoice=issued, channel="email", address="x@y.example", sha256=issued.sha256,
                state=Sending.State.SENT, queued_at=noon(sent), sent_at=noon(sent),
            )  # fmt: skip
    return issued


def stands(issued: Invoice, on: date) -> Debt:
    with access.acting("billing"):
        return standing.debt(money.receivable(issued), on=on)


def approved(biller: User, on: date, **options: Any) -> ReminderRun:
    usual: dict[str, Any] = {
        "customers": None,
        "client_key": uuid.uuid4(),
        "on": on,
        "at": noon(on),
        "by": biller,
    }
    with access.acting("billing", user_id=biller.pk):
        return proposals.approve(**(usual | options))


def made(biller: User, run: ReminderRun, on: date) -> list[Reminder]:
    """The run's letters, made by the worker on a day."""
    with access.acting("worker", user_id=biller.pk):
        for pk in reminders.waiting(run.pk):
            reminders.make(pk, at=noon(on), by=biller)
        reminders.finish(run.pk, at=noon(on))
        return list(run.reminders.order_by("pk"))


def gone(reminder: Reminder, on: date, state: str = Sending.State.SENT) -> None:
    """The letter has gone, or has come back."""
    with access.acting("worker"):
        Sending.objects.filter(reminder=reminder).update(state=state, sent_at=noon(on))


def reminded(biller: User, on: date, **options: Any) -> list[Reminder]:
    """Approved, made and gone on a day."""
    letters = made(biller, approved(biller, on, **options), on)
    for letter in letters:
        gone(letter, on)
    return letters
