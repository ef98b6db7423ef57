"""Assignments: lawful steps with their dates, lines, totals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from customers import assignments
from customers.models import Assignment
from register import access
from tests import cast

DAY = date(2026, 11, 22)
Status = Assignment.Status


def test_the_way_from_offer_to_closed_sets_every_date(owner_acts: access.Acting) -> None:
    work, by = cast.assignment(on=date(2026, 11, 1)), cast.actor()
    assignments.agree(work, on=date(2026, 11, 2), by=by)
    assignments.start(work, on=date(2026, 11, 3), by=by)
    assignments.finish(work, on=date(2026, 11, 4), by=by)
    assignments.mark_invoiced(work, on=date(2026, 11, 5), by=by)
    assignments.close(work, on=date(2026, 11, 6), by=by)
    work.refresh_from_db()
    dates = [work.offered_on, work.agreed_on, work.started_on, work.done_on, work.closed_on]
    assert [day.day for day in dates if day] == [1, 2, 3, 4, 6]
    assert work.status == Status.CLOSED


LAWFUL = {
    "agree": {Status.OFFER},
    "start": {Status.AGREED},
    "finish": {Status.AGREED, Status.IN_PROGRESS},
    "mark_invoiced": {Status.DONE},
    "close": {Status.OFFER, Status.AGREED, Status.IN_PROGRESS, Status.DONE, Status.INVOICED},
}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("step", LAWFUL)
def test_only_lawful_steps_are_taken(owner_acts: access.Acting, status: str, step: str) -> None:
    work = cast.assignment(status=status)
    if status in LAWFUL[step]:
        getattr(assignments, step)(work, on=DAY, by=cast.actor())
        assert Assignment.objects.get().status != status
    else:
        with pytest.raises(assignments.UnlawfulStep):
            getattr(assignments, step)(work, on=DAY, by=cast.actor())
        assert Assignment.objects.get().status == status


@pytest.mark.parametrize("status", list(Status))
def test_the_buttons_offered_are_the_lawful_steps(owner_acts: access.Acting, status: str) -> None:
    work = cast.assignment(status=status)
    lawful = {step for step, states in LAWFUL.items() if status in states and step != "mark_invoiced"}
    assert set(assignments.next_steps(work)) == lawful


def test_a_step_by_somebody_else_meanwhile_is_noticed(owner_acts: access.Acting) -> None:
    work = cast.assignment()
    stale = Assignment.objects.get()
    assignments.agree(work, on=DAY, by=cast.actor())
    with pytest.raises(assignments.UnlawfulStep):
        assignments.agree(stale, on=DAY, by=cast.actor())


@pytest.mark.parametrize(
    ("status", "before"),
    [(Status.AGREED, Status.OFFER), (Status.IN_PROGRESS, Status.AGREED), (Status.DONE, Status.IN_PROGRESS)],
)
def test_a_step_taken_by_mistake_is_taken_back_with_its_date(
    owner_acts: access.Acting, status: str, before: str
) -> None:
    work = cast.assignment(status=status)
    assignments.take_back(work, by=cast.actor())
    work.refresh_from_db()
    columns = {Status.AGREED: "agreed_on", Status.IN_PROGRESS: "started_on", Status.DONE: "done_on"}
    assert (work.status, getattr(work, columns[Status(status)])) == (before, None)


@pytest.mark.parametrize("status", [Status.OFFER, Status.INVOICED, Status.CLOSED])
def test_nothing_is_taken_back_before_the_first_step_or_after_billing(
    owner_acts: access.Acting, status: str
) -> None:
    with pytest.raises(assignments.UnlawfulStep):
        assignments.take_back(cast.assignment(status=status), by=cast.actor())


def test_totals_are_exact_and_rounded_line_by_line(owner_acts: access.Acting) -> None:
    half_cents = [assignments.Line("x", Decimal("0.5"), Decimal("0.01"))] * 3
    lines = [*half_cents, assignments.Line("y", Decimal("3.333"), Decimal("19.99"))]
    work = cast.assignment(lines=lines)
    rows = list(work.lines.all())
    assert [assignments.amount(row) for row in rows] == [
        Decimal("0.01"),
        Decimal("0.01"),
        Decimal("0.01"),
        Decimal("66.63"),
    ]
    assert assignments.totals(rows) == Decimal("66.66")


def test_lines_are_replaced_in_order(owner_acts: access.Acting) -> None:
    work = cast.assignment()
    new = [assignments.Line(name, Decimal(1), Decimal(5)) for name in ("c", "a", "b")]
    assignments.set_lines(work, new, by=cast.actor())
    assert list(work.lines.values_list("position", "description")) == [(1, "c"), (2, "a"), (3, "b")]
    assignments.set_lines(work, new[:1], by=cast.actor())
    assert list(work.lines.values_list("description", flat=True)) == ["c"]


@pytest.mark.parametrize("status", [Status.INVOICED, Status.CLOSED])
def test_lines_that_went_to_billing_are_fixed(owner_acts: access.Acting, status: str) -> None:
    work = cast.assignment(status=status)
    with pytest.raises(assignments.LinesAreFixed):
        assignments.set_lines(work, [], by=cast.actor())
    with pytest.raises(assignments.LinesAreFixed):
        assignments.remove(work, by=cast.actor())
    assert work.lines.count() == 2


def test_the_contact_person_is_one_who_represents_the_customer(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada = cast.person(represents=koivu)
    assert cast.assignment(koivu, contact=ada).contact == ada
    with pytest.raises(assignments.ContactOfAnother):
        cast.assignment(koivu, contact=cast.person("Vieras"))
    aino = cast.private_customer()
    assert cast.assignment(aino, contact=aino.person).contact == aino.person


def test_an_assignment_needs_a_title(owner_acts: access.Acting) -> None:
    with pytest.raises(assignments.TitleMissing):
        cast.assignment(title=" ")
