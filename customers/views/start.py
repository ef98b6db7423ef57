"""The owner's start page: today's work, or an invitation while the register is empty."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from customers import panels, today
from customers.forms.work import TaskForm
from customers.views import doors, subjects
from register import audit, lists
from register.shell import address


@lists.named(gettext_lazy("Today"))
def page(request: HttpRequest) -> HttpResponse:
    """Today; while nobody is in the register, how to begin."""
    context: dict[str, Any]
    filled = subjects.filled(panels.TODAY, doors.today(), request)
    if today.is_empty():
        context = {
            "import_url": address("customers:imports"),
            "users_url": address("register:users"),
            "panels": filled,
        }
        return render(request, "customers/empty.html", context)
    work = today.of(doors.today())
    audit.record_reads(work.subjects(), page="today")
    context = {"work": work, "panels": filled, "task_form": TaskForm()}
    return render(request, "customers/today.html", context)
