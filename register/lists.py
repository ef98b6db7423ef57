"""The way back to a list, as it was left: its search, filters, order and page.

A list's view says its name (`named`). What it showed last is kept in the browser, one place per door: sealed, because
the words of a search may be a person's name, and for the user who looked and nobody else. A page asks for its
`way_back`; the list whose link was pressed (Referer) goes first, so that two tabs are not mixed up. Neither is
trusted: only a list behind the same door is a way back, so no address leads out of the register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase  # noqa: TID253
from django.urls import Resolver404, resolve, reverse

from register.doors import door_of
from register.inventory import Text
from register.sealing import BrokenSeal, seal, unseal

COOKIE = "list"
PURPOSE = "list"
LONGEST = 1_500
"""Characters of an address that the browser is asked to keep; of a longer one, only the list itself."""

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Way:
    """Where a page leads back to, and what stands there."""

    url: str
    title: Text


def named(title: Text) -> Callable[[View], View]:
    """Decorator of a list's view: pages opened from it lead back to it under this name."""

    def mark(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            response = view(request, *arguments, **options)
            if request.method == "GET" and response.status_code == 200:
                _remember(request, response)
            return response

        shown.list_title = title  # type: ignore[attr-defined]
        return shown

    return mark


def way_back(request: HttpRequest, default: str) -> Way:
    """To the list from which somebody came; else to the one that is named."""
    for address in (_pressed_on(request), _left(request)):
        if title := title_of(request, address):
            return Way(address, title)
    address = reverse(default)
    return Way(address, title_of(request, address))


def title_of(request: HttpRequest, address: str) -> Text:
    """The name of the list at this address; empty when there is none behind this request's door."""
    door = door_of(request.path_info)
    return _title(urlsplit(address).path) if door.roles and address.startswith(door.prefix) else ""


def _remember(request: HttpRequest, response: HttpResponseBase) -> None:
    address = request.get_full_path()
    if len(address) > LONGEST:
        address = request.path
    response.set_cookie(
        COOKIE,
        seal(f"{request.user.pk} {address}", purpose=PURPOSE),
        path=door_of(request.path_info).prefix,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def _left(request: HttpRequest) -> str:
    """What this user's list showed last; empty when nothing is remembered."""
    try:
        user, __, address = unseal(request.COOKIES.get(COOKIE, ""), purpose=PURPOSE).partition(" ")
    except BrokenSeal:
        return ""
    return address if user == str(request.user.pk) else ""


def _pressed_on(request: HttpRequest) -> str:
    """The address on this site of the page whose link was pressed."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if page.netloc != request.get_host():
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


@lru_cache(maxsize=200)
def _title(path: str) -> Text:
    try:
        return getattr(resolve(path).func, "list_title", "")
    except Resolver404:
        return ""
