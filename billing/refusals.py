"""What billing's pages answer when the books are locked, wherever in a request the refusal came from."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase  # noqa: TID253
from django.shortcuts import render

from billing import locking


class LockedPeriods:
    """Middleware inside the door: a refusal becomes a page that says so; the door takes everything back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not locking.is_refusal(exception):
            return None
        request.failed = True  # type: ignore[attr-defined]
        return render(request, "billing/locked.html", status=422)
