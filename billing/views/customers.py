"""A customer as billing sees him: number, name, business ID, billing details, invoices. Nothing else."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import collection_lists, details, drafting, latepayment, worklists
from billing.forms import DetailsForm, KeyForm
from billing.models import ReleasedAssignment
from billing.views import doors
from register import audit


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer."""
    customer = doors.customer(pk)
    before = doors.whole(request.GET.get("before"))
    audit.record_read(customer, page="billing customer")
    invoices = worklists.invoices(customer=customer, before=before)
    late = latepayment.of_customer(customer, on=doors.today())
    case, taken = collection_lists.collected(customer.pk)
    context = {
        "customer": customer,
        "case": case,
        "outside": any(debt.receivable.pk not in taken for debt in late.debts),
        "details": details.of(customer),
        "page": invoices,
        "credited": worklists.taken_back(invoices.rows),
        "released": ReleasedAssignment.objects.waiting().filter(customer=customer).order_by("pk")[:50],
        "recurring": customer.recurring.filter(next_on__isnull=False).order_by("-pk")[:10],
        "billed": worklists.billed(customer),
        "late": late,
        "key": uuid.uuid4(),
    }
    return render(request, "billing/customer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The billing details."""
    customer = doors.customer_to_change(pk)
    form = DetailsForm(request.POST or None, initial=DetailsForm.of(details.of(customer)))
    form.fields["einvoice_address"].help_text = _einvoice_hint(details.usual_einvoice_address(customer))
    if request.method == "POST" and form.is_valid():
        try:
            details.record(customer, **form.values(), by=doors.actor(request))
        except details.DetailWrong as wrong:
            form.add_error(wrong.field, str(wrong))
        else:
            messages.success(request, _("Saved."))
            return redirect("billing:customer", customer.pk)
    audit.record_read(customer, page="billing details")
    status = 422 if form.is_bound else 200
    return render(request, "billing/details.html", {"customer": customer, "form": form}, status=status)


@require_POST
def new_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty draft for the customer; the same form twice opens the same draft."""
    customer, form = doors.customer_to_change(pk), KeyForm(request.POST)
    if not form.is_valid():
        return redirect("billing:customer", customer.pk)
    draft = drafting.draft_by_hand(
        customer, by=doors.actor(request), on=doors.today(), draft_key=form.cleaned_data["key"]
    )
    return redirect("billing:invoice", draft.pk)


def _einvoice_hint(usual: str) -> str:
    if not usual:
        return _("An OVT code, IBAN or Peppol address.")
    return _("Usually %(address)s: 0037 and the business ID.") % {"address": usual}
