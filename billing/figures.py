"""The owner's table of dated figures: what is in force, what was, what comes, and what is missing or soon will be.

`billing.rules` asks the table for a calculation; here people read and extend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import dated, rules
from billing.amounts import ZERO
from billing.models import Rule
from register.inventory import BOOKKEEPING
from register.models import User

Code = Rule.Code
AHEAD = timedelta(days=31)
"""So long before a figure ends its successor is asked for: the Bank of Finland announces a rate in the last month."""

GROUPS: tuple[tuple[str, str | Promise, tuple[Code, ...]], ...] = (
    (
        "interest",
        _("Late interest"),
        (
            Code.REFERENCE_RATE,
            Code.MARGIN_GENERAL,
            Code.MARGIN_COMMERCIAL,
            Code.INTEREST_WAIT,
            Code.HOLIDAY_SHIFT,
            Code.DAY_COUNT,
            Code.INTEREST_THRESHOLD,
        ),
    ),
    (
        "reminders",
        _("Reminders"),
        (
            Code.REMINDER_FEE_CONSUMER,
            Code.REMINDER_FEE_BUSINESS,
            Code.REMINDER_WAIT_CONSUMER,
            Code.REMINDER_WAIT_BUSINESS,
            Code.REMINDER_NOTICE_CONSUMER,
            Code.REMINDER_INTERVAL_CONSUMER,
            Code.REMINDER_INTERVAL_BUSINESS,
            Code.REMINDER_GRACE,
            Code.REMINDER_TIME,
        ),
    ),
    (
        "costs",
        _("Costs and their caps"),
        (
            Code.COMPENSATION_BUSINESS,
            Code.COST_CAP_CONSUMER,
            Code.COST_CAP_BUSINESS,
            Code.EXTENSION_FEE_CONSUMER,
            Code.EXTENSION_FEE_BUSINESS,
            Code.EXTENSION_FEE_DAYS,
            Code.PLAN_FEE_CONSUMER,
            Code.PLAN_FEE_BUSINESS,
        ),
    ),
    (
        "payments",
        _("Payments"),
        (Code.ALLOCATION_CONSUMER, Code.ALLOCATION_BUSINESS, Code.SMALL_DIFFERENCE),
    ),
    (
        "agency",
        _("Collection agency"),
        (Code.AGENCY_DEMAND_CONSUMER, Code.AGENCY_DEMAND_BUSINESS, Code.AGENCY_WAIT_CONSUMER),
    ),
    ("terms", _("Payment terms"), (Code.PAYMENT_DAYS_BUSINESS,)),
    (
        "limitation",
        _("Limitation of debts"),
        (
            Code.LIMITATION,
            Code.LIMITATION_JUDGMENT,
            Code.LIMITATION_FINAL,
            Code.LIMITATION_TITLE,
            Code.LIMITATION_WARNING,
            Code.LIMITATION_ALARM,
        ),
    ),
    ("retention", _("Keeping of documents"), (Code.KEEP_VOUCHERS, Code.KEEP_BOOKS)),
)
"""The sections of the page. A code that stands in none is shown last, under “Other”."""

ORDER: dict[int, Promise] = {
    rules.PRINCIPAL_FIRST: _("first the principal, then the costs; interest is claimed on its own"),
    rules.COSTS_FIRST: _("first the costs, then the principal; interest is claimed on its own"),
}
CHOICES: dict[str, dict[int, Promise]] = {
    Code.HOLIDAY_SHIFT: {1: _("moves to the next bank day"), 0: _("stays as it is")},
    Code.DAY_COUNT: {1: _("365, in a leap year 366"), 2: _("always 365")},
    Code.ALLOCATION_CONSUMER: ORDER,
    Code.ALLOCATION_BUSINESS: ORDER,
}
"""Settings: what their values mean."""

PERCENT = {Code.REFERENCE_RATE, Code.MARGIN_GENERAL, Code.MARGIN_COMMERCIAL}
YEARS = {
    Code.LIMITATION,
    Code.LIMITATION_JUDGMENT,
    Code.LIMITATION_FINAL,
    Code.LIMITATION_TITLE,
    Code.KEEP_VOUCHERS,
    Code.KEEP_BOOKS,
}
DAYS = {
    Code.INTEREST_WAIT,
    Code.REMINDER_WAIT_CONSUMER,
    Code.REMINDER_WAIT_BUSINESS,
    Code.REMINDER_NOTICE_CONSUMER,
    Code.REMINDER_INTERVAL_CONSUMER,
    Code.REMINDER_INTERVAL_BUSINESS,
    Code.REMINDER_GRACE,
    Code.REMINDER_TIME,
    Code.EXTENSION_FEE_DAYS,
    Code.AGENCY_WAIT_CONSUMER,
    Code.PAYMENT_DAYS_BUSINESS,
    Code.LIMITATION_WARNING,
    Code.LIMITATION_ALARM,
}
TIERED = {
    Code.COST_CAP_CONSUMER,
    Code.COST_CAP_BUSINESS,
    Code.AGENCY_DEMAND_CONSUMER,
    Code.AGENCY_DEMAND_BUSINESS,
    Code.PLAN_FEE_CONSUMER,
    Code.PLAN_FEE_BUSINESS,
}
FLOORS = {Code.KEEP_VOUCHERS: BOOKKEEPING.years}
"""Years below which a row shortens nothing (billing.retention)."""


class FigureDoesNotFit(ValueError):
    """A value that the figure cannot have; the text says which it can."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)


@dataclass(frozen=True)
class Figure:
    """One figure with all its rows, seen on a day."""

    code: str
    rows: Sequence[Rule]
    on: date

    @property
    def label(self) -> str:
        return str(Code(self.code).label)

    @property
    def name(self) -> str:
        """The label without the unit that the value carries itself."""
        return self.label.removesuffix(", %").removesuffix(", €")

    @property
    def in_force(self) -> list[Rule]:
        """The rows of today, the lowest tier first."""
        found = [row for row in self.rows if row.is_in_force(self.on)]
        return sorted(found, key=attrgetter("above"))

    @property
    def coming(self) -> list[Rule]:
        return [row for row in self.rows if row.valid_from > self.on]

    @property
    def was(self) -> list[Rule]:
        return [row for row in self.rows if row.valid_to is not None and row.valid_to < self.on]

    @property
    def is_missing(self) -> bool:
        """It has been in force and is not today."""
        return bool(self.was) and not self.in_force

    @property
    def ends_on(self) -> date | None:
        """The last day of a row that soon ends without a successor."""
        for row in self.in_force:
            if row.valid_to is not None and row.valid_to - self.on <= AHEAD:
                tomorrow = row.valid_to + dated.DAY
                if not any(other.above == row.above and other.is_in_force(tomorrow) for other in self.rows):
                    return row.valid_to
        return None

    @property
    def is_tiered(self) -> bool:
        return self.code in TIERED

    @property
    def floor(self) -> int | None:
        return FLOORS.get(Code(self.code))

    @property
    def warning(self) -> str:
        """What is wrong with the figure today, or empty."""
        if self.is_missing:
            return _("%(figure)s: missing for %(period)s") % {
                "figure": self.name,
                "period": rules.period(self.code, self.on),
            }
        ends_on = self.ends_on
        if ends_on is not None:
            return _("%(figure)s: ends on %(day)s, and nothing follows") % {
                "figure": self.name,
                "day": date_format(ends_on, "SHORT_DATE_FORMAT"),
            }
        return ""


@dataclass(frozen=True)
class Group:
    """A section of the page."""

    key: str
    title: str | Promise
    figures: Sequence[Figure]


def groups(*, on: date) -> list[Group]:
    """Every figure with its rows, by section."""
    known = _all(Rule.objects.all(), on)
    made = [Group(key, title, [known.pop(code) for code in codes]) for key, title, codes in GROUPS]
    return [*made, Group("other", _("Other"), list(known.values()))] if known else made


def figure(code: str, *, on: date) -> Figure:
    """One figure with its rows."""
    return _all(Rule.objects.filter(code=code), on)[code]


def warnings(*, on: date) -> list[str]:
    """What is missing today or ends soon without a successor."""
    ended = Rule.objects.filter(valid_to__isnull=False, valid_to__lte=on + AHEAD).values("code")
    known = _all(Rule.objects.filter(code__in=ended), on)
    return [one.warning for one in known.values() if one.warning]


def _all(rows: models.QuerySet[Rule], on: date) -> dict[str, Figure]:
    by_code = {
        code: list(found)
        for code, found in groupby(rows.order_by("code", "-valid_from", "above"), attrgetter("code"))
    }
    return {code.value: Figure(code.value, by_code.get(code.value, ()), on) for code in Code}


# --- adding and taking back ----------------------------------------------------------------------------


def add(
    *,
    code: str,
    value: Decimal,
    valid_from: date,
    statute: str,
    source: str,
    by: User,
    above: Decimal = ZERO,
) -> Rule:
    """Add a row; the one of the same tier that was in force without an end ends on the day before.

    A reference rate holds for its half-year and ends with it, so that nothing runs on into the next unseen.
    Raises FigureDoesNotFit, dated.RowsOverlap, dated.SourceMissing.
    """
    _check(code, value, valid_from, above)
    row = Rule(
        code=code,
        above=above,
        value=value,
        valid_from=valid_from,
        valid_to=half_year_end(valid_from) if code == Code.REFERENCE_RATE else None,
        statute=statute,
        source=source,
        entered_by_id=by.pk,
    )
    return dated.add(row, code=code, above=above)


def remove(row: Rule, *, by: User) -> None:
    """Take back a row that was added by mistake; the one before it goes on. Raises dated.ShippedRow.

    Issued documents carry their own figures and do not change.
    """
    dated.remove(row, reopen=row.code != Code.REFERENCE_RATE, code=row.code, above=row.above)


def half_year_end(day: date) -> date:
    return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)


def _check(code: str, value: Decimal, valid_from: date, above: Decimal) -> None:
    choices = CHOICES.get(code)
    if choices is not None and value not in choices:
        raise FigureDoesNotFit(_("Choose one of the values."))
    if code in YEARS | DAYS and value != int(value):
        raise FigureDoesNotFit(_("Days and years are whole numbers."))
    if code in PERCENT and value >= 100:
        raise FigureDoesNotFit(_("The percentage is below 100."))
    if code == Code.REFERENCE_RATE and (valid_from.day != 1 or valid_from.month not in (1, 7)):
        raise FigureDoesNotFit(_("A reference rate begins on 1 January or 1 July."))
    if above and code not in TIERED:
        raise FigureDoesNotFit(_("This figure has no tiers."))
