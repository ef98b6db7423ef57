"""The doors: which login a request works through, decided by where it knocks and who knocks.

`/register/` is the owner's, `/billing/` the billing person's (the owner may enter, through the billing
login), everything else is public or about signing in. A wrong door is answered like an unknown page.
Everything a request does in the database is one transaction, kept only when the answer is no error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from psycopg import errors

from register import access, expired, subjects
from register.models import SecurityEvent, User
from register.roles import Login, Role

log = logging.getLogger("register.security")

AN_HOUR = 3600
FORGED_CONTEXT = "the acting context is forged or expired"


@dataclass(frozen=True)
class Door:
    """A part of the site: its path, the login behind it, who may enter (None: anybody)."""

    prefix: str
    login: Login
    roles: frozenset[str] | None = None


DOORS = (
    Door("/register/", Login.OWNER, frozenset({Role.OWNER})),
    Door("/billing/", Login.BILLING, frozenset({Role.BILLING, Role.OWNER})),
    Door("/accounts/", Login.AUTH),
    Door("/setup/", Login.AUTH),
    Door("/", Login.LINK),
)


def door_of(path: str) -> Door:
    """The door behind which a path lies; the public one when no other claims it."""
    return next(door for door in DOORS if path.startswith(door.prefix))


class Doorkeeper:
    """Middleware: one login and one transaction per request, rolled back on any error answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        door = door_of(request.path_info)
        response = self._through(door, request)
        if door.roles is not None and "no-store" not in response.get("Cache-Control", ""):
            add_never_cache_headers(response)
        return response

    def _through(self, door: Door, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if door.roles is not None:
            if not user.is_authenticated:
                return expired.signed_out(request) or redirect_to_login(request.get_full_path())
            if user.role not in door.roles:
                request.shut_out = True  # type: ignore[attr-defined]
                self._wrong_door(request, user)
                return not_found(request)
        if door.login not in settings.DATABASES:
            return not_found(request)
        if door.login == Login.AUTH:
            return self.get_response(request)
        with access.acting(door.login, user_id=user.pk if user.is_authenticated else None) as who:
            request.acting = who  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400 or getattr(request, "failed", False):
                transaction.set_rollback(True, using=door.login)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Roll back whatever the view did; answer a database refusal like an unknown page."""
        request.failed = True  # type: ignore[attr-defined]
        if subjects.is_of_erased(exception):
            return render(request, "register/subject_erased.html", {"why": subjects.Erased()}, status=422)
        if not is_denied(exception):
            return None
        record_event(
            SecurityEvent.What.FORGED if is_forged(exception) else SecurityEvent.What.DENIED,
            user_id=request.user.pk if request.user.is_authenticated else None,
            login=door_of(request.path_info).login,
            view=view_name(request),
        )
        log.error("database refused %s in %s", door_of(request.path_info).login, view_name(request))
        return not_found(request)

    def _wrong_door(self, request: HttpRequest, user: User) -> None:
        view = request.path_info[:40].replace("\0", "�")
        record_event(SecurityEvent.What.WRONG_DOOR, user_id=user.pk, login=user.role, view=view)


class Slashes(CommonMiddleware):
    """Adds the slash that an address lacks, but not behind a door that stays shut: nothing is known there."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not getattr(request, "shut_out", False) and super().should_redirect_with_slash(request)


def is_denied(exception: BaseException | None) -> bool:
    """Whether PostgreSQL said 42501 (insufficient privilege) anywhere down the chain."""
    return _refusal(exception) is not None


def is_forged(exception: BaseException | None) -> bool:
    """Whether PostgreSQL did not believe who acts (register_actor() in migrations/0002_actor_and_audit.py)."""
    refusal = _refusal(exception)
    return refusal is not None and refusal.diag.message_primary == FORGED_CONTEXT


def _refusal(exception: BaseException | None) -> errors.InsufficientPrivilege | None:
    while exception is not None:
        if isinstance(exception, errors.InsufficientPrivilege):
            return exception
        exception = exception.__cause__ if isinstance(exception, DatabaseError) else exception.__context__
    return None


def record_event(
    what: str, *, user_id: int | None, login: str = "", view: str = "", details: str = "", once_in: int = 0
) -> None:
    """Store a security event at once, on the auth login, whatever happens to the request.

    With `once_in` seconds the same event is stored once in that time: what strangers can cause at will must not
    fill the table.
    """
    key = f"event|{what}|{user_id}|{login}|{view}|{details}"
    if once_in and not cache.add(key, True, timeout=once_in):
        return
    SecurityEvent.objects.using("default").create(
        what=what, user_id=user_id, login=login, view=view, details=details[:300]
    )


def view_name(request: HttpRequest) -> str:
    """The name of the matched view; never the path, which may hold a token."""
    match = request.resolver_match
    return match.view_name[:200] if match else ""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what does not exist and for what is not yours."""
    return render(request, "register/not_found.html", status=404)


def one_or_404(queryset: Any, **lookup: Any) -> Any:
    """The row a URL names, or a neutral 404; doors of the apps build on it."""
    found = queryset.filter(**lookup).first()
    if found is None:
        raise Http404
    return found
