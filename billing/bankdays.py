"""Days on which a payment can be asked for (Velkakirjalaki 622/1947, 5 §).

A debt that falls due on a Saturday, Sunday, church holiday, 1 May, Independence Day, Midsummer Eve or Christmas Eve
is paid in time on the next weekday.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5


def is_bank_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in days_off(day.year)


def next_bank_day(day: date) -> date:
    """The day itself, or the first bank day after it."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def after(day: date, bank_days: int) -> date:
    """The day on which so many bank days have passed since a day."""
    for _nth in range(bank_days):
        day = next_bank_day(day + timedelta(days=1))
    return day


@cache
def days_off(year: int) -> frozenset[date]:
    """Finland's holidays of a year; those that the Act names are added whatever the package counts as public."""
    friday = next(day for day in (date(year, 6, 19 + n) for n in range(7)) if day.weekday() == SATURDAY - 1)
    named = {date(year, 5, 1), date(year, 12, 6), friday, date(year, 12, 24)}
    return frozenset(holidays.country_holidays("FI", years=year)) | named
