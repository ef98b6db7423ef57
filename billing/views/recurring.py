"""Recurring invoices: the list, the template that is written, its next draft, its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import drafting, grounds, invoicing, recurring, worklists
from billing.forms import DraftForm, LineForm, LineRows
from billing.models import Recurring
from billing.recurring_forms import ScheduleForm
from billing.views import doors
from customers import kinds
from customers.models import Customer
from customers.views.rows import grown
from register import audit, lists

MORE_LINES = 3
REFUSALS = (
    recurring.NoLines,
    recurring.EndsBeforeStart,
    drafting.TooManyLines,
    drafting.LineIncomplete,
    *invoicing.CANNOT_COUNT,
)


@lists.named(gettext_lazy("Recurring invoices"))
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Templates that make drafts, the latest first; ended ones when asked for."""
    ended = "ended" in request.GET
    page = worklists.recurring(ended=ended, before=doors.whole(request.GET.get("before")))
    doors.reads((row.customer for row in page.rows), page="billing recurring list")
    context = {"page": page, "ended": ended, "today": doors.today()}
    return render(request, "billing/recurring_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new template for a customer."""
    return _form(request, doors.customer(pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A template, to be changed."""
    template = doors.recurring(pk)
    return _form(request, template.customer, template)


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """The next draft, now."""
    template = doors.recurring(pk)
    try:
        draft = recurring.make_next(template, on=doors.today())
    except (recurring.HasEnded, *REFUSALS) as refused:
        messages.error(request, str(refused))
        return redirect("billing:recurring", template.pk)
    messages.success(request, _("A draft was made. Check it and issue it."))
    return redirect("billing:invoice", draft.pk)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """No more drafts."""
    template = doors.recurring(pk)
    recurring.stop(template, on=doors.today(), by=doors.actor(request))
    messages.success(request, _("The recurring invoice was stopped."))
    return redirect("billing:recurring", template.pk)


def _form(request: HttpRequest, customer: Customer, template: Recurring | None) -> HttpResponse:
    posted = grown(request.POST, "lines" if "more" in request.POST else "", MORE_LINES) or None
    source: Any = template or drafting.usual_facts(customer)
    first = ScheduleForm.of(template) if template else {"first_on": doors.today()}
    lines = [LineForm.of(line) for line in template.lines.select_related("kind")] if template else []
    form = DraftForm(posted, initial=DraftForm.of(source), grounds=grounds.choices(on=doors.today()))
    schedule = ScheduleForm(posted, initial=first)
    rows = LineRows(posted, prefix="lines", initial=lines, form_kwargs={"kinds": kinds.choices()})
    wanted = request.method == "POST" and "more" not in request.POST
    if wanted and all([form.is_valid(), schedule.is_valid(), rows.is_valid()]):
        try:
            kept = _keep(request, customer, template, form, schedule, rows)
        except REFUSALS as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("billing:recurring", kept.pk)
    audit.record_read(customer, page="billing recurring")
    context = {
        "customer": customer,
        "template": template,
        "form": form,
        "schedule": schedule,
        "rows": rows,
        "made": template.occurrences.select_related("invoice").order_by("-on")[:12] if template else (),
    }
    return render(request, "billing/recurring.html", context, status=422 if wanted else 200)


def _keep(
    request: HttpRequest,
    customer: Customer,
    template: Recurring | None,
    form: DraftForm,
    schedule: ScheduleForm,
    rows: Any,
) -> Recurring:
    said: dict[str, Any] = {
        "facts": form.facts(),
        "lines": rows.lines(),
        "schedule": schedule.schedule(),
        "by": doors.actor(request),
    }
    if template is None:
        return recurring.plan(customer, **said)
    recurring.replan(template, **said)
    return template
