"""The SQL of booking: a few thousand transactions at a time, set by set."""

from __future__ import annotations

from typing import Any

from django.db import connections

from register import access


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement gives, through the acting login."""
    return access.ask(statement, [_literal(value) for value in values])


def do(statement: str, *values: Any) -> None:
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(statement, [_literal(value) for value in values])


def _literal(value: Any) -> Any:
    """A list as one array literal: many times faster than the driver, which asks of each value what it is."""
    if not isinstance(value, list):
        return value
    return "{" + ",".join(_element(one) for one in value) + "}"


def _element(value: Any) -> str:
    """One value of an array literal (PostgreSQL, 8.15.6: quotes and backslashes are escaped)."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


KNOWN = """
SELECT p.account, p.archive_id, p.booked_on, p.amount, p.reference
  FROM unnest(%s::text[], %s::text[]) AS asked(account, archive_id)
  JOIN billing_payment p ON p.account = asked.account AND p.archive_id = asked.archive_id
 WHERE p.archive_id <> ''
"""

LINES = """
SELECT l.account, l.archive_id, l.booked_on, l.amount, l.specified_by_id, l.settled_at IS NOT NULL
  FROM unnest(%s::text[], %s::text[]) AS asked(account, archive_id)
  JOIN billing_statementline l ON l.account = asked.account AND l.archive_id = asked.archive_id
"""

TELL_LINES = """
INSERT INTO billing_statementline (account, archive_id, booked_on, amount, count, told_by_id, specified_by_id)
SELECT told.account, told.archive_id, told.booked_on, told.amount, told.count, %s::bigint,
       CASE WHEN told.specified THEN %s::bigint END
  FROM unnest(%s::text[], %s::text[], %s::date[], %s::numeric[], %s::int[], %s::bool[])
       AS told(account, archive_id, booked_on, amount, count, specified)
    ON CONFLICT (account, archive_id, booked_on, amount)
    DO UPDATE SET specified_by_id = excluded.specified_by_id
       WHERE billing_statementline.specified_by_id IS NULL AND excluded.specified_by_id IS NOT NULL
"""

DEBTS = """
SELECT asked.key, r.invoice_id, r.customer_id, r.open, r.costs, r.debtor, c.name
  FROM unnest(%s::text[]) AS asked(key)
  JOIN billing_paymentreference f ON f.key = asked.key
  JOIN billing_receivable r ON r.invoice_id = f.receivable_id
  JOIN customers_customer c ON c.id = r.customer_id
 ORDER BY r.invoice_id
   FOR UPDATE OF r
"""

BY_NUMBER = """
SELECT i.number, r.invoice_id, r.customer_id, r.open, r.costs, r.debtor, c.name
  FROM billing_invoice i
  JOIN billing_receivable r ON r.invoice_id = coalesce(i.original_id, i.id)
  JOIN customers_customer c ON c.id = r.customer_id
 WHERE i.number = ANY (%s::text[]) AND i.number <> ''
 ORDER BY r.invoice_id
   FOR UPDATE OF r
"""

NUMBERS = """
SELECT billing_payment_keys(%s)
"""
"""Keys of new payments: their entries are written first, so that no payment has to be written twice."""

PAYMENTS = """
INSERT INTO billing_payment (id, source, amount, unallocated, paid_on, booked_on, reference, payer_name, account,
                             archive_id, customer_id, entered_by_id, entered_at)
SELECT new.id, 'bank', new.amount, new.amount, new.paid_on, new.booked_on, new.reference, new.payer_name, new.account,
       new.archive_id, new.customer_id, %s::bigint, %s::timestamptz
  FROM unnest(%s::bigint[], %s::numeric[], %s::date[], %s::date[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::bigint[])
       AS new(id, amount, paid_on, booked_on, reference, payer_name, account, archive_id, customer_id)
"""

ENTRIES = """
INSERT INTO billing_entry (kind, part, receivable_id, payment_id, amount, "on", value_on, reason, entered_by_id,
                           entered_at)
SELECT 'payment', new.part, new.receivable_id, new.payment_id, -new.amount, greatest(new.day, %s::date),
       CASE WHEN new.day < %s::date THEN new.day END, '', %s::bigint, %s::timestamptz
  FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::numeric[], %s::date[])
       AS new(part, receivable_id, payment_id, amount, day)
"""

QUESTIONS = """
INSERT INTO billing_paymentquestion (payment_id, reason, message, parts, code, raised_at, outcome)
SELECT new.payment_id, new.reason, new.message, new.parts::jsonb, new.code, %s::timestamptz, ''
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
       AS new(payment_id, reason, message, parts, code)
"""

ROWS = """
INSERT INTO billing_bankrow (file_id, position, line, archive_id, amount, booked_on, result, reason, payment_id)
SELECT %s::bigint, new.position, new.line, new.archive_id, new.amount, new.booked_on, new.result, new.reason,
       new.payment_id
  FROM unnest(%s::int[], %s::int[], %s::text[], %s::numeric[], %s::date[], %s::text[], %s::text[], %s::bigint[])
       AS new(position, line, archive_id, amount, booked_on, result, reason, payment_id)
"""
