"""The register of numbers, for whoever audits them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing import series
from billing.views import doors


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The series of one year: the latest, or the one asked for."""
    years = series.years()
    asked = doors.whole(request.GET.get("year"))
    if asked is not None and asked not in years:
        raise Http404
    year = asked or (years[0] if years else doors.today().year)
    given_up = series.given_up(year, after=doors.whole(request.GET.get("after")) or 0)
    shown = given_up[: series.AT_ONCE]
    doors.reads((row.invoice.customer for row in shown), page="billing numbers")
    context = {
        "year": year,
        "years": years,
        "numbers": series.of_year(year),
        "given_up": shown,
        "following": shown[-1].invoice.pk if len(given_up) > series.AT_ONCE else None,
    }
    return render(request, "billing/series.html", context)
