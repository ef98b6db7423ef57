"""The end of a month: what must agree, what is left to do, and whether the books are locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing import journal, locking
from billing.models import Invoice, JournalExport, Payment
from billing.reports import open_items, payments, vat
from billing.reports.periods import Period
from billing.reports.tables import Asked, Proof, Report

MOST = 100
"""So far things left over are counted."""


@dataclass(frozen=True)
class Month:
    """A month's checklist as it stands today."""

    proof: Proof
    unallocated: int
    unallocated_sum: Decimal
    drafts: int
    vat: Report
    locked_until: date | None
    is_locked: bool
    is_over: bool
    export: JournalExport | None

    @property
    def is_exported(self) -> bool:
        return self.export is not None and not self.export.outdated  # type: ignore[attr-defined]


def of(period: Period, *, on: date) -> Month:
    """How a month stands on a day."""
    until = locking.locked_until()
    left = Payment.objects.exclude(unallocated=0).filter(booked_on__lte=period.last)
    return Month(
        proof=open_items.proof(period.last),
        unallocated=left[:MOST].count(),
        unallocated_sum=payments.unallocated(period.last),
        drafts=Invoice.objects.drafts()[:MOST].count(),
        vat=vat.make(Asked(period)),
        locked_until=until,
        is_locked=until is not None and period.last <= until,
        is_over=period.last < on,
        export=journal.exports().filter(first__lte=period.first, last__gte=period.last).first(),
    )


def waiting(*, on: date) -> int:
    """1 while the month that is over has not been locked."""
    until = locking.locked_until()
    return 0 if until is not None and locking.last_month(on) <= until else 1
