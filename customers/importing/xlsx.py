"""Tables in Excel files (XLSX): the values of the first sheet with content.

The size is checked before the file is opened: a small ZIP archive can unpack to gigabytes, and one cell in
the last column of the last row can cost as much memory.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator

import python_calamine

from customers import archives
from customers.importing import columns, limits, tables
from customers.importing.problems import problem
from customers.importing.records import Table


class UnfitSpreadsheet(ValueError):
    """The file is no XLSX that may be opened; `problem` says why."""

    def __init__(self, code: str) -> None:
        self.problem = problem(code)
        super().__init__(self.problem.message)


def read(data: bytes) -> Table:
    """The first sheet that has content. Raises UnfitSpreadsheet."""
    _weigh(data)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet, others = _first_filled(workbook)
    except python_calamine.PasswordError:
        raise UnfitSpreadsheet("old_spreadsheet") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise UnfitSpreadsheet("damaged_spreadsheet") from None
    problems = [problem("other_sheets", ", ".join(others)[:200])] if others else []
    if sheet is None:
        return Table([], [], format="xlsx", problems=problems)
    rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
    table = tables.with_header(enumerate(rows, start=1), problems)
    table.format, table.sheet = "xlsx", sheet.name
    return table


def _first_filled(
    workbook: python_calamine.CalamineWorkbook,
) -> tuple[python_calamine.CalamineSheet | None, list[str]]:
    """The first visible sheet with content, and the names of the others that have some."""
    filled = []
    for meta in workbook.sheets_metadata:
        if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
            sheet = workbook.get_sheet_by_name(meta.name)
            if sheet.height:
                filled.append((meta.visible != python_calamine.SheetVisibleEnum.Visible, sheet))
    filled.sort(key=lambda item: item[0])
    return (filled[0][1] if filled else None), [sheet.name for _hidden, sheet in filled[1:]]


def _weigh(data: bytes) -> None:
    """Refuses an archive that unpacks to too much, or a sheet whose used rectangle is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise UnfitSpreadsheet("not_contacts")
            left = limits.MAX_UNPACKED_BYTES
            for name in names:
                left = _weigh_member(archive, name, left)
    except UnfitSpreadsheet:
        raise
    except archives.UNREADABLE:
        raise UnfitSpreadsheet("damaged_spreadsheet") from None


CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]+)([0-9]+)["']""")
TAIL = 300


def _weigh_member(archive: zipfile.ZipFile, name: str, left: int) -> int:
    """How many unpacked bytes are left after this member, counted while unpacking (headers can lie)."""
    is_sheet = name.startswith("xl/worksheets/")
    widest = deepest = 0
    tail = b""
    with archive.open(name) as member:
        while chunk := member.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise UnfitSpreadsheet("unpacks_too_big")
            if is_sheet:
                found = CELL.findall(tail + chunk)
                widest = max([widest, *map(_column_number, {column for column, _row in found})])
                deepest = max([deepest, *(int(row[:9]) for _column, row in found[-1:]), *_far_rows(found)])
                tail = chunk[-TAIL:]
    if widest * deepest > limits.MAX_CELLS or widest > limits.MAX_COLUMNS * 4:
        raise UnfitSpreadsheet("unpacks_too_big")
    return left


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:5]:
        number = number * 26 + letter - 64
    return number


def _far_rows(found: list[tuple[bytes, bytes]]) -> Iterator[int]:
    """Rows of six and more digits, wherever they stand: rows need not come in order."""
    return (int(row[:9]) for _column, row in found if len(row) > 5)


def _text(cell: object) -> str:
    """A cell's value as text; what was a number says so, because it may have lost zeros."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return columns.NumberCell(int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell)
    if isinstance(cell, int):
        return columns.NumberCell(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
