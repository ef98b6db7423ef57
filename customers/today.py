"""What needs the owner today: tasks, meetings, assignments to be ready, what was written last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from customers import assignments, communication, worklist
from customers.models import Assignment, Customer, Interaction, Person, Task

MOST = 25


@dataclass(frozen=True)
class Today:
    """One day's work."""

    on: date
    overdue: list[Task]
    due: list[Task]
    coming: list[Task]
    meetings: list[Interaction]
    ready_soon: list[Assignment]
    newest: list[Interaction]

    def subjects(self) -> list[Customer | Person]:
        """Everybody whose data the day shows, each once."""
        found: dict[str, Customer | Person] = {}
        for one in [*self.overdue, *self.due, *self.coming]:
            found |= {str(party): party for party in (one.customer, one.person) if party}
        for entry in [*self.meetings, *self.newest]:
            found |= {str(party): party for party in (entry.customer, *entry.people.all()) if party}
        return list((found | {str(one.customer): one.customer for one in self.ready_soon}).values())


def of(on: date) -> Today:
    """The day's work; overdue first."""
    tasks = list(worklist.due(on=on + timedelta(days=7))[: 4 * MOST])
    return Today(
        on=on,
        overdue=[task for task in tasks if task.due_on and task.due_on < on][:MOST],
        due=[task for task in tasks if task.due_on == on][:MOST],
        coming=[task for task in tasks if task.due_on and task.due_on > on][:MOST],
        meetings=communication.meetings(begin=_midnight(on), end=_midnight(on + timedelta(days=1))),
        ready_soon=list(_ready_by(on + timedelta(days=7))),
        newest=communication.newest(),
    )


def is_empty() -> bool:
    """Whether nobody is in the register yet."""
    return not (Customer.objects.exists() or Person.objects.exists())


def _ready_by(day: date) -> list[Assignment]:
    """Agreed work that should be ready by a day, the most urgent first."""
    found = Assignment.objects.filter(status__in=assignments.UNDER_WAY, due_on__lte=day)
    return list(found.select_related("customer").order_by("due_on", "id")[:MOST])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
