"""Collective drafts: what one act would draw up, the act, and what became of each customer."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from billing import collective, locking
from billing.collective_forms import CollectiveForm, UntilForm
from billing.forms import chosen
from billing.views import doors


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Customers with released work until a day, all ticked; the button draws up a draft for each ticked one."""
    last_month = locking.last_month(doors.today())
    form = CollectiveForm(request.POST or None, initial={"key": uuid.uuid4(), "until": last_month})
    if request.method == "POST" and form.is_valid():
        try:
            run = collective.start(
                chosen(request.POST, "customer", collective.MOST),
                until=form.cleaned_data["until"],
                by=doors.actor(request),
                at=doors.now(),
                client_key=form.cleaned_data["key"],
            )
        except collective.NobodyChosen as nobody:
            form.add_error(None, str(nobody))
        else:
            return redirect("billing:collective_run", run.pk)
    asked = UntilForm(request.GET if "until" in request.GET else None, initial={"until": last_month})
    until = asked.cleaned_data["until"] if asked.is_bound and asked.is_valid() else last_month
    if form.is_bound and form.is_valid():
        until = form.cleaned_data["until"]
    proposals = collective.proposals(until)
    doors.reads((one.customer for one in proposals), page="billing collective")
    context = {
        "form": form,
        "asked": asked,
        "until": until,
        "proposals": proposals,
        "count": sum(one.count for one in proposals),
        "net": sum(one.net for one in proposals),
        "key": form["key"].value(),
    }
    return render(request, "billing/collective.html", context, status=422 if form.errors else 200)


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the act has come, and each customer's draft or why there is none."""
    made = doors.collective_run(pk)
    results = list(made.results.select_related("customer", "invoice").order_by("customer__sort_key", "pk"))
    doors.reads((one.customer for one in results), page="billing collective")
    done = [one for one in results if one.invoice_id or one.problem]
    context = {"run": made, "results": done, "done": len(done), "all": len(results)}
    context["drafts"] = sum(1 for one in done if one.invoice_id)
    return render(request, "billing/collective_run.html", context)
