"""Limitation of debts (*velan vanhentuminen*, Laki velan vanhentumisesta 728/2003), and what interrupted it.

Three years run from the due date, the first one where more time was given later; a reminder, an agreement, a payment,
an acknowledgement or the law's own steps let them run anew (10–11 §), after a judgment five. What came after the time
had run out revives nothing. A natural person's debt ends for good whatever happened: twenty years after its due date,
and fifteen after the enforcement title where that is sooner (Ulosottokaari 705/2007). A sole trader is a natural
person as a consumer is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import history
from billing.models import Debtor, Entry, Extension, LimitationEvent, Receivable, Rule
from billing.models.ledger import ReceivableQuerySet
from billing.rules import Rules
from billing.worklists import Page
from register import access
from register.finnish import clean_line
from register.models import User

Code = Rule.Code
Kind = LimitationEvent.Kind
CODES = (
    Code.LIMITATION,
    Code.LIMITATION_JUDGMENT,
    Code.LIMITATION_FINAL,
    Code.LIMITATION_TITLE,
    Code.LIMITATION_WARNING,
    Code.LIMITATION_ALARM,
)
TITLED = {Kind.JUDGMENT, Kind.ENFORCEMENT}
"""After these the debt has a judgment or another title, and the longer time runs."""

PAGE = 50
CHUNK = 200
MOST = 100


class InTheFuture(ValueError):
    """What has not happened interrupts nothing."""

    def __init__(self) -> None:
        super().__init__(_("The day is in the future. Enter what has happened."))


class EvidenceMissing(ValueError):
    """An interruption that cannot be shown is worth nothing."""

    def __init__(self) -> None:
        super().__init__(
            _("Write how it can be shown, for example the case number or the letter and its day.")
        )


class TimeBarred(ValueError):
    """What has become time-barred is not claimed in another way."""

    def __init__(self, day: date) -> None:
        super().__init__(
            _(
                "The debt has been time-barred since %(day)s: it can no longer be claimed, and no agreement, fee or "
                "interest makes it due again (Laki velan vanhentumisesta 728/2003)."
            )
            % {"day": date_format(day, "SHORT_DATE_FORMAT")}
        )


@dataclass(frozen=True)
class Event:
    """Something that let the time run anew, or begin; `until` is the limit that it made."""

    on: date
    what: str | Promise
    until: date
    counts: bool = True
    row: LimitationEvent | None = None


@dataclass(frozen=True)
class Limit:
    """Until when a receivable can be claimed, and everything that decided it."""

    receivable: Receivable
    on: date
    final_on: date | None
    final_statute: str
    events: tuple[Event, ...]
    warn_from: date
    alarm_from: date

    def is_time_barred(self, on: date) -> bool:
        return on > self.on

    def state(self, on: date) -> str:
        """`barred`, `alarm`, `warning`, or empty while there is time."""
        if self.is_time_barred(on):
            return "barred"
        if on >= self.alarm_from:
            return "alarm"
        return "warning" if on >= self.warn_from else ""

    def days_left(self, on: date) -> int:
        return (self.on - on).days

    @property
    def moved_by(self) -> Event:
        """What set the limit last."""
        return [event for event in self.events if event.counts][-1]


# --- reading -------------------------------------------------------------------------------------------


def of(receivable: Receivable, *, on: date) -> Limit:
    """The limit of one receivable as of a day. Raises rules.RuleMissing."""
    return limits([receivable], on=on)[0]


def time_barred(receivable: Receivable, *, on: date) -> bool:
    """Whether the receivable can no longer be claimed: no reminder, no hand-over. Raises rules.RuleMissing."""
    return of(receivable, on=on).is_time_barred(on)


def refuse_barred(receivable: Receivable, *, on: date) -> None:
    """Raises TimeBarred where the receivable is, rules.RuleMissing."""
    limit = of(receivable, on=on)
    if limit.is_time_barred(on):
        raise TimeBarred(limit.on + timedelta(days=1))


def limits(receivables: Iterable[Receivable], *, on: date, known: Rules | None = None) -> list[Limit]:
    """The limits of some receivables in their order, with a few queries for all. Raises rules.RuleMissing."""
    rows = list(receivables)
    keys = [row.pk for row in rows]
    known, happened, first_due = known or Rules(CODES), _happened(keys), Extension.objects.first_due(keys)
    return [
        _limit(row, first_due.get(row.pk, row.due_on), happened.get(row.pk, []), known, on) for row in rows
    ]


Happened = tuple[date, str | Promise, LimitationEvent | None]


def _happened(keys: Sequence[int]) -> dict[int, list[Happened]]:
    """What may have interrupted the time of each receivable."""
    found: dict[int, list[Happened]] = {key: [] for key in keys}
    paid = Entry.objects.filter(
        receivable__in=keys, kind=Entry.Kind.PAYMENT, payment__amount__gt=0, reversed_by__isnull=True
    )
    for key, day in paid.values_list("receivable", Coalesce("value_on", "on")):
        if key is not None:
            found[key].append((day, Entry.Kind.PAYMENT.label, None))
    for event in LimitationEvent.objects.filter(receivable__in=keys):
        found[event.receivable_id].append((event.on, event.get_kind_display(), event))
    for key, day, what in history.interruptions(keys):
        found[key].append((day, what, None))
    return found


def _limit(
    receivable: Receivable, start: date, happened: Sequence[Happened], known: Rules, on: date
) -> Limit:
    """From the first due date and what happened. More time moves the day of payment, not this beginning: agreeing
    on it interrupts like any acknowledgement, and only what had not run out."""
    years = known.days(Code.LIMITATION, on)
    reached = _years_after(start, years)
    events = [Event(start, _("Due date"), reached)]
    titled_on: date | None = None
    for day, what, row in sorted(happened, key=lambda one: (one[0], one[2].pk if one[2] else 0)):
        if row is not None and row.kind in TITLED:
            years = known.days(Code.LIMITATION_JUDGMENT, on)
        until = _years_after(day, years)
        counts = day <= reached
        reached = max(reached, until) if counts else reached
        if counts and row is not None and row.kind in TITLED:
            titled_on = titled_on or day
        events.append(Event(day, what, until, counts, row))
    final, statute = None, ""
    if receivable.is_of_natural_person:
        final, statute = _final(start, titled_on, known, on)
        reached = min(reached, final)
    return Limit(
        receivable=receivable,
        on=reached,
        final_on=final,
        final_statute=statute,
        events=tuple(events),
        warn_from=reached - timedelta(days=known.days(Code.LIMITATION_WARNING, on)),
        alarm_from=reached - timedelta(days=known.days(Code.LIMITATION_ALARM, on)),
    )


def _final(due_on: date, titled_on: date | None, known: Rules, on: date) -> tuple[date, str]:
    """When a natural person's debt ends whatever happens, and the section that says so."""
    froms = [(Code.LIMITATION_FINAL, due_on)]
    if titled_on is not None:
        froms.append((Code.LIMITATION_TITLE, titled_on))
    rows = [(known.row(code, on), day) for code, day in froms]
    return min((_years_after(day, int(row.value)), row.statute) for row, day in rows)


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# --- the list ------------------------------------------------------------------------------------------


def near(*, on: date, after: Receivable | None = None) -> Page:
    """Unpaid receivables whose time runs out within the warning time or has run out, the oldest due first.

    Only what first fell due long enough ago can be near its limit, and that an index finds; each page reads on
    until it is full. Raises rules.RuleMissing.
    """
    found: list[Limit] = []
    for limit in _walk(after, on):
        if len(found) == PAGE:
            return Page(found, found[-1].receivable.pk)
        found.append(limit)
    return Page(found, None)


def waiting(*, on: date) -> int:
    """How many are near their limit or past it, counted among the hundred that fell due first."""
    known = Rules(CODES)
    return sum(1 for limit in limits(_old_enough(on, known)[:MOST], on=on, known=known) if limit.state(on))


def _walk(after: Receivable | None, on: date) -> Iterator[Limit]:
    """Those near their limit, from behind a receivable on."""
    known = Rules(CODES)
    old = _old_enough(on, known).select_related("customer")
    while True:
        rows = old if after is None else old.behind(after)
        chunk = limits(rows[:CHUNK], on=on, known=known)
        yield from (limit for limit in chunk if limit.state(on))
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].receivable


def _old_enough(on: date, known: Rules) -> ReceivableQuerySet:
    warned = on + timedelta(days=known.days(Code.LIMITATION_WARNING, on))
    due_by = _years_after(warned, -known.days(Code.LIMITATION, on))
    given = Extension.objects.filter(was_due_on__lte=due_by, receivable__open__gt=0)
    moved = list(given.filter(receivable__due_on__gt=due_by).values_list("receivable", flat=True))
    old = Q(due_on__lte=due_by) | Q(pk__in=moved)
    return Receivable.objects.filter(old, open__gt=0).order_by("due_on", "pk")


# --- what interrupts it --------------------------------------------------------------------------------


def interrupt(
    receivable: Receivable, *, kind: str, on: date, evidence: str, by: User, today: date
) -> LimitationEvent:
    """Enter what let the time run anew. Raises InTheFuture, EvidenceMissing."""
    evidence = clean_line(evidence, limit=200)
    if on > today:
        raise InTheFuture
    if not evidence:
        raise EvidenceMissing
    with access.atomic():
        return LimitationEvent.objects.create(
            receivable=receivable, kind=kind, on=on, evidence=evidence, entered_by_id=by.pk
        )


def set_natural(receivable: Receivable, *, natural: bool, by: User) -> int:
    """The business debtor is a sole trader, or is not; so for all of the customer's. Returns how many changed."""
    with access.atomic():
        rows = Receivable.objects.filter(customer=receivable.customer_id, debtor=Debtor.BUSINESS)
        changed = list(rows.exclude(natural_person=natural).order_by("pk").select_for_update())
        for row in changed:
            row.natural_person = natural
            row.save(update_fields=["natural_person"])
    return len(changed)


def take_back(event: LimitationEvent, *, by: User) -> None:
    """Remove an interruption that was entered by mistake; the audit keeps that it was there."""
    with access.atomic():
        event.delete()
