"""The clock of the night run: the database's own day is moved by its superuser, which no login can do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from psycopg import sql

from billing.models import Entry, Invoice, InvoicePdf, Payment, Receivable
from register import access, retention
from tests.billing import late
from tests.cluster import admin_url


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
