"""The owner's list of grounds for charging no VAT."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing import grounds
from billing.ground_forms import GroundForm
from billing.views import doors


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Every ground with its wordings, days, law and source; a new one is added below."""
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grounds.add(**form.cleaned_data, by=doors.actor(request))
        except grounds.GroundsOverlap as overlap:
            form.add_error("valid_from", str(overlap))
        except grounds.GroundIncomplete as incomplete:
            form.add_error(None, str(incomplete))
        else:
            messages.success(request, _("The ground was added."))
            return redirect("billing_owner:grounds")
    context = {"grounds": grounds.history(), "form": form}
    return render(request, "billing/grounds.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a ground that was added by mistake."""
    try:
        grounds.remove(doors.ground(pk), by=doors.actor(request))
    except grounds.ShippedGround as shipped:
        messages.error(request, str(shipped))
    except ProtectedError:
        messages.error(request, _("An invoice or draft names this ground. Let a new one follow it instead."))
    else:
        messages.success(request, _("The ground was removed."))
    return redirect("billing_owner:grounds")
