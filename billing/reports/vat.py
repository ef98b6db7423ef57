"""VAT of a period per rate: from the VAT lines frozen on issued documents, each in the period of its own day.

Credit losses reduce the VAT once they are final (Arvonlisäverolaki 1501/1993, 78 §): the share of the written-off
amount that was VAT, per rate of its invoice.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO, VatCategory
from billing.reports import losses
from billing.reports.tables import Asked, Bar, Column, Kind, Report, Row, Sort
from customers.templatetags.contacts import quantity
from register import access

DOCUMENTS = """
SELECT i.kind, v.vat_category, v.vat_rate, sum(v.net), sum(v.vat), count(*)
  FROM billing_invoice i, jsonb_to_recordset(i.snapshot -> 'vat_lines')
       AS v (vat_category text, vat_rate numeric, net numeric, vat numeric)
 WHERE i.number <> '' AND i.issued_on BETWEEN %(first)s AND %(last)s
 GROUP BY 1, 2, 3
"""
KINDS = {"invoice": _("Invoices"), "credit_note": _("Credit notes"), "interest": _("Interest invoices")}


def make(asked: Asked) -> Report:
    documents = access.ask(DOCUMENTS, asked.days)
    lost = _losses(asked)
    order = [*KINDS, "loss"]
    found = sorted([*documents, *lost], key=lambda row: (order.index(row[0]), -row[2], row[1]))
    return Report(
        columns=(
            Column(_("Kind of document")), Column(_("Rate")), Column(_("Documents"), Sort.COUNT),
            Column(_("Without VAT"), Sort.MONEY), Column(_("VAT"), Sort.MONEY),
        ),
        rows=[
            Row((KINDS.get(kind, _("Credit losses")), rate_name(category, rate), count, net, vat))
            for kind, category, rate, net, vat, count in found
        ],
        totals=(_("VAT to pay"), "", None, _sum(found, 3), _sum(found, 4)) if found else (),
        bars=_per_rate(found),
        notes=(
            _("By the documents' own dates. A credit note counts in the period in which it was issued."),
            *([_("Credit losses are deducted when they are final: keep the grounds (AVL 78 §).")] if lost else []),
        ),
    )  # fmt: skip


def _losses(asked: Asked) -> list[tuple[Any, ...]]:
    """As the documents' rows: per rate what losses take from sales and VAT."""
    sums: dict[tuple[str, Decimal], tuple[Decimal, Decimal, int]] = {}
    for share in (share for loss in losses.of(asked.days) for share in loss.shares):
        net, vat, count = sums.get((share.category, share.rate), (ZERO, ZERO, 0))
        sums[share.category, share.rate] = (net - share.net, vat - share.vat, count + 1)
    return [("loss", *rate, *figures) for rate, figures in sums.items()]


def rate_name(category: str, rate: Decimal) -> str:
    """25,5 %, or why there is none."""
    return f"{quantity(rate)} %" if category == VatCategory.STANDARD else str(VatCategory(category).label)


def _per_rate(found: list[tuple[Any, ...]]) -> list[Bar]:
    sums: dict[str, Decimal] = {}
    for _kind, category, rate, _net, vat, _count in found:
        name = rate_name(category, rate)
        sums[name] = sums.get(name, ZERO) + vat
    return [Bar(name, vat) for name, vat in sums.items()]


def _sum(found: list[tuple[Any, ...]], place: int) -> Decimal:
    return sum((row[place] for row in found), ZERO)


KIND = Kind(
    "vat",
    _("VAT"),
    _("Taxable amounts and VAT per rate of a period, with credit notes and credit losses."),
    make,
)
