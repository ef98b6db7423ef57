"""Billing's tables."""

from billing.models.details import BillingDetails, DueBasis
from billing.models.interest import AgreedRate, InterestPeriod, LimitationEvent
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.ledger import Debtor, Entry, Payment, PaymentReference, Receivable
from billing.models.rates import VatRate
from billing.models.released import ReleasedAssignment, ReleasedLine
from billing.models.rules import Rule
from billing.models.sendings import Sending

__all__ = [
    "AgreedRate",
    "BillingDetails",
    "Debtor",
    "DueBasis",
    "Entry",
    "InterestPeriod",
    "Invoice",
    "InvoiceLine",
    "InvoicePdf",
    "LimitationEvent",
    "Payment",
    "PaymentReference",
    "Receivable",
    "ReleasedAssignment",
    "ReleasedLine",
    "Rule",
    "Sending",
    "Series",
    "VatRate",
]
