"""Locking a period: up to a day nothing may be issued, booked or credited any more (Kirjanpitolaki 1336/1997 2:7).

The database refuses (0020_period_law); what is here says so first, in words. Only the owner takes a lock off.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import PeriodLock, PeriodUnlock
from register import access
from register.finnish import clean_line
from register.models import User


class PeriodLocked(ValueError):
    """The day lies in a locked period."""

    def __init__(self, until: date) -> None:
        self.until = until
        super().__init__(
            _(
                "The books are locked until %(day)s. Use a later day, or ask the register owner to take the lock off."
            )
            % {"day": date_format(until, "SHORT_DATE_FORMAT")}
        )


class NotOver(ValueError):
    """Days to come cannot be locked."""

    def __init__(self) -> None:
        super().__init__(_("Only days that are over can be locked. Choose an earlier day."))


class LockedAlready(ValueError):
    """A lock up to that day or a later one stands."""

    def __init__(self) -> None:
        super().__init__(_("The books are locked until that day already."))


class ReasonMissing(ValueError):
    """A lock is not taken off without saying why."""

    def __init__(self) -> None:
        super().__init__(_("Write why the lock is taken off. The reason stays in the books."))


class TakenOff(ValueError):
    """The lock has been taken off before, or a later one stands."""

    def __init__(self) -> None:
        super().__init__(_("Only the latest standing lock can be taken off."))


def locked_until() -> date | None:
    """The last locked day; None while nothing is locked."""
    latest = PeriodLock.objects.standing().first()
    return latest.until if latest else None


def open_day(day: date) -> date:
    """That day, or the first one after the locked period in which it lies."""
    until = locked_until()
    return day if until is None or day > until else until + timedelta(days=1)


def require_open(day: date) -> None:
    """Raises PeriodLocked."""
    until = locked_until()
    if until is not None and day <= until:
        raise PeriodLocked(until)


def lock(*, until: date, by: User, on: date) -> PeriodLock:
    """Lock everything up to a day that is over. Raises NotOver, LockedAlready."""
    if until >= on:
        raise NotOver
    with access.atomic():
        before = locked_until()
        if before is not None and until <= before:
            raise LockedAlready
        return PeriodLock.objects.create(until=until, locked_by_id=by.pk)


def unlock(standing: PeriodLock, *, by: User, reason: str) -> PeriodUnlock:
    """Take the latest lock off, as the owner; the one before it stands again. Raises ReasonMissing, TakenOff."""
    reason = clean_line(reason, limit=300)
    if not reason:
        raise ReasonMissing
    with access.atomic():
        if PeriodLock.objects.standing().first() != standing:
            raise TakenOff
        return PeriodUnlock.objects.create(lock=standing, reason=reason, unlocked_by_id=by.pk)


def last_month(on: date) -> date:
    """The last day of the month before a day."""
    return on.replace(day=1) - timedelta(days=1)


def is_refusal(error: BaseException | None) -> bool:
    """Whether this is the database's own refusal to book into a locked period, or ours."""
    while error is not None:
        if isinstance(error, PeriodLocked) or (
            isinstance(error, IntegrityError) and "is locked" in str(error)
        ):
            return True
        error = error.__cause__ or error.__context__
    return False
