"""What happened with debts that other figures rest on: reminders that went, costs and their sections, agreements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from billing.models import (
    CaseItem,
    Charge,
    CollectionCase,
    Dispute,
    Extension,
    Hold,
    Level,
    Plan,
    ReminderItem,
    Sending,
)
from customers.models import Customer
from customers.templatetags.contacts import euros

Text = str | Promise


@dataclass(frozen=True)
class Remark:
    """Something about a receivable (or, without one, the debtor): a dispute, more time, a plan, a hold, a case."""

    receivable: int | None
    title: Text
    text: Text = ""


def interruptions(keys: Sequence[int]) -> Iterator[tuple[int, date, Text]]:
    """What lets limitation run anew (728/2003 10 §): letters that went, and agreements, which acknowledge the debt."""
    went = ReminderItem.objects.filter(
        receivable__in=keys, dropped="", reminder__sendings__state=Sending.State.SENT
    )
    for key, level, at in went.values_list("receivable", "reminder__level", "reminder__sendings__sent_at"):
        yield key, localdate(at), Level(level).label
    for model in (Extension, Plan):
        agreed = model._default_manager.filter(receivable__in=keys)
        for key, day in agreed.values_list("receivable", "agreed_on"):
            yield key, day, str(model._meta.verbose_name)


def cost_sections(keys: Sequence[int]) -> dict[int, str]:
    """The section of the law by which each cost entry was charged, by entry."""
    charges = Charge.objects.filter(receivable__in=keys, entry__isnull=False)
    return dict(charges.values_list("entry", "rule__statute"))


def remarks(customer: Customer, keys: Sequence[int], *, on: date) -> list[Remark]:
    """What bears on a debtor's receivables on a day, in the order of its kinds."""
    return [
        *(
            Remark(
                one.receivable_id,
                _("Disputed"),
                f"{euros(one.amount)}, {one.get_ground_display()}, {_day(one.since)}",
            )
            for one in Dispute.objects.standing().filter(receivable__in=keys)
        ),
        *(
            Remark(one.receivable_id, _("More time"), _("until %(day)s") % {"day": _day(one.due_on)})
            for one in Extension.objects.filter(receivable__in=keys).order_by("pk")
        ),
        *(
            Remark(
                one.receivable_id, _("Instalment plan"), _("agreed %(day)s") % {"day": _day(one.agreed_on)}
            )
            for one in Plan.objects.standing().filter(receivable__in=keys)
        ),
        *(
            Remark(one.receivable_id, one.get_kind_display(), _day(one.since))
            for one in Hold.objects.standing(on=on).filter(customer=customer)
        ),
        *(
            Remark(one.receivable_id, _("In collection"), f"{one.case} {_day(one.added_on)}")
            for one in CaseItem.objects.filter(receivable__in=keys, left_on=None)
            .exclude(case__stage=CollectionCase.Stage.CLOSED)
            .select_related("case")
        ),
    ]


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
