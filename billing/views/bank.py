"""Bank files: uploading, how far one is, what became of every transaction."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import tasks
from billing.bank import importing, worklist
from billing.bank.transactions import Unreadable
from billing.bank_forms import BankUploadForm
from billing.models import BankFile, BankRow
from billing.views import doors
from billing.views.downloads import CSV, as_file
from customers.views.subjects import names_of
from register import access, audit, jobs, lists
from register.doors import one_or_404


@lists.named(gettext_lazy("Bank"))
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Upload a file; below, the files so far."""
    sent = request.method == "POST"
    form = BankUploadForm(request.POST, request.FILES) if sent else BankUploadForm()
    if sent and form.is_valid():
        try:
            file = importing.receive(form.cleaned_data["file"], by=doors.actor(request), at=doors.now())
        except (Unreadable, importing.TooLarge) as refusal:
            form.add_error("file", str(refusal))
        else:
            _import(request, file)
            return redirect("billing:bank_file", file.pk)
    page = worklist.files(before=doors.whole(request.GET.get("before")))
    context = {
        "form": form,
        "page": page,
        "names": names_of(file.uploaded_by_id for file in page.rows),
        "waiting": worklist.waiting(on=doors.today()),
        "most": worklist.AT_MOST,
    }
    return render(request, "billing/bank.html", context, status=422 if form.is_bound else 200)


def _import(request: HttpRequest, file: BankFile) -> None:
    """At once when it is small, otherwise by the worker."""
    if not importing.is_done_at_once(file):
        jobs.defer(tasks.import_bank_file, file_id=file.pk, user_id=doors.actor(request).pk)
        return
    try:
        with access.atomic():
            importing.run(file.pk, at=doors.now(), on=doors.today())
    except Exception as error:  # noqa: BLE001 (whatever it was: nothing was booked, and its sender is told)
        importing.refuse(file.pk, importing.said_of(error))


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file as it stands: progress, refusal, or its transactions."""
    one = _file(pk)
    context = {"file": one, "names": names_of([one.uploaded_by_id])}
    if one.status != BankFile.Status.DONE:
        return render(request, "billing/bank_progress.html", context)
    result = request.GET.get("show", "")
    rows, following = worklist.rows(one, result=result, after=doors.whole(request.GET.get("after")) or 0)
    doors.reads(
        (row.payment.customer for row in rows if row.payment and row.payment.customer), page="bank file"
    )
    context |= {
        "rows": [(row, worklist.said(row.reason)) for row in rows],
        "following": following,
        "result": result,
        "tiles": [
            (value, label, *one.counts[value]) for value, label in BankRow.Result.choices if value in one.counts
        ],
        "left_out": one.counts.get("left_out", [0])[0],
        "others": one.counts.get(importing.OTHERS, [0])[0],
        "answer": [(state, one.counts.get(state, [0])[0]) for state in ("accepted", "rejected")],
    }  # fmt: skip
    return render(request, "billing/bank_file.html", context)


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Every transaction's result as CSV."""
    one = _file(pk)
    if one.status != BankFile.Status.DONE:
        raise Http404
    audit.record_reads([one], page="bank file")
    return as_file("".join(worklist.report(one)), f"{one}.csv", CSV)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a file again whose worker was lost; while one works on it, nothing happens."""
    one = _file(pk)
    if one.is_open:
        jobs.defer(tasks.import_bank_file, file_id=one.pk, user_id=doors.actor(request).pk)
        messages.info(request, _("The import starts again."))
    return redirect("billing:bank_file", one.pk)


def _file(pk: int) -> BankFile:
    found: BankFile = one_or_404(BankFile.objects, pk=pk)
    return found
