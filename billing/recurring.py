"""Recurring invoices: a template makes a draft each time its day comes. It never issues; a person checks each draft.

The worker makes what is due at night through a login that cannot issue; on the page anybody of billing can make the
next one earlier. One day makes one draft, whoever asks and how often.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing import drafting, months
from billing.drafting import FACTS, Facts, Line
from billing.models import Invoice, Occurrence, Recurring, RecurringLine
from customers.models import Customer
from register import access
from register.models import User

log = logging.getLogger("register.billing")

MOST_AT_ONCE = 24
"""How many missed days are caught up with in one go."""


class HasEnded(ValueError):
    """The template makes no more drafts."""

    def __init__(self) -> None:
        super().__init__(_("This recurring invoice has ended. Give it a later last day to go on."))


class NoLines(ValueError):
    """A template without lines would make empty drafts."""

    def __init__(self) -> None:
        super().__init__(_("A recurring invoice has at least one line."))


class EndsBeforeStart(ValueError):
    """The last day is before the first."""

    def __init__(self) -> None:
        super().__init__(_("The last day is not before the first day."))


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When drafts are made: every so many months from the first day to the last."""

    interval: int
    first_on: date
    ends_on: date | None = None


def plan(
    customer: Customer, *, facts: Facts, lines: Sequence[Line], schedule: Schedule, by: User
) -> Recurring:
    """Write a template. Raises NoLines, EndsBeforeStart, drafting.TooManyLines, drafting.LineIncomplete."""
    recurring = Recurring(customer=customer, entered_by_id=by.pk, next_on=schedule.first_on)
    _set(recurring, facts, schedule)
    with access.atomic():
        recurring.save()
        _write_lines(recurring, lines)
    return recurring


def replan(
    recurring: Recurring, *, facts: Facts, lines: Sequence[Line], schedule: Schedule, by: User
) -> None:
    """Put this in the place of what a template said; days that have made a draft stay made.

    Raises NoLines, EndsBeforeStart, drafting.TooManyLines, drafting.LineIncomplete.
    """
    with access.atomic():
        held = Recurring.objects.select_for_update().get(pk=recurring.pk)
        changed = _set(held, facts, schedule)
        made = held.occurrences.order_by("-on").values_list("on", flat=True).first()
        held.next_on = _following(held, made)
        held.save(update_fields=[*changed, "next_on"])
        held.lines.all().delete()
        _write_lines(held, lines)
    recurring.refresh_from_db()


def stop(recurring: Recurring, *, on: date, by: User) -> None:
    """Let a template make no more drafts."""
    with access.atomic():
        held = Recurring.objects.select_for_update().get(pk=recurring.pk)
        held.ends_on, held.next_on = max(on, held.first_on), None
        held.save(update_fields=["ends_on", "next_on"])


def make_next(recurring: Recurring, *, on: date) -> Invoice:
    """The draft of a template's next day, also before that day has come.

    Raises HasEnded and what counting a draft raises (invoicing.CANNOT_COUNT).
    """
    with access.atomic():
        held = Recurring.objects.select_for_update().get(pk=recurring.pk)
        day = held.next_on
        if day is None:
            raise HasEnded
        lines = [_line(line, day) for line in held.lines.all()]
        facts = Facts(**{name: getattr(held, name) for name in FACTS})
        draft = drafting.open_draft(
            held.customer, facts, lines, by=held.entered_by_id, on=on, draft_key=uuid.uuid4()
        )
        Occurrence.objects.create(recurring=held, on=day, invoice=draft)
        held.next_on = _following(held, day)
        held.save(update_fields=["next_on"])
    return draft


def make_due(recurring_id: int, *, on: date) -> int:
    """All drafts of a template whose days have come, each only once; returns how many. Raises as make_next."""
    made = 0
    while made < MOST_AT_ONCE:
        due = Recurring.objects.due(on=on).filter(pk=recurring_id).first()
        if due is None:
            break
        draft = make_next(due, on=on)
        log.info("recurring invoice %s made draft %s", due, draft)
        made += 1
    return made


def _following(recurring: Recurring, made: date | None) -> date | None:
    """The first day of the schedule after the last that made a draft; None when it has ended."""
    count, day = 0, recurring.first_on
    while made is not None and day <= made:
        count += 1
        day = months.after(recurring.first_on, recurring.interval * count)
    return None if recurring.ends_on is not None and day > recurring.ends_on else day


def _set(recurring: Recurring, facts: Facts, schedule: Schedule) -> list[str]:
    if schedule.ends_on is not None and schedule.ends_on < schedule.first_on:
        raise EndsBeforeStart
    for name, value in asdict(schedule).items():
        setattr(recurring, name, value)
    return [*drafting.set_facts(recurring, facts), "interval", "first_on", "ends_on"]


def _write_lines(recurring: Recurring, lines: Sequence[Line]) -> None:
    if not lines:
        raise NoLines
    for position, values in enumerate(drafting.cleaned(lines), start=1):
        del values["delivered_on"]
        RecurringLine.objects.create(recurring=recurring, position=position, **values)


def _line(line: RecurringLine, day: date) -> Line:
    copied = (
        "description",
        "neutral",
        "quantity",
        "unit",
        "unit_price",
        "discount_percent",
        "vat_code",
        "kind_id",
    )
    return Line(**{name: getattr(line, name) for name in copied}, delivered_on=day)
