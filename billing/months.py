"""Counting in months."""

from __future__ import annotations

import calendar
from datetime import date


def after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
