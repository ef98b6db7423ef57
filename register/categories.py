"""Kinds: the categories of data, each with its purpose, legal basis, keeping time and what erasure does to it.

A closed vocabulary that can be executed: what prints itself in the privacy statement also computes the day.
Everybody imports it from `register.inventory`.
"""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from register.roles import Role

Text = str | Promise


class Basis(models.TextChoices):
    """Legal bases, GDPR Art. 6(1)."""

    CONTRACT = "b", _("performance of a contract (GDPR Art. 6(1)(b))")
    LEGAL_OBLIGATION = "c", _("legal obligation (GDPR Art. 6(1)(c))")
    LEGITIMATE_INTEREST = "f", _("legitimate interest (GDPR Art. 6(1)(f))")
    CONSENT = "a", _("consent (GDPR Art. 6(1)(a))")


class Event(models.TextChoices):
    """The moments from which keeping times run."""

    RELATIONSHIP_END = "relationship_end", _("the customer relationship ended")
    ENTRY = "entry", _("the entry was made")
    REQUEST_CLOSED = "request_closed", _("the request was closed")
    OBJECTION = "objection", _("the objection was made")
    ACCOUNT_CLOSED = "account_closed", _("the user account was closed")
    SESSION_END = "session_end", _("the session ended")
    JOB_DONE = "job_done", _("the job was done")


@dataclass(frozen=True)
class After:
    """Kept until so many years, months or days have passed from an event."""

    event: Event
    years: int = 0
    months: int = 0
    days: int = 0

    def due(self, happened_on: date) -> date:
        """The last day the data is kept."""
        months = happened_on.month - 1 + self.months
        year = happened_on.year + self.years + months // 12
        month = months % 12 + 1
        day = min(happened_on.day, calendar.monthrange(year, month)[1])
        return date.fromordinal(date(year, month, day).toordinal() + self.days)

    def sentence(self) -> str:
        """For example: "2 years after the customer relationship ended"."""
        if self.years:
            span = ngettext("%(n)d year", "%(n)d years", self.years) % {"n": self.years}
        elif self.months:
            span = ngettext("%(n)d month", "%(n)d months", self.months) % {"n": self.months}
        else:
            span = ngettext("%(n)d day", "%(n)d days", self.days) % {"n": self.days}
        return str(_("%(span)s after %(event)s") % {"span": span, "event": self.event.label})


@dataclass(frozen=True)
class Until:
    """Kept until the event itself: for example for as long as the objection stands."""

    words: Text

    def due(self, happened_on: date) -> date | None:
        """No date can be computed ahead of the event."""
        return None

    def sentence(self) -> str:
        return str(self.words)


@dataclass(frozen=True)
class Statute:
    """A law that orders data to be kept, with the rule that gives the last day.

    `years` run from the end of the calendar year in which the financial year ended, or, `to_the_day`, from the
    financial year's own last day.
    """

    name: Text
    years: int
    words: Text
    to_the_day: bool = False

    def due(self, document_on: date, *, financial_year_end: tuple[int, int] = (12, 31)) -> date:
        """The last day the document must be kept; `financial_year_end` is (month, day)."""
        month, day = financial_year_end
        ended_on = _day_of(document_on.year, month, day)
        if document_on > ended_on:
            ended_on = _day_of(document_on.year + 1, month, day)
        year = ended_on.year + self.years
        return _day_of(year, month, ended_on.day) if self.to_the_day else date(year, 12, 31)

    def sentence(self) -> str:
        return f"{self.words} ({self.name})"


def _day_of(year: int, month: int, day: int) -> date:
    """The day of a month, or its last where it is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


BOOKKEEPING = Statute(
    name=_("Accounting Act 1336/1997, chapter 2, section 10"),
    years=6,
    words=_("six years from the end of the calendar year in which the financial year ended"),
)
"""Vouchers (*tositteet*)."""
BOOKS = Statute(
    name=_("Accounting Act 1336/1997, chapter 2, section 10"),
    years=10,
    words=_("ten years from the end of the financial year"),
    to_the_day=True,
)
"""Journals and ledgers (*kirjanpitokirjat*)."""


@dataclass(frozen=True)
class Erase:
    """What erasure does to a field: blank it, replace it, delete its row, or keep it by law."""

    how: Literal["blank", "replace", "row", "law"]
    value: Any = None
    statute: Statute | None = None


BLANK = Erase("blank")
ROW = Erase("row")


def replace(value: Any) -> Erase:
    """Erasure puts a fixed, meaningless value in the place of the personal one."""
    return Erase("replace", value=value)


def keep_by_law(statute: Statute) -> Erase:
    """Erasure leaves the value to those who need it until the statute's date."""
    return Erase("law", statute=statute)


_kind_order = itertools.count()


@dataclass(frozen=True, eq=False)
class Kind:
    """A category of data, in words a customer understands (Art. 13, 15 and 30)."""

    label: Text
    purpose: Text
    basis: Basis
    keep: After | Until | Statute
    seen_by: frozenset[Role]
    on_erasure: Erase
    source: Text = _("the customer himself")
    recipients: Text = ""
    order: int = 0

    def __init__(
        self,
        *,
        label: Text,
        purpose: Text,
        basis: Basis,
        keep: After | Until | Statute,
        on_erasure: Erase,
        seen_by: set[Role] = frozenset(),  # type: ignore[assignment]
        source: Text = _("the customer himself"),
        recipients: Text = "",
    ) -> None:
        """The register owner sees everything, so `seen_by` names only the others."""
        for name, value in (
            ("label", label),
            ("purpose", purpose),
            ("basis", basis),
            ("keep", keep),
            ("seen_by", frozenset(seen_by) | {Role.OWNER}),
            ("on_erasure", on_erasure),
            ("source", source),
            ("recipients", recipients),
            ("order", next(_kind_order)),
        ):
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Shell:
    """What is left of a row when the law that kept its personal data has run out: figures, kept as a kind of their own.

    `left` says what stays of fields of which only a part is personal.
    """

    kind: Kind
    left: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
