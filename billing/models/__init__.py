"""Billing's tables."""

from billing.models.agencies import AgencyInterest, AgencyReport, AgencySettlement, AgencyTold
from billing.models.attached import InvoiceAttachment
from billing.models.bank import BankFile, BankRow, PaymentQuestion, StatementLine
from billing.models.collection import Agency, CaseItem, CaseStep, CollectionCase, CreditLoss, Handover
from billing.models.collective import CollectiveResult, CollectiveRun
from billing.models.details import BillingDetails, Debtor, DueBasis
from billing.models.grounds import VatGround
from billing.models.interest import AgreedRate, InterestPeriod, LimitationEvent
from billing.models.invoices import Invoice, InvoiceLine, InvoicePdf, Series
from billing.models.issuing import IssuingResult, IssuingRun
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
from billing.models.ledger import Entry, Payment, PaymentReference, Receivable
from billing.models.periods import JournalAccount, JournalExport, PeriodLock, PeriodUnlock
from billing.models.rates import VatRate
from billing.models.recurring import Occurrence, Recurring, RecurringLine
from billing.models.refunds import Refund, RefundFile
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
from billing.models.voidings import Voiding

__all__ = [
    "Agency",
    "AgencyInterest",
    "AgencyReport",
    "AgencySettlement",
    "AgencyTold",
    "AgreedRate",
    "BankFile",
    "BankRow",
    "BillingDetails",
    "CaseItem",
    "CaseStep",
    "Charge",
    "CollectionCase",
    "CollectiveResult",
    "CollectiveRun",
    "CreditLoss",
    "Debtor",
    "Dispute",
    "DueBasis",
    "Entry",
    "Extension",
    "Handover",
    "Hold",
    "Instalment",
    "InterestPeriod",
    "Invoice",
    "InvoiceAttachment",
    "InvoiceLine",
    "InvoicePdf",
    "IssuingResult",
    "IssuingRun",
    "JournalAccount",
    "JournalExport",
    "Level",
    "Lifting",
    "LimitationEvent",
    "Occurrence",
    "Payment",
    "PaymentQuestion",
    "PaymentReference",
    "PeriodLock",
    "PeriodUnlock",
    "Plan",
    "PlanEnd",
    "Receivable",
    "Recurring",
    "RecurringLine",
    "Refund",
    "RefundFile",
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
    "StatementLine",
    "VatGround",
    "VatRate",
    "Voiding",
    "Waiver",
]
