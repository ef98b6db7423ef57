"""What keeps the interest of a debt from being invoiced, though it runs: an interest invoice is a demand of its own.

It would give time-barred interest a new limit, ask for what is disputed or held back, and ask twice for what the
agency asks for already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing import limitation
from billing.models import CaseItem, CollectionCase, Dispute, Hold, Receivable
from billing.reminding import Stop


class Waiting(ValueError):
    """Interest that is not invoiced now, and why."""

    def __init__(self, reasons: Iterable[tuple[Receivable, Stop]]) -> None:
        told = "; ".join(f"{receivable.number}: {stop.label}" for receivable, stop in reasons)
        super().__init__(
            _("The interest of these invoices cannot be invoiced now. Leave them out. %(told)s.")
            % {"told": told}
        )


def stops(receivables: Sequence[Receivable], *, on: date) -> dict[int, Stop]:
    """The gravest reason of each receivable that has one: a few queries for all. Raises rules.RuleMissing."""
    found: dict[int, Stop] = {}
    for key, stop in _all(receivables, on):
        found.setdefault(key, stop)
    return found


def _all(receivables: Sequence[Receivable], on: date) -> Iterator[tuple[int, Stop]]:
    keys = [row.pk for row in receivables]
    for limit in limitation.limits(receivables, on=on):
        if limit.is_time_barred(on):
            yield limit.receivable.pk, Stop.BARRED
    there = CaseItem.objects.filter(
        receivable__in=keys, left_on=None, case__stage=CollectionCase.Stage.AGENCY
    )
    yield from ((key, Stop.AGENCY) for key in there.values_list("receivable", flat=True))
    disputed = Dispute.objects.standing().filter(receivable__in=keys)
    yield from ((key, Stop.DISPUTED) for key in disputed.values_list("receivable", flat=True))
    customers = {row.customer_id for row in receivables}
    held = Hold.objects.standing(on=on).filter(customer__in=customers)
    rows = list(held.filter(Q(receivable__in=keys) | Q(receivable=None)).order_by("pk"))
    for row in receivables:
        for hold in rows:
            if hold.receivable_id == row.pk or (
                hold.receivable_id is None and hold.customer_id == row.customer_id
            ):
                yield row.pk, Stop(Hold.Kind(hold.kind).value)
