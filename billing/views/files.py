"""The files of an invoice: added to a draft, taken off it, fetched."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import attaching, drafting
from billing.views import doors
from customers import attachments
from customers.forms.work import FilesForm
from customers.views import files
from register import audit


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a draft."""
    invoice, form = doors.invoice(pk), FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        for problem in form.errors.get("attach", []):
            messages.error(request, str(problem))
        return redirect("billing:invoice", invoice.pk)
    try:
        attaching.attach(invoice, form.cleaned_data["attach"], by=doors.actor(request))
    except (drafting.AlreadyIssued, attaching.TooManyFiles, attachments.Refused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("billing:invoice", invoice.pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off a draft."""
    attachment = doors.attachment(pk)
    try:
        attaching.detach(attachment, by=doors.actor(request))
    except drafting.AlreadyIssued as issued:
        messages.error(request, str(issued))
    else:
        messages.success(request, _("The file was deleted."))
    return redirect("billing:invoice", attachment.invoice_id)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file, to be saved."""
    attachment = doors.attachment(pk)
    try:
        content = attaching.opened(attachment)
    except FileNotFoundError:
        raise Http404 from None
    audit.record_read(attachment.invoice.customer, page=f"billing file {attachment}")
    return files.as_download(
        content, name=attachment.name, content_type=attachment.content_type, size=attachment.size
    )
