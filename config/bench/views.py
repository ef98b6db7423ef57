"""The bare page behind the owner's door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from customers.models import Customer


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty rows and nothing around them; made-up people, so no read is recorded."""
    customers = Customer.objects.order_by("sort_key", "id")[:50]
    return HttpResponse(render_to_string("bench/bare.html", {"customers": customers}))
