"""What people get when a form can no longer be taken: a page that says so and shows what they wrote.

A form expires when somebody signs out or in again in the meantime, or when the session ends while he writes. What
he wrote stands on the answer to be copied, because browsers do not keep the fields of pages that are not stored.
A form that another site sent is answered without its text, so that nobody can make the register say anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse  # noqa: TID253
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

SECRET = re.compile(r"password|token|code|credential", re.IGNORECASE)
"""Fields that are never shown again."""
NO_TEXT = re.compile(r"[\d\s:.,/TZ+-]*")
"""Dates, times and numbers."""
LONG = 10
"""Characters from which a text is worth copying; shorter ones are mostly choices."""


@dataclass(frozen=True)
class Written:
    """One text of the form and how many lines it has."""

    text: str
    lines: int


def form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    return _page(request, signed_out=False)


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that somebody sent after his session had ended; None when nothing was sent."""
    if request.method != "POST" or not _written(request):
        return None
    return _page(request, signed_out=True)


def _page(request: HttpRequest, *, signed_out: bool) -> HttpResponse:
    context = {
        "written": _written(request),
        "signed_out": signed_out,
        "sign_in": settings.LOGIN_URL,
        "form_page": _form_page(request),
    }
    response = render(request, "register/expired.html", context, status=403)
    add_never_cache_headers(response)
    return response


def _form_page(request: HttpRequest) -> str:
    """Where the form stood, as the browser says; else the address it was sent to."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    ours = came_from.netloc == request.get_host()
    return came_from.path if ours else request.path


def _written(request: HttpRequest) -> list[Written]:
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return []
    texts = [
        value.strip()
        for name, values in request.POST.lists()
        if not SECRET.search(name)
        for value in values
        if len(value.strip()) >= LONG and not NO_TEXT.fullmatch(value)
    ]
    return [Written(text, min(12, max(2, len(text) // 60 + text.count("\n") + 1))) for text in texts]
