"""Sending: what waits and what became of it, many invoices in one go, and the pages where one says what happened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import afterwards, bounces, enclosing, outgoing, sending, sending_many
from billing.forms import chosen
from billing.models import Sending
from billing.sending_forms import ChannelForm, ManyForm, OtherwiseForm, ReportForm
from billing.views import doors
from billing.worklists import Page
from register import audit, lists

REFUSALS = (
    sending.FeeWaived,
    afterwards.Outdated,
    sending.NotSendable,
    sending.AddressMissing,
    sending.OnItsWay,
    sending.NotAsItWas,
    sending.WrongDay,
)


@lists.named(gettext_lazy("Sendings"))
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every sending, the latest first, and what needs somebody."""
    shown, channel = request.GET.get("show", ""), request.GET.get("channel", "")
    shown = shown if shown in dict(outgoing.SHOWN) else ""
    channel = channel if channel in Sending.Channel.values else ""
    at, before = doors.now(), doors.whole(request.GET.get("before"))
    found = outgoing.page(at=at, shown=shown, channel=channel, before=before)
    doors.reads((row.customer for row in found.rows), page="billing sendings")
    context = {
        "page": found,
        "rows": explained(found.rows, at=at),
        "shown": shown,
        "channel": channel,
        "choices": outgoing.SHOWN,
        "channels": [("", _("All")), *Sending.Channel.choices],
        "counts": outgoing.counts(at=at, on=doors.today()),
    }
    return render(request, "billing/sendings.html", context)


def explained(rows: Iterable[Sending], *, at: Any) -> list[tuple[Sending, str, bool]]:
    """Rows with their result in words, and whether they are in doubt."""
    return [(row, outgoing.explained(row), row.is_in_doubt(at=at)) for row in rows]


# --- many at once --------------------------------------------------------------------------------------


@lists.named(gettext_lazy("Invoices not sent"))
@require_http_methods(["GET", "HEAD", "POST"])
def unsent(request: HttpRequest) -> HttpResponse:
    """Invoices that nobody has sent, ticked; sent in one go."""
    form = ManyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = sending_many.send_many(
                invoices=None if form.cleaned_data["everybody"] else chosen(request.POST, "invoice"),
                client_key=form.cleaned_data["key"],
                by=doors.actor(request),
                at=doors.now(),
            )
        except sending_many.NothingToSend as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("billing:sending_run", run.pk)
    after = doors.whole(request.GET.get("after"))
    found = outgoing.unsent(on=doors.today(), after=after)
    doors.reads((row.customer for row in found.rows), page="billing unsent invoices")
    context = {
        "page": found,
        "after": after,
        "form": form,
        "key": uuid.uuid4(),
        "most": sending_many.AT_MOST,
        "rows": [
            (row, Sending.Channel(sending.usual_channel(row, _details(row))).label) for row in found.rows
        ],
    }
    return render(request, "billing/unsent.html", context, status=422 if form.is_bound else 200)


def _details(row: Any) -> Any:
    return getattr(row.customer, "billing_details", None)


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Many invoices on their way: how far it is, then what became of each."""
    made, at, after = doors.sending_run(pk), doors.now(), doors.whole(request.GET.get("after"))
    rows = outgoing.with_documents(made.sendings.all()).order_by("pk")
    found = Page.of(rows.filter(pk__gt=after) if after is not None else rows)
    doors.reads((row.customer for row in found.rows), page="billing sending run")
    mails = made.sendings.filter(channel=Sending.Channel.EMAIL, state=Sending.State.QUEUED)
    waiting = mails.filter(attempts=0).count()
    context = {
        "run": made,
        "page": found,
        "rows": explained(found.rows, at=at),
        "waiting": waiting,
        "done": made.count - waiting,
        "by_hand": made.sendings.waiting().filter(channel__in=["paper", "e_invoice"]).count(),
        "again": mails.filter(attempts__gt=0).count(),
        "failed": made.sendings.filter(state=Sending.State.FAILED).count(),
    }
    return render(request, "billing/sending_run.html", context)


# --- one document --------------------------------------------------------------------------------------


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an issued invoice by its customer's channel or the chosen one."""
    invoice, form = doors.invoice(pk), ChannelForm(request.POST)
    if not form.is_valid():
        return redirect("billing:invoice", invoice.pk)
    done = {
        "email": _("The mail is on its way. This page says when it has gone."),
        "paper": _("The letter is in the print queue."),
        "e_invoice": _("The e-invoice waits among those for the operator."),
    }
    try:
        made = sending.send(
            invoice, by=doors.actor(request), at=doors.now(), channel=form.cleaned_data["channel"]
        )
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done[made.channel])
        warned = enclosing.warning(invoice.attachments.all(), made.channel)
        if warned:
            messages.warning(request, warned)
    return redirect("billing:invoice", invoice.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def otherwise(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that an invoice was sent outside the register."""
    invoice = doors.invoice(pk)
    if invoice.is_draft:
        return redirect("billing:invoice", invoice.pk)
    form = OtherwiseForm(request.POST or None, initial={"on": doors.today()})
    if request.method == "POST" and form.is_valid():
        try:
            sending.send_otherwise(invoice, **form.cleaned_data, by=doors.actor(request), at=doors.now())
        except REFUSALS as refused:
            form.add_error("on", str(refused))
        else:
            messages.success(request, _("Written down."))
            return redirect("billing:invoice", invoice.pk)
    audit.record_read(invoice.customer, page=f"billing sending {invoice}")
    status = 422 if form.is_bound else 200
    return render(request, "billing/sent_otherwise.html", {"invoice": invoice, "form": form}, status=status)


# --- one sending ---------------------------------------------------------------------------------------


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the same document anew."""
    row = doors.sending(pk)
    return _pressed(
        request,
        row,
        lambda: sending.send_again(row, by=doors.actor(request), at=doors.now()),
        _("It is on its way again."),
    )


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what waits."""
    row = doors.sending(pk)
    return _pressed(
        request, row, lambda: sending.cancel(row, by=doors.actor(request), at=doors.now()), _("Cancelled.")
    )


@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """What went out came back."""
    row = doors.sending(pk)
    return _pressed(
        request,
        row,
        lambda: sending.bounced(row, result="told", by=doors.actor(request), at=doors.now()),
        _("Marked as returned: it counts as not sent."),
    )


@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a mail in doubt whether it went."""
    row, went = doors.sending(pk), "went" in request.POST
    return _pressed(
        request,
        row,
        lambda: sending.resolve(row, went=went, by=doors.actor(request), at=doors.now()),
        _("Marked as sent.") if went else _("Marked as not sent. Send it again when you like."),
    )


def _pressed(request: HttpRequest, row: Sending, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    if "invoice" in request.POST and row.invoice_id:
        return redirect("billing:invoice", row.invoice_id)
    return redirect("billing:sendings")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """A mail that says another was not delivered marks that one as returned."""
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = bounces.take(form.raw(), by=doors.actor(request), at=doors.now())
        except (bounces.NoReport, bounces.NotFailed, bounces.Unmatched, sending.NotAsItWas) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("%(number)s is marked as returned.") % {"number": row.invoice or row.reminder}
            )
            return redirect("billing:sendings")
    status = 422 if form.is_bound else 200
    return render(request, "billing/bounce.html", {"form": form}, status=status)
