"""Tables in text files (CSV), in whatever form a spreadsheet writes them: a header and rows, nothing decided.

Recognised: the character set, the separator (also from Excel's `sep=;` line), titles that stand below other
rows, and a missing header.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from customers.importing import charset, limits, vocabulary
from customers.importing.problems import Problem, problem
from customers.importing.records import Table

SEPARATORS = ",;\t|"
LOOKED_AT = 30
"""Rows at the beginning that are compared to find the separator and the header."""

HEADER_WITHIN = 10


def read_csv(data: bytes) -> Table:
    """The table in a text file. Rows are parsed while taken; what is met on the way joins `problems`."""
    decoded = charset.decode(data)
    text, named = _separator_line(decoded.text)
    delimiter = named or _likeliest_separator(text)
    problems = decoded.problems
    if text.count('"') % 2:
        problems.append(problem("open_quote"))
    skipped = 1 if named else 0
    rows = _numbered(_csv_rows(text, delimiter, problems), skipped)
    table = with_header(rows, problems)
    table.format, table.encoding, table.delimiter = "csv", decoded.encoding, delimiter
    return table


def _separator_line(text: str) -> tuple[str, str]:
    """The text without Excel's first line `sep=;`, and the separator it names."""
    match = re.match(r'"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)', text, re.IGNORECASE)
    return (text[match.end() :], match[1]) if match else (text, "")


def _likeliest_separator(text: str) -> str:
    """The separator under which the first rows have known titles and equally many cells."""
    sample = text[: 200 * 1024]

    def fitness(separator: str) -> tuple[int, float, int]:
        rows = [row for row in islice(_csv_rows(sample, separator, []), LOOKED_AT) if any(row)]
        if not rows:
            return 0, 0.0, 0
        titles = max(vocabulary.recognised(row) for row in rows[:HEADER_WITHIN])
        width = len(rows[-1])
        alike = sum(len(row) == width for row in rows) / len(rows) if width > 1 else 0.0
        return titles, round(alike, 1), width

    return max(SEPARATORS, key=fitness)


def _csv_rows(text: str, separator: str, problems: list[Problem]) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text), delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(problem("damaged_file", str(reader.line_num)))


BARE_RETURN = re.compile(r"\r(?!\n)")


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends. Cut one by one, because io.StringIO takes four times the text's memory."""
    if BARE_RETURN.search(text):
        yield from _universal(io.StringIO(text, newline=""))
        return
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _universal(lines: Iterable[str]) -> Iterator[str]:
    """Lines with any line end; a bare CR (old Macintosh) would otherwise join the whole file into one."""
    for line in lines:
        if "\r" in line[:-2]:
            yield from line.splitlines(keepends=True)
        else:
            yield line


def _numbered(rows: Iterable[list[str]], skipped: int) -> Iterator[tuple[int, list[str]]]:
    return enumerate(rows, start=skipped + 1)


# --- the header ---------------------------------------------------------------------------------


def with_header(rows: Iterator[tuple[int, list[str]]], problems: list[Problem]) -> Table:
    """The table under the row that has most known titles; rows above it are reported."""
    first = list(islice(rows, LOOKED_AT))
    table = Table([], [], problems=problems)
    filled = [(place, row) for place, (_number, row) in enumerate(first) if any(cell.strip() for cell in row)]
    if not filled:
        return table
    place, header = max(filled[:HEADER_WITHIN], key=lambda item: (vocabulary.recognised(item[1]), -item[0]))
    table.has_header = _is_header(header)
    if not table.has_header:
        problems.append(problem("no_header"))
        width = max(len(row) for _place, row in filled)
        header, place = [""] * width, -1
    elif place > filled[0][0]:
        problems.append(problem("rows_above_header", f"1–{first[place][0] - 1}"))
    if len(header) > limits.MAX_COLUMNS:
        problems.append(problem("too_many_columns"))
        return table
    table.header = [cell.strip() or f"{index}." for index, cell in enumerate(header, start=1)]
    table.rows = _limited((*first[place + 1 :],), rows, problems)
    return table


def _is_header(row: list[str]) -> bool:
    """Whether a row holds titles: known ones, or at least no address and no number."""
    if vocabulary.recognised(row):
        return True
    return not any("@" in cell or re.search(r"\d{4}", cell) for cell in row)


def _limited(
    first: Iterable[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for part in (first, rest):
        for numbered in part:
            count += 1
            if count > limits.MAX_ROWS:
                problems.append(problem("too_many_rows"))
                return
            yield numbered
