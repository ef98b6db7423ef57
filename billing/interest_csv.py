"""A reckoning of late interest as CSV: one row a stretch of days, with the figures, sections or agreement behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from billing.interest import Reckoning, Segment
from billing.interest_free import Span

COLUMNS = (
    "invoice",
    "due",
    "from",
    "until",
    "days",
    "principal",
    "reference_rate",
    "margin",
    "rate",
    "days_of_year",
    "interest_unrounded",
    "sections",
    "state",
)


def write(reckonings: Iterable[Reckoning]) -> str:
    """Semicolons, decimal commas and a byte order mark, as a Finnish spreadsheet expects."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for reckoning in reckonings:
        for line in reckoning.lines:
            writer.writerow(_row(reckoning, line) if isinstance(line, Segment) else _free(reckoning, line))
    return file.getvalue()


def _row(reckoning: Reckoning, segment: Segment) -> list[str]:
    return [
        reckoning.receivable.number,
        reckoning.start.due_on.isoformat(),
        segment.first.isoformat(),
        segment.last.isoformat(),
        str(segment.days),
        _figure(segment.base),
        _figure(segment.reference.value) if segment.reference else "",
        _figure(segment.margin.value) if segment.margin else "",
        _figure(segment.rate),
        str(segment.year),
        _figure(segment.amount.quantize(Decimal("0.000001"))),
        " | ".join(segment.sections),
        "final" if reckoning.is_final else "provisional",
    ]


def _free(reckoning: Reckoning, span: Span) -> list[str]:
    """Days without interest: no figures, and the agreement where the sections of the law would stand."""
    return [
        reckoning.receivable.number,
        reckoning.start.due_on.isoformat(),
        span.first.isoformat(),
        span.last.isoformat(),
        str(span.days),
        *[""] * 5,
        "0",
        str(span.why),
        "free",
    ]


def _figure(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")
