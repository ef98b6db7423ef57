"""The pages of all assignments and of all tasks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers import assignments as work
from customers import work_lists
from customers.models import Assignment, Customer, Person
from customers.views import doors
from register import audit, lists


@lists.named(gettext_lazy("Assignments"))
@require_safe
def assignments(request: HttpRequest) -> HttpResponse:
    """Assignments of a state, the newest first."""
    choices = [(work_lists.OPEN, _("open")), *Assignment.Status.choices, (work_lists.ALL, _("all"))]
    status = request.GET.get("status", "")
    status = status if status in dict(choices) else work_lists.OPEN
    before = request.GET.get("before", "")
    behind = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    page = work_lists.of_assignments(status=status, before=behind)
    audit.record_reads(
        list({row.customer_id: row.customer for row in page.rows}.values()), page="assignments"
    )
    today = doors.today()
    context = {
        "page": page,
        "statuses": choices,
        "status": status,
        "is_first": behind is None,
        "late": {
            row.pk for row in page.rows if row.status in work.UNDER_WAY and row.due_on and row.due_on < today
        },
    }
    return render(request, "customers/assignments.html", context)


@lists.named(gettext_lazy("Tasks"))
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks by day, or those that were done."""
    state = work_lists.DONE if request.GET.get("state") == work_lists.DONE else work_lists.OPEN
    after = request.GET.get("after", "")
    page = work_lists.of_tasks(state=state, after=after)
    parties: dict[str, Customer | Person] = {
        str(party): party for task in page.rows for party in (task.customer, task.person) if party
    }
    audit.record_reads(list(parties.values()), page="tasks")
    context = {
        "page": page,
        "states": [(work_lists.OPEN, _("open")), (work_lists.DONE, _("done"))],
        "state": state,
        "is_first": not after,
        "here": request.get_full_path(),
        "today": doors.today(),
    }
    return render(request, "customers/tasks.html", context)
