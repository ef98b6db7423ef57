"""Collective invoices (*koontilasku*): one act draws up a draft a customer of all work released up to a day.

Few customers are done at once, many by the worker, whose login cannot issue. Each customer is a transaction of its
own: what stops one stops no other, and its result says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from billing import drafting, invoicing, tasks
from billing.models import CollectiveResult, CollectiveRun, ReleasedAssignment
from customers.models import Customer
from register import access, jobs
from register.models import Language, User

AT_ONCE = 20
"""So many customers are done while the person waits."""
MOST = 500
SUBJECTS = {
    Language.FINNISH: "Koontilasku, työt {day} asti",
    Language.SWEDISH: "Samlingsfaktura, arbeten t.o.m. {day}",
    Language.ENGLISH: "Collective invoice, work until {day}",
}


class NobodyChosen(ValueError):
    """No customer with released work is among those chosen."""

    def __init__(self) -> None:
        super().__init__(_("Choose customers with released work that is not on an invoice yet."))


@dataclass(frozen=True)
class Proposal:
    """What one customer's draft would hold, without VAT."""

    customer: Customer
    count: int
    net: Decimal


def released_until(day: date) -> QuerySet[ReleasedAssignment]:
    """Released work that was done by the end of a day and is on no invoice yet."""
    return ReleasedAssignment.objects.waiting().filter(Q(done_on__lte=day) | Q(done_on__isnull=True))


def proposals(until: date) -> list[Proposal]:
    """One a customer, at most MOST."""
    sums = list(
        released_until(until)
        .order_by("customer")
        .values("customer")
        .annotate(count=Count("pk"), sum=Sum("net"))[:MOST]
    )
    customers = Customer.objects.in_bulk([row["customer"] for row in sums])
    found = [Proposal(customers[row["customer"]], row["count"], row["sum"]) for row in sums]
    return sorted(found, key=lambda one: (one.customer.sort_key, one.customer.pk))


def start(
    customers: Iterable[int], *, until: date, by: User, at: datetime, client_key: uuid.UUID
) -> CollectiveRun:
    """Begin to draw up a draft for each of these customers; the same key again answers with the same run.

    Raises NobodyChosen.
    """
    made = CollectiveRun.objects.filter(client_key=client_key).first()
    if made is not None:
        return made
    with access.atomic():
        waiting = released_until(until).filter(customer__in=list(customers)[:MOST])
        chosen = sorted(set(waiting.values_list("customer", flat=True)))
        if not chosen:
            raise NobodyChosen
        run = CollectiveRun.objects.create(until=until, asked_by_id=by.pk, client_key=client_key)
        CollectiveResult.objects.bulk_create(CollectiveResult(run=run, customer_id=pk) for pk in chosen)
        if len(chosen) > AT_ONCE:
            jobs.defer(tasks.draw_up_collective, run_id=run.pk, user_id=by.pk)
        else:
            while draw_up_next(run, by=by, on=at.date(), at=at):
                pass
    return run


def draw_up_next(run: CollectiveRun, *, by: User, on: date, at: datetime) -> bool:
    """Draw up the draft of the next customer who waits; False when nobody does, and the run is finished."""
    with access.atomic():
        waiting = run.results.select_for_update(skip_locked=True).filter(invoice__isnull=True, problem="")
        result = waiting.order_by("pk").first()
        if result is None:
            if run.finished_at is None:
                run.finished_at = at
                run.save(update_fields=["finished_at"])
            return False
        try:
            with access.atomic():
                releases = released_until(run.until).filter(customer=result.customer_id)
                result.invoice = drafting.draft_from(
                    releases, by=by, on=on, subject=_subject(result.customer, run.until)
                )
        except (
            drafting.NotReleased,
            drafting.AlreadyTaken,
            drafting.TooManyLines,
            drafting.LineIncomplete,
            *invoicing.CANNOT_COUNT,
        ) as problem:
            result.problem = str(problem)[:300]
        result.save(update_fields=["invoice", "problem"])
    return True


def _subject(customer: Customer, until: date) -> str:
    day = f"{until.day}.{until.month}.{until.year}"
    return SUBJECTS[Language(customer.language)].format(day=day)
