"""Browsers: their coarse name for the list of sessions, and whether somebody has signed in with this one before."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase  # noqa: TID253

from register.languages import A_YEAR

PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
COOKIE = "__Host-known" if settings.HTTPS else "known"
SALT = "register.browsers"
REMEMBERED = 10


def name(request: HttpRequest) -> str:
    """For example "Firefox, Windows": enough to recognise one's own, too little to track anybody."""
    agent = request.headers.get("User-Agent", "")
    return ", ".join(filter(None, (_first(agent, PROGRAMS), _first(agent, SYSTEMS))))


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((label for mark, label in known if mark in agent), "")


def is_known(request: HttpRequest, user_id: int) -> bool:
    """Whether this user has signed in with this browser within a year."""
    return user_id in _known(request)


def remember(request: HttpRequest, response: HttpResponseBase, user_id: int) -> None:
    """Recognise this browser next time: a signed cookie with the numbers of the accounts that used it."""
    users = [user_id, *(other for other in _known(request) if other != user_id)][:REMEMBERED]
    response.set_cookie(
        COOKIE,
        signing.dumps(users, salt=SALT),
        max_age=A_YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[int]:
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_YEAR))
    except signing.BadSignature:
        return []
