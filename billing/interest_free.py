"""Days without late interest, by agreement: more time or an instalment plan under which it does not run meanwhile.

The day of the agreement still bears interest, the day after it does not. More time is free of interest until its new
due date, and one that was agreed before the debt was late moves the beginning itself. A plan is free of it until its
last instalment is due, or until it ended before that; where an instalment was missed when it ended, the promise falls
with that instalment: interest runs again from the day after it was due. All this is read from rows that stay when the
agreement has ended, so what was promised does not change afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import bankdays
from billing.amounts import ZERO
from billing.models import Entry, Extension, Plan, Receivable, Rule
from billing.rules import Rules

DAY = timedelta(days=1)
SHIFTED = Decimal(1)
"""The value of HOLIDAY_SHIFT that moves a due date to the next bank day."""


@dataclass(frozen=True)
class Span:
    """Days without interest, both ends inclusive, and the agreement that says so."""

    first: date
    last: date
    why: str | Promise
    by: Extension | Plan

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, first: date, last: date) -> Span:
        """The part of it between two days; it may be none (`days` below 1)."""
        return replace(self, first=max(self.first, first), last=min(self.last, last))


class Agreements:
    """What was agreed about some receivables, read once."""

    def __init__(self, receivables: Iterable[Receivable]) -> None:
        keys = [receivable.pk for receivable in receivables]
        self._extensions: dict[int, list[Extension]] = {}
        self._plans: dict[int, list[Plan]] = {}
        for extension in Extension.objects.filter(receivable__in=keys).order_by("pk"):
            self._extensions.setdefault(extension.receivable_id, []).append(extension)
        for plan in _free_plans(keys):
            self._plans.setdefault(plan.receivable_id, []).append(plan)
        self._met = _met(
            [plan for plans in self._plans.values() for plan in plans if hasattr(plan, "ending")]
        )

    def due_on(self, receivable: Receivable) -> date:
        """The due date from which interest counts.

        That is the first one, or the later one of an agreement without interest that was made before it had passed.
        """
        given = self._extensions.get(receivable.pk, [])
        due_on = given[0].was_due_on if given else receivable.due_on
        for extension in given:
            if not extension.interest_runs and extension.agreed_on <= due_on:
                due_on = extension.due_on
        return due_on

    def spans(self, receivable: Receivable, known: Rules) -> list[Span]:
        """The days without interest in their order; they may overlap. Raises rules.RuleMissing."""
        given = self._extensions.get(receivable.pk, [])
        found = [self._of_extension(row, known) for row in given if not row.interest_runs]
        found += [self._of_plan(row, known) for row in self._plans.get(receivable.pk, [])]
        return sorted((span for span in found if span.days > 0), key=lambda span: span.first)

    def _of_extension(self, row: Extension, known: Rules) -> Span:
        why = _("No interest: more time, agreed %(agreed)s, until %(until)s.") % {
            "agreed": _day(row.agreed_on),
            "until": _day(row.due_on),
        }
        return Span(row.agreed_on + DAY, in_time_until(row.due_on, known), why, row)

    def _of_plan(self, row: Plan, known: Rules) -> Span:
        instalments = list(row.instalments.all())
        agreed = {"agreed": _day(row.agreed_on)}
        why: str | Promise = _("No interest: instalment plan, agreed %(agreed)s.") % agreed
        last = in_time_until(instalments[-1].due_on, known)
        if hasattr(row, "ending"):
            last = min(last, row.ending.on)
            left = self._met.get(row.pk, ZERO)
            for instalment in instalments:
                left -= instalment.amount
                due_on = in_time_until(instalment.due_on, known)
                if left < 0 and due_on < row.ending.on:
                    missed = agreed | {"missed": _day(instalment.due_on)}
                    why = (
                        _(
                            "No interest: instalment plan, agreed %(agreed)s, kept until the instalment of %(missed)s "
                            "was missed."
                        )
                        % missed
                    )
                    last = due_on
                    break
        return Span(row.agreed_on + DAY, last, why, row)


def in_time_until(due_on: date, known: Rules) -> date:
    """The last day on which a payment is in time: a holiday moves it. Raises rules.RuleMissing."""
    if known.value(Rule.Code.HOLIDAY_SHIFT, due_on) == SHIFTED:
        return bankdays.next_bank_day(due_on)
    return due_on


def _free_plans(keys: Sequence[int]) -> Iterable[Plan]:
    rows = Plan.objects.filter(receivable__in=keys, interest_runs=False).order_by("pk")
    return rows.select_related("ending").prefetch_related("instalments")


def _met(plans: Sequence[Plan]) -> dict[int, Decimal]:
    """What payments, credits and waivers had met of each plan by the day on which it ended."""
    if not plans:
        return {}
    moved = Entry.objects.filter(receivable__in={plan.receivable_id for plan in plans})
    rows = list(
        moved.exclude(kind=Entry.Kind.FEE).only("receivable_id", "on", "value_on", "amount").order_by()
    )
    return {
        plan.pk: -sum(
            (
                row.amount
                for row in rows
                if row.receivable_id == plan.receivable_id
                and row.pk > plan.after_entry
                and row.counts_on <= plan.ending.on
            ),
            ZERO,
        )
        for plan in plans
    }


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
