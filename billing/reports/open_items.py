"""Open items: what each invoice's entries up to a day leave open, and the proof that it is the ledger's balance.

Counted from what is open now, less the entries dated after the day; the balance is the sum of all entries up to it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.reports.tables import Asked, Bar, Column, Kind, Proof, Report, Row, Sort
from register import access

ITEMS = """
WITH moved AS (
    SELECT invoice_id, open, costs FROM billing_receivable WHERE open > 0 OR costs > 0
    UNION ALL
    SELECT receivable_id, CASE part WHEN 'principal' THEN -amount ELSE 0 END,
           CASE part WHEN 'costs' THEN -amount ELSE 0 END
      FROM billing_entry WHERE "on" > %(day)s AND receivable_id IS NOT NULL
), item AS (
    SELECT invoice_id, sum(open) AS open, sum(costs) AS costs
      FROM moved GROUP BY 1 HAVING sum(open) <> 0 OR sum(costs) <> 0
), listed AS (
    SELECT r.invoice_id, r.customer_id, r.number, r.issued_on, r.due_on, r.amount, i.open, i.costs,
           sum(i.open) OVER () AS all_open, sum(i.costs) OVER () AS all_costs
      FROM item i JOIN billing_receivable r USING (invoice_id)
     ORDER BY r.due_on, r.invoice_id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT i.number, c.id, c.name, i.issued_on, i.due_on, greatest(%(day)s - i.due_on, 0), i.amount, i.open, i.costs,
       i.invoice_id, i.all_open, i.all_costs
  FROM listed i JOIN customers_customer c ON c.id = i.customer_id ORDER BY i.due_on, i.invoice_id
"""
BALANCE = """SELECT coalesce(sum(amount), 0) FROM billing_entry WHERE "on" <= %(day)s AND receivable_id IS NOT NULL"""
LARGEST = 10


def proof(day: date) -> Proof:
    """What is open as of a day, by items and by the ledger."""
    return prove(_sum(access.ask(ITEMS, {"day": day, "limit": 1, "offset": 0})), day)


def prove(items: Decimal, day: date) -> Proof:
    """A sum of open items beside the sum of all entries up to the day."""
    return Proof(items, access.ask(BALANCE, {"day": day})[0][0])


def make(asked: Asked) -> Report:
    found = access.ask(ITEMS, {"day": asked.day} | asked.part)
    largest = sorted(found, key=lambda item: item[7], reverse=True)[:LARGEST]
    return Report(
        columns=(
            Column(_("Invoice")), Column(_("Customer")), Column(_("Name")), Column(_("Date"), Sort.DAY),
            Column(_("Due"), Sort.DAY), Column(_("Days late"), Sort.COUNT), Column(_("Total"), Sort.MONEY),
            Column(_("Open amount"), Sort.MONEY), Column(_("Open costs"), Sort.MONEY),
        ),
        rows=[Row((item[0], f"K{item[1]}", *item[2:9]), "billing:invoice", item[9]) for item in found],
        totals=(_("Total"), *[""] * 2, None, None, None, None, *found[0][-2:]) if found else (),
        bars=[Bar(item[0], item[7]) for item in largest],
        notes=(_("Due dates are those agreed now; amounts are as of the day, by the entries' dates."),),
        proof=prove(_sum(found), asked.day),
        customers=[item[1] for item in found],
    )  # fmt: skip


def _sum(found: list[Any]) -> Decimal:
    return found[0][-2] + found[0][-1] if found else ZERO


KIND = Kind(
    "open-items",
    _("Open items"),
    _("Every invoice that is open as of a day, and the proof that together they are the ledger's balance."),
    make,
    as_of=True,
)
