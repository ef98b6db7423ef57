"""Crediting an issued invoice: all that is left of it, some of it, or its number given up before it was sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing import crediting, remaining
from billing.credit_forms import PartForm
from billing.forms import CreditForm
from billing.models import Invoice
from billing.views import doors
from billing.views.invoices import attempted
from register import audit


@require_http_methods(["GET", "HEAD", "POST"])
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left of the invoice, and the buttons that take it back, whole or in part."""
    invoice = doors.invoice(pk)
    if invoice.is_draft or invoice.is_credit_note:
        raise Http404
    left = remaining.left_of(invoice)
    form = CreditForm(request.POST or None)
    part = PartForm(request.POST if "part" in request.POST else None, left=left)
    if request.method == "POST" and all([form.is_valid(), part.is_valid() or not part.is_bound]):
        try:
            made, reasons = attempted(_act(request, invoice, form, part))
        except (remaining.MoreThanLeft, remaining.NothingChosen) as refused:
            made, reasons = None, [str(refused)]
        if made is not None:
            messages.success(request, _("Credit note %(number)s was issued.") % {"number": made.number})
            return redirect("billing:invoice", made.pk)
        for reason in reasons:
            (part if part.is_bound else form).add_error(None, reason)
    audit.record_read(invoice.customer, page=f"billing credit {invoice}")
    context = {
        "invoice": invoice,
        "form": form,
        "part": part,
        "left": left,
        "voidable": crediting.can_be_voided(invoice),
    }
    return render(request, "billing/credit.html", context, status=422 if form.is_bound else 200)


def _act(request: HttpRequest, invoice: Invoice, form: CreditForm, part: PartForm) -> Callable[[], Invoice]:
    """What the pressed button does."""
    facts = {
        "by": doors.actor(request),
        "on": doors.today(),
        "because": form.cleaned_data["because"],
        "client_key": form.cleaned_data["key"],
    }
    if part.is_bound:
        return partial(
            crediting.credit_part,
            invoice,
            quantities=part.quantities(),
            reductions=part.reductions(),
            **facts,
        )
    return partial(crediting.void if "void" in request.POST else crediting.credit, invoice, **facts)
