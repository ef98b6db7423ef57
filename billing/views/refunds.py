"""Refunds: what customers have too much, what is approved, the file for the bank."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from billing.bank import refunds, worklist
from billing.bank_forms import ExportForm
from billing.forms import chosen
from billing.models import Refund, RefundFile
from billing.views import doors
from billing.views.downloads import XML, as_file
from billing.worklists import Page
from register import lists
from register.doors import one_or_404


@lists.named(gettext_lazy("Refunds"))
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Credits that could be paid back, refunds on their way, the files; posting makes a file."""
    form = ExportForm(request.POST or None, today=doors.today())
    if request.method == "POST" and form.is_valid():
        wanted = list(Refund.objects.filter(pk__in=chosen(request.POST, "refund", most=1000)))
        try:
            refunds.export(
                wanted,
                execute_on=form.cleaned_data["execute_on"],
                version=form.cleaned_data["version"],
                by=doors.actor(request),
                at=doors.now(),
                on=doors.today(),
            )
        except (refunds.NothingToExport, refunds.NotSoMuchLeft) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The file is ready. Download it and have it released in the bank by a second person."),
            )
            return redirect("billing:refunds")
    due = Page.of(refunds.due(), 25)
    under_way = worklist.refunds_under_way()
    doors.reads(
        [*(one.customer for one in due.rows if one.customer), *(one.customer for one in under_way)],
        page="refunds",
    )
    context = {
        "form": form,
        "due": due,
        "proposed": [one for one in under_way if one.state == Refund.State.PROPOSED],
        "approved": [one for one in under_way if one.state == Refund.State.APPROVED],
        "files": list(RefundFile.objects.all()[:20]),
        "open_files": {one.file_id for one in under_way if one.file_id},
    }
    return render(request, "billing/refunds.html", context, status=422 if form.is_bound else 200)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a proposed refund, or give one up."""
    refund: Refund = one_or_404(Refund.objects, pk=pk)
    act: Callable[..., None] = refunds.approve if "approve" in request.POST else refunds.cancel
    try:
        act(refund, by=doors.actor(request), at=doors.now())
    except refunds.NotSo as gone_on:
        messages.error(request, str(gone_on))
    return redirect("billing:refunds")


@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the bank, as long as its accounts are kept."""
    file: RefundFile = one_or_404(RefundFile.objects, pk=pk)
    doors.reads((one.customer for one in file.refunds.select_related("customer")), page="refund file")
    try:
        content = refunds.content(file)
    except refunds.NoLongerKept as gone:
        messages.error(request, str(gone))
        return redirect("billing:refunds")
    return as_file(content, f"{file.message_id}.xml", XML)
