"""One invoice: the draft that is edited, the step of issuing, the document, its PDF, its credit note."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import (
    crediting,
    details,
    drafting,
    enclosing,
    grounds,
    invoicing,
    latepayment,
    losses,
    outgoing,
    pdf,
    pricing,
    sending,
)
from billing.forms import DraftForm, KeyForm, LineForm, LineRows
from billing.models import Entry, Invoice, InvoiceAttachment, InvoicePdf, Sending, Voiding
from billing.pdf import Kind
from billing.sending_forms import ChannelForm
from billing.views import doors, sendings
from billing.views.downloads import as_pdf
from customers import kinds
from customers.forms.work import FilesForm
from customers.views.rows import grown
from customers.views.subjects import names_of
from register import audit

MORE_LINES = 3


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft to edit, or an issued document to look at."""
    invoice = doors.invoice(pk, stripped=True)
    if invoice.is_draft:
        return _draft(request, invoice)
    if request.method == "POST":
        messages.error(request, str(drafting.AlreadyIssued(invoice.number)))
        return redirect("billing:invoice", invoice.pk)
    audit.record_read(invoice.customer, page=f"billing invoice {invoice}")
    if invoice.is_stripped:
        return _stripped(request, invoice)
    notes = list(invoice.credit_notes.exclude(number="").defer("snapshot").order_by("pk"))
    sent = sendings.explained(outgoing.with_documents(sending.of(invoice)), at=doors.now())
    entries, files = list(Entry.objects.filter(receivable=invoice.pk)), list(invoice.attachments.all())
    given_up = any(entry.kind == Entry.Kind.WRITE_OFF for entry in entries)
    context = {
        "invoice": invoice,
        "document": pdf.InvoiceDocument.from_json(invoice.snapshot or {}),
        "lines": invoice.lines.all(),
        "credit_notes": notes,
        "taken_back": notes and sum(note.total for note in notes) == -invoice.total,
        "voiding": notes and Voiding.objects.filter(invoice=invoice).exists(),
        "files": files,
        "warnings": _warnings(files, sent),
        "entries": entries,
        "lost": losses.standing([invoice.pk]).first() if given_up else None,
        "names": names_of([invoice.issued_by_id]),
        "late": latepayment.section(invoice, on=doors.today()),
        "sendings": sent,
        "on_its_way": any(row.is_on_its_way for row, _words, _doubt in sent),
        "channels": ChannelForm(),
        "key": uuid.uuid4(),
    }
    return render(request, "billing/invoice.html", context)


def _warnings(files: list[InvoiceAttachment], sent: list[tuple[Sending, str, bool]]) -> list[str]:
    """What the channels by which an invoice waits or went did not carry of its files."""
    gone = [row.channel for row, _words, _doubt in sent if row.is_on_its_way or row.sent_at]
    found = [enclosing.warning(files, channel) for channel in dict.fromkeys(gone)]
    return [text for text in found if text]


def _stripped(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """What the ledger keeps of a document whose own years are over."""
    context = {
        "invoice": invoice,
        "rates": [
            {key: Decimal(line[key]) for key in ("vat_rate", "net", "vat")}
            for line in (invoice.snapshot or {})["vat_lines"]
        ],
        "entries": list(Entry.objects.filter(receivable=invoice.pk)),
        "credit_notes": invoice.credit_notes.exclude(number="").defer("snapshot").order_by("pk"),
    }
    return render(request, "billing/stripped.html", context)


# --- a draft -----------------------------------------------------------------------------------------


def _draft(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    posted = grown(request.POST, "lines" if "more" in request.POST else "", MORE_LINES)
    lines = list(invoice.lines.select_related("kind"))
    offered = grounds.choices(on=doors.today())
    form = DraftForm(posted or None, initial=DraftForm.of(invoice), grounds=offered)
    rows = LineRows(
        posted or None,
        prefix="lines",
        initial=[LineForm.of(line) for line in lines],
        form_kwargs={"kinds": kinds.choices()},
    )
    wanted = request.method == "POST" and "more" not in request.POST
    if wanted and all([form.is_valid(), rows.is_valid()]):
        answer = _save(request, invoice, form, rows)
        if answer is not None:
            return answer
    return _draft_page(request, invoice, form, rows, status=422 if wanted else 200)


def _save(request: HttpRequest, invoice: Invoice, form: DraftForm, rows: Any) -> HttpResponse | None:
    """Keep what was written; None when it cannot be, with the reason on the form."""
    try:
        drafting.revise(
            invoice, facts=form.facts(), lines=rows.lines(), by=doors.actor(request), on=doors.today()
        )
    except drafting.AlreadyIssued as issued:
        messages.error(request, str(issued))
        return redirect("billing:invoice", invoice.pk)
    except (drafting.TooManyLines, drafting.LineIncomplete, *invoicing.CANNOT_COUNT) as refused:
        form.add_error(None, str(refused))
        return None
    if "issue" in request.POST:
        return redirect("billing:issue", invoice.pk)
    messages.success(request, _("Saved."))
    return redirect("billing:invoice", invoice.pk)


def _draft_page(
    request: HttpRequest, invoice: Invoice, form: DraftForm, rows: Any, *, status: int
) -> HttpResponse:
    audit.record_read(invoice.customer, page=f"billing draft {invoice}")
    lines, known, files = (
        list(invoice.lines.all()),
        details.of(invoice.customer),
        list(invoice.attachments.all()),
    )
    context = {
        "invoice": invoice,
        "form": form,
        "rows": rows,
        "lines": lines,
        "totals": pricing.totals(invoice, lines),
        "released": invoice.released.order_by("pk"),
        "files": files,
        "files_form": FilesForm(),
        "details": known,
        "warning": enclosing.warning(files, known.channel),
        "lacking": invoicing.lacking(invoice, on=doors.today()),
        "due_on": doors.today() + timedelta(days=invoice.payment_days),
    }
    return render(request, "billing/draft.html", context, status=status)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    invoice = doors.invoice(pk)
    try:
        drafting.discard(invoice, by=doors.actor(request))
    except drafting.AlreadyIssued as issued:
        messages.error(request, str(issued))
        return redirect("billing:invoice", invoice.pk)
    messages.success(request, _("The draft was discarded. Released work waits again."))
    return redirect("billing:home")


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it would be issued today."""
    invoice = doors.invoice(pk)
    if not invoice.is_draft:
        raise Http404
    return _shown(request, invoice, invoicing.preview)


@require_safe
def proforma(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as a proforma invoice."""
    invoice = doors.invoice(pk)
    if not invoice.is_draft:
        raise Http404
    return _shown(request, invoice, invoicing.proforma)


def _shown(request: HttpRequest, invoice: Invoice, make: Callable[..., bytes]) -> HttpResponse:
    try:
        paper = make(invoice, on=doors.today())
    except (*invoicing.CANNOT_COUNT, pdf.NotTypeset) as problem:
        messages.error(request, _problem(problem))
        return redirect("billing:invoice", invoice.pk)
    audit.record_read(invoice.customer, page=f"billing draft {invoice} pdf")
    return as_pdf(paper, f"{invoice}.pdf", attachment=False)


# --- issuing -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen, and the button that makes it happen once."""
    invoice = doors.invoice(pk)
    if request.method == "POST":
        form = KeyForm(request.POST)
        if form.is_valid():
            return _issue(request, invoice, form.cleaned_data["key"], send="send" in request.POST)
    elif not invoice.is_draft:
        return redirect("billing:invoice", invoice.pk)
    audit.record_read(invoice.customer, page=f"billing issue {invoice}")
    today, known = doors.today(), details.of(invoice.customer)
    context = {
        "invoice": invoice,
        "details": known,
        "warning": enclosing.warning(invoice.attachments.all(), known.channel),
        "lacking": invoicing.lacking(invoice, on=today),
        "today": today,
        "due_on": today + timedelta(days=invoice.payment_days),
        "form": KeyForm(),
    }
    return render(request, "billing/issue.html", context)


def _issue(request: HttpRequest, invoice: Invoice, key: uuid.UUID, *, send: bool) -> HttpResponse:
    by, on = doors.actor(request), doors.today()
    if not send:
        act = partial(invoicing.issue, invoice, by=by, on=on, client_key=key)
        return acted(request, act, back=invoice, said=_("Invoice %(number)s was issued."))
    act = partial(sending.issue_and_send, invoice, by=by, on=on, at=doors.now(), client_key=key)
    return acted(request, act, back=invoice, said=_("Invoice %(number)s was issued and is on its way."))


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft with the same lines."""
    invoice, form = doors.invoice(pk), KeyForm(request.POST)
    if invoice.is_draft or invoice.kind != Kind.INVOICE or not form.is_valid():
        return redirect("billing:invoice", invoice.pk)
    try:
        draft = drafting.draft_again(
            invoice, by=doors.actor(request), on=doors.today(), draft_key=form.cleaned_data["key"]
        )
    except invoicing.CANNOT_COUNT as problem:
        messages.error(request, str(problem))
        return redirect("billing:invoice", invoice.pk)
    return redirect("billing:invoice", draft.pk)


def acted(request: HttpRequest, act: Callable[[], Invoice], *, back: Invoice, said: str) -> HttpResponse:
    """Do what takes a number; whatever stops it is told, and the number is not used."""
    made, reasons = attempted(act)
    if made is None:
        for reason in reasons:
            messages.error(request, reason)
        return redirect("billing:invoice", back.pk)
    messages.success(request, said % {"number": made.number})
    return redirect("billing:invoice", made.pk)


def attempted(act: Callable[[], Invoice]) -> tuple[Invoice | None, Sequence[str]]:
    """What was made, or why it was not."""
    try:
        return act(), ()
    except invoicing.Incomplete as incomplete:
        return None, incomplete.reasons
    except (
        drafting.AlreadyIssued,
        invoicing.KeyUsed,
        crediting.CannotBeCredited,
        crediting.CannotBeVoided,
        sending.AddressMissing,
        *invoicing.CANNOT_COUNT,
    ) as refused:
        return None, [str(refused)]
    except pdf.NotTypeset as failed:
        return None, [_problem(failed)]


# --- paper -------------------------------------------------------------------------------------------


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF as it was issued, byte for byte."""
    invoice = doors.invoice(pk)
    stored = InvoicePdf.objects.filter(invoice=invoice).first()
    if stored is None:
        raise Http404
    audit.record_read(invoice.customer, page=f"billing invoice {invoice} pdf")
    return as_pdf(bytes(stored.content), f"{invoice.number}.pdf", attachment="show" not in request.GET)


def _problem(problem: Exception) -> str:
    if isinstance(problem, pdf.NotTypeset):
        return _("The PDF could not be made. Nothing was issued; tell the register owner.")
    return str(problem)
