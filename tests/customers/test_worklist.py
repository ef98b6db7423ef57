"""Tasks and the day's work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from customers import panels, today, worklist
from customers.models import Task
from register import access
from register.models import User
from tests import cast


def test_a_task_of_an_assignment_is_one_of_its_customer(owner_acts: access.Acting) -> None:
    work = cast.assignment()
    assert cast.task(assignment=work).customer == work.customer


def test_a_task_is_done_once_and_may_be_reopened(owner_acts: access.Acting) -> None:
    task, first = cast.task(), timezone.now()
    worklist.finish(task, at=first, by=cast.actor())
    worklist.finish(task, at=first + timedelta(days=1), by=cast.actor())
    task.refresh_from_db()
    assert (task.done_at, task.done_by_id) == (first, owner_acts.user_id)
    assert list(worklist.open_tasks()) == []
    worklist.reopen(task, by=cast.actor())
    assert list(worklist.open_tasks()) == [task]


def test_a_task_needs_a_title(owner_acts: access.Acting) -> None:
    with pytest.raises(worklist.TaskMissing):
        cast.task("  ")


def test_the_day_shows_what_is_late_due_and_coming(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    late, due = cast.task("a", due_in_days=-3, customer=koivu), cast.task("b", due_in_days=0)
    soon = cast.task("c", due_in_days=7)
    cast.task("d", due_in_days=8)
    cast.task("e", due_in_days=None)
    worklist.finish(cast.task("f", due_in_days=-1), at=timezone.now(), by=cast.actor())
    day = today.of(cast.today())
    assert (day.overdue, day.due, day.coming) == ([late], [due], [soon])
    assert day.subjects() == [koivu]


def test_the_day_shows_its_meetings_work_to_be_ready_and_what_was_written_last(
    owner_acts: access.Acting,
) -> None:
    koivu = cast.company()
    noon = timezone.localtime().replace(hour=12)
    meeting = cast.entry(customer=koivu, kind="meeting", at=noon)
    other = cast.entry(customer=koivu, kind="meeting", at=noon + timedelta(days=1))
    work = cast.assignment(koivu, status="agreed", due_on=cast.today() + timedelta(days=2))
    cast.assignment(koivu, status="done", due_on=cast.today())
    day = today.of(cast.today())
    assert (day.meetings, day.ready_soon, day.newest) == ([meeting], [work], [other, meeting])


def test_an_empty_register_is_known_as_empty(owner_acts: access.Acting) -> None:
    assert today.is_empty()
    cast.company()
    assert not today.is_empty()


def test_a_deleted_task_is_gone(owner_acts: access.Acting) -> None:
    task = cast.task()
    assert Task.objects.get() == task
    worklist.remove(task, by=cast.actor())
    assert not Task.objects.exists()


def test_other_apps_fill_places_in_order_and_only_once() -> None:
    slot = panels.Slot()
    by = User(pk=1)

    def late(subject: str, by: User) -> panels.Panel:
        return panels.Panel("late.html", {"subject": subject})

    def early(subject: str, by: User) -> panels.Panel:
        return panels.Panel("early.html")

    def nothing(subject: str, by: User) -> None:
        return None

    slot.add(late, order=60)
    slot.add(early, order=10)
    slot.add(nothing)
    slot.add(late, order=60)
    assert [panel.template for panel in slot.panels("x", by=by)] == ["early.html", "late.html"]
    slot.remove(early)
    assert [panel.context for panel in slot.panels("x", by=by)] == [{"subject": "x"}]
