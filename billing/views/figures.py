"""The rules page: every dated figure, for the owner to extend and for the billing person to read."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import dated, figures, vat
from billing.figure_forms import FigureForm
from billing.models import Rule
from billing.views import doors

OWNER = "billing_owner"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is in force today, by section, and what is missing."""
    today = doors.today()
    groups = figures.groups(on=today)
    context = {
        "groups": groups,
        "rates": vat.in_force(on=today),
        "warnings": [one.warning for group in groups for one in group.figures if one.warning],
        "today": today,
        "door": _door(request),
    }
    return render(request, "billing/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: in force, coming, past; the owner adds a row below."""
    if code not in Rule.Code.values:
        raise Http404
    shown = figures.figure(code, on=doors.today())
    may_change = _door(request) == OWNER
    if request.method == "POST" and not may_change:
        raise Http404
    form = FigureForm(shown, request.POST or None, initial=_suggested(shown)) if may_change else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            figures.add(code=code, **form.values(), by=doors.actor(request))
        except dated.RowsOverlap as overlap:
            form.add_error("valid_from", str(overlap))
        except figures.FigureDoesNotFit as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, _("The row was added."))
            return redirect("billing_owner:figure", code)
    context = {"figure": shown, "form": form, "door": _door(request)}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "billing/figure.html", context, status=status)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a row that was added by mistake."""
    row = doors.rule(pk)
    try:
        figures.remove(row, by=doors.actor(request))
    except dated.ShippedRow as shipped:
        messages.error(request, str(shipped))
    else:
        messages.success(request, _("The row was removed."))
    return redirect("billing_owner:figure", row.code)


def _door(request: HttpRequest) -> str:
    """Whose page it is: the owner's changes, the billing person's is to be read."""
    assert request.resolver_match is not None
    return request.resolver_match.namespace


def _suggested(shown: figures.Figure) -> dict[str, str]:
    """The section of the row in force: a new one rests on the same as a rule."""
    latest = next(iter(shown.rows), None)
    return {"statute": latest.statute} if latest is not None else {}
