"""The owner's side of billing: releasing work, and the VAT rates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing import dated, releasing, vat
from billing.forms import RateForm, ReleaseForm
from billing.views import doors
from customers import assignments
from customers.models import Assignment, VatCode
from register import audit


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """What billing would get of an assignment, and the button that hands it over."""
    assignment, form = doors.assignment(pk), ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _release(request, assignment, form.cleaned_data["note"])
    audit.record_read(assignment.customer, page="release")
    lines = list(assignment.lines.all())
    context = {
        "assignment": assignment,
        "lines": [(line, assignments.amount(line)) for line in lines],
        "total": assignments.totals(lines),
        "form": form,
    }
    return render(request, "billing/release.html", context, status=422 if form.errors else 200)


def _release(request: HttpRequest, assignment: Assignment, note: str) -> HttpResponse:
    try:
        releasing.release(assignment=assignment, by=doors.actor(request), at=doors.now(), note=note)
    except releasing.AlreadyReleased as before:
        messages.info(request, str(before))
    except (releasing.NotDone, releasing.NothingToRelease) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Released for billing."))
    return redirect("customers:assignment", assignment.pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a release back."""
    released = doors.released(pk)
    try:
        releasing.withdraw(released, by=doors.actor(request))
    except releasing.AlreadyDrafted as taken:
        messages.error(request, str(taken))
    else:
        messages.success(request, _("The release was taken back."))
    return redirect("customers:assignment", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def vat_rates(request: HttpRequest) -> HttpResponse:
    """Every rate with its days, law and source; a new one is added below."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            vat.add(**form.cleaned_data, by=doors.actor(request))
        except dated.RowsOverlap as overlap:
            form.add_error("valid_from", str(overlap))
        except vat.RateDoesNotFit as wrong:
            form.add_error("rate", str(wrong))
        else:
            messages.success(request, _("The rate was added."))
            return redirect("billing_owner:vat_rates")
    order = {code: place for place, code in enumerate(VatCode.values)}
    rates = sorted(vat.history(), key=lambda rate: order[rate.code])
    context = {"rates": rates, "form": form, "today": doors.today()}
    return render(request, "billing/vat_rates.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a rate that was added by mistake."""
    try:
        vat.remove(doors.rate(pk), by=doors.actor(request))
    except dated.ShippedRow as shipped:
        messages.error(request, str(shipped))
    else:
        messages.success(request, _("The rate was removed."))
    return redirect("billing_owner:vat_rates")
