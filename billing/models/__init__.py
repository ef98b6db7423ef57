"""Billing's tables."""

from billing.models.details import BillingDetails
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.rates import VatRate
from billing.models.released import ReleasedAssignment, ReleasedLine

__all__ = [
    "BillingDetails",
    "Invoice",
    "InvoiceLine",
    "InvoicePdf",
    "ReleasedAssignment",
    "ReleasedLine",
    "Series",
    "VatRate",
]
