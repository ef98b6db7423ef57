"""The register of numbers: each series of a year from its first number to its last, with what was given up.

That there is no gap is asked of the documents themselves, not taken for granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef

from billing.models import Invoice, Series, Voiding

AT_ONCE = 50


@dataclass(frozen=True)
class YearOfNumbers:
    """One series of a year. `missing` are the first numbers that no document has: it is always empty."""

    series: Series
    first: str
    last: str
    count: int
    missing: Sequence[int]


@dataclass(frozen=True)
class GivenUp:
    """A document that was credited in full, with its credit notes and why."""

    invoice: Invoice
    notes: Sequence[Invoice]
    reason: str
    voided: bool


def years() -> list[int]:
    """The years in which something was issued, the latest first."""
    return sorted(set(Series.objects.values_list("year", flat=True)), reverse=True)


def of_year(year: int) -> list[YearOfNumbers]:
    """Each series of a year."""
    return [_looked_through(series) for series in Series.objects.filter(year=year).order_by("kind")]


def given_up(year: int, *, after: int = 0) -> list[GivenUp]:
    """Documents of a year that were credited in full, voided ones among them, in the order of their making.

    At most one more than AT_ONCE, from behind the document with the key `after`.
    """
    found = (
        Invoice.objects.issued()
        .credited()
        .filter(issued_on__year=year, pk__gt=after)
        .annotate(voided=Exists(Voiding.objects.filter(invoice=OuterRef("pk"))))
        .select_related("customer")
        .defer("snapshot")
        .prefetch_related("credit_notes")
        .order_by("pk")
    )
    return [_given_up(invoice) for invoice in found[: AT_ONCE + 1]]


def _looked_through(series: Series) -> YearOfNumbers:
    issued = Invoice.objects.filter(series=series)
    ends = issued.aggregate(count=Count("pk"), low=Min("sequence"), high=Max("sequence"))
    numbers = dict(issued.filter(sequence__in=(ends["low"], ends["high"])).values_list("sequence", "number"))
    before = Invoice.objects.filter(series=series, sequence=OuterRef("sequence") - 1)
    orphans = issued.filter(sequence__gt=1).exclude(Exists(before)).order_by("sequence")
    missing = [one.sequence - 1 for one in orphans.only("sequence")[:AT_ONCE] if one.sequence]
    if ends["high"] != series.last:
        missing.append(series.last)
    return YearOfNumbers(
        series, numbers.get(ends["low"], ""), numbers.get(ends["high"], ""), ends["count"], missing
    )


def _given_up(invoice: Invoice) -> GivenUp:
    notes = sorted(invoice.credit_notes.all(), key=lambda note: note.pk)
    return GivenUp(invoice, notes, notes[-1].note, invoice.voided)  # type: ignore[attr-defined]
