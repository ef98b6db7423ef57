"""What billing's lists show: a page at a time by key, never by counting, and found by what people type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing import references
from billing.amounts import ZERO
from billing.models import Invoice, Recurring
from billing.pdf import Kind
from customers.models import Customer
from register.finnish import SECOND_LEVEL, WrongBusinessId, business_id, sort_key

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some rows, and the key from which the next page goes on (None: this is the last)."""

    rows: Sequence[Any]
    following: int | None

    @classmethod
    def of(cls, rows: QuerySet[Any], size: int = PAGE) -> Page:
        found = list(rows[: size + 1])
        more = len(found) > size
        return cls(found[:size], found[size - 1].pk if more else None)


@dataclass(frozen=True)
class Month:
    """What was invoiced and credited in a month, without VAT."""

    first: date
    invoiced: Decimal
    credited: Decimal
    count: int

    @property
    def net(self) -> Decimal:
        return self.invoiced + self.credited


def customers(text: str, *, after: int | None = None) -> Page:
    """Customers whose number, business ID or name fits, in Finnish order, from behind a customer on."""
    found = Customer.objects.present().order_by("sort_key", "pk").filter(fits(text))
    if after is not None:
        last = Customer.objects.filter(pk=after).first()
        if last is not None:
            found = found.filter(
                Q(sort_key__gt=last.sort_key) | Q(sort_key=last.sort_key, pk__gt=last.pk)
            ).filter(sort_key__gte=last.sort_key)
    return Page.of(found)


def invoices(
    *, status: str = "", customer: Customer | None = None, text: str = "", before: int | None = None
) -> Page:
    """Invoices and credit notes, the latest first; `text` is a number or a reference."""
    found = Invoice.objects.select_related("customer", "receivable").defer("snapshot").order_by("-pk")
    found = STATUSES.get(status, QuerySet.all)(found)
    if customer is not None:
        found = found.filter(customer=customer)
    if text:
        found = found.filter(_numbered(text))
    if before is not None:
        found = found.filter(pk__lt=before)
    return Page.of(found)


STATUSES = {
    "draft": lambda rows: rows.drafts(),
    "issued": lambda rows: rows.issued().filter(kind=Kind.INVOICE),
    "credited": lambda rows: rows.credited(),
    "interest": lambda rows: rows.issued().filter(kind=Kind.INTEREST),
    "credit_note": lambda rows: rows.issued().filter(kind=Kind.CREDIT_NOTE),
}


def recurring(*, ended: bool = False, before: int | None = None) -> Page:
    """Templates of recurring invoices that make drafts, or those that have ended; the latest first."""
    found = Recurring.objects.filter(next_on__isnull=ended).select_related("customer").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    return Page.of(found)


def waiting(*, on: date) -> int:
    """Drafts to check, counted to 100 at most."""
    return Invoice.objects.drafts()[:100].count()


def taken_back(rows: Iterable[Invoice]) -> set[int]:
    """The ids of those rows of which credit notes have taken back everything."""
    totals = {row.pk: row.total for row in rows if row.number}
    if not totals:
        return set()
    notes = Invoice.objects.issued().filter(original__in=totals).order_by()
    back = notes.values_list("original").annotate(back=Sum("total"))
    return {pk for pk, sum_back in back if sum_back == -totals[pk]}


def by_number(text: str) -> Invoice | None:
    """The issued document with this number or reference, if there is exactly one."""
    found = list(Invoice.objects.issued().filter(_numbered(text))[:2]) if text else []
    return found[0] if len(found) == 1 else None


def month(day: date) -> Month:
    """The month of a day."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    sums = Invoice.objects.issued_between(first, last).aggregate(
        invoiced=Coalesce(Sum("net", filter=Q(kind=Kind.INVOICE)), ZERO),
        credited=Coalesce(Sum("net", filter=Q(kind=Kind.CREDIT_NOTE)), ZERO),
        count=Count("pk", filter=Q(kind=Kind.INVOICE)),
    )
    return Month(first, **sums)


def billed(customer: Customer) -> dict[str, Any]:
    """A customer's invoices in all: how many, their total with VAT less what was credited, the last day."""
    issued = Invoice.objects.issued().filter(customer=customer)
    return issued.aggregate(
        count=Count("pk", filter=Q(kind=Kind.INVOICE)), total=Coalesce(Sum(F("total")), ZERO)
    )


def fits(text: str) -> Q:
    """Customers whose number, business ID or name is what was typed."""
    text = text.replace("\0", "").strip()
    if not text:
        return Q()
    number = text[1:] if text[:1] in "Kk" else text
    if number.isascii() and number.isdigit() and len(number) < 19:
        return Q(pk=int(number)) | Q(business_id__startswith=number)
    try:
        return Q(business_id=business_id(text))
    except WrongBusinessId:
        words = sort_key(text).partition(SECOND_LEVEL)[0].split()
    fits = Q()
    for word in words:
        fits &= Q(sort_key__contains=word)
    return fits if words else Q(pk__in=[])


def _numbered(text: str) -> Q:
    text = "".join(text.replace("\0", "").split()).upper()
    key = references.matching_key(text)
    return Q(number=text) | (Q(reference__in=[key, references.make_rf(key)]) if key else Q(reference=text))
