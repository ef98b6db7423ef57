"""Tasks: what was promised to whom by when; added, corrected, done, reopened, removed."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Assignment, Customer, Person, Task
from register import subjects
from register.finnish import clean_line, clean_text
from register.models import User


class TaskMissing(ValueError):
    """A task without a title."""

    def __init__(self) -> None:
        super().__init__(_("Write what is to be done."))


def add(
    *,
    title: str,
    by: User,
    text: str = "",
    due_on: date | None = None,
    customer: Customer | None = None,
    person: Person | None = None,
    assignment: Assignment | None = None,
) -> Task:
    """Add a task; one of an assignment is also one of its customer. Raises TaskMissing, subjects.Erased."""
    if assignment is not None:
        customer = assignment.customer
    subjects.must_be_present(customer, person)
    return Task.objects.create(
        title=_title(title),
        text=clean_text(text),
        due_on=due_on,
        customer=customer,
        person=person,
        assignment=assignment,
        entered_by_id=by.pk,
    )


def correct(task: Task, *, title: str, text: str, due_on: date | None, by: User) -> None:
    """Correct a task. Raises TaskMissing."""
    task.title, task.text, task.due_on = _title(title), clean_text(text), due_on
    task.save(update_fields=["title", "text", "due_on"])


def finish(task: Task, *, at: datetime, by: User) -> None:
    """The task is done."""
    if task.done_at is not None:
        return
    task.done_at, task.done_by_id = at, by.pk
    task.save(update_fields=["done_at", "done_by"])


def reopen(task: Task, *, by: User) -> None:
    """The task is not done after all."""
    task.done_at = task.done_by = None
    task.save(update_fields=["done_at", "done_by"])


def remove(task: Task, *, by: User) -> None:
    """Delete a task."""
    task.delete()


def open_tasks() -> QuerySet[Task]:
    """What is still to be done, the most urgent first, those without a day last."""
    return Task.objects.filter(done_at__isnull=True).order_by("due_on", "id")


def due(*, on: date) -> QuerySet[Task]:
    """What should be done by a day: overdue and due."""
    return open_tasks().filter(due_on__lte=on).select_related("customer", "person", "assignment")


def _title(text: str) -> str:
    title = clean_line(text)
    if not title:
        raise TaskMissing
    return title
