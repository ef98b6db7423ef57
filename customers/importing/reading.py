"""Reading a contact file, whatever it is: vCard, CSV or XLSX, told apart by content and not by the file's
name.

Bad input is an answer, not an error: an unreadable file gives a result with a problem and no records, a bad
record its own problem. `stream` gives the same records one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from customers.importing import cards, charset, columns, limits, tables, xlsx
from customers.importing.columns import Mapping
from customers.importing.problems import problem
from customers.importing.records import ContactRecord, ReadResult, Table

OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""Word and Excel before 2007, and every Office file with a password."""

NOT_TEXT = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"SQLite format",
    b"\x7fELF",
    b"{\\rtf",
)
SAMPLES = 3
"""Values of a column that are shown beside its title."""

MARKUP = re.compile(r"\s*(<\?xml|<!doctype|<html|<table|<[a-z]+[ >])", re.IGNORECASE)
CARD = re.compile(r"^\s*BEGIN\s*:\s*VCARD", re.IGNORECASE | re.MULTILINE)


def read(data: bytes, filename: str = "", *, mapping: Mapping | None = None) -> ReadResult:
    """Everything the file says. `mapping` (an edited one) replaces the guessed one. Never raises."""
    result, found = stream(data, filename, mapping=mapping)
    result.records.extend(found)
    if not result.records and not result.problems:
        result.problems.append(problem("no_records"))
    return result


def stream(
    data: bytes, filename: str = "", *, mapping: Mapping | None = None
) -> tuple[ReadResult, Iterator[ContactRecord]]:
    """What the file is, and its records as they are read. Problems met on the way are added to the result."""
    if refused := _refusal(data):
        return ReadResult(problems=[problem(refused)]), iter(())
    if data.startswith(b"PK\x03\x04"):
        try:
            return _from_table(xlsx.read(data), mapping)
        except xlsx.UnfitSpreadsheet as refusal:
            return ReadResult(format="xlsx", problems=[refusal.problem]), iter(())
    head = charset.decode(data[:8192]).text
    if CARD.search(head):
        result = cards.read(data)
        found, result.records = result.records, []
        return result, iter(found)
    if MARKUP.match(head) or _is_binary(head):
        return ReadResult(problems=[problem("not_contacts")]), iter(())
    return _from_table(tables.read_csv(data), mapping)


def _refusal(data: bytes) -> str:
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        return "empty_file"
    if len(data) > limits.MAX_BYTES:
        return "file_too_big"
    if data.startswith(OLD_OFFICE):
        return "old_spreadsheet"
    return "not_contacts" if data.startswith(NOT_TEXT) else ""


def _is_binary(text: str) -> bool:
    """Whether control characters that no text has are more than a few, and more than a hundredth of it."""
    controls = len(re.findall("[\x01-\x08\x0e-\x1a\x1c-\x1f]", text))
    return controls > 4 and controls * 100 > len(text)


def _from_table(table: Table, mapping: Mapping | None) -> tuple[ReadResult, Iterator[ContactRecord]]:
    if mapping is None:
        mapping = columns.guess(table.header) if table.has_header else _by_content(table)
    result = ReadResult(
        format=table.format,
        layout=columns.layout(table.header),
        encoding=table.encoding,
        delimiter=table.delimiter,
        header=table.header,
        mapping=mapping,
        fingerprint=columns.fingerprint(table.header),
        problems=table.problems,
    )
    if not mapping.columns:
        result.problems.append(problem("nothing_recognised"))
    rows = iter(table.rows)
    first = list(islice(rows, tables.LOOKED_AT))
    table.rows = _chained(first, rows)
    result.samples = [_sample(index, first) for index in range(len(table.header))]
    return result, columns.to_records(table, mapping)


def _sample(index: int, first: list[tuple[int, list[str]]]) -> list[str]:
    """What stands in a column, for whoever decides what the column holds."""
    cells = (" ".join(row[index].split()) for _number, row in first if index < len(row))
    return list(dict.fromkeys(filter(None, cells)))[:SAMPLES]


def _by_content(table: Table) -> Mapping:
    """A table without titles: columns where most cells have an @ hold addresses; the rest a person maps."""
    rows = iter(table.rows)
    first = list(islice(rows, tables.LOOKED_AT))
    table.rows = _chained(first, rows)
    mapping = Mapping()
    for index in range(len(table.header)):
        cells = [row[index] for _number, row in first if index < len(row) and row[index].strip()]
        if cells and sum(cell.count("@") == 1 for cell in cells) > 0.6 * len(cells):
            mapping.columns[index] = columns.Target(columns.Field.EMAIL)
    return mapping


def _chained(
    first: list[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield from first
    yield from rest
