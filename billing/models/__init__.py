"""Billing's tables."""

from billing.models.attached import InvoiceAttachment
from billing.models.collective import CollectiveResult, CollectiveRun
from billing.models.details import BillingDetails, DueBasis
from billing.models.grounds import VatGround
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.ledger import Debtor, Entry, Payment, PaymentReference, Receivable
from billing.models.rates import VatRate
from billing.models.recurring import Occurrence, Recurring, RecurringLine
from billing.models.released import ReleasedAssignment, ReleasedLine
from billing.models.rules import Rule
from billing.models.sendings import Sending
from billing.models.voidings import Voiding

__all__ = [
    "BillingDetails",
    "CollectiveResult",
    "CollectiveRun",
    "Debtor",
    "DueBasis",
    "Entry",
    "Invoice",
    "InvoiceAttachment",
    "InvoiceLine",
    "InvoicePdf",
    "Occurrence",
    "Payment",
    "PaymentReference",
    "Receivable",
    "Recurring",
    "RecurringLine",
    "ReleasedAssignment",
    "ReleasedLine",
    "Rule",
    "Sending",
    "Series",
    "VatGround",
    "VatRate",
    "Voiding",
]
