"""The billing person's desk: what waits today, each one click from its action.

Every count is one bounded question, so the start page costs the same however much waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import closing, collection_lists, limitation, outgoing, overdue, worklists
from billing.bank import worklist as bank
from billing.models import Dispute, ReleasedAssignment
from billing.rules import RuleMissing

MOST = 100


@dataclass(frozen=True)
class Tile:
    """How many things of one sort wait (counted to a hundred), and where they are dealt with."""

    title: str | Promise
    count: int
    url: str
    urgent: bool = False

    @property
    def text(self) -> str:
        return f"{self.count}+" if self.count >= MOST else str(self.count)


def tiles(*, on: date) -> list[Tile]:
    """What waits on a day, in the order of the day's work; nothing is left out for being zero."""
    return [
        Tile(title, count, reverse(name) + query, urgent=urgent and count > 0)
        for title, count, name, query, urgent in (
            (_("Payments to look at"), bank.waiting(on=on), "billing:bank_questions", "", True),
            (_("Assignments to bill"), _released(), "billing:released", "", False),
            (_("Drafts to check"), worklists.waiting(on=on), "billing:invoices", "?status=draft", False),
            (_("Sendings to see to"), outgoing.waiting(on=on), "billing:sendings", "", True),
            (_("Reminders due"), _counted(overdue.waiting, on), "billing:reminders", "", False),
            (_("Disputes"), _disputed(), "billing:overdue", "?show=disputed", False),
            (_("Own collection"), collection_lists.waiting(on=on), "billing:collection", "?stage=own", False),
            (_("Limits near"), _counted(limitation.waiting, on), "billing:limits", "", True),
            (_("Months to lock"), closing.waiting(on=on), "billing:month_end", "", False),
        )
    ]


def _counted(count: Callable[..., int], on: date) -> int:
    """A count that rests on dated figures; where one is missing the page says so elsewhere."""
    try:
        return count(on=on)
    except RuleMissing:
        return 0


def _released() -> int:
    return ReleasedAssignment.objects.waiting()[:MOST].count()


def _disputed() -> int:
    return Dispute.objects.standing().filter(receivable__open__gt=0)[:MOST].count()
