"""The seeded invoices' ledger: what is owed and paid of each, as the triggers would have summed it.

What became of an invoice follows from its number: of a thousand, 50 are wholly and 20 half unpaid, 10 are written
off as lost, 50 are short by less than a euro, the rest are paid; those not due yet are half paid.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from psycopg import sql

from config.bench.bulk import insert

MODELS = ("Receivable", "PaymentReference", "Payment", "Entry")
ACCOUNT = "FI2112345600000785"
"""The company's bank account."""
UNMATCHED = 500
"""One payment in so many besides found no invoice."""

DEBTS = """
CREATE UNLOGGED TABLE bench_debt AS
SELECT d.*, CASE WHEN fate < 50 THEN 0 WHEN fate < 70 THEN round(total / 2, 2) WHEN fate < 80 THEN 0
                 WHEN fate < 130 THEN total - 0.37 ELSE total END AS paid,
       CASE WHEN fate >= 70 AND fate < 80 THEN total ELSE 0 END AS lost,
       CASE WHEN fate >= 80 AND fate < 130 THEN 0.37 ELSE 0 END AS forgiven
  FROM (SELECT i.id, i.customer_id, i.number, i.reference, i.issued_on, i.due_on, i.due_basis, i.total, i.issued_by_id,
               c.kind = 'private' AS consumer, least(i.issued_on + 3 + (i.id % 30)::int, {on}::date) AS paid_on,
               least(i.issued_on + 200, {on}::date) AS lost_on,
               CASE WHEN i.due_on >= {on}::date THEN CASE WHEN i.id % 2 = 0 THEN 0 ELSE 999 END
                    WHEN i.due_on > {on}::date - 200 AND i.id * 7919 % 1000 BETWEEN 70 AND 79 THEN 0
                    ELSE i.id * 7919 % 1000 END AS fate
          FROM billing_invoice i JOIN customers_customer c ON c.id = i.customer_id) d
"""


def reference(number: sql.Composable) -> sql.Composable:
    """A viitenumero of nine digits: its last by the weights 7, 3, 1 from the right."""
    base = sql.SQL("(10000000 + {})").format(number)
    weighed = sql.SQL(" + ").join(
        sql.SQL(f"{weight} * ({{}} / {10**place} % 10)").format(base)  # type: ignore[arg-type]
        for place, weight in enumerate((7, 3, 1, 7, 3, 1, 7, 3))
    )
    return sql.SQL("(({} * 10 + (10 - ({}) % 10) % 10)::text)").format(base, weighed)


def fill(cursor: Any, on: date) -> None:
    """Receivables, references, payments and entries of all invoices there are."""
    cursor.execute(sql.SQL(DEBTS).format(on=sql.Literal(on)))
    left = "s.total - s.paid - s.lost - s.forgiven"
    insert(cursor, "billing.Receivable", "FROM bench_debt s", {
        "invoice_id": "s.id", "customer_id": "s.customer_id", "number": "s.number", "issued_on": "s.issued_on",
        "debtor": "CASE WHEN s.consumer THEN 'consumer' ELSE 'business' END", "due_on": "s.due_on",
        "due_basis": "s.due_basis", "amount": "s.total", "open": left,
        "settled_on": f"CASE WHEN {left} = 0 THEN CASE WHEN s.lost > 0 THEN s.lost_on ELSE s.paid_on END END",
    })  # fmt: skip
    insert(cursor, "billing.PaymentReference", "FROM bench_debt s", {
        "key": "s.reference", "receivable_id": "s.id",
    })  # fmt: skip
    _fill_payments(cursor)
    _fill_entries(cursor)


def _fill_payments(cursor: Any) -> None:
    money: dict[str, str | sql.Composable] = {
        "source": "'bank'", "paid_on": "s.paid_on", "booked_on": "s.paid_on", "payer_name": "'Maksaja'",
        "account": sql.Literal(ACCOUNT), "entered_at": "now()",
    }  # fmt: skip
    insert(cursor, "billing.Payment", "FROM bench_debt s WHERE s.paid > 0", money | {
        "id": "s.id", "customer_id": "s.customer_id", "amount": "s.paid", "reference": "s.reference",
        "archive_id": "'A' || s.id",
    })  # fmt: skip
    unmatched = f"FROM bench_debt s WHERE s.id % {UNMATCHED} = 0"
    insert(cursor, "billing.Payment", unmatched, money | {
        "id": "(SELECT max(id) FROM billing_invoice) + s.id", "amount": "s.total", "unallocated": "s.total",
        "archive_id": "'B' || s.id",
    })  # fmt: skip


def _fill_entries(cursor: Any) -> None:
    made = {"receivable_id": "s.id", "entered_by_id": "s.issued_by_id", "entered_at": "now()"}
    paid = made | {"kind": "'payment'", "payment_id": "s.id", "amount": "-s.paid", "on": "s.paid_on"}
    lost = made | {"kind": "'write_off'", "amount": "-s.lost", "on": "s.lost_on"}
    forgiven = made | {"kind": "'difference'", "amount": "-s.forgiven", "on": "s.paid_on"}
    charged = made | {"kind": "'invoice'", "document_id": "s.id", "amount": "s.total", "on": "s.issued_on"}
    insert(cursor, "billing.Entry", "FROM bench_debt s", charged)
    insert(cursor, "billing.Entry", "FROM bench_debt s WHERE s.paid > 0", paid)
    insert(cursor, "billing.Entry", "FROM bench_debt s WHERE s.lost > 0", lost)
    insert(cursor, "billing.Entry", "FROM bench_debt s WHERE s.forgiven > 0", forgiven)
