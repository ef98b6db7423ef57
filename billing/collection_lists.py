"""What the collection lists show: cases by stage, and overdue debts that may be collected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from billing import standing
from billing.models import CaseItem, CollectionCase, Dispute, Hold, Plan, Receivable, Sending
from billing.worklists import Page

MOST = 100


def cases(*, stage: str = "", before: int | None = None) -> Page:
    """Cases with customer and agency, the latest first."""
    found = CollectionCase.objects.select_related("customer", "agency").order_by("-pk")
    if stage:
        found = found.filter(stage=stage)
    if before is not None:
        found = found.filter(pk__lt=before)
    return Page.of(found)


def collectable(*, on: date, after: int | None = None) -> Page:
    """Debts that may be proposed for collection, the longest overdue first, from behind one on.

    Left out: those in a case; those disputed, held back or on a plan (513/1999 4 b, 4 c §); those of which no reminder
    has gone after the due date.
    """
    debt = OuterRef("pk")
    taken = CaseItem.objects.filter(left_on=None, receivable=debt)
    held = Hold.objects.standing(on=on).filter(
        Q(receivable=debt) | Q(receivable=None), customer=OuterRef("customer")
    )
    reminded = Sending.objects.gone().filter(
        reminder__items__receivable=debt,
        reminder__items__dropped="",
        sent_at__date__gt=OuterRef("due_on"),
    )
    found = Receivable.objects.overdue(on=on).filter(
        ~Exists(taken),
        ~Exists(Dispute.objects.standing().filter(receivable=debt)),
        ~Exists(Plan.objects.standing().filter(receivable=debt)),
        ~Exists(held),
        Exists(reminded),
    )
    last = Receivable.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        found = found.behind(last)
    return Page.of(found.select_related("customer").order_by("due_on", "pk"))


def stops(debts: Sequence[Receivable], *, on: date) -> dict[int, list[str]]:
    """What else stands in the way of collecting some debts now, in words, by the debt's key. Raises RuleMissing."""
    return {
        debt.receivable.pk: [str(stop.label) for stop in debt.facts.stops]
        for debt in standing.debts(debts, on=on)
    }


def collected(customer: int) -> tuple[CollectionCase | None, set[int]]:
    """A customer's open case and the keys of the debts in it, in one question."""
    items = list(CaseItem.objects.filter(case__customer=customer, left_on=None).select_related("case"))
    return (items[0].case if items else None), {item.receivable_id for item in items}


def waiting(*, on: date) -> int:
    """Cases of our own collection, for the start page; counted to a hundred."""
    return CollectionCase.objects.filter(stage=CollectionCase.Stage.OWN)[:MOST].count()
