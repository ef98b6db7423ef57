"""What leaves by a person's hands: letters to print and post, e-invoice files for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from billing import afterwards, documents, einvoices, enclosing, letters, outgoing, rules, sending
from billing.afterwards import BACK
from billing.forms import chosen
from billing.models import InvoiceAttachment, Sending
from billing.sending_forms import PostedForm
from billing.views import doors
from billing.views.downloads import XML, ZIP, as_file, as_pdf

PAPER, E_INVOICE = Sending.Channel.PAPER, Sending.Channel.E_INVOICE


@require_http_methods(["GET", "HEAD", "POST"])
def print_queue(request: HttpRequest) -> HttpResponse:
    """Letters to print; the ticked ones were posted on a day."""
    return _queue(request, PAPER, "billing/letters.html", "billing:letters")


@require_http_methods(["GET", "HEAD", "POST"])
def for_operator(request: HttpRequest) -> HttpResponse:
    """E-invoices to download; the ticked ones were given to the operator on a day."""
    return _queue(request, E_INVOICE, "billing/e_invoices.html", "billing:e_invoices")


@require_POST
def letters_pdf(request: HttpRequest) -> HttpResponse:
    """The ticked letters in one PDF."""
    rows = _ticked(request, PAPER)
    if not rows:
        messages.error(request, _("Tick the letters first. What is no longer waiting is not printed."))
        return redirect("billing:letters")
    try:
        back = afterwards.review(Sending.objects.filter(pk__in=[row.pk for row in rows]), at=doors.now())
    except rules.RuleMissing as missing:
        messages.error(request, str(missing))
        return redirect("billing:letters")
    if back:
        _tell_back(request, back)
        messages.warning(request, _("Nothing was printed. Print the letters that are left."))
        return redirect("billing:letters")
    doors.reads((row.customer for row in rows), page="billing letters")
    try:
        paper = letters.together(rows, two_sided="two_sided" in request.POST)
    except enclosing.EnclosureMissing as missing:
        messages.error(request, str(missing))
        return redirect("billing:letters")
    return as_pdf(paper, f"{doors.today():%Y-%m-%d}-L{rows[0].pk}-{len(rows)}.pdf")


@require_POST
def e_invoice_files(request: HttpRequest) -> HttpResponse:
    """The ticked e-invoices: one as XML, several in a zip. Where one cannot be written, none is, and it is told."""
    rows, at = _ticked(request, E_INVOICE), doors.now()
    try:
        made, refused = einvoices.files(rows, at=at)
    except documents.RegistrarMissing as missing:
        messages.error(request, str(missing))
        return redirect("billing:e_invoices")
    for one in refused:
        messages.error(request, f"{one.sending.invoice}: {one.why}")
    if not rows:
        messages.error(request, _("Tick the e-invoices first."))
    if refused or not rows:
        return redirect("billing:e_invoices")
    doors.reads((row.customer for row in rows), page="billing e-invoices")
    if len(made) > 1:
        name = f"finvoice-{doors.today():%Y-%m-%d}-{len(made)}.zip"
        return as_file(einvoices.zipped(made, at=at), name, ZIP)
    [(name, content)] = made.items()
    return as_file(content, name, XML)


def _queue(request: HttpRequest, channel: str, template: str, address: str) -> HttpResponse:
    form = PostedForm(request.POST or None, initial={"on": doors.today()})
    if request.method == "POST" and form.is_valid():
        ticked, at = chosen(request.POST, "sending"), doors.now()
        try:
            count = sending.mark_sent(
                ticked, channel=channel, on=form.cleaned_data["on"], by=doors.actor(request), at=at
            )
        except (sending.WrongDay, rules.RuleMissing) as refused:
            form.add_error("on", str(refused))
        else:
            back = list(Sending.objects.filter(pk__in=ticked, result__startswith=BACK, settled_at=at))
            _tell_back(request, back)
            if count or not back:
                _tell(request, count)
            return redirect(address)
    after = doors.whole(request.GET.get("after"))
    page = outgoing.queue(channel, after=after)
    doors.reads((row.customer for row in page.rows), page="billing sendings")
    context: dict[str, Any] = {"page": page, "form": form, "after": after}
    context["rows"] = [(row, _files(row), _warned(row)) for row in page.rows]
    context["ticked"] = set(chosen(request.POST, "sending")) if form.is_bound else None
    return render(request, template, context, status=422 if form.is_bound else 200)


def _files(row: Sending) -> list[InvoiceAttachment]:
    return list(row.invoice.attachments.all()) if row.invoice else []


def _warned(row: Sending) -> str:
    """What must be enclosed by hand or given in another way."""
    return enclosing.warning(_files(row), row.channel)


def _tell_back(request: HttpRequest, back: Sequence[Sending]) -> None:
    """Which letters were called back and why, so that none of them is posted."""
    for row in back:
        words = {"letter": row.reminder, "why": outgoing.explained(row)}
        messages.error(request, _("Do not post %(letter)s. %(why)s") % words)


def _tell(request: HttpRequest, count: int) -> None:
    if not count:
        messages.error(request, _("Nothing was ticked that still waits."))
        return
    said = ngettext("%(n)d document is marked as sent.", "%(n)d documents are marked as sent.", count)
    messages.success(request, said % {"n": count})


def _ticked(request: HttpRequest, channel: str) -> list[Sending]:
    rows = Sending.objects.waiting().filter(pk__in=chosen(request.POST, "sending"), channel=channel)
    carried = rows.filter(invoice__isnull=False) if channel == E_INVOICE else rows
    has_paper = Q(invoice__isnull=False) | Q(reminder__isnull=False)
    return list(carried.filter(has_paper).select_related("customer", "invoice").order_by("pk"))
