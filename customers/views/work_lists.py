"""The pages of all assignments and of all tasks, and of those of one customer or person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers import assignments as work
from customers import kinds, work_lists
from customers.models import Assignment, Customer, Person
from customers.views import doors, subjects
from register import audit, lists

ONLY: Mapping[str, Callable[[int], Customer | Person]] = {"customer": doors.customer, "person": doors.person}
"""The parameters by which a list shows what belongs to one customer or person, and who fetches him."""


@dataclass(frozen=True)
class Only:
    """One whose rows alone are shown; `others` is the address of the list without that."""

    parameter: str
    subject: Customer | Person
    others: str

    @property
    def name(self) -> str:
        return subjects.name(self.subject)

    @property
    def url(self) -> str:
        return subjects.url(self.subject)


@lists.named(gettext_lazy("Assignments"), part_by=ONLY)
@require_safe
def assignments(request: HttpRequest) -> HttpResponse:
    """Assignments of a state, and of a kind when asked, the newest first."""
    choices = [(work_lists.OPEN, _("open")), *Assignment.Status.choices, (work_lists.ALL, _("all"))]
    status = request.GET.get("status", "")
    status = status if status in dict(choices) else work_lists.OPEN
    before = _number(request.GET.get("before", ""))
    offered = kinds.choices()
    kind = next((one for one in offered if str(one.pk) == request.GET.get("kind", "")), None)
    state = {"status": status} | ({"kind": str(kind.pk)} if kind else {})
    only = _only(request, state)
    page = work_lists.of_assignments(status=status, kind=kind, before=before, **_subjects(only))
    shown = {str(one): one for one in [*_subjects(only).values(), *(row.customer for row in page.rows)]}
    audit.record_reads(list(shown.values()), page="assignments")
    today = doors.today()
    context = {
        "page": page,
        "statuses": choices,
        "status": status,
        "kinds": offered,
        "kind": kind,
        "only": only,
        "query": _query(state, only),
        "is_first": before is None,
        "late": {
            row.pk for row in page.rows if row.status in work.UNDER_WAY and row.due_on and row.due_on < today
        },
    }
    return render(request, "customers/assignments.html", context)


@lists.named(gettext_lazy("Tasks"), part_by=ONLY)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks by day, or those that were done."""
    state = work_lists.DONE if request.GET.get("state") == work_lists.DONE else work_lists.OPEN
    after = request.GET.get("after", "")
    only = _only(request, {"state": state})
    page = work_lists.of_tasks(state=state, after=after, **_subjects(only))
    parties: dict[str, Customer | Person] = {str(one): one for one in _subjects(only).values()}
    parties |= {str(party): party for task in page.rows for party in (task.customer, task.person) if party}
    audit.record_reads(list(parties.values()), page="tasks")
    context = {
        "page": page,
        "states": [(work_lists.OPEN, _("open")), (work_lists.DONE, _("done"))],
        "state": state,
        "only": only,
        "query": _query({"state": state}, only),
        "is_first": not after,
        "here": request.get_full_path(),
        "today": doors.today(),
    }
    return render(request, "customers/tasks.html", context)


def _only(request: HttpRequest, state: Mapping[str, str]) -> list[Only]:
    """Whose rows alone are asked for; a number that is nobody's is answered like an unknown page."""
    asked = {name: request.GET[name] for name in ONLY if name in request.GET}
    found = []
    for name, text in asked.items():
        number = _number(text)
        if number is None:
            raise Http404
        rest = {other: value for other, value in asked.items() if other != name}
        found.append(Only(name, ONLY[name](number), urlencode({**state, **rest})))
    return found


def _subjects(only: list[Only]) -> dict[str, Any]:
    return {one.parameter: one.subject for one in only}


def _query(state: Mapping[str, str], only: list[Only]) -> str:
    """The address of the list's first page."""
    return urlencode({**state, **{one.parameter: one.subject.pk for one in only}})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
