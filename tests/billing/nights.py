"""The clock of the night run: the database's own day is moved by its superuser, which no login can do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from psycopg import sql

from billing.models import Entry, Invoice, InvoicePdf, Payment, Receivable
from customers.models import Customer
from register import access, erasure, retention
from register.models import Erasure, User
from tests.billing import late, money
from tests.cluster import admin_url

ASKED = date(2026, 6, 1)


@contextmanager
def on(day: date) -> Iterator[None]:
    """For the database it is that day."""
    with psycopg.connect(admin_url(os.environ["REGISTER_TEST_DATABASE"]), autocommit=True) as server:
        was = server.execute("SELECT pg_get_functiondef('register_today'::regproc)").fetchone()
        server.execute(
            sql.SQL(
                "CREATE OR REPLACE FUNCTION register_today() RETURNS date LANGUAGE sql STABLE AS "
                "'SELECT make_date({}, {}, {})'"
            ).format(day.year, day.month, day.day)
        )
        try:
            yield
        finally:
            assert was is not None
            server.execute(was[0])


def run(day: date, *, most: int = retention.AT_ONCE) -> int:
    """The night run of a day, and in how many transactions; what is refused is raised."""
    turns = 0
    with on(day):
        with access.acting("worker"):
            numbers = retention.due(on=day)
        for number in numbers:
            more = True
            while more:
                turns += 1
                with access.acting("worker"):
                    more = retention.go_on(number, on=day, at=late.noon(day), most=most)
    return turns


def left() -> dict[str, int]:
    """How many rows of some tables there are."""
    with access.acting("owner"):
        return {
            model.__name__: model._default_manager.count()
            for model in (Invoice, InvoicePdf, Receivable, Entry, Payment)
        }


def whole() -> set[str]:
    """The numbers of the documents that have all they were issued with."""
    with access.acting("owner"):
        return {str(one) for one in Invoice.objects.issued() if not one.is_stripped}


# --- what happens by day -------------------------------------------------------------------------------


def erased(owner: User, customer: Customer, *, on: date = ASKED) -> erasure.Outcome:
    with access.acting("owner", user_id=owner.pk):
        found = Customer.objects.get(pk=customer.pk)
        return erasure.erase(found, by=owner, at=late.noon(on), reason=Erasure.Reason.ASKED)


def settled(biller: User, customer: Customer, *, on: date, paid_on: date | None = None) -> Invoice:
    """An issued, sent and paid invoice."""
    invoice = late.invoice(biller, customer, on=on, sent=on)
    money.paid(biller, invoice, str(invoice.total), on=paid_on or on)
    return invoice


def until(outcome: erasure.Outcome) -> set[date | None]:
    return {one.until for one in outcome.kept}
