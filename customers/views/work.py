"""Assignments and tasks: their pages, steps, lines, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers import assignments, attachments, kinds, panels, worklist
from customers.forms.work import AssignmentForm, FilesForm, LineForm, Lines, TaskForm
from customers.models import Assignment, Customer, Person, Task
from customers.views import doors, subjects
from customers.views.rows import grown
from register import access, audit, lists

MORE_LINES = 3


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """An assignment: what, for whom, at which state, its lines, files and tasks."""
    assignment = doors.assignment(pk)
    _record(assignment, page="assignment")
    return _assignment_page(request, assignment, FilesForm())


def _assignment_page(
    request: HttpRequest, assignment: Assignment, files: FilesForm, status: int = 200
) -> HttpResponse:
    lines = list(assignment.lines.all())
    erased = assignment.customer.erased_on is not None
    context = {
        "assignment": assignment,
        "lines": [(line, assignments.amount(line)) for line in lines],
        "total": assignments.totals(lines),
        "steps": [] if erased else assignments.next_steps(assignment),
        "can_take_back": not erased and assignments.step_to_take_back(assignment) is not None,
        "fixed": assignment.status not in assignments.OPEN,
        "stages": _stages(assignment),
        "files": assignment.attachments.order_by("id"),
        "files_form": files,
        "tasks": assignment.tasks.order_by("-done_at", "due_on", "id")[:50],
        "task_form": TaskForm(),
        "panels": subjects.filled(panels.ASSIGNMENT, assignment, request),
        "today": doors.today(),
    }
    return render(request, "customers/assignment.html", context, status=status)


def _stages(assignment: Assignment) -> list[dict[str, Any]]:
    """The way from offer to closed, with the dates of what has been reached."""
    columns = ["offered_on", "agreed_on", "started_on", "done_on", "", "closed_on"]
    states = list(Assignment.Status)
    reached = states.index(Assignment.Status(assignment.status))
    return [
        {
            "label": state.label,
            "on": getattr(assignment, column) if column else None,
            "current": index == reached,
            "passed": index < reached and (not column or getattr(assignment, column) is not None),
        }
        for index, (state, column) in enumerate(zip(states, columns, strict=True))
    ]


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, customer: int) -> HttpResponse:
    """A new assignment for a customer."""
    chosen = doors.customer_to_change(customer)
    form = AssignmentForm(
        request.POST or None, people=_contacts(chosen), initial={"offered_on": doors.today()}
    )
    lines = _lines(request)
    if request.method == "POST" and "more" not in request.POST and all([form.is_valid(), lines.is_valid()]):
        assignment = assignments.offer(
            customer=chosen,
            **form.values(),
            lines=lines.lines(),
            on=form.cleaned_data["offered_on"],
            by=subjects.actor(request),
        )
        messages.success(request, _("%(number)s was added.") % {"number": assignment.number})
        return redirect(subjects.url(assignment))
    audit.record_read(chosen, page="assignment")
    context = {"form": form, "lines": lines, "customer": chosen, "back": subjects.url(chosen)}
    return _form_page(request, context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an assignment and its lines; the lines are fixed once it has been invoiced."""
    assignment = doors.assignment_to_change(pk)
    fixed = assignment.status not in assignments.OPEN
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, assignment)
    form = AssignmentForm(
        request.POST or None,
        people=_contacts(assignment.customer),
        initial=AssignmentForm.of(assignment),
        new=False,
    )
    lines = None if fixed else _lines(request, [LineForm.of(line) for line in assignment.lines.all()])
    ready = request.method == "POST" and "more" not in request.POST
    if ready and all([form.is_valid(), lines is None or lines.is_valid()]):
        by = subjects.actor(request)
        with access.atomic():
            assignments.correct(assignment, **form.values(), by=by)
            if lines is not None:
                assignments.set_lines(assignment, lines.lines(), by=by)
        messages.success(request, _("Saved."))
        return redirect(subjects.url(assignment))
    _record(assignment, page="assignment")
    context = {
        "form": form,
        "lines": lines,
        "customer": assignment.customer,
        "assignment": assignment,
        "back": subjects.url(assignment),
    }
    return _form_page(request, context)


def _remove(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    question = _("Delete the assignment with its lines, tasks and files?")
    asked = subjects.ask_first(request, question=question, back=subjects.url(assignment))
    if asked is not None:
        return asked
    try:
        assignments.remove(assignment, by=subjects.actor(request))
    except assignments.LinesAreFixed:
        messages.error(request, _("An invoiced assignment is not deleted. Close it instead."))
        return redirect(subjects.url(assignment))
    messages.success(request, _("The assignment was deleted."))
    return redirect(subjects.url(assignment.customer))


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the next step of an assignment, or take the last one back."""
    assignment = doors.assignment_to_change(pk)
    name, by = request.POST.get("step", ""), subjects.actor(request)
    try:
        if name == "take_back":
            assignments.take_back(assignment, by=by)
        elif name in assignments.STEPS:
            assignments.STEPS[name](assignment, on=doors.today(), by=by)
        else:
            raise Http404
    except assignments.UnlawfulStep as unlawful:
        messages.error(request, str(unlawful))
    return redirect(subjects.url(assignment))


@require_POST
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to an assignment."""
    assignment = doors.assignment_to_change(pk)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        attachments.store(form.cleaned_data["attach"], of=assignment, by=subjects.actor(request))
        messages.success(request, _("Saved."))
        return redirect(subjects.url(assignment))
    _record(assignment, page="assignment")
    return _assignment_page(request, assignment, form, status=422)


def _lines(request: HttpRequest, initial: list[dict[str, Any]] | None = None) -> Any:
    data = None
    if request.method == "POST":
        more = "lines" if "more" in request.POST else ""
        data = grown(request.POST, more, MORE_LINES)
    return Lines(data, initial=initial, prefix="lines")


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    more = "more" in request.POST
    failed = request.method == "POST" and not more
    return render(
        request,
        "customers/assignment_form.html",
        context | {"quiet": more, "kinds": kinds.choices()},
        status=422 if failed else 200,
    )


def _contacts(customer: Customer) -> Any:
    there = customer.representations.values("person")
    return Person.objects.filter(pk__in=there).order_by("sort_key")


def _record(assignment: Assignment, *, page: str) -> None:
    audit.record_reads(
        [assignment.customer, *([assignment.contact] if assignment.contact else [])], page=page
    )


# --- tasks -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add_task(
    request: HttpRequest,
    customer: int | None = None,
    person: int | None = None,
    assignment: int | None = None,
) -> HttpResponse:
    """A new task for a customer, a person, an assignment, or for nobody in particular."""
    parties: dict[str, Any] = {
        "customer": doors.customer_to_change(customer) if customer is not None else None,
        "person": doors.person_to_change(person) if person is not None else None,
        "assignment": doors.assignment_to_change(assignment) if assignment is not None else None,
    }
    subject = next((one for one in parties.values() if one is not None), None)
    back = subjects.url(subject) if subject is not None else request.POST.get("next", "")
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        worklist.add(**form.cleaned_data, **parties, by=subjects.actor(request))
        messages.success(request, _("The task was added."))
        return redirect(_safe(request, back))
    _record_task_parties(parties, page="task")
    context = {"form": form, "title": _("Add a task"), "back": _safe(request, back)}
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or delete a task."""
    task = doors.task(pk)
    back = _safe(request, request.POST.get("next") or request.GET.get("next", "") or _task_home(task))
    form = TaskForm(request.POST or None, initial=TaskForm.of(task))
    if request.method == "POST" and "remove" in request.POST:
        asked = subjects.ask_first(request, question=_("Delete the task?"), back=back)
        if asked is not None:
            return asked
        worklist.remove(task, by=subjects.actor(request))
        messages.success(request, _("The task was deleted."))
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        worklist.correct(task, **form.cleaned_data, by=subjects.actor(request))
        messages.success(request, _("Saved."))
        return redirect(back)
    _record_task_parties({"customer": task.customer, "person": task.person}, page="task")
    context = {
        "form": form,
        "title": _("Edit the task"),
        "back": back,
        "back_title": lists.title_of(request, back),
        "task": task,
    }
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def finish_task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task is done, or not done after all."""
    task = doors.task(pk)
    if "reopen" in request.POST:
        worklist.reopen(task, by=subjects.actor(request))
    else:
        worklist.finish(task, at=doors.now(), by=subjects.actor(request))
        messages.success(request, _("The task is done."))
    return redirect(_safe(request, request.POST.get("next", "") or _task_home(task)))


def _task_home(task: Task) -> str:
    subject = task.assignment or task.customer or task.person
    return subjects.url(subject) if subject is not None else ""


def _safe(request: HttpRequest, url: str) -> str:
    """An address on this site, or the start page."""
    allowed = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return url if allowed and url.startswith("/register/") else "/register/"


def _record_task_parties(parties: dict[str, Any], *, page: str) -> None:
    found = [one.customer if isinstance(one, Assignment) else one for one in parties.values() if one]
    audit.record_reads(found, page=page)
