"""Issuing many drafts: the list with ticks, what it will do, and what became of each."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import issuing_many
from billing.issuing_forms import ChosenForm, YesForm
from billing.issuing_many import AT_MOST, Chosen
from billing.models import Sending
from billing.views import doors
from billing.worklists import Page
from register import lists


@lists.named(gettext_lazy("Drafts to issue"))
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Drafts, the oldest first; those that fit what was typed."""
    text, after = request.GET.get("q", "")[:200], doors.whole(request.GET.get("after"))
    return _drafts(request, text=text, after=after)


def _drafts(
    request: HttpRequest, *, text: str = "", after: int | None = None, problem: str = ""
) -> HttpResponse:
    found = issuing_many.drafts(Chosen(text)).select_related("customer__billing_details").order_by("pk")
    page = Page.of(found.filter(pk__gt=after) if after is not None else found)
    doors.reads((row.customer for row in page.rows), page="billing drafts")
    last = found.order_by("-pk").values_list("pk", flat=True).first() if page.following or after else None
    context = {
        "page": page,
        "rows": [(row, _channel(row)) for row in page.rows],
        "text": text,
        "after": after,
        "last": last,
        "told": issuing_many.told(Chosen(text)),
        "most": AT_MOST,
        "problem": problem,
    }
    return render(request, "billing/drafts.html", context, status=422 if problem else 200)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """What issuing the chosen drafts would do, before anybody says yes."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return redirect("billing:drafts")
    return _ask(request, form.chosen())


def _ask(request: HttpRequest, chosen: Chosen, *, problem: str = "") -> HttpResponse:
    told = issuing_many.told(chosen)
    if not told.count:
        return _drafts(request, text=chosen.text, problem=problem or str(issuing_many.NothingToIssue()))
    context = {
        "chosen": chosen,
        "told": told,
        "channels": issuing_many.by_channel(chosen),
        "left_out": issuing_many.with_files_left_out(chosen),
        "key": uuid.uuid4(),
        "today": doors.today(),
        "problem": problem,
    }
    return render(request, "billing/issue_many.html", context, status=422 if problem else 200)


@require_http_methods(["POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Have them issued; shown anew when they are not what was seen."""
    form = YesForm(request.POST)
    if not form.is_valid():
        return redirect("billing:drafts")
    try:
        run = issuing_many.start(**form.asked(), by=doors.actor(request), at=doors.now())
    except (issuing_many.ChangedMeanwhile, issuing_many.NothingToIssue) as refused:
        return _ask(request, form.chosen(), problem=str(refused))
    return redirect("billing:issuing_run", run.pk)


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, then each invoice with its number or why it has none."""
    made, after = doors.issuing_run(pk), doors.whole(request.GET.get("after"))
    issued, refused = made.results.issued().count(), made.results.refused().count()
    only_refused = request.GET.get("show") == "refused"
    rows = made.results.refused() if only_refused else made.results.all()
    rows = rows.select_related("invoice__customer").defer("invoice__snapshot").order_by("pk")
    found = Page.of(rows.filter(pk__gt=after) if after is not None else rows)
    doors.reads((row.invoice.customer for row in found.rows), page="billing issuing run")
    context = {
        "run": made,
        "page": found,
        "only_refused": only_refused,
        "issued": issued,
        "refused": refused,
        "done": issued + refused,
    }
    return render(request, "billing/issuing_run.html", context)


def _channel(row: object) -> str:
    known = getattr(row.customer, "billing_details", None)  # type: ignore[attr-defined]
    return str(Sending.Channel(known.channel if known else Sending.Channel.PAPER).label)
