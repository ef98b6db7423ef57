"""What holds for all of a customer's debts: no reminders, and whether the law sees a consumer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from billing import holds, ledger, rules, switching
from billing.interest import MARGINS
from billing.late_forms import DebtorForm, HoldForm
from billing.models import Debtor
from billing.views import doors
from billing.views.late import HOLD
from register import audit


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """No reminders to the customer at all."""
    customer, form = doors.customer(pk), HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holds.place(customer, **form.cleaned_data, on=doors.today(), by=doors.actor(request))
        except holds.HoldDoesNotFit as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, str(HOLD.done))
            return redirect("billing:customer", customer.pk)
    audit.record_read(customer, page="billing late payment")
    context = {"customer": customer, "form": form, "words": HOLD}
    return render(request, "billing/late_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def lift(request: HttpRequest, pk: int, hold: int) -> HttpResponse:
    """A hold ends, of the customer or of one debt."""
    customer = doors.customer(pk)
    found = doors.part_of(customer.holds, hold)
    try:
        holds.lift(found, on=doors.today(), by=doors.actor(request))
    except holds.AlreadyLifted as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Reminders may go again."))
    if found.receivable_id:
        return redirect("billing:late", found.receivable_id)
    return redirect("billing:customer", customer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Consumer or business: first what would change, then the button that changes it."""
    customer, today, by = doors.customer(pk), doors.today(), doors.actor(request)
    form = DebtorForm(request.POST or None, initial={"debtor": ledger.debtor_of(customer)})
    context: dict[str, Any] = {"customer": customer, "form": form, "today": today}
    if request.method == "POST" and form.is_valid():
        debtor = Debtor(form.cleaned_data["debtor"])
        try:
            if "save" in request.POST:
                done = switching.switch(customer, debtor=debtor, on=today, at=doors.now(), by=by)
                said = ngettext("%(n)d receivable was changed.", "%(n)d receivables were changed.", len(done))
                messages.success(request, said % {"n": len(done)})
                return redirect("billing:customer", customer.pk)
            changes = switching.look(customer, debtor=debtor, on=today, by=by)
            context |= {"margin": rules.row(MARGINS[debtor], today), "changes": changes, "debtor": debtor}
        except rules.RuleMissing as missing:
            form.add_error(None, str(missing))
    audit.record_read(customer, page="billing late payment")
    return render(request, "billing/debtor.html", context, status=422 if form.errors else 200)
