"""The lists of all assignments and of all tasks: a page at a time, each beginning behind the last row before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Round

from customers import assignments, kinds
from customers.models import Assignment, AssignmentKind, AssignmentLine, Customer, Person, Task

PAGE = 50
OPEN, ALL, DONE = "open", "all", "done"
"""What a list can be narrowed to besides the states of assignments."""


@dataclass(frozen=True)
class Page:
    """Some rows, and the place from which the next page goes on (empty: this is the last)."""

    rows: Sequence[Any]
    following: str = ""


def of_assignments(
    *,
    status: str = OPEN,
    customer: Customer | None = None,
    person: Person | None = None,
    kind: AssignmentKind | None = None,
    before: int | None = None,
) -> Page:
    """Assignments, the newest first, with `amount`, euros without VAT; unknown states show the open ones.

    Only those of a customer, those with a contact person, or those of a kind, when asked.
    """
    rows = (
        Assignment.objects.select_related("customer", "kind__merged_into")
        .defer("description")
        .order_by("-pk")
    )
    if status in Assignment.Status.values:
        rows = rows.filter(status=status)
    elif status != ALL:
        rows = rows.filter(status__in=assignments.OPEN)
    rows = rows.filter(customer=customer) if customer else rows
    rows = rows.filter(contact=person) if person else rows
    rows = rows.filter(kind__in=kinds.same(kind)) if kind else rows
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    amounts = _amounts(found[:PAGE])
    for row in found:
        row.amount = amounts.get(row.pk, Decimal("0.00"))  # type: ignore[attr-defined]
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def of_tasks(
    *,
    state: str = OPEN,
    customer: Customer | None = None,
    person: Person | None = None,
    after: str = "",
) -> Page:
    """Tasks: the open ones by day, those without one last; or the done ones, the newest first.

    Only those with a customer or a person, when asked.
    """
    rows = Task.objects.select_related("customer", "person", "assignment")
    rows = rows.filter(customer=customer) if customer else rows
    rows = rows.filter(person=person) if person else rows
    place = _Place.read(after)
    if state == DONE:
        rows = rows.filter(done_at__isnull=False).order_by("-pk")
        rows = rows.filter(pk__lt=place.pk) if place else rows
    else:
        rows = rows.filter(done_at__isnull=True).order_by("due_on", "pk")
        rows = place.behind(rows) if place else rows
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], str(_Place.of(found[PAGE - 1])) if len(found) > PAGE else "")


@dataclass(frozen=True)
class _Place:
    """Where a page of tasks ended: the day (None: those without one) and the number of its last row."""

    due_on: date | None
    pk: int

    def __str__(self) -> str:
        return f"{self.due_on.isoformat() if self.due_on else ''}M{self.pk}"

    @classmethod
    def of(cls, task: Task) -> _Place:
        return cls(task.due_on, task.pk)

    @classmethod
    def read(cls, text: str) -> _Place | None:
        """The place written in a link; None when it is none."""
        day, _letter, pk = text.partition("M")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            return None
        try:
            return cls(date.fromisoformat(day) if day else None, int(pk))
        except ValueError:
            return None

    def behind(self, rows: QuerySet[Task]) -> QuerySet[Task]:
        if self.due_on is None:
            return rows.filter(due_on=None, pk__gt=self.pk)
        same = Q(due_on=self.due_on, pk__gt=self.pk)
        return rows.filter(Q(due_on__gt=self.due_on) | same | Q(due_on=None))


def _amounts(rows: Sequence[Assignment]) -> dict[int, Decimal]:
    """Euros without VAT by assignment, each line rounded to the cent as invoices round."""
    line = Round(F("quantity") * F("unit_price"), precision=2, output_field=DecimalField())
    sums = AssignmentLine.objects.filter(assignment__in=rows).values("assignment").annotate(sum=Sum(line))
    return dict(sums.values_list("assignment", "sum"))
