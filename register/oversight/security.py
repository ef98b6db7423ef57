"""Security events as the owner reads them: what happened, what it means, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from register import audit
from register.doors import door_of
from register.inventory import Text
from register.models import SecurityEvent, User
from register.oversight.reading import midnight
from register.roles import Role

PAGE = 50

What = SecurityEvent.What


@dataclass(frozen=True)
class Kind:
    """A kind of event in plain words."""

    what: SecurityEvent.What
    meaning: Text
    advice: Text


KINDS = (
    Kind(
        What.DENIED,
        _(
            "A page asked the database for something that is not for its door. The database refused, and the "
            "page said “not found”."
        ),
        _(
            "Tell whoever looks after the program the time and the page: this is a fault or an attack. If it is "
            "always the same user, close the account until you know."
        ),
    ),
    Kind(
        What.FORGED,
        _(
            "A stop link, or the proof of who is working, was not signed by this register or had expired. It "
            "was refused."
        ),
        _(
            "Nothing for a single stop link: mostly it was typed or copied wrong. If there are many, or the "
            "page is one of the staff's, tell whoever looks after the program: clock and keys must be right "
            "(manage.py doctor), and it may be an attack."
        ),
    ),
    Kind(
        What.WRONG_DOOR,
        _("A user opened an address that belongs to another role. He saw “not found”."),
        _(
            "Nothing as a rule: mostly it is an old bookmark, or a link from a colleague. If one user does it "
            "again and again, ask him."
        ),
    ),
    Kind(
        What.LIMIT,
        _("Somebody tried too often and has to wait. Repeated tries are shown once in a while only."),
        _(
            "Nothing, when a user forgot his password. If he did not do it himself, have him choose a new "
            "password. On the public pages: look whether requests came that nobody meant."
        ),
    ),
    Kind(
        What.SIGN_IN,
        _("A wrong password, or a wrong code or key as the second factor."),
        _(
            "Nothing for a few: they are typing errors. If there are many for one user, ask him. If the "
            "password was right but the second factor was wrong and it was not he, have him choose a new "
            "password at once."
        ),
    ),
)
"""In the order in which they matter."""

DOORS: dict[str, Text] = {
    "default": _("signing in"),
    "owner": _("the owner's pages"),
    "billing": _("billing pages"),
    "link": _("public pages"),
}
DETAILS: dict[str, Text] = {
    "password": _("password"),
    "second factor": _("second factor"),
    "stop link": _("stop link"),
    "wrong links": _("many unknown links to one's own data"),
    "link": _("requests through a link to one's own data"),
    "form": _("request form"),
}
"""What the code notes with an event (doors.record_event), in the reader's language."""


@dataclass(frozen=True)
class Search:
    """Which events to show; everything may be left open."""

    what: str = ""
    since: date | None = None
    until: date | None = None

    def events(self) -> models.QuerySet[SecurityEvent]:
        found: models.QuerySet[SecurityEvent] = SecurityEvent.objects.order_by("-pk")
        if self.what:
            found = found.filter(what=self.what)
        if self.since:
            found = found.filter(at__gte=midnight(self.since))
        if self.until:
            found = found.filter(at__lt=midnight(self.until + timedelta(days=1)))
        return found


@dataclass(frozen=True)
class Line:
    """One event in words."""

    at: datetime
    what: str
    label: str
    detail: str
    who: str
    role: str
    where: str
    view: str


def read(search: Search, *, before: int | None = None) -> tuple[list[Line], int | None]:
    """A page of events, newest first, and from where older ones go on. Naming users is recorded as reading."""
    events = search.events()
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events[: PAGE + 1])
    shown = found[:PAGE]
    staff = User.objects.in_bulk({event.user_id for event in shown if event.user_id})
    audit.record_reads(list(staff.values()), page="security events")
    return _lines(shown, staff), shown[-1].pk if len(found) > PAGE else None


def explained(lines: Sequence[Line], *, asked: str) -> list[Kind]:
    """The kinds on the page, and the one that was asked for."""
    there = {line.what for line in lines} | {asked}
    return [kind for kind in KINDS if kind.what in there]


def _lines(events: Iterable[SecurityEvent], staff: dict[int, User]) -> list[Line]:
    return [_line(event, staff.get(event.user_id) if event.user_id else None) for event in events]


def _line(event: SecurityEvent, user: User | None) -> Line:
    known = event.what in What.values
    door = door_of(event.view).login if event.view.startswith("/") else event.login
    return Line(
        at=event.at,
        what=event.what,
        label=str(What(event.what).label) if known else event.what,
        detail=str(DETAILS.get(event.details, event.details)),
        who=(user.name or user.email) if user else "",
        role=str(Role(user.role).label) if user else "",
        where=str(DOORS.get(door, door)),
        view=event.view,
    )
