"""Billing's reports: each a module that asks the database once or twice and gives a table with a chart."""

from __future__ import annotations

from billing.reports import ageing, losses, open_items, payments, sales, vat
from billing.reports.tables import Kind

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        ageing.KIND,
        open_items.KIND,
        vat.KIND,
        sales.BY_MONTH,
        sales.BY_CUSTOMER,
        sales.BY_GROUP,
        sales.BY_KIND,
        payments.KIND,
        losses.KIND,
    )
}

__all__ = ["KINDS", "Kind"]
