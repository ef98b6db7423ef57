"""Credit losses of a period: each write-off with the VAT it held (Arvonlisäverolaki 78 §), and what was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.reports.tables import Asked, Bar, Column, Kind, Report, Row, Sort
from register import access

WRITTEN_OFF = """
SELECT e.id, e."on", r.number, c.id, c.name, r.invoice_id, e.amount, v.vat_category, v.vat_rate,
       round(e.amount * v.vat / i.total, 2), round(e.amount * (v.net + v.vat) / i.total, 2)
  FROM billing_entry e LEFT JOIN billing_entry was ON was.id = e.reverses_id
  JOIN billing_receivable r ON r.invoice_id = e.receivable_id JOIN customers_customer c ON c.id = r.customer_id
  JOIN billing_invoice i ON i.id = r.invoice_id
  LEFT JOIN LATERAL jsonb_to_recordset(i.snapshot -> 'vat_lines')
       AS v (vat_category text, vat_rate numeric, net numeric, vat numeric) ON e.part = 'principal'
 WHERE e."on" BETWEEN %(first)s AND %(last)s AND 'write_off' IN (e.kind, was.kind) AND i.total <> 0
 ORDER BY e."on", e.id, v.vat_rate DESC, v.vat_category
"""


@dataclass(frozen=True)
class Share:
    """What of a loss was sold at one rate; positive reduces what is owed and the VAT to pay."""

    category: str
    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Loss:
    """A write-off, or, negative, its being taken back. Written-off costs have no VAT and no shares."""

    key: int
    on: date
    invoice: str
    customer: int
    name: str
    receivable: int
    amount: Decimal
    shares: tuple[Share, ...]

    @property
    def vat(self) -> Decimal:
        return sum((share.vat for share in self.shares), ZERO)


def of(days: dict[str, Any]) -> list[Loss]:
    """The losses from a first to a last day."""
    found = []
    for _key, rows in groupby(access.ask(WRITTEN_OFF, days), key=lambda row: row[0]):
        each = list(rows)
        key, on, invoice, customer, name, receivable, amount = each[0][:7]
        shares = tuple(
            Share(category, rate, -(gross - vat), -vat)
            for *_row, category, rate, vat, gross in each
            if category is not None
        )
        found.append(Loss(key, on, invoice, customer, name, receivable, -amount, shares))
    return found


def make(asked: Asked) -> Report:
    every = of(asked.days)
    months: dict[str, Decimal] = {}
    for loss in every:
        name = date_format(loss.on, "n/Y")
        months[name] = months.get(name, ZERO) + loss.amount
    found = every[asked.offset : asked.offset + asked.limit] if asked.limit else every
    sums = (sum((loss.amount for loss in every), ZERO), sum((loss.vat for loss in every), ZERO))
    return Report(
        columns=(
            Column(_("Invoice")), Column(_("Date"), Sort.DAY), Column(_("Customer")), Column(_("Name")),
            Column(_("Written off"), Sort.MONEY), Column(_("of which VAT"), Sort.MONEY),
        ),
        rows=[
            Row(
                (one.invoice, one.on, f"K{one.customer}", one.name, one.amount, one.vat),
                "billing:invoice", one.receivable,
            )
            for one in found
        ],
        totals=(_("Total"), None, "", "", *sums) if found else (),
        bars=[Bar(name, amount) for name, amount in months.items()],
        notes=(_("The VAT of a loss may be deducted when the loss is final: keep the grounds (AVL 78 §)."),),
        customers=[one.customer for one in found],
    )  # fmt: skip


KIND = Kind(
    "losses",
    _("Credit losses"),
    _("What was written off, with the VAT it held."),
    make,
    usual="year",
)
