"""The report of an import: what became of each row, to read and to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from customers.importing import cells
from customers.importing.problems import SAID
from customers.models import ImportRow, ImportRun

CHUNK = 2000


def problems_of(stored: Iterable[list[str]]) -> list[tuple[str, str, str]]:
    """Severity, words and place of stored problems."""
    return [(str(SAID[code][0]), str(SAID[code][1]), where) for code, where in stored if code in SAID]


def as_csv(run: ImportRun) -> str:
    """A row of the file a line. Those in the register are named by their numbers only."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        [
            _("Row"),
            _("Result"),
            _("Reason"),
            _("Person"),
            _("Customer"),
            _("Name"),
            _("Problems"),
            _("Left out"),
        ]
    )
    for row in run.rows.order_by("position").iterator(chunk_size=CHUNK):
        writer.writerow([cells.inert(str(cell)) for cell in _line(row)])
    return out.getvalue()


def _line(row: ImportRow) -> list[str | int]:
    problems = [
        f"{words} ({where})" if where else words for _severity, words, where in problems_of(row.problems)
    ]
    return [
        row.position,
        row.get_result_display(),
        row.get_reason_display(),
        f"H{row.person_id}" if row.person_id else "",
        f"K{row.customer_id}" if row.customer_id else "",
        row.name,
        " ".join(problems),
        ", ".join(row.data.get("left_out", ())),
    ]
