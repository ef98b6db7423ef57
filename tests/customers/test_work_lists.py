"""The lists of all assignments and of all tasks."""

from __future__ import annotations

from decimal import Decimal

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import assignments, work_lists, worklist
from customers.models import Assignment, Customer
from register import access
from register.models import AuditEntry, User
from tests import cast

Status = Assignment.Status


def test_the_open_assignments_come_first_and_others_when_asked(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    made = {status: cast.assignment(koivu, title=status, status=status) for status in Status.values}
    shown = [row.title for row in work_lists.of_assignments().rows]
    assert shown == ["done", "in_progress", "agreed", "offer"]
    assert work_lists.of_assignments(status=Status.CLOSED).rows == [made[Status.CLOSED]]
    assert len(work_lists.of_assignments(status=work_lists.ALL).rows) == len(Status)


def test_an_assignment_shows_its_sum_without_vat_rounded_by_line(owner_acts: access.Acting) -> None:
    lines = [
        assignments.Line("a", Decimal("0.5"), Decimal("0.33")),
        assignments.Line("b", Decimal("0.5"), Decimal("0.33")),
        assignments.Line("c", Decimal(-1), Decimal("0.02")),
    ]
    work, empty = cast.assignment(lines=lines), cast.assignment(lines=())
    sums = {row.pk: row.amount for row in work_lists.of_assignments().rows}
    assert sums == {work.pk: Decimal("0.32"), empty.pk: Decimal(0)}
    assert sums[work.pk] == assignments.totals(list(work.lines.all()))


def test_the_assignments_go_on_where_the_page_ended(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    made = [cast.assignment(koivu, lines=()) for _ in range(work_lists.PAGE + 2)]
    first = work_lists.of_assignments()
    second = work_lists.of_assignments(before=int(first.following))
    assert [*first.rows, *second.rows] == made[::-1]
    assert second.following == ""


def test_the_tasks_come_by_day_and_go_on_where_the_page_ended(owner_acts: access.Acting) -> None:
    days = [None, 3, 1, -2, 1]
    made = [cast.task(str(n), due_in_days=days[n % 5]) for n in range(2 * work_lists.PAGE + 10)]
    done = made.pop()
    worklist.finish(done, at=timezone.now(), by=cast.actor())
    expected = sorted(made, key=lambda task: (task.due_on is None, task.due_on or cast.today(), task.pk))
    shown, after = [], ""
    for _ in range(3):
        page = work_lists.of_tasks(after=after)
        shown += page.rows
        after = page.following
    assert after == ""
    assert shown == expected
    assert work_lists.of_tasks(state=work_lists.DONE).rows == [done]


def test_a_place_that_is_none_begins_at_the_beginning(owner_acts: access.Acting) -> None:
    task = cast.task()
    for wrong in ("x", "M", "2026-99-99M1", "M²", "2026-01-01M" + "9" * 30):
        assert work_lists.of_tasks(after=wrong).rows == [task]


def test_the_lists_are_pages_that_record_whom_they_show(owner: User, as_owner: Client) -> None:
    with access.acting("owner", user_id=owner.pk):
        koivu = cast.company()
        ada = cast.person(represents=koivu)
        for n in range(3):
            cast.task(f"Soita {n}", customer=koivu, person=ada)
            cast.assignment(koivu, title=f"Halli {n}")
    with CaptureQueriesContext(connections["owner"]) as queries:
        page = as_owner.get("/register/assignments/")
    text = page.content.decode()
    assert "Halli 0" in text
    assert "Halli 2" in text
    assert "1 016.00" in text.replace("\xa0", " ").replace(",", " ")
    assert len(queries) <= 8
    with CaptureQueriesContext(connections["owner"]) as queries:
        page = as_owner.get("/register/tasks/")
    assert "Soita 2" in page.content.decode()
    assert len(queries) <= 7
    with access.acting("owner"):
        read = AuditEntry.objects.filter(page__in=["assignments", "tasks"])
        assert {number for entry in read for number in entry.numbers} == {str(koivu), str(ada)}


def test_deleting_a_task_is_asked_first(owner: User, as_owner: Client) -> None:
    with access.acting("owner", user_id=owner.pk):
        task = cast.task()
    url = f"/register/tasks/M{task.pk}/?next=/register/tasks/"
    assert "Delete the task?" in as_owner.post(url, {"remove": "1"}).content.decode()
    with access.acting("owner"):
        assert worklist.open_tasks().count() == 1
    assert as_owner.post(url, {"remove": "yes"})["Location"] == "/register/tasks/"
    with access.acting("owner"):
        assert worklist.open_tasks().count() == 0


def test_the_erased_are_in_no_list_and_no_choice(owner: User, as_owner: Client, as_biller: Client) -> None:
    with access.acting("owner", user_id=owner.pk):
        koivu = cast.company("Koivu Oy")
        aino = cast.private_customer("Aino", "Yksityinen")
        assert aino.person is not None
        numbers = (f"K{aino.pk}", f"H{aino.person.pk}")
    lists = ("/register/customers/", "/register/people/", "/billing/customers/")
    choices = f"/register/customers/K{koivu.pk}/people/choose/?q={numbers[1]}"
    assert all(any(number in _text(as_owner, page) for number in numbers) for page in lists)
    assert "Aino Yksityinen" in _text(as_owner, choices)
    answer = as_owner.post(f"/register/erase/{numbers[0]}/", {"reason": "asked", "sure": "on"})
    assert answer.status_code == 302
    for page in lists:
        assert not any(f"/{number}/" in _text(as_owner, page) for number in numbers), page
    assert f"/{numbers[0]}/" not in _text(as_biller, "/billing/customers/?q=" + numbers[0])
    assert f"/{numbers[1]}/" not in _text(as_owner, "/register/search/?q=" + numbers[1])
    assert f'value="{numbers[1][1:]}"' not in _text(as_owner, choices)
    assert "erased " in _text(as_owner, f"/register/customers/{numbers[0]}/")
    assert (
        "/edit/"
        not in _text(as_owner, f"/register/people/{numbers[1]}/").split("<main")[1].split("</header>")[0]
    )
    with access.acting("owner"):
        assert Customer.objects.count() == 2
        assert Customer.objects.present().get() == koivu


def _text(browser: Client, url: str) -> str:
    return browser.get(url).content.decode()
