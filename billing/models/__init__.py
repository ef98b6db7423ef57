"""Billing's tables."""

from billing.models.details import BillingDetails, DueBasis
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.ledger import Debtor, Entry, Payment, PaymentReference, Receivable
from billing.models.periods import JournalAccount, JournalExport, PeriodLock, PeriodUnlock
from billing.models.rates import VatRate
from billing.models.released import ReleasedAssignment, ReleasedLine
from billing.models.rules import Rule
from billing.models.sendings import Sending

__all__ = [
    "BillingDetails",
    "Debtor",
    "DueBasis",
    "Entry",
    "Invoice",
    "InvoiceLine",
    "InvoicePdf",
    "JournalAccount",
    "JournalExport",
    "Payment",
    "PaymentReference",
    "PeriodLock",
    "PeriodUnlock",
    "Receivable",
    "ReleasedAssignment",
    "ReleasedLine",
    "Rule",
    "Sending",
    "Series",
    "VatRate",
]
