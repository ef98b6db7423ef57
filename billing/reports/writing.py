"""A report as CSV or XLSX for a spreadsheet: cells made inert, every export a recorded act."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from billing.reports.tables import Asked, Column, Kind, Report, Sort
from customers.importing.cells import inert
from customers.models import Customer
from register import audit
from register.models import AuditEntry

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = {Sort.MONEY: "#,##0.00", Sort.DAY: "d.m.yyyy", Sort.COUNT: "#,##0"}


def export(kind: Kind, asked: Asked, *, ending: str) -> bytes:
    """All rows of a report as a file; who exported what about whom is recorded first."""
    report = kind.make(asked)
    audit.record(
        AuditEntry.Action.ACCESS,
        Customer,
        numbers=[f"K{pk}" for pk in dict.fromkeys(report.customers)],
        page="billing report export",
        details={"report": kind.code, "days": str(asked.period), "rows": len(report.rows), "ending": ending},
    )
    return as_xlsx(report) if ending == "xlsx" else as_csv(report).encode()


def as_csv(report: Report) -> str:
    """Semicolons, decimal commas and a byte order mark, as a Finnish spreadsheet expects."""
    out = io.StringIO()
    out.write("\ufeff")
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow([str(column.title) for column in report.columns])
    for values in _values(report):
        rows.writerow([_text(value, column) for value, column in zip(values, report.columns, strict=True)])
    return out.getvalue()


def as_xlsx(report: Report) -> bytes:
    """Figures and days as such, so that the spreadsheet counts with them."""
    from openpyxl import Workbook  # 19 MiB that a web process needs only here
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place, column in enumerate(report.columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = 14 if column.is_figure else 18
    headings = []
    for column in report.columns:
        heading = WriteOnlyCell(sheet, value=str(column.title))
        heading.font = Font(bold=True)
        headings.append(heading)
    sheet.append(headings)
    cells = [_formatted(WriteOnlyCell(sheet), column) for column in report.columns]
    for values in _values(report):
        for cell, value, column in zip(cells, values, report.columns, strict=True):
            cell.value = _plain(value, column)
        sheet.append(cells)  # written at once, so the next row may use the same cells
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def decimal(amount: Decimal) -> str:
    """1234,50: no grouping, so that programs read it as a number."""
    return f"{amount:f}".replace(".", ",")


def _values(report: Report) -> Iterable[tuple[Any, ...]]:
    yield from (row.values for row in report.rows)
    if report.totals:
        yield report.totals


def _text(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if column.is_figure and value != "":
        return decimal(Decimal(value))
    return inert(str(value))


def _formatted(cell: Any, column: Column) -> Any:
    if column.sort in FORMATS:
        cell.number_format = FORMATS[column.sort]
    return cell


def _plain(value: Any, column: Column) -> Any:
    if value is None or value == "":
        return None
    return inert(str(value)) if column.sort == Sort.TEXT else value
