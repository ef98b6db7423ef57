"""Sales without VAT, less what was credited: by month, customer, VAT group and unit, and kind of assignment.

Late interest is no sale: interest invoices, and what credits them, stand outside.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.reports.tables import Asked, Bar, Column, Kind, Report, Row, Sort
from customers.models import VatCode
from customers.templatetags.contacts import quantity
from register import access

MONTHS = """
SELECT date_trunc('month', i.issued_on)::date, count(*) FILTER (WHERE i.kind = 'invoice'),
       coalesce(sum(i.net) FILTER (WHERE i.kind = 'invoice'), 0),
       coalesce(sum(i.net) FILTER (WHERE i.kind <> 'invoice'), 0), sum(i.net)
  FROM billing_invoice i LEFT JOIN billing_invoice o ON o.id = i.original_id
 WHERE i.number <> '' AND i.issued_on BETWEEN %(first)s AND %(last)s AND coalesce(o.kind, i.kind) = 'invoice'
 GROUP BY 1 ORDER BY 1
"""
CUSTOMERS = """
WITH sold AS (
    SELECT i.customer_id, count(*) FILTER (WHERE i.kind = 'invoice') AS invoices,
           coalesce(sum(i.net) FILTER (WHERE i.kind = 'invoice'), 0) AS invoiced,
           coalesce(sum(i.net) FILTER (WHERE i.kind <> 'invoice'), 0) AS credited, sum(i.net) AS net
      FROM billing_invoice i LEFT JOIN billing_invoice o ON o.id = i.original_id
     WHERE i.number <> '' AND i.issued_on BETWEEN %(first)s AND %(last)s AND coalesce(o.kind, i.kind) = 'invoice'
     GROUP BY 1
), listed AS (
    SELECT *, sum(invoices) OVER (), sum(invoiced) OVER (), sum(credited) OVER (), sum(net) OVER ()
      FROM sold ORDER BY net DESC, customer_id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT c.name, l.* FROM listed l JOIN customers_customer c ON c.id = l.customer_id ORDER BY l.net DESC, c.id
"""
LINES = """
WITH counted AS (
    SELECT i.id AS invoice_id, i.kind AS sort, l.kind_id, l.vat_code, l.unit, l.quantity, l.net, l.position,
           sum(l.net) OVER whole - i.net AS discount,
           CASE WHEN i.kind = 'invoice' OR l.credits IS NOT NULL THEN l.net ELSE 0 END AS weight
      FROM billing_invoice i LEFT JOIN billing_invoice o ON o.id = i.original_id
      JOIN billing_invoiceline l ON l.invoice_id = i.id
     WHERE i.number <> '' AND i.issued_on BETWEEN %(first)s AND %(last)s AND coalesce(o.kind, i.kind) = 'invoice'
    WINDOW whole AS (PARTITION BY i.id)
), weighed AS (
    SELECT *, sum(weight) OVER (PARTITION BY invoice_id) AS whole,
           sum(weight) OVER (PARTITION BY invoice_id ORDER BY position) AS upto,
           position = max(position) OVER (PARTITION BY invoice_id) AS is_last
      FROM counted
), sold AS (
    SELECT invoice_id, sort, kind_id, vat_code, unit, quantity, net - CASE
               WHEN whole <> 0 THEN round(discount * upto / whole, 2) - round(discount * (upto - weight) / whole, 2)
               WHEN is_last THEN discount ELSE 0 END AS net
      FROM weighed
)
"""
"""Every line sold or credited, less its share of the discount on the invoice's total: shares in cents that add up.

What a credit note takes back in euros alone had no discount.
"""
GROUPS = """
SELECT vat_code, unit, sum(quantity), sum(net) FROM sold GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2
"""
KINDS = """
SELECT coalesce(m.name, k.name), count(DISTINCT s.invoice_id) FILTER (WHERE s.sort = 'invoice'),
       coalesce(sum(s.net) FILTER (WHERE s.sort = 'invoice'), 0),
       coalesce(sum(s.net) FILTER (WHERE s.sort <> 'invoice'), 0), sum(s.net)
  FROM sold s LEFT JOIN customers_assignmentkind k ON k.id = s.kind_id
  LEFT JOIN customers_assignmentkind m ON m.id = k.merged_into_id
 GROUP BY 1 ORDER BY coalesce(m.name, k.name) IS NULL, 5 DESC, 1
"""
FIGURES = (
    Column(_("Invoices"), Sort.COUNT), Column(_("Invoiced"), Sort.MONEY), Column(_("Credited"), Sort.MONEY),
    Column(_("Sales"), Sort.MONEY),
)  # fmt: skip
LARGEST = 10


def by_month(asked: Asked) -> Report:
    found = access.ask(MONTHS, asked.days)
    return Report(
        columns=(Column(_("Month")), *FIGURES),
        rows=[Row((_month(first), *figures)) for first, *figures in found],
        totals=(_("Total"), *map(sum, list(zip(*found, strict=True))[1:])) if found else (),
        bars=[Bar(_month(row[0]), row[-1]) for row in found],
    )


def by_customer(asked: Asked) -> Report:
    found = access.ask(CUSTOMERS, asked.days | asked.part)
    return Report(
        columns=(Column(_("Customer")), Column(_("Name")), *FIGURES),
        rows=[Row((f"K{row[1]}", row[0], *row[2:6]), "billing:customer", row[1]) for row in found],
        totals=(_("Total"), "", *found[0][6:]) if found else (),
        bars=[Bar(f"K{row[1]} {row[0]}", row[5]) for row in found[:LARGEST]],
        customers=[row[1] for row in found],
    )


def by_group(asked: Asked) -> Report:
    found = access.ask(LINES + GROUPS, asked.days)
    groups: dict[str, Decimal] = {}
    for code, _unit, _quantity, net in found:
        groups[code] = groups.get(code, ZERO) + net
    return Report(
        columns=(
            Column(_("VAT group")), Column(_("Unit")), Column(_("Quantity")), Column(_("Sales"), Sort.MONEY),
        ),
        rows=[Row((VatCode(code).label, unit, quantity(number), net)) for code, unit, number, net in found],
        totals=(_("Total"), "", "", sum(groups.values(), ZERO)) if found else (),
        bars=[Bar(str(VatCode(code).label), net) for code, net in groups.items()],
        notes=(_("A discount on the total is shared out among the lines."),),
    )  # fmt: skip


def by_kind(asked: Asked) -> Report:
    found = [(name or _("no kind"), *figures) for name, *figures in access.ask(LINES + KINDS, asked.days)]
    return Report(
        columns=(Column(_("Kind")), *FIGURES),
        rows=[Row(row) for row in found],
        totals=(_("Total"), "", *map(sum, list(zip(*found, strict=True))[2:])) if found else (),
        bars=[Bar(str(row[0]), row[-1]) for row in found[:LARGEST]],
        notes=(
            _("An invoice with lines of several kinds is counted at each of them."),
            _("A discount on the total is shared out among the lines."),
        ),
    )


def _month(first: date) -> str:
    return date_format(first, "n/Y")


BY_MONTH = Kind(
    "sales", _("Sales by month"), _("Invoiced and credited, without VAT."), by_month, usual="year"
)
BY_CUSTOMER = Kind(
    "sales-customers",
    _("Sales by customer"),
    _("Who has been invoiced most, without VAT."),
    by_customer,
    usual="year",
)
BY_GROUP = Kind(
    "sales-groups",
    _("Sales by VAT group"),
    _("What has been sold, by VAT group and unit."),
    by_group,
    usual="year",
)
BY_KIND = Kind(
    "sales-kinds",
    _("Sales by assignment kind"),
    _("What has been sold, by kind of work."),
    by_kind,
    usual="year",
)
