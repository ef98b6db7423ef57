"""The floor: session, locale, ORM and fifty rows; no menu, no styling."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.bench.stock.models import Customer


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    return render(request, "stock/bare.html", {"customers": Customer.objects.order_by("name", "id")[:50]})
