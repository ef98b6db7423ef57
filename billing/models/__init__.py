"""Billing's tables."""

from billing.models.bank import BankFile, BankRow, PaymentQuestion, StatementLine
from billing.models.details import BillingDetails, DueBasis
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.ledger import Debtor, Entry, Payment, PaymentReference, Receivable
from billing.models.rates import VatRate
from billing.models.refunds import Refund, RefundFile
from billing.models.released import ReleasedAssignment, ReleasedLine
from billing.models.rules import Rule
from billing.models.sendings import Sending

__all__ = [
    "BankFile",
    "BankRow",
    "BillingDetails",
    "Debtor",
    "DueBasis",
    "Entry",
    "Invoice",
    "InvoiceLine",
    "InvoicePdf",
    "Payment",
    "PaymentQuestion",
    "PaymentReference",
    "Receivable",
    "Refund",
    "RefundFile",
    "ReleasedAssignment",
    "ReleasedLine",
    "Rule",
    "Sending",
    "Series",
    "StatementLine",
    "VatRate",
]
