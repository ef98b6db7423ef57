"""What belongs to one invoice is kept together: the youngest of its papers decides, and what is open holds them all.

Everything leads to receivables, whose key is their invoice's. Papers (vouchers) are held by each invoice to which they
belong. The ledger's rows go at once with all that payments and interest invoices tie together, so that what is
left of it always adds up, and never while a customer who was not erased has a part in it.

A claim that lives on after it was given up in the books needs no day of its own: three or five years after what last
interrupted its limitation it is time-barred, before that event's papers may go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Max, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from billing import retention
from billing.models import (
    AgencyInterest,
    AgencyReport,
    AgencySettlement,
    AgencyTold,
    AgreedRate,
    CaseItem,
    CaseStep,
    Charge,
    CollectionCase,
    CreditLoss,
    Dispute,
    Entry,
    Extension,
    Handover,
    Hold,
    Instalment,
    InterestPeriod,
    Invoice,
    InvoiceAttachment,
    InvoiceLine,
    InvoicePdf,
    Lifting,
    LimitationEvent,
    Payment,
    Plan,
    PlanEnd,
    Receivable,
    Refund,
    Reminder,
    ReminderPdf,
    Resolution,
    Sending,
    Voiding,
    Waiver,
)
from customers.models import Customer
from register import inventory, keeping
from register.inventory import BOOKKEEPING, BOOKS, Statute
from register.keeping import Last

Model = type[models.Model]


def _of(invoice: str) -> Combinable:
    """A credit note belongs to the invoice that it takes back."""
    return Coalesce(F(f"{invoice}__original"), F(invoice))


ROOTS: dict[Model, tuple[Combinable, ...]] = {
    Invoice: (Coalesce(F("original"), F("pk")),),
    InvoiceLine: (_of("invoice"),),
    InvoicePdf: (_of("invoice"),),
    InvoiceAttachment: (_of("invoice"),),
    Voiding: (_of("invoice"),),
    Sending: (_of("invoice"), F("reminder__items__receivable")),
    Entry: (Coalesce(F("receivable"), F("payment__entries__receivable")),),
    Payment: (F("entries__receivable"),),
    Refund: (F("payment__entries__receivable"),),
    AgencyReport: (F("payment__entries__receivable"),),
    AgencySettlement: (F("reports__payment__entries__receivable"),),
    AgencyInterest: (F("receivable"),),
    AgencyTold: (F("receivable"),),
    Charge: (F("receivable"),),
    Waiver: (F("charge__receivable"),),
    CreditLoss: (F("receivable"),),
    Reminder: (F("items__receivable"),),
    ReminderPdf: (F("reminder__items__receivable"),),
    CollectionCase: (F("items__receivable"),),
    CaseStep: (F("case__items__receivable"),),
    Handover: (F("case__items__receivable"),),
    Dispute: (F("receivable"),),
    Resolution: (F("dispute__receivable"),),
    Extension: (F("receivable"),),
    Plan: (F("receivable"),),
    PlanEnd: (F("plan__receivable"),),
    Instalment: (F("plan__receivable"),),
    Hold: (F("receivable"),),
    Lifting: (F("hold__receivable"),),
    LimitationEvent: (F("receivable"),),
    AgreedRate: (F("receivable"),),
    InterestPeriod: (F("receivable"), F("invoice")),
}
"""How the rows of each table lead to the receivables to which they belong."""


def _some(amount: str) -> Q:
    """Not zero, and not absent either."""
    return Q(**{f"{amount}__gt": 0}) | Q(**{f"{amount}__lt": 0})


OPEN: tuple[tuple[Model, Combinable, Q], ...] = (
    (Receivable, F("pk"), _some("open") | _some("costs")),
    (Entry, F("receivable"), _some("payment__unallocated")),
    (CaseItem, F("receivable"), Q(case__closed_on__isnull=True)),
    (
        InterestPeriod,
        F("receivable"),
        _some("invoice__receivable__open") | _some("invoice__receivable__costs"),
    ),
)
"""What holds everything of a receivable, with how it leads there."""

TIES: tuple[tuple[Model, str, str], ...] = (
    (Entry, "receivable", "payment__entries__receivable"),
    (InterestPeriod, "receivable", "invoice"),
    (InterestPeriod, "invoice", "receivable"),
)
"""What ties the ledger of one receivable to that of another."""


@dataclass(frozen=True)
class Whole:
    """What one receivable's rows come to: the youngest day, the invoices' own last day, whether anything is open."""

    day: date
    kept_until: date
    open: bool


class Together:
    """Asked table by table for one subject; what was found of a receivable is not looked for again."""

    def __init__(self, guises: Sequence[models.Model]) -> None:
        self._customers = [one.pk for one in guises if isinstance(one, Customer)]
        self._year_end = keeping.year_end()
        self._wholes: dict[int, Whole | None] = {}
        self._ledgers: dict[int, frozenset[int]] = {}
        self._shared: set[int] = set()
        self._books = retention.Books(financial_year_end=self._year_end)

    def __call__(self, entry: inventory.Entry, pks: Sequence[Any], statute: Statute) -> Mapping[Any, Last]:
        model = entry.model
        if model not in ROOTS or statute not in (BOOKKEEPING, BOOKS):
            return {}
        roots = _roots_of(model, pks)
        known = set().union(*roots.values()) if roots else set()
        if statute is BOOKS:
            self._tie(known)
            known = known.union(*(self._ledgers[root] for root in known))
        self._look_up(known)
        found = {pk: last for pk, own in roots.items() if (last := self._last(own, statute))}
        for pk, day in _open_by_itself(model, pks):
            found[pk] = Last(day, open=True) | found.get(pk, Last(day))
        return found

    def _last(self, roots: set[int], statute: Statute) -> Last | None:
        if statute is BOOKS:
            roots = roots.union(*(self._ledgers[root] for root in roots))
        wholes = [whole for root in roots if (whole := self._wholes[root])]
        if not wholes:
            return None
        day, until = max(one.day for one in wholes), max(one.kept_until for one in wholes)
        is_open = any(one.open for one in wholes)
        if statute is BOOKS:
            until = max(until, self._books.kept_until(day))
            return Last(until, open=is_open or not self._shared.isdisjoint(roots))
        return Last(max(until, BOOKKEEPING.due(day, financial_year_end=self._year_end)), open=is_open)

    def _tie(self, roots: Iterable[int]) -> None:
        """Find the whole ledger of each receivable, and which have somebody in them who was not erased."""
        fresh = {root for root in roots if root not in self._ledgers}
        reached, ties = set(fresh), list[tuple[int, int]]()
        while fresh:
            found = _ties_of(fresh)
            ties += found
            fresh = {far for _near, far in found} - reached
            reached |= fresh
        ledgers = {root: {root} for root in reached}
        for near, far in ties:
            if ledgers[near] is not ledgers[far]:
                small, large = sorted((ledgers[near], ledgers[far]), key=len)
                large |= small
                ledgers |= dict.fromkeys(small, large)
        self._ledgers |= {root: frozenset(ledger) for root, ledger in ledgers.items()}
        self._shared |= self._of_those_present(reached)

    def _of_those_present(self, roots: Iterable[int]) -> set[int]:
        """The receivables of customers who were not erased, and those that such customers paid."""
        present = Q(customer__erased_on__isnull=True) & ~Q(customer__in=self._customers)
        found = set[int]()
        for some in keeping.chunks(sorted(roots)):
            found.update(Receivable.objects.filter(present, pk__in=some).values_list("pk", flat=True))
            paid = Payment.objects.filter(present, customer__isnull=False, entries__receivable__in=some)
            found.update(paid.values_list("entries__receivable", flat=True))
        return found

    def _look_up(self, roots: Iterable[int]) -> None:
        fresh = [root for root in roots if root not in self._wholes]
        for some in keeping.chunks(fresh):
            self._wholes |= dict.fromkeys(some) | _wholes(some)


def _roots_of(model: Model, pks: Sequence[Any]) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = {}
    for some in keeping.chunks(pks):
        for root in ROOTS[model]:
            rows = model._default_manager.filter(pk__in=some).order_by().annotate(root=root)
            for pk, key in rows.filter(root__isnull=False).values_list("pk", "root").distinct():
                found.setdefault(pk, set()).add(key)
    return found


def _ties_of(roots: set[int]) -> list[tuple[int, int]]:
    return [
        pair
        for model, near, far in TIES
        for some in keeping.chunks(sorted(roots))
        for pair in model._default_manager.filter(**{f"{near}__in": some, f"{far}__isnull": False})
        .order_by()
        .values_list(near, far)
        .distinct()
    ]


def _wholes(roots: Sequence[int]) -> dict[int, Whole]:
    """Of those receivables whose invoice was issued."""
    days: dict[int, date] = {}
    for model, paths in ROOTS.items():
        kept_from: str = model.kept_from  # type: ignore[attr-defined]
        for root in paths:
            for key, day in (
                _by_root(model, root, roots).annotate(day=Max(kept_from)).values_list("root", "day")
            ):
                if day is not None:
                    on = localdate(day) if isinstance(day, datetime) else day
                    days[key] = max(days.get(key, on), on)
    invoices = _by_root(Invoice, ROOTS[Invoice][0], roots).annotate(until=Max("kept_until"))
    kept = {root: until for root, until in invoices.values_list("root", "until") if until}
    still_open = {
        key
        for model, root, condition in OPEN
        for key, _count in _by_root(model, root, roots, condition)
        .annotate(n=Max("pk"))
        .values_list("root", "n")
    }
    return {root: Whole(days[root], until, root in still_open) for root, until in kept.items()}


def _by_root(
    model: Model, root: Combinable, roots: Sequence[int], condition: Q | None = None
) -> models.QuerySet[Any]:
    rows = model._default_manager.order_by().annotate(root=root).filter(root__in=roots)
    return (rows.filter(condition) if condition else rows).values("root")


def _open_by_itself(model: Model, pks: Sequence[Any]) -> Iterable[tuple[Any, date]]:
    """Money that nobody has had yet, and cases that are open, whatever they lead to."""
    conditions = {Payment: _some("unallocated"), CollectionCase: Q(closed_on__isnull=True)}
    if model in conditions:
        kept_from: str = model.kept_from  # type: ignore[attr-defined]
        for some in keeping.chunks(pks):
            rows = model._default_manager.filter(conditions[model], pk__in=some)
            yield from rows.values_list("pk", kept_from)
