"""The way back to a list, as it was left: its search, filters, order and page.

A list's view says its name (`named`). What it showed last is kept in the browser, one place per door: sealed, because
the words of a search may be a person's name, and for the user who looked and nobody else. A page asks for its
`way_back`; the list whose link was pressed (Referer) goes first, so that two tabs are not mixed up. Neither is
trusted: only a list behind the same door is a way back, so no address leads out of the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import parse_qsl, urlsplit

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


@dataclass(frozen=True)
class Named:
    """A list: its name, and the parameters by which it shows only what belongs to one page."""

    title: Text
    part_by: frozenset[str]

    def is_part(self, query: str) -> bool:
        return not self.part_by.isdisjoint(name for name, __ in parse_qsl(query))


def named(title: Text, *, part_by: Iterable[str] = ()) -> Callable[[View], View]:
    """Decorator of a list's view: pages opened from it lead back to it under this name.

    With a parameter of `part_by` it is a part of another page, as one customer's tasks are of his: what it lists leads
    back to it, but that page does not, and the list left before stays the one that is remembered.
    """

    a_list = Named(title, frozenset(part_by))

    def mark(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            response = view(request, *arguments, **options)
            is_part = a_list.is_part(request.META.get("QUERY_STRING", ""))
            if request.method == "GET" and response.status_code == 200 and not is_part:
                _remember(request, response)
            return response

        shown.is_list = a_list  # type: ignore[attr-defined]
        return shown

    return mark


def way_back(request: HttpRequest, default: str) -> Way:
    """To the list from which somebody came; else to the one that is named."""
    whole = reverse(default)
    for address in (_pressed_on(request), _left(request)):
        path, __, query = address.partition("?")
        found = _list(request, path)
        if found and (path == whole or not found.is_part(query)):
            return Way(address, found.title)
    return Way(whole, title_of(request, whole))


def title_of(request: HttpRequest, address: str) -> Text:
    """The name of the list at this address; empty when there is none behind this request's door."""
    found = _list(request, address.partition("?")[0])
    return found.title if found else ""


def _list(request: HttpRequest, path: str) -> Named | None:
    door = door_of(request.path_info)
    return _named(path) if door.roles and path.startswith(door.prefix) else None


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
def _named(path: str) -> Named | None:
    try:
        return getattr(resolve(path).func, "is_list", None)
    except Resolver404:
        return None
