"""Billing's tables."""

from billing.models.details import BillingDetails, DueBasis
from billing.models.interest import AgreedRate, InterestPeriod, LimitationEvent
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.late import (
    Dispute,
    Extension,
    Hold,
    Instalment,
    Lifting,
    Plan,
    PlanEnd,
    Resolution,
)
from billing.models.ledger import Debtor, Entry, Payment, PaymentReference, Receivable
from billing.models.rates import VatRate
from billing.models.released import ReleasedAssignment, ReleasedLine
from billing.models.reminders import (
    Charge,
    Level,
    Reminder,
    ReminderItem,
    ReminderPdf,
    ReminderRun,
    Waiver,
)
from billing.models.rules import Rule
from billing.models.sendings import Sending, SendingRun

__all__ = [
    "AgreedRate",
    "BillingDetails",
    "Charge",
    "Debtor",
    "Dispute",
    "DueBasis",
    "Entry",
    "Extension",
    "Hold",
    "Instalment",
    "InterestPeriod",
    "Invoice",
    "InvoiceLine",
    "InvoicePdf",
    "Level",
    "Lifting",
    "LimitationEvent",
    "Payment",
    "PaymentReference",
    "Plan",
    "PlanEnd",
    "Receivable",
    "ReleasedAssignment",
    "ReleasedLine",
    "Reminder",
    "ReminderItem",
    "ReminderPdf",
    "ReminderRun",
    "Resolution",
    "Rule",
    "Sending",
    "SendingRun",
    "Series",
    "VatRate",
    "Waiver",
]
