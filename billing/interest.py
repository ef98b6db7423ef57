"""Late interest (*viivästyskorko*), explained line by line (Korkolaki 633/1982).

Interest runs on the principal only, less what was credited of it, from the day after the due date to the day of payment
inclusive, in stretches that end with every half-year, change of principal and turn of the year. A day is one 365th of
a year, in a leap year one 366th (the dated setting “day count” may say 365 always); the sum is rounded once, at the
end. The day of a payment still counts on the whole. Nothing falls back: without a reference rate the reckoning ends
with the day before, says which half-year is missing and calls itself provisional. Days that an agreement frees of
interest (`interest_free`) are left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from operator import attrgetter

from django.db.models import Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import amounts
from billing.amounts import ZERO
from billing.interest_free import Agreements, Span, in_time_until
from billing.models import (
    AgreedRate,
    Debtor,
    DueBasis,
    Entry,
    Invoice,
    Receivable,
    Rule,
    Sending,
)
from billing.pdf import Kind
from billing.rules import RuleMissing, Rules

Code = Rule.Code
DAY = timedelta(days=1)
MARGINS = {Debtor.CONSUMER: Code.MARGIN_GENERAL, Debtor.BUSINESS: Code.MARGIN_COMMERCIAL}
CODES = (Code.REFERENCE_RATE, *MARGINS.values(), Code.DAY_COUNT, Code.HOLIDAY_SHIFT, Code.INTEREST_WAIT)
ACTUAL_YEAR = Decimal(1)
"""The value of DAY_COUNT that divides by 366 in a leap year."""
PRECISION = 50


@dataclass(frozen=True)
class Movement:
    """A change of the principal in euros on its value date; it bears on the days after."""

    on: date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Start:
    """The first day of interest, or None with the reason why there is none."""

    first: date | None
    due_on: date
    sent_on: date | None = None
    why: str | Promise = ""
    statute: str = ""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Some days on one principal at one rate; `amount` is euros, not rounded.

    Either an agreed rate or the reference rate and the margin make the rate, in percent a year.
    """

    first: date
    last: date
    base: Decimal
    rate: Decimal
    year: int
    reference: Rule | None = None
    margin: Rule | None = None
    agreed: AgreedRate | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def amount(self) -> Decimal:
        with localcontext(prec=PRECISION):
            return self.base * self.rate * self.days / (100 * self.year)

    @property
    def shown(self) -> Decimal:
        """The amount to four decimals, for people."""
        with localcontext(prec=PRECISION):
            return self.amount.quantize(Decimal("0.0001"), ROUND_HALF_UP)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the law on which the rate stands."""
        return tuple(dict.fromkeys(row.statute for row in (self.reference, self.margin) if row))


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """Interest of one receivable up to a day; `missing` names the figure that stopped it before."""

    receivable: Receivable
    until: date
    start: Start
    segments: tuple[Segment, ...] = ()
    missing: RuleMissing | None = None
    free: tuple[Span, ...] = ()
    credited: Decimal = ZERO

    @property
    def lines(self) -> list[Segment | Span]:
        """The stretches with interest and those without, in their order."""
        return sorted((*self.segments, *self.free), key=attrgetter("first"))

    @property
    def amount(self) -> Decimal:
        """Euros to the cent; provisional when a figure is missing."""
        return amounts.rounded(self.unrounded)

    @property
    def unrounded(self) -> Decimal:
        with localcontext(prec=PRECISION):
            return sum((segment.amount for segment in self.segments), Decimal(0))

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the law on which the rates stand, each once."""
        return tuple(dict.fromkeys(section for part in self.segments for section in part.sections))

    @property
    def is_final(self) -> bool:
        return self.missing is None

    def final(self) -> Decimal:
        """Euros to the cent, to be claimed. Raises RuleMissing when the reckoning is provisional."""
        if self.missing is not None:
            raise self.missing
        return self.amount

    @property
    def reaches(self) -> date:
        """The last day that was reckoned: `until`, or the day before the missing figure."""
        return self.until if self.missing is None else self.missing.on - DAY


# --- of receivables ------------------------------------------------------------------------------------


def reckon(receivable: Receivable, *, until: date, since: date | None = None) -> Reckoning:
    """Interest of one receivable up to a day inclusive, from its start or from `since` on."""
    return Reckoner([receivable]).reckon(receivable, until=until, since=since)


class Reckoner:
    """What reckoning some receivables needs, read once."""

    def __init__(self, receivables: Iterable[Receivable]) -> None:
        receivables = list(receivables)
        keys = [receivable.pk for receivable in receivables]
        self.rules = Rules(CODES)
        self._bearing_none = set(
            Invoice.objects.filter(pk__in=keys, kind=Kind.INTEREST).values_list("pk", flat=True)
        )
        self._movements, self._credited = _movements(keys)
        self._sent = _first_sent(keys)
        self._agreed = _agreed(receivables)
        self._agreements = Agreements(receivables)

    def start(self, receivable: Receivable) -> Start:
        """When interest of a receivable begins. Raises RuleMissing."""
        if receivable.pk in self._bearing_none:
            return Start(first=None, due_on=receivable.due_on, why=_("Interest bears no interest."))
        return start_of(
            receivable,
            sent_on=self._sent.get(receivable.pk),
            known=self.rules,
            due_on=self._agreements.due_on(receivable),
        )

    def reckon(self, receivable: Receivable, *, until: date, since: date | None = None) -> Reckoning:
        """Interest up to a day inclusive. Raises RuleMissing only for what decides the start."""
        start = self.start(receivable)
        if start.first is None:
            return Reckoning(receivable=receivable, until=until, start=start)
        day = max(start.first, since or start.first)
        spans = (span.within(day, until) for span in self._agreements.spans(receivable, self.rules))
        free = tuple(span for span in spans if span.days > 0)
        segments, missing = list[Segment](), None
        for first, last in bearing(day, until, free):
            found, missing = run(
                self._movements.get(receivable.pk, ()),
                first,
                last,
                debtor=receivable.debtor,
                known=self.rules,
                agreed=self._agreed_for(receivable),
            )
            segments += found
            if missing is not None:
                free = tuple(span for span in free if span.first < missing.on)
                break
        return Reckoning(
            receivable=receivable,
            until=until,
            start=start,
            credited=self._credited.get(receivable.pk, ZERO),
            segments=tuple(segments),
            missing=missing,
            free=free,
        )

    def _agreed_for(self, receivable: Receivable) -> AgreedRate | None:
        """The rate agreed for the receivable itself, else for the customer when it was invoiced."""
        if receivable.debtor == Debtor.CONSUMER:
            return None
        own = [row for row in self._agreed if row.receivable_id == receivable.pk]
        general = [
            row
            for row in self._agreed
            if row.customer_id == receivable.customer_id
            and row.receivable_id is None
            and row.valid_from <= receivable.issued_on
            and (row.valid_to is None or receivable.issued_on <= row.valid_to)
        ]
        return next(iter(own + general), None)


def _movements(keys: Sequence[int]) -> tuple[dict[int, list[Movement]], dict[int, Decimal]]:
    """How the principal of each receivable changed, and what of it was credited.

    What a credit note takes off was never owed: it counts from the beginning, not from the day of the note.
    """
    rows = Entry.objects.filter(receivable__in=keys, part=Entry.Part.PRINCIPAL)
    ordered = rows.only("receivable_id", "kind", "on", "value_on", "amount").order_by(
        "receivable", "on", "pk"
    )
    moved: dict[int, list[Movement]] = {}
    credited: dict[int, Decimal] = {}
    for entry in ordered:
        if entry.receivable_id is None:
            continue
        is_credit = entry.kind == Entry.Kind.CREDIT
        movement = Movement(date.min if is_credit else entry.counts_on, entry.amount)
        moved.setdefault(entry.receivable_id, []).append(movement)
        if is_credit:
            credited[entry.receivable_id] = credited.get(entry.receivable_id, ZERO) - entry.amount
    return moved, credited


def _first_sent(keys: Sequence[int]) -> dict[int, date]:
    """The day of the first sending of each invoice that went and did not come back."""
    sent = Sending.objects.filter(invoice__in=keys, state=Sending.State.SENT)
    found = sent.order_by().values_list("invoice").annotate(at=Min("sent_at"))
    return {invoice: timezone.localdate(at) for invoice, at in found}


def _agreed(receivables: Iterable[Receivable]) -> list[AgreedRate]:
    customers = {row.customer_id for row in receivables if row.debtor != Debtor.CONSUMER}
    return list(AgreedRate.objects.filter(customer__in=customers)) if customers else []


# --- the rules -----------------------------------------------------------------------------------------


def start_of(receivable: Receivable, *, sent_on: date | None, known: Rules, due_on: date) -> Start:
    """The first day of interest by what the due date rests on (5–7 §). Raises RuleMissing.

    A due date agreed in advance: the day after it. One that only the invoice told: when the days of INTEREST_WAIT
    have passed from sending. Never without proof that the invoice was sent, and never on the day it was or before.
    """
    statute = "Korkolaki 633/1982, 5 §"
    if sent_on is None:
        return Start(
            first=None,
            due_on=due_on,
            why=_("Nothing shows that the invoice was sent, so no interest runs."),
            statute="Korkolaki 633/1982, 7 §",
        )
    why: str | Promise = _("The due date was agreed in advance: interest runs from the day after it.")
    if receivable.due_basis == DueBasis.STATUTE:
        why = _("The due date is set by law: interest runs from the day after it.")
    if receivable.due_basis == DueBasis.INVOICE:
        statute = "Korkolaki 633/1982, 6 §"
        wait = known.days(Code.INTEREST_WAIT, sent_on)
        why = _(
            "The due date stands on the invoice only: interest runs when %(days)d days have passed from sending."
        ) % {"days": wait}
        due_on = max(due_on, sent_on + timedelta(days=wait))
    due_on = in_time_until(due_on, known)
    first = max(due_on, sent_on) + DAY
    if sent_on > due_on:
        statute = "Korkolaki 633/1982, 7 §"
        why = _("The invoice was sent after the due date: interest runs from the day after sending.")
    return Start(first=first, due_on=due_on, sent_on=sent_on, why=why, statute=statute)


def bearing(first: date, last: date, free: Iterable[Span]) -> Iterator[tuple[date, date]]:
    """The stretches between two days that no span without interest covers."""
    for span in sorted(free, key=attrgetter("first")):
        if first < span.first:
            yield first, min(span.first - DAY, last)
        first = max(first, span.last + DAY)
    if first <= last:
        yield first, last


def run(
    movements: Iterable[Movement],
    first: date,
    until: date,
    *,
    debtor: str,
    known: Rules,
    agreed: AgreedRate | None = None,
) -> tuple[list[Segment], RuleMissing | None]:
    """The segments of a principal between two days, and the figure at which they had to stop.

    Whatever movements say, the principal is never below zero: a debtor is not owed interest here.
    """
    waiting = sorted(movements, key=attrgetter("on"))
    segments: list[Segment] = []
    base, day, place = ZERO, first, 0
    while day <= until:
        while place < len(waiting) and waiting[place].on < day:
            base += waiting[place].amount
            place += 1
        last = min(until, waiting[place].on) if place < len(waiting) else until
        if base > 0:
            try:
                segment = _segment(base, day, last, debtor=debtor, known=known, agreed=agreed)
            except RuleMissing as missing:
                return segments, missing
            segments.append(segment)
            last = segment.last
        day = last + DAY
    return segments, None


def _segment(
    base: Decimal, day: date, last: date, *, debtor: str, known: Rules, agreed: AgreedRate | None
) -> Segment:
    """From a day on for as long as the rate and the year's days stay the same. Raises RuleMissing."""
    count = known.row(Code.DAY_COUNT, day)
    rows = [count]
    reference = margin = None
    if agreed is not None:
        rate = agreed.rate
    else:
        reference = known.row(Code.REFERENCE_RATE, day)
        margin = known.row(MARGINS[Debtor(debtor)], day)
        rate = reference.value + margin.value
        rows += [reference, margin]
    ends = [row.valid_to for row in rows if row.valid_to is not None]
    return Segment(
        first=day,
        last=min(last, date(day.year, 12, 31), *ends),
        base=base,
        rate=rate,
        year=366 if count.value == ACTUAL_YEAR and _is_leap(day.year) else 365,
        reference=reference,
        margin=margin,
        agreed=agreed,
    )


def _is_leap(year: int) -> bool:
    return (date(year, 12, 31) - date(year, 1, 1)).days == 365
