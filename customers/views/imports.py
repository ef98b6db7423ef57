"""The import: upload, preview with choices, what columns hold, confirmation, progress, report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from customers import tasks
from customers.forms.imports import ColumnsForm, UploadForm, choices_in
from customers.importing import choosing, deciding, limits, reporting, staging, uploads
from customers.models import Customer, ImportRow, ImportRun, Person
from customers.views import doors, subjects
from register import access, audit, jobs
from register.models import Language

Status = ImportRun.Status
PER_PAGE = 50
RUNS = 20


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Upload a file; below, the imports so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with access.atomic():
                run = _received(request, form)
            return redirect("customers:import", run.pk)
        except staging.Unfit as refusal:
            form.add_error("file", str(refusal))
    runs = list(ImportRun.objects.all()[:RUNS])
    context = {
        "form": form,
        "runs": runs,
        "names": subjects.names_of(run.started_by_id for run in runs),
        "megabytes": limits.MAX_BYTES // 2**20,
        "rows": number_format(limits.MAX_ROWS, force_grouping=True),
    }
    return render(request, "customers/imports.html", context, status=422 if form.is_bound else 200)


def _received(request: HttpRequest, form: UploadForm) -> ImportRun:
    """The new import: read at once when small, otherwise by the worker. Raises staging.Unfit."""
    by, file = subjects.actor(request), form.cleaned_data["file"]
    data = file.read()
    run = staging.receive(
        data,
        file_name=file.name,
        source_words=form.cleaned_data["source_words"],
        relation=form.cleaned_data["relation"],
        by=by,
    )
    try:
        _read(run, by_id=by.pk, small=staging.is_small(data))
    except staging.Unfit:
        uploads.discard(run.path)
        raise
    return run


def _read(run: ImportRun, *, by_id: int, small: bool) -> None:
    if small:
        staging.stage(run, at=doors.now())
    else:
        staging.read_again(run)
        jobs.defer(tasks.read_import, run_id=run.pk, user_id=by_id)


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """An import as it stands: preview, progress or report."""
    run = doors.import_run(pk)
    if run.status == Status.STAGED:
        return _preview(request, run)
    if run.status in (Status.READING, Status.QUEUED, Status.RUNNING):
        context = {
            "run": run,
            "interrupted": deciding.is_interrupted(run),
            "writing": run.status != "reading",
        }
        return render(request, "customers/import_progress.html", context)
    if run.status == Status.DONE:
        return _report(request, run)
    return render(
        request, "customers/import_ended.html", {"run": run, "kept": bool(run.staged_at and run.path)}
    )


# --- the preview ------------------------------------------------------------------------------------------


def _preview(request: HttpRequest, run: ImportRun) -> HttpResponse:
    verdict = _one_of(request.GET.get("show", ""), ImportRow.Verdict.values)
    rows = run.rows.filter(verdict=verdict) if verdict else run.rows.all()
    counts = dict(run.rows.order_by().values_list("verdict").annotate(rows=Count("pk")))
    shown = _page(request, rows, counts.get(verdict, 0) if verdict else sum(counts.values()))
    context = {
        "run": run,
        "page": shown,
        "rows": _described(shown.object_list),
        "verdict": verdict,
        "filters": [(value, label, counts[value]) for value, label in VERDICTS if counts.get(value)],
        "total": sum(counts.values()),
        "plan": deciding.plan(run),
        "problems": reporting.problems_of(run.problems),
        "differing": choosing.differing(run).count() if verdict in TAKING and counts.get(CONFLICT) else 0,
        "bulk": [(value, ImportRow.Choice(value).label) for value in BULK.get(verdict, ())],
    }
    return render(request, "customers/import_preview.html", context)


VERDICTS = ImportRow.Verdict.choices
CONFLICT = ImportRow.Verdict.CONFLICT
TAKING = ("", CONFLICT)
"""Where the preview offers to take, or keep, all differing values at once."""
ADD, UPDATE, SKIP = ImportRow.Choice.ADD, ImportRow.Choice.UPDATE, ImportRow.Choice.SKIP
BULK: dict[str, tuple[ImportRow.Choice, ...]] = {
    ImportRow.Verdict.NEW: (ADD, SKIP),
    ImportRow.Verdict.MATCH: (UPDATE, SKIP),
    ImportRow.Verdict.CONFLICT: (ADD, UPDATE, SKIP),
}
"""What may be chosen for all rows of a verdict at once."""


def _page(request: HttpRequest, rows: Any, count: int) -> Page[ImportRow]:
    paginator: Paginator[ImportRow] = Paginator(rows.order_by("position"), PER_PAGE)
    paginator.count = count  # type: ignore[misc]
    return paginator.get_page(request.GET.get("page"))


def _described(rows: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """Each row with those of the register whom it may mean; that they are shown is recorded."""
    rows = list(rows)
    numbers = [number for row in rows for number in row.data.get("candidates", ())]
    people = Person.objects.in_bulk(
        {row.person_id for row in rows if row.person_id} | {int(n[1:]) for n in numbers if n[0] == "H"}
    )
    customers = Customer.objects.in_bulk(
        {row.customer_id for row in rows if row.customer_id} | {int(n[1:]) for n in numbers if n[0] == "K"}
    )
    audit.record_reads([*people.values(), *customers.values()], page="import")
    by_number: dict[str, Any] = {str(one): one for one in (*people.values(), *customers.values())}
    return [
        {
            "row": row,
            "person": people.get(row.person_id or 0),
            "customer": customers.get(row.customer_id or 0),
            "candidates": [by_number[n] for n in row.data.get("candidates", ()) if n in by_number],
            "problems": reporting.problems_of(row.problems),
            "changes": [change | {"label": FIELDS.get(change["field"], "")} for change in _changes(row)],
            "choices": [(value, ImportRow.Choice(value).label) for value in choosing.choices_of(row)],
        }
        for row in rows
    ]


FIELDS = {
    "given": _lazy("given name"),
    "family": _lazy("family name"),
    "language": _lazy("language"),
    "title": _lazy("title"),
    "company": _lazy("company"),
    "business_id": _lazy("business ID"),
    "emails": _lazy("e-mail"),
    "phones": _lazy("phone"),
    "addresses": _lazy("address"),
}


def _changes(row: ImportRow) -> list[dict[str, Any]]:
    """What completing would change; languages by their names."""
    languages = dict(Language.choices)
    return [
        change | {key: languages.get(change[key], "") for key in ("register", "file")}
        if change["field"] == "language"
        else change
        for change in row.data.get("changes", ())
    ]


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the choices of one page, or one choice for all rows of a kind; or go on to the confirmation."""
    run = doors.import_run(pk)
    by = subjects.actor(request)
    verdict = _one_of(request.POST.get("show", ""), ImportRow.Verdict.values)
    every = _one_of(request.POST.get("every", ""), ("take", "keep", *BULK.get(verdict, ())))
    try:
        if every in ("take", "keep"):
            count = choosing.take_all(run, take=every == "take", by=by)
            messages.success(request, _taken(every) % {"count": count})
        elif every:
            count = choosing.choose_all(run, verdict=verdict, choice=every, by=by)
            messages.success(request, _("The choice was changed for %(count)d rows.") % {"count": count})
        else:
            positions = [int(one) for one in request.POST.getlist("position") if one.isdecimal()][:PER_PAGE]
            rows = run.rows.filter(position__in=positions)
            choosing.choose(run, rows=choices_in(request.POST, rows), by=by)
    except choosing.NotStaged as refusal:
        messages.error(request, str(refusal))
        return redirect("customers:import", pk)
    if "confirm" in request.POST:
        return redirect("customers:import_confirm", pk)
    if not every:
        messages.success(request, _("Saved."))
    number = request.POST.get("page", "1")
    return redirect(
        f"{reverse('customers:import', args=[pk])}?show={verdict}&page={number if number.isdecimal() else 1}"
    )


def _taken(every: str) -> str:
    if every == "take":
        return _("The file's value is taken in all rows where the two differ: %(count)d.")
    return _("The register's value is kept in all rows where the two differ: %(count)d.")


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column of the table holds; saving reads the file again."""
    run = doors.import_run(pk)
    if run.status != Status.STAGED or not run.header:
        raise Http404
    first = run.rows.order_by("position").first()
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        run=run,
        samples=first.data.get("samples", []) if first else [],
    )
    if form.is_bound and form.is_valid():
        by = subjects.actor(request)
        try:
            small = len(uploads.read(run)) <= staging.SMALL
            staging.remap(run, form.mapping(), by=by)
            _read(ImportRun.objects.get(pk=pk), by_id=by.pk, small=small)
        except uploads.FileGone:
            form.add_error(None, _("The file is not kept any more. Upload it again."))
        except (choosing.NotStaged, staging.Unfit) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("customers:import", pk)
    context = {"run": run, "form": form}
    return render(request, "customers/import_columns.html", context, status=422 if form.is_bound else 200)


# --- the decision -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what will happen, and let it happen if it is still what was said."""
    run = doors.import_run(pk)
    if run.status != Status.STAGED:
        return redirect("customers:import", pk)
    plan = deciding.plan(run)
    said = f"{plan.add}-{plan.update}-{plan.skip}"
    if request.method == "POST" and request.POST.get("plan") == said:
        try:
            deciding.confirm(run, by=subjects.actor(request))
            jobs.defer(tasks.write_import, run_id=run.pk, user_id=subjects.actor(request).pk)
        except (deciding.AlreadyConfirmed, choosing.NotStaged):
            messages.info(request, _("This import has already been confirmed."))
        return redirect("customers:import", pk)
    context = {
        "run": run,
        "plan": plan,
        "said": said,
        "changed": request.method == "POST",
        "refusals": run.rows.filter(refuses=True).exclude(choice=SKIP).count(),
    }
    return render(request, "customers/import_confirm.html", context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the import up: nothing of the file stays."""
    return _act(request, pk, lambda run: staging.cancel(run, by=subjects.actor(request)))


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an interrupted import again, or take a failed one back to its preview."""
    return _act(request, pk, lambda run: _again(run, subjects.actor(request).pk))


def _again(run: ImportRun, by_id: int) -> None:
    if run.status == Status.FAILED:
        deciding.retry(run)
    elif run.status == Status.READING:
        jobs.defer(tasks.read_import, run_id=run.pk, user_id=by_id)
    else:
        deciding.restart(run)
        jobs.defer(tasks.write_import, run_id=run.pk, user_id=run.confirmed_by_id or by_id)


def _act(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    try:
        act(doors.import_run(pk))
    except choosing.NotStaged as refusal:
        messages.error(request, str(refusal))
    return redirect("customers:import", pk)


# --- the report -------------------------------------------------------------------------------------------


def _report(request: HttpRequest, run: ImportRun) -> HttpResponse:
    result = _one_of(request.GET.get("show", ""), ImportRow.Result.values)
    rows = run.rows.filter(result=result) if result else run.rows.all()
    left = run.rows.count() if not result else rows.count()
    shown = _page(request, rows, left)
    context = {
        "run": run,
        "page": shown,
        "rows": _described(shown.object_list),
        "result": result,
        "tiles": [
            (value, label, run.counts.get(value, 0)) for value, label in ImportRow.Result.choices if value
        ],
        "problems": reporting.problems_of(run.problems),
        "names": subjects.names_of([run.started_by_id, run.confirmed_by_id]),
    }
    return render(request, "customers/import_report.html", context)


def report_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a table."""
    run = doors.import_run(pk)
    if run.status != Status.DONE:
        raise Http404
    audit.record_reads([run], page="import report")
    return HttpResponse(
        "\ufeff" + reporting.as_csv(run),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="import-{run.pk}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _one_of(value: str, allowed: Iterable[str]) -> str:
    return value if value in allowed else ""
