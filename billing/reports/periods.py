"""The days that a report covers: a month, quarter, year, financial year, or any days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.models import Registrar

FREE = "free"
MONTHS, QUARTERS, YEARS = 18, 8, 4
"""How many of each are offered."""

MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
YEAR = re.compile(r"(FY)?([0-9]{4})")


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included; `token` says it in an address."""

    first: date
    last: date
    token: str = FREE

    def __str__(self) -> str:
        return f"{date_format(self.first, 'SHORT_DATE_FORMAT')}–{date_format(self.last, 'SHORT_DATE_FORMAT')}"

    @property
    def name(self) -> str:
        """As the choice shows it: November 2026, 4/2026, 2026, or the days."""
        if MONTH.fullmatch(self.token):
            return date_format(self.first, "F Y")
        if found := QUARTER.fullmatch(self.token):
            return _("%(n)s. quarter %(year)s") % {"n": found[2], "year": found[1]}
        if self.token == str(self.first.year):
            return self.token
        return str(self)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


YearEnd = tuple[int, int]
"""Month and day on which the company's financial years end."""


def year_end() -> YearEnd:
    found = Registrar.objects.values_list("financial_year_end_month", "financial_year_end_day").first()
    return found or (12, 31)


def month(year: int, number: int) -> Period:
    return Period(date(year, number, 1), _last(year, number), f"{year}-{number:02d}")


def quarter(year: int, number: int) -> Period:
    return Period(date(year, number * 3 - 2, 1), _last(year, number * 3), f"{year}-Q{number}")


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31), str(number))


def financial_year(number: int, ends: YearEnd) -> Period:
    """The one that ends in a year."""
    return Period(_end(number - 1, ends) + timedelta(days=1), _end(number, ends), f"FY{number}")


def of_token(token: str, ends: YearEnd) -> Period | None:
    """The period that an address names; None when it names none."""
    if (found := MONTH.fullmatch(token)) and 1 <= int(found[2]) <= 12 and _sensible(found[1]):
        return month(int(found[1]), int(found[2]))
    if (found := QUARTER.fullmatch(token)) and _sensible(found[1]):
        return quarter(int(found[1]), int(found[2]))
    if (found := YEAR.fullmatch(token)) and _sensible(found[2]):
        return financial_year(int(found[2]), ends) if found[1] else year(int(found[2]))
    return None


def offered(today: date, ends: YearEnd) -> dict[str, list[Period]]:
    """Months, quarters, years and financial years up to today, the latest first, by the heading they stand under."""
    months = [month(*_back(today, back)) for back in range(MONTHS)]
    count = today.year * 4 + (today.month - 1) // 3
    quarters = [quarter((count - back) // 4, (count - back) % 4 + 1) for back in range(QUARTERS)]
    groups = {
        _("Months"): months,
        _("Quarters"): quarters,
        _("Years"): [year(today.year - back) for back in range(YEARS)],
    }
    if ends != (12, 31):
        current = today.year if today <= _end(today.year, ends) else today.year + 1
        groups[_("Financial years")] = [financial_year(current - back, ends) for back in range(YEARS)]
    return groups


def usual(kind: str, today: date) -> Period:
    """Last month, or this year."""
    return year(today.year) if kind == "year" else month(*_back(today, 1))


def _back(today: date, months: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 - months
    return count // 12, count % 12 + 1


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _end(year: int, ends: YearEnd) -> date:
    return date(year, ends[0], min(ends[1], calendar.monthrange(year, ends[0])[1]))


def _sensible(year: str) -> bool:
    return 1990 <= int(year) <= 2200
