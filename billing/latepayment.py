"""What the pages of an invoice and a customer say about late payment: read whole, shown in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from billing import ledger, standing
from billing.amounts import ZERO
from billing.interest_free import Agreements
from billing.models import (
    Charge,
    Debtor,
    Dispute,
    Extension,
    Hold,
    Invoice,
    Payment,
    Plan,
    Receivable,
    ReminderItem,
    Rule,
)
from billing.reasons import Reason, reasons_of
from billing.reminding import Stop
from billing.rules import RuleMissing, Rules
from billing.standing import Debt
from customers.models import Customer

MOST = 10
"""Payments with credit that are shown."""


@dataclass(frozen=True)
class Told:
    """One reminder of a debt with its kept reckoning."""

    item: ReminderItem
    sending: Any

    @property
    def reasons(self) -> list[Reason]:
        return reasons_of(self.item.why.get("reasons", ()))


@dataclass(frozen=True)
class Late:
    """Everything about one receivable's lateness; `problem` when a figure is missing and nothing was judged."""

    receivable: Receivable
    debt: Debt | None
    problem: str
    reminders: Sequence[Told]
    disputes: Sequence[Dispute]
    extensions: Sequence[Extension]
    plans: Sequence[Plan]
    holds: Sequence[Hold]
    charges: Sequence[Charge]
    credit: Sequence[Payment]
    """The customer's payments of which something has met nothing."""

    @property
    def plan(self) -> Plan | None:
        """The plan in force."""
        return next((plan for plan in self.plans if not hasattr(plan, "ending")), None)

    @property
    def is_barred(self) -> bool:
        """Nothing can be agreed on any more."""
        return self.debt is not None and Stop.BARRED in self.debt.facts.stops


@dataclass(frozen=True)
class Section:
    """What the invoice's own page says: the receivable, and how it stands when it is late."""

    receivable: Receivable
    debt: Debt | None = None
    problem: str = ""


@dataclass(frozen=True)
class OfCustomer:
    """What the customer's page says: his late debts, what holds reminders back, and whom the law sees."""

    debts: Sequence[Debt]
    problem: str
    holds: Sequence[Hold]
    debtor: Debtor

    @property
    def principal(self) -> Decimal:
        return sum((debt.receivable.open for debt in self.debts), ZERO)

    @property
    def costs(self) -> Decimal:
        return sum((debt.receivable.costs for debt in self.debts), ZERO)


def section(invoice: Invoice, *, on: date) -> Section | None:
    """How an invoice is paid; None for a draft or a credit note."""
    receivable = Receivable.objects.filter(pk=invoice.pk).first()
    if receivable is None:
        return None
    if not receivable.days_late(on=on):
        return Section(receivable)
    return Section(receivable, *judged(receivable, on=on))


def of_customer(customer: Customer, *, on: date) -> OfCustomer:
    """A customer's late debts and costs left over, the oldest hundred, and what holds for all of them."""
    owed = Receivable.objects.overdue(on=on) | Receivable.objects.costs_alone()
    rows = owed.filter(customer=customer).order_by("due_on", "pk")
    debts, problem = list[Debt](), ""
    try:
        debts = standing.debts(list(rows[:100]), on=on)
    except RuleMissing as missing:
        problem = str(missing)
    standing_holds = Hold.objects.standing(on=on).filter(customer=customer, receivable=None)
    return OfCustomer(debts, problem, list(standing_holds.order_by("pk")), Debtor(ledger.debtor_of(customer)))


def judged(receivable: Receivable, *, on: date) -> tuple[Debt | None, str]:
    """The debt as it stands on a day, or the figure that is missing."""
    try:
        return standing.debt(receivable, on=on), ""
    except RuleMissing as missing:
        return None, str(missing)


def of(receivable: Receivable, *, on: date) -> Late:
    """All that the page of late payment shows."""
    debt, problem = judged(receivable, on=on)
    held = Hold.objects.filter(Q(receivable=receivable) | Q(receivable=None, customer=receivable.customer_id))
    agreed = receivable.plans.select_related("ending").prefetch_related("instalments__reference")
    plans = list(agreed.with_met().order_by("-pk"))
    for plan in plans:
        _mark(plan, on)
    extensions = list(receivable.extensions.order_by("-pk"))
    _mark_free(receivable, [*plans, *extensions])
    return Late(
        receivable=receivable,
        debt=debt,
        problem=problem,
        reminders=_told(receivable),
        disputes=list(receivable.disputes.select_related("resolution").order_by("-pk")),
        extensions=extensions,
        plans=plans,
        holds=list(held.select_related("lifting").order_by("-pk")),
        charges=list(receivable.charges.select_related("rule", "waiver").order_by("pk")),
        credit=list(receivable.customer.payments.filter(unallocated__gt=0).order_by("pk")[:MOST]),
    )


def _mark_free(receivable: Receivable, rows: Sequence[Plan | Extension]) -> None:
    """Each agreement gets `free`, its days without interest, or None; none is told where a figure is missing."""
    try:
        spans = Agreements([receivable]).spans(receivable, Rules([Rule.Code.HOLIDAY_SHIFT]))
    except RuleMissing:
        spans = []
    for row in rows:
        row.free = next((span for span in spans if span.by == row), None)  # type: ignore[union-attr]


def _told(receivable: Receivable) -> list[Told]:
    items = receivable.reminded.select_related("reminder", "charge__waiver").order_by("-pk")
    rows = items.prefetch_related("reminder__sendings")
    return [Told(item, next(iter(item.reminder.sendings.all()), None)) for item in rows]


def _mark(plan: Plan, on: date) -> None:
    """Each instalment of a plan is late or not, and has so much left."""
    late = {instalment.pk for instalment in standing.missed(plan, on=on)}
    plan.is_late = bool(late)  # type: ignore[attr-defined]
    for instalment in plan.instalments.all():
        instalment.is_late = instalment.pk in late  # type: ignore[attr-defined]
