"""Until when laws keep rows, and what is left of a row when its personal data may go.

What belongs together is kept together: apps say with `together` by which other rows, younger or open, a row is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from register import inventory
from register.inventory import Entry, Statute
from register.models import Registrar

CHUNK = 1000
"""How many keys one query names."""


@dataclass(frozen=True)
class Last:
    """The last day on which a row is kept; `open`: longer, and nobody can say how long."""

    day: date
    open: bool = False

    def holds(self, on: date) -> bool:
        return self.open or self.day >= on

    def __or__(self, other: Last) -> Last:
        return Last(max(self.day, other.day), self.open or other.open)


@dataclass(frozen=True)
class Law:
    """What laws still keep of some rows of one table.

    `held` are rows whose personal data is kept, `shells` those that are kept themselves, with it or without.
    """

    held: Mapping[Any, Last]
    shells: Mapping[Any, Last]

    def next_day(self, on: date) -> date | None:
        """The day after the first of the last days, never before tomorrow; None when nothing is kept."""
        days = [one.day for one in (*self.held.values(), *self.shells.values())]
        return date.fromordinal(max(min(days), on).toordinal() + 1) if days else None


Holder = Callable[[Entry, Sequence[Any], Statute], Mapping[Any, Last]]
Begin = Callable[[Sequence[models.Model]], Holder]
_begins: dict[str, Begin] = {}


def together(begin: Begin) -> None:
    """Have rows held by what belongs to them; apps say so in their AppConfig.ready.

    `begin` is called once a plan, with the subject's guises; what it gives is asked once a table and statute.
    """
    _begins[f"{begin.__module__}.{begin.__qualname__}"] = begin


class Keeping:
    """Asks for the rows of one human being or company, table by table, what laws keep on a day."""

    def __init__(self, guises: Sequence[models.Model], *, on: date) -> None:
        self._on = on
        self._year_end = year_end()
        self._holders = [begin(guises) for begin in _begins.values()]

    def of(self, entry: Entry, pks: Sequence[Any]) -> Law:
        statutes = {kind.on_erasure.statute for kind in entry.kinds() if kind.on_erasure.statute}
        left = entry.shell.kind.on_erasure.statute if entry.shell else None
        if not statutes and left is None:
            return Law({}, {})
        days = dict(_days(entry, pks))
        written = {pk: days[pk] for pk in _written(entry, list(days))}
        return Law(self._kept(entry, written, statutes), self._kept(entry, days, {left} if left else ()))

    def _kept(self, entry: Entry, days: Mapping[Any, date], statutes: Iterable[Statute]) -> dict[Any, Last]:
        found: dict[Any, Last] = {}
        for statute in statutes:
            for pk, day in days.items():
                last = Last(last_day(statute, day, financial_year_end=self._year_end))
                found[pk] = found[pk] | last if pk in found else last
            for holder in self._holders:
                for pk, last in holder(entry, list(days), statute).items():
                    found[pk] |= last
        return {pk: last for pk, last in found.items() if last.holds(self._on)}


def last_day(statute: Statute, day: date, *, financial_year_end: tuple[int, int]) -> date:
    """The Accounting Act's years run by the financial year, other statutes' by the calendar year."""
    by_books = statute in (inventory.BOOKKEEPING, inventory.BOOKS)
    return statute.due(day, financial_year_end=financial_year_end if by_books else (12, 31))


def year_end() -> tuple[int, int]:
    """(month, day) of the end of the registrar's financial year."""
    registrar = Registrar.objects.first()
    if registrar is None:
        return (12, 31)
    return (registrar.financial_year_end_month, registrar.financial_year_end_day)


def chunks(pks: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(pks), CHUNK):
        yield pks[start : start + CHUNK]


def _days(entry: Entry, pks: Sequence[Any]) -> Iterator[tuple[Any, date]]:
    """The day from which each row's years run; a draft has none, and no law keeps it."""
    kept_from: str = entry.model.kept_from  # type: ignore[attr-defined]
    for some in chunks(pks):
        for pk, day in entry.model._default_manager.filter(pk__in=some).values_list("pk", kept_from):
            if day is not None:
                yield pk, localdate(day) if isinstance(day, datetime) else day


def _written(entry: Entry, pks: Sequence[Any]) -> Iterator[Any]:
    """Of rows that may be left as shells, those that hold more."""
    if entry.shell is None or entry.shell.left:
        yield from pks
        return
    empty = Q(**{name: blank(entry.model._meta.get_field(name)) for name in entry.personal()})
    for some in chunks(pks):
        rows = entry.model._default_manager.filter(pk__in=some)
        yield from (rows.exclude(empty) if entry.personal() else rows.none()).values_list("pk", flat=True)


# --- shells ------------------------------------------------------------------------------------------


def is_full(entry: Entry, row: models.Model) -> bool:
    """Whether a row holds personal data yet that is not part of its shell."""
    return any(getattr(row, name) != left for name, left in _left(entry, row))


def strip(entry: Entry, row: models.Model) -> list[str]:
    """Leave the shell of a row; returns the fields that changed."""
    changed = []
    for name, left in _left(entry, row):
        if getattr(row, name) != left:
            setattr(row, name, left)
            changed.append(name)
    return changed


def _left(entry: Entry, row: models.Model) -> Iterator[tuple[str, Any]]:
    assert entry.shell is not None
    for name in entry.personal():
        reduce = entry.shell.left.get(name)
        yield name, reduce(getattr(row, name)) if reduce else blank(entry.model._meta.get_field(name))


def blank(column: Any) -> Any:
    """The empty value of a field: null where it may be, else its default or an empty text."""
    if column.null:
        return None
    return column.get_default() if column.has_default() else ""
