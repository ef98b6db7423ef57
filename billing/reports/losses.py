"""Credit losses of a period: each write-off with the VAT it held (Arvonlisäverolaki 78 §), and what was taken back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing import losses
from billing.amounts import ZERO
from billing.reports.tables import Asked, Bar, Column, Kind, Report, Row, Sort
from register import access

WRITTEN_OFF = """
SELECT e.id, e."on", r.number, c.id, c.name, r.invoice_id, e.amount,
       CASE e.part WHEN 'principal' THEN (i.snapshot -> 'vat_lines')::text END, l.per_rate::text
  FROM billing_entry e LEFT JOIN billing_entry was ON was.id = e.reverses_id
  JOIN billing_receivable r ON r.invoice_id = e.receivable_id JOIN customers_customer c ON c.id = r.customer_id
  JOIN billing_invoice i ON i.id = r.invoice_id
  LEFT JOIN billing_creditloss l ON l.entry_id = coalesce(e.reverses_id, e.id)
 WHERE e."on" BETWEEN %(first)s AND %(last)s AND 'write_off' IN (e.kind, was.kind) AND i.total <> 0
 ORDER BY e."on", e.id
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
    return [_loss(*row) for row in access.ask(WRITTEN_OFF, days)]


def _loss(
    key: int,
    on: date,
    number: str,
    customer: int,
    name: str,
    receivable: int,
    amount: Decimal,
    lines: str | None,
    recorded: str | None,
) -> Loss:
    """The VAT is what the loss's own record says; where there is none, it is reckoned in the same way."""
    sold = json.loads(lines or "[]")
    pairs = [(Decimal(line["net"]), Decimal(line["vat"])) for line in sold]
    fallen = [(Decimal(row["net"]), Decimal(row["vat"])) for row in json.loads(recorded or "[]")]
    if len(fallen) != len(sold):
        fallen = losses.shares(abs(amount), pairs)
    sign = -1 if amount > 0 else 1
    shares = tuple(
        Share(line["vat_category"], Decimal(line["vat_rate"]), sign * net, sign * vat)
        for line, (net, vat) in zip(sold, fallen, strict=True)
    )
    return Loss(key, on, number, customer, name, receivable, -amount, shares)


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
