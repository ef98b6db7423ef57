"""What visitors get when the register itself fails: a page that needs neither database nor session.

A database that does not answer makes 503 with Retry-After, which browsers, proxies and mail systems understand as
"later"; anything else is a fault of ours, 500. The next request works again as soon as the database does.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RETRY_AFTER = 10
"""Seconds."""

PLAIN = "The register is not available just now. Please try again in a moment.\n"


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    from django.http import HttpResponse

    away = is_outage(sys.exc_info()[1])
    page = render_to_string("register/unavailable.html", {"away": away})
    response = HttpResponse(page, status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def is_outage(exception: BaseException | None) -> bool:
    """Whether the database was away, full or too busy, anywhere down the chain of causes."""
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        if isinstance(exception, (OperationalError, InterfaceError)):
            return True
        seen.add(id(exception))
        exception = exception.__cause__ or exception.__context__
    return False
