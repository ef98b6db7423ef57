"""The audit as people read it: who did what, when, to whom; found by number, user, action and day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.module_loading import import_string
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import access, audit, grants, inventory
from register.inventory import Text
from register.models import AuditEntry, User
from register.roles import ROLE_NAMES, Role

PAGE = 50
EXPORT_LIMIT = 100_000

ACTIONS: dict[int, Text] = {
    AuditEntry.Action.ACCESS: gettext_lazy("read"),
    AuditEntry.Action.CREATE: gettext_lazy("added"),
    AuditEntry.Action.UPDATE: gettext_lazy("changed"),
    AuditEntry.Action.DELETE: gettext_lazy("deleted"),
}
NOBODY: dict[str, Text] = {
    "link": gettext_lazy("a visitor of the public pages"),
    "audit": gettext_lazy("a visitor of the public pages"),
    "worker": gettext_lazy("the register itself"),
    "migrate": gettext_lazy("the administrator of the database"),
}
"""Who acted through a login when nobody had signed in."""

COLUMNS: tuple[Text, ...] = (
    gettext_lazy("Time"),
    gettext_lazy("User"),
    gettext_lazy("Role"),
    gettext_lazy("Action"),
    gettext_lazy("What"),
    gettext_lazy("Number"),
    gettext_lazy("Fields"),
    gettext_lazy("Page"),
    gettext_lazy("Whom"),
    gettext_lazy("Reason"),
)


@dataclass(frozen=True)
class Search:
    """What to show; everything may be left open."""

    number: str = ""
    user: int | None = None
    action: int | None = None
    since: date | None = None
    until: date | None = None

    def entries(self) -> models.QuerySet[AuditEntry]:
        found: models.QuerySet[AuditEntry] = AuditEntry.objects.order_by("-pk")
        if self.number:
            found = found.filter(numbers__contains=[self.number])
        if self.user is not None:
            found = found.filter(actor_id=self.user)
        if self.action is not None:
            found = found.filter(action=self.action)
        if self.since:
            found = found.filter(timestamp__gte=midnight(self.since))
        if self.until:
            found = found.filter(timestamp__lt=midnight(self.until + timedelta(days=1)))
        return found


@dataclass(frozen=True)
class Named:
    """A person or customer by number, with his name and page while he is in the register."""

    number: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    pk: int
    at: datetime
    who: str
    role: str
    action: str
    what: str
    number: str
    fields: tuple[str, ...]
    page: str
    reason: str
    whom: tuple[Named, ...]

    def cells(self) -> list[str]:
        """The line for a spreadsheet, people by number alone."""
        at = localtime(self.at).strftime("%Y-%m-%d %H:%M:%S")
        whom = " ".join(one.number for one in self.whom)
        texts = (self.who, self.role, self.action, self.what, self.number, ", ".join(self.fields))
        return [at, *map(_harmless, (*texts, self.page, whom, self.reason))]


def read(search: Search, *, before: int | None = None) -> tuple[list[Line], int | None]:
    """A page of lines, newest first, and from where older ones go on. Naming people is recorded as reading."""
    entries = search.entries()
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries[: PAGE + 1])
    shown = found[:PAGE]
    named = _named({number for entry in shown for number in entry.numbers})
    return _lines(shown, named), shown[-1].pk if len(found) > PAGE else None


def as_csv(search: Search) -> str:
    """The newest entries found, at most EXPORT_LIMIT, without the names of people; the act is recorded."""
    lines = _lines(list(search.entries()[:EXPORT_LIMIT]), {})
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([str(column) for column in COLUMNS])
    writer.writerows(line.cells() for line in lines)
    audit.record(AuditEntry.Action.ACCESS, AuditEntry, page="audit export", details={"rows": len(lines)})
    return out.getvalue()


def named(row: models.Model) -> Named:
    """A person or customer with his name and page."""
    url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    return Named(str(row), str(getattr(row, "full_name", "") or getattr(row, "name", "")), url)


def _lines(entries: Sequence[AuditEntry], named: dict[str, Named]) -> list[Line]:
    """Entries in words; the names of staff come from the auth login, never by a join."""
    staff = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    return [_line(entry, staff, named) for entry in entries]


def _line(entry: AuditEntry, staff: dict[int, User], named: dict[str, Named]) -> Line:
    model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
    user = staff.get(entry.actor_id) if entry.actor_id else None
    return Line(
        pk=entry.pk,
        at=entry.timestamp,
        who=(user.name or user.email) if user else _nobody(entry.login),
        role=str(Role(user.role).label) if user else "",
        action=str(ACTIONS.get(entry.action, entry.action)),
        what=str(model._meta.verbose_name) if model else "",
        number=entry.object_repr,
        fields=tuple(_labels(model, entry.changes or {})) if entry.action == AuditEntry.Action.UPDATE else (),
        page=_page(entry.page),
        reason=entry.reason,
        whom=tuple(named.get(number, Named(number)) for number in entry.numbers),
    )


def _page(name: str) -> str:
    """The page in the reader's language; a number behind its name (billing invoice D12) stays."""
    names: dict[str, Text] = import_string(settings.REGISTER_PAGE_NAMES)
    words = name.split()
    for count in range(len(words), 0, -1):
        if (known := " ".join(words[:count])) in names:
            return " ".join([str(names[known]), *words[count:]])
    return name


def _nobody(login: str) -> str:
    for alias in ROLE_NAMES:
        if login == grants.role_name(alias):
            return str(NOBODY.get(alias, _("nobody signed in")))
    return _("the administrator of the database")


def _labels(model: type[models.Model] | None, changes: dict[str, Any]) -> Iterable[str]:
    for name in changes:
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            field = None
        yield str(getattr(field, "verbose_name", name))


def _named(numbers: set[str]) -> dict[str, Named]:
    """Names and pages of those still in the register, looked up by their numbers; recorded as reading."""
    found: dict[str, Named] = {}
    for model in inventory.subjects():
        if inventory.entry_for(model).access.may(access.alias(), "read"):
            pks = [int(number[1:]) for number in numbers if _is_number_of(model, number)]
            rows = list(model._default_manager.filter(pk__in=pks))
            audit.record_reads(rows, page="audit")
            found.update({str(row): named(row) for row in rows})
    return found


def _is_number_of(model: type[models.Model], number: str) -> bool:
    digits = number[1:]
    return digits.isdecimal() and len(digits) < 18 and str(model(pk=int(digits))) == number


def midnight(day: date) -> datetime:
    """When a day begins where the register is kept."""
    return datetime.combine(day, time.min, tzinfo=get_current_timezone())


def _harmless(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
