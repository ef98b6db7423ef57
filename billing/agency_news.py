"""What an agency must hear of: whatever has changed here in a debt since it was handed over, each thing once.

Payments (*ohisuoritus*), credit notes, costs and waivers, disputes and how they ended, what was agreed. What the agency
itself reported is no news to it, and neither is what was undone before anybody told it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import case_steps, collecting
from billing.amounts import ZERO
from billing.models import (
    AgencyTold,
    CaseItem,
    CaseStep,
    Charge,
    CollectionCase,
    Dispute,
    Entry,
    Extension,
    Payment,
    Plan,
    PlanEnd,
    Receivable,
    Resolution,
    Waiver,
)
from register import access
from register.models import User

What, Kind = AgencyTold.What, Entry.Kind
TOLD_OF = (Kind.PAYMENT, Kind.CREDIT, Kind.DIFFERENCE)
"""Entries that change what the agency may ask for; a credit loss is a matter of our books alone."""


class NothingToTell(ValueError):
    """Somebody has told the agency of all of it meanwhile, or nothing was ticked."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Tick what the agency has been told of; what it knows already is not here.")
        )


@dataclass(frozen=True)
class News:
    """One thing that happened to a debt; `amount` in euros takes from what is owed, negative adds to it."""

    what: str
    key: int
    debt: Receivable
    at: datetime
    on: date
    words: str
    amount: Decimal | None = None

    @property
    def id(self) -> str:
        return f"{self.what}-{self.key}"


def untold(case: CollectionCase) -> list[News]:
    """What the agency of a case has not been told of, in the order in which it was entered."""
    return untold_of([case]).get(case.pk, [])


def untold_of(cases: Collection[CollectionCase]) -> dict[int, list[News]]:
    """The same for many cases, by the case's key: some ten queries however many they are."""
    if not cases:
        return {}
    items = {
        item.receivable_id: item
        for item in CaseItem.objects.filter(case__in=cases, left_on=None, handover__isnull=False)
        .select_related("handover", "receivable")
        .defer("handover__package")
    }
    if not items:
        return {}
    told = set(AgencyTold.objects.filter(receivable__in=items).values_list("what", "key"))
    fresh = [
        news
        for news in sorted(_happened(items), key=attrgetter("at"))
        if news.at >= _given_at(items[news.debt.pk]) and (news.what, news.key) not in told
    ]
    found: dict[int, list[News]] = {}
    for news in _without_pairs(fresh):
        found.setdefault(items[news.debt.pk].case_id, []).append(news)
    return found


def _given_at(item: CaseItem) -> datetime:
    assert item.handover is not None
    return item.handover.at


def tell(case: CollectionCase, told: Collection[str], *, by: User, on: date) -> int:
    """Note that the agency knows of these, by their ids; how many. Raises collecting.WrongStage, NothingToTell."""
    with access.atomic():
        held = collecting.locked(case, CollectionCase.Stage.AGENCY)
        some = [news for news in untold(held) if news.id in told]
        if not some:
            raise NothingToTell
        amount = sum((news.amount for news in some if news.amount is not None), ZERO)
        step = case_steps.write(held, CaseStep.Kind.TOLD, on=on, by=by, amount=amount or None)
        AgencyTold.objects.bulk_create(
            AgencyTold(step=step, receivable=news.debt, what=news.what, key=news.key, on=on) for news in some
        )
        return len(some)


# --- what happened -------------------------------------------------------------------------------------


def _happened(items: dict[int, CaseItem]) -> Iterator[News]:
    debts = {key: item.receivable for key, item in items.items()}
    since = min(_given_at(item) for item in items.values())
    yield from _entries(debts, since)
    yield from _costs(debts, since)
    yield from _disputes(debts, since)
    yield from _agreements(debts, since)


def _entries(debts: dict[int, Receivable], since: datetime) -> Iterator[News]:
    rows = Entry.objects.filter(receivable__in=debts, entered_at__gte=since).select_related("reverses")
    for entry in rows.exclude(payment__source=Payment.Source.AGENCY).order_by("pk"):
        was = entry.reverses or entry
        if was.kind in TOLD_OF:
            words = str(Kind(was.kind).label)
            if entry.reverses is not None:
                words = _("Taken back: %(what)s") % {"what": words}
            debt = debts[entry.receivable_id or 0]
            yield News(
                What.ENTRY, entry.pk, debt, entry.entered_at, entry.counts_on, words, amount=-entry.amount
            )


def _costs(debts: dict[int, Receivable], since: datetime) -> Iterator[News]:
    for charge in Charge.objects.filter(receivable__in=debts, entered_at__gte=since, posted__gt=0):
        words = str(charge.get_kind_display())
        debt = debts[charge.receivable_id]
        yield News(What.CHARGE, charge.pk, debt, charge.entered_at, charge.on, words, amount=-charge.posted)
    rows = Waiver.objects.filter(charge__receivable__in=debts, entered_at__gte=since, charge__posted__gt=0)
    for waiver in rows.select_related("charge"):
        words = _("Cost waived: %(why)s") % {"why": waiver.get_reason_display()}
        debt, posted = debts[waiver.charge.receivable_id], waiver.charge.posted
        yield News(What.WAIVER, waiver.pk, debt, waiver.entered_at, waiver.on, words, amount=posted)


def _disputes(debts: dict[int, Receivable], since: datetime) -> Iterator[News]:
    for one in Dispute.objects.filter(receivable__in=debts, entered_at__gte=since):
        words = _("Disputed %(sum)s €: %(ground)s") % {
            "sum": f"{one.amount:.2f}".replace(".", ","),
            "ground": one.get_ground_display(),
        }
        yield News(What.DISPUTE, one.pk, debts[one.receivable_id], one.entered_at, one.since, words)
    ends = Resolution.objects.filter(dispute__receivable__in=debts, entered_at__gte=since)
    for end in ends.select_related("dispute"):
        words = _("Dispute ended: %(how)s") % {"how": end.get_outcome_display()}
        yield News(What.RESOLUTION, end.pk, debts[end.dispute.receivable_id], end.entered_at, end.on, words)


def _agreements(debts: dict[int, Receivable], since: datetime) -> Iterator[News]:
    for more in Extension.objects.filter(receivable__in=debts, entered_at__gte=since):
        words = _("More time: due %(day)s") % {"day": date_format(more.due_on, "SHORT_DATE_FORMAT")}
        yield News(What.EXTENSION, more.pk, debts[more.receivable_id], more.entered_at, more.agreed_on, words)
    for plan in Plan.objects.filter(receivable__in=debts, entered_at__gte=since):
        words = _("Instalment plan agreed")
        yield News(What.PLAN, plan.pk, debts[plan.receivable_id], plan.entered_at, plan.agreed_on, words)
    for end in PlanEnd.objects.filter(plan__receivable__in=debts, entered_at__gte=since).select_related(
        "plan"
    ):
        words = _("Instalment plan ended: %(why)s") % {"why": end.get_reason_display()}
        yield News(What.PLAN_END, end.pk, debts[end.plan.receivable_id], end.entered_at, end.on, words)


def _without_pairs(news: Sequence[News]) -> list[News]:
    """Without what was done and undone before anybody told of it: a payment and its return, a cost and its waiver."""
    entries = [one.key for one in news if one.what == What.ENTRY]
    undone: dict[int, Any] = dict(
        Entry.objects.filter(pk__in=entries, reverses__in=entries).values_list("pk", "reverses")
    )
    gone = {(What.ENTRY, key) for pair in undone.items() for key in pair}
    charges = {one.key for one in news if one.what == What.CHARGE}
    waivers = {one.key for one in news if one.what == What.WAIVER}
    gone |= {(what, key) for key in charges & waivers for what in (What.CHARGE, What.WAIVER)}
    return [one for one in news if (one.what, one.key) not in gone]
