"""Reminders proposed for a day and approved by a person: one letter a customer, each fee lawful for its debt.

Nothing goes out unattended: what is proposed waits until somebody approves it, and is judged again then and when
the letter is made.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice

from django.db import connections
from django.utils.translation import gettext_lazy as _

from billing import rules, standing, tasks
from billing.amounts import ZERO
from billing.models import Level, Receivable, Reminder, ReminderItem, ReminderRun
from billing.rules import Code
from billing.standing import Debt
from customers.models import Customer
from register import access, audit, jobs
from register.models import AuditEntry, User

MOST_LETTERS = 2000
AT_FIRST, AT_A_TIME = 300, 5000
ORDER = (Level.FRIENDLY, Level.REMINDER, Level.DEMAND)


class NothingToSend(ValueError):
    """None of the chosen customers has a debt of which a reminder may go."""

    def __init__(self) -> None:
        super().__init__(_("No reminder may go to the chosen customers now. The list shows what is allowed."))


@dataclass(frozen=True)
class Proposal:
    """One letter to one customer about the debts of which he may be reminded on a day."""

    customer_id: int
    debts: tuple[Debt, ...]
    friendly: bool = False

    @property
    def level(self) -> str:
        """As sharp as its mildest debt: nobody is pressed about a debt he has not been reminded of."""
        if self.friendly:
            return Level.FRIENDLY
        return min((Level(debt.step.level) for debt in self.debts), key=ORDER.index)

    @property
    def principal(self) -> Decimal:
        return sum((debt.asked for debt in self.debts), ZERO)

    @property
    def fees(self) -> Decimal:
        return sum((self.fee(debt) for debt in self.debts), ZERO)

    def fee(self, debt: Debt) -> Decimal:
        return ZERO if self.friendly else debt.fee


def for_day(
    *,
    on: date,
    friendly: bool = False,
    costs: bool = False,
    customers: Collection[int] | None = None,
    after: int | None = None,
) -> Iterator[Proposal]:
    """The letters proposed for a day, by customer number: of all, of some, or from behind one on.

    `friendly`: first reminders without a fee, as soon as payments on their way must have come. `costs`: letters
    without a fee about costs that are open alone. Read in sets of 5,000 debts. Raises rules.RuleMissing.
    """
    late = Receivable.objects.costs_alone() if costs else Receivable.objects.overdue(on=on)
    rows = late.order_by("customer", "pk")
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    if after is not None:
        rows = rows.filter(customer__gt=after)
    ready = _ready(rows.iterator(chunk_size=AT_FIRST), on=on, friendly=friendly)
    for customer_id, debts in groupby(ready, key=lambda debt: debt.receivable.customer_id):
        yield Proposal(customer_id, tuple(debts), friendly)


@dataclass(frozen=True)
class Sum:
    """What all letters of a day come to, as far as one approval goes."""

    letters: int
    debts: int
    principal: Decimal
    fees: Decimal


def total(*, on: date, friendly: bool = False, costs: bool = False) -> Sum:
    """How many letters would go if all were approved, and what they ask for. Raises rules.RuleMissing."""
    letters = debts = 0
    principal = fees = ZERO
    for letter in islice(for_day(on=on, friendly=friendly, costs=costs), MOST_LETTERS):
        letters, debts = letters + 1, debts + len(letter.debts)
        principal, fees = principal + letter.principal, fees + letter.fees
    return Sum(letters, debts, principal, fees)


def approve(
    *,
    customers: Collection[int] | None,
    friendly: bool = False,
    costs: bool = False,
    fees: bool = True,
    client_key: uuid.UUID,
    on: date,
    at: datetime,
    by: User,
) -> ReminderRun:
    """Approve the proposed letters of these customers (None: of all); the worker makes them.

    Without `fees` none is charged. The same key again answers with the same run. Raises NothingToSend, RuleMissing.
    """
    with access.atomic():
        _one_at_a_time()
        made = ReminderRun.objects.filter(client_key=client_key).first()
        if made is not None:
            return made
        proposed = for_day(on=on, friendly=friendly, costs=costs, customers=customers)
        letters = list(islice(proposed, MOST_LETTERS))
        if not letters:
            raise NothingToSend
        run = ReminderRun.objects.create(
            on=on, client_key=client_key, letters=len(letters), approved_by_id=by.pk, approved_at=at
        )
        _write(run, letters, fees=fees, on=on)
        jobs.defer(tasks.make_reminders, run_id=run.pk, user_id=by.pk)
    return run


def _ready(rows: Iterable[Receivable], *, on: date, friendly: bool) -> Iterator[Debt]:
    """Judge the debts in growing sets: a page needs few, a whole day many."""
    known, waiting, size = standing.rules(), iter(rows), AT_FIRST
    while some := list(islice(waiting, size)):
        size = AT_A_TIME
        for debt in standing.debts(some, on=on, known=known):
            if debt.is_new if friendly else debt.is_ready:
                yield debt


def _one_at_a_time() -> None:
    """Two approvals at once would propose the same letters: the second waits and sees the first's."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('billing_reminders'))")


def _write(run: ReminderRun, letters: list[Proposal], *, fees: bool, on: date) -> None:
    pay_by = on + timedelta(days=rules.days(Code.REMINDER_TIME, on))
    known = Customer.objects.in_bulk([letter.customer_id for letter in letters])
    reminders = Reminder.objects.bulk_create(
        Reminder(
            run=run,
            customer_id=letter.customer_id,
            level=letter.level,
            language=known[letter.customer_id].language,
            on=on,
            pay_by=pay_by,
        )
        for letter in letters
    )
    ReminderItem.objects.bulk_create(
        _item(reminder, debt, letter.fee(debt) if fees else ZERO)
        for reminder, letter in zip(reminders, letters, strict=True)
        for debt in letter.debts
    )
    audit.record(
        AuditEntry.Action.CREATE,
        Reminder,
        numbers=[str(known[letter.customer_id]) for letter in letters],
        details={"run": str(run), "letters": len(letters)},
    )


def _item(reminder: Reminder, debt: Debt, fee: Decimal) -> ReminderItem:
    return ReminderItem(
        reminder=reminder,
        receivable=debt.receivable,
        principal=debt.facts.undisputed,
        costs=debt.receivable.costs,
        fee=fee,
        fee_rule=debt.step.rule if fee else None,
        why=reckoning(debt),
    )


def reckoning(debt: Debt) -> dict[str, object]:
    """The kept calculation: what the step rested on when it was taken."""
    return {
        "on": debt.on.isoformat(),
        "debtor": debt.facts.debtor,
        "most": str(debt.fee),
        "reasons": [reason.as_json() for reason in debt.step.reasons],
    }
