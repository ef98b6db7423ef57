"""The due list: every open receivable past its day, with how late it is, what happened and what is lawful next.

Those of which only collection costs are open have a list of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import standing
from billing.amounts import ZERO
from billing.models import Dispute, Hold, Plan, Receivable
from billing.models.ledger import ReceivableQuerySet
from billing.standing import Debt
from billing.worklists import PAGE, Page

READY, WAITING, DISPUTED, HELD, PLANNED = "ready", "waiting", "disputed", "held", "planned"
COSTS = "costs"
SHOWN: tuple[tuple[str, str | Promise], ...] = (
    ("", _("All late")),
    (READY, _("Reminder can go")),
    (WAITING, _("Not yet allowed")),
    (DISPUTED, _("Disputed")),
    (HELD, _("On hold")),
    (PLANNED, _("Instalment plan")),
    (COSTS, _("Only costs open")),
)
LOOKED_AT = 500
"""How many debts are judged for a page of those that fit, at a time."""
LOOKS = 4
COUNTED = 100


@dataclass(frozen=True)
class Sums:
    """How many are late and what they come to, in euros."""

    count: int
    principal: Decimal
    costs: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.costs


def sums(*, on: date, shown: str = "", debtor: str = "") -> Sums | None:
    """Count and sums of a list, from the index alone; None where every debt would have to be judged."""
    if shown in (READY, WAITING):
        return None
    rows = _rows(on, shown, debtor).aggregate(
        count=Count("pk"), principal=Coalesce(Sum("open"), ZERO), costs=Coalesce(Sum("costs"), ZERO)
    )
    return Sums(**rows)


def page(*, on: date, shown: str = "", debtor: str = "", after: int | None = None) -> Page:
    """Debts, the oldest first, from behind a receivable on. Raises rules.RuleMissing."""
    rows = _rows(on, shown, debtor).select_related("customer").order_by("due_on", "pk")
    if shown in FITTING:
        return _fitting(rows, FITTING[shown], on=on, after=after)
    found = Page.of(_behind(rows, after))
    return Page(standing.debts(found.rows, on=on), found.following)


def waiting(*, on: date) -> int:
    """How many reminders could go among the hundred that are latest: for the start page."""
    rows = Receivable.objects.overdue(on=on).order_by("due_on", "pk")
    return sum(1 for debt in standing.debts(list(rows[:COUNTED]), on=on) if debt.is_ready)


FITTING: dict[str, Callable[[Debt], bool]] = {
    READY: lambda debt: debt.is_ready,
    WAITING: lambda debt: not debt.is_ready and not debt.step.stops,
}


def _fitting(rows: ReceivableQuerySet, fits: Callable[[Debt], bool], *, on: date, after: int | None) -> Page:
    """A page of those debts that fit. After a few looks it ends with what was found, and goes on from there."""
    known, found = standing.rules(), list[Debt]()
    for _look in range(LOOKS):
        some = list(_behind(rows, after)[:LOOKED_AT])
        for debt in standing.debts(some, on=on, known=known):
            after = debt.receivable.pk
            if fits(debt):
                found.append(debt)
                if len(found) == PAGE:
                    return Page(found, after)
        if len(some) < LOOKED_AT:
            return Page(found, None)
    return Page(found, after)


def _rows(on: date, shown: str, debtor: str) -> ReceivableQuerySet:
    rows = Receivable.objects.costs_alone() if shown == COSTS else Receivable.objects.overdue(on=on)
    if debtor:
        rows = rows.filter(debtor=debtor)
    if shown == DISPUTED:
        return rows.filter(Exists(Dispute.objects.standing().filter(receivable=OuterRef("pk"))))
    if shown == PLANNED:
        return rows.filter(Exists(Plan.objects.standing().filter(receivable=OuterRef("pk"))))
    if shown == HELD:
        mine = Q(receivable=OuterRef("pk")) | Q(receivable=None, customer=OuterRef("customer"))
        return rows.filter(Exists(Hold.objects.standing(on=on).filter(mine)))
    return rows


def _behind(rows: ReceivableQuerySet, after: int | None) -> ReceivableQuerySet:
    last = Receivable.objects.filter(pk=after).first() if after is not None else None
    return rows if last is None else rows.behind(last)
