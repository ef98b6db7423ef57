"""What an erasure could only restrict goes by itself when the law's time is over (GDPR Art. 5(1)(e), 17)."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import DatabaseError
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from register import access, erasure, subjects
from register.models import Erasure

log = logging.getLogger("register.retention")

AT_ONCE = 2000
"""How many rows go in one transaction."""


def run(*, at: datetime) -> int:
    """The night run, each number in transactions of its own; how many were gone through.

    What cannot be erased is logged and tried again the next night.
    """
    on = localdate(at)
    with access.acting("worker"):
        numbers = due(on=on)
    for number in numbers:
        try:
            _finish(number, on=on, at=at)
        except (DatabaseError, ProtectedError) as refused:
            log.error("retention of %s failed: %s", number, type(refused).__name__)
    return len(numbers)


def _finish(number: str, *, on: date, at: datetime) -> None:
    more = True
    while more:
        with access.acting("worker"):
            more = go_on(number, on=on, at=at)


def due(*, on: date) -> list[str]:
    """The numbers of those erased of whom something may go on a day."""
    return list(Erasure.objects.due(on=on).values_list("number", flat=True))


def go_on(number: str, *, on: date, at: datetime, most: int = AT_ONCE) -> bool:
    """Erase what no law keeps any more of somebody erased, or its beginning; whether there is more."""
    with access.atomic():
        subject = subjects.by_number(number)
        if getattr(subject, "erased_on", None) is None:
            return False
        assert subject is not None
        erasure.lock(subject)
        planned = erasure.plan_of_kept(subject, on=on)
        if planned.next_on is not None and not planned.steps:
            return False
        erasure.carry_out(planned.beginning(most), by=None, at=at, reason=Erasure.Reason.TIME_UP)
        return planned.rows > most
