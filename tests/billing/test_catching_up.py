"""Invoices issued before there was a ledger get one by the migration, the same as issuing gives them."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.db import connections

from register import access
from register.models import Registrar, User
from tests.billing import bills

CATCH_UP = import_module("billing.migrations.0006_ledger_law").CATCH_UP
TABLES = ("billing_entry", "billing_paymentreference", "billing_receivable")
LEDGER = (
    """SELECT invoice_id, customer_id, debtor, number, issued_on, due_on, due_basis, amount, open, costs, settled_on
         FROM billing_receivable ORDER BY invoice_id""",
    "SELECT key, receivable_id FROM billing_paymentreference ORDER BY key",
    """SELECT kind, part, receivable_id, document_id, amount, "on", entered_by_id FROM billing_entry
        ORDER BY document_id""",
)


def ledger() -> list[list[tuple[Any, ...]]]:
    with connections["migrate"].cursor() as cursor:
        found = []
        for query in LEDGER:
            cursor.execute(query)
            found.append(cursor.fetchall())
        return found


def test_the_migration_catches_up_on_what_was_issued_before(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    bills.issued(biller, company, due_basis="contract")
    bills.credit(biller, bills.issued(biller, company), on=bills.TODAY + timedelta(days=2))
    bills.draft(biller, company)
    before = ledger()
    assert [len(rows) for rows in before] == [2, 2, 3]
    with access.acting("migrate"), connections["migrate"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert ledger() == [[], [], []]
    with access.acting("migrate"), connections["migrate"].cursor() as cursor:
        cursor.execute(CATCH_UP)
    assert ledger() == before
