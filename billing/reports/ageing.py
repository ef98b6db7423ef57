"""Receivables by age (*saatavien ikäjakauma*): per customer, how long what is open as of a day has been late."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.reports.open_items import prove
from billing.reports.tables import Asked, Bar, Column, Kind, Report, Row, Sort
from register import access

CLASSES = (
    _("Not due"), _("1–14 days"), _("15–30 days"), _("31–60 days"), _("61–90 days"), _("Over 90 days"),
)  # fmt: skip
BY_CUSTOMER = """
WITH moved AS (
    SELECT invoice_id, open, costs FROM billing_receivable WHERE open > 0 OR costs > 0
    UNION ALL
    SELECT receivable_id, CASE part WHEN 'principal' THEN -amount ELSE 0 END,
           CASE part WHEN 'costs' THEN -amount ELSE 0 END
      FROM billing_entry WHERE "on" > %(day)s AND receivable_id IS NOT NULL
), item AS (
    SELECT invoice_id, sum(open) AS open, sum(costs) AS costs
      FROM moved GROUP BY 1 HAVING sum(open) <> 0 OR sum(costs) <> 0
), aged AS (
    SELECT r.customer_id, coalesce(sum(i.open) FILTER (WHERE %(day)s - r.due_on <= 0), 0) AS not_due,
           coalesce(sum(i.open) FILTER (WHERE %(day)s - r.due_on BETWEEN 1 AND 14), 0) AS to_14,
           coalesce(sum(i.open) FILTER (WHERE %(day)s - r.due_on BETWEEN 15 AND 30), 0) AS to_30,
           coalesce(sum(i.open) FILTER (WHERE %(day)s - r.due_on BETWEEN 31 AND 60), 0) AS to_60,
           coalesce(sum(i.open) FILTER (WHERE %(day)s - r.due_on BETWEEN 61 AND 90), 0) AS to_90,
           coalesce(sum(i.open) FILTER (WHERE %(day)s - r.due_on > 90), 0) AS older, sum(i.costs) AS costs,
           sum(i.open + i.costs) AS owed
      FROM item i JOIN billing_receivable r USING (invoice_id) GROUP BY 1
), listed AS (
    SELECT *, sum(not_due) OVER (), sum(to_14) OVER (), sum(to_30) OVER (), sum(to_60) OVER (), sum(to_90) OVER (),
           sum(older) OVER (), sum(costs) OVER (), sum(owed) OVER ()
      FROM aged ORDER BY owed DESC, customer_id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT c.name, l.* FROM listed l JOIN customers_customer c ON c.id = l.customer_id ORDER BY l.owed DESC, c.id
"""


def make(asked: Asked) -> Report:
    found = access.ask(BY_CUSTOMER, {"day": asked.day} | asked.part)
    sums = found[0][10:] if found else [ZERO] * 8
    return Report(
        columns=(
            Column(_("Customer")), Column(_("Name")), *(Column(name, Sort.MONEY) for name in CLASSES),
            Column(_("Costs"), Sort.MONEY), Column(_("Total"), Sort.MONEY),
        ),
        rows=[Row((f"K{row[1]}", row[0], *row[2:10]), "billing:customer", row[1]) for row in found],
        totals=(_("Total"), "", *sums) if found else (),
        bars=[Bar(str(name), amount) for name, amount in zip(CLASSES, sums, strict=False)],
        proof=prove(sums[-1], asked.day),
        customers=[row[1] for row in found],
    )  # fmt: skip


KIND = Kind(
    "ageing",
    _("Receivables by age"),
    _("What each customer owes as of a day, by how late it is."),
    make,
    as_of=True,
)
