"""What the collection lists show: cases by stage, and overdue debts that are in no case."""

from __future__ import annotations

from datetime import date

from billing.models import CaseItem, CollectionCase, Receivable
from billing.worklists import PAGE, Page

MOST = 100


def cases(*, stage: str = "", before: int | None = None) -> Page:
    """Cases with customer and agency, the latest first."""
    found = CollectionCase.objects.select_related("customer", "agency").order_by("-pk")
    if stage:
        found = found.filter(stage=stage)
    if before is not None:
        found = found.filter(pk__lt=before)
    return Page.of(found)


def collectable(*, on: date) -> list[Receivable]:
    """The longest overdue debts in no open case."""
    taken = CaseItem.objects.filter(left_on=None).values("receivable")
    found = Receivable.objects.overdue(on=on).exclude(pk__in=taken).select_related("customer")
    return list(found.order_by("due_on", "pk")[:PAGE])


def waiting(*, on: date) -> int:
    """Cases of our own collection, for the start page; counted to a hundred."""
    return CollectionCase.objects.filter(stage=CollectionCase.Stage.OWN)[:MOST].count()
