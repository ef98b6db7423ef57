"""Counts the words of a contact file and says which of them no record holds, leaves out or reports."""

from __future__ import annotations

import csv
import io
import re

from customers.importing import vcard
from customers.importing.cards import TECHNICAL
from customers.importing.records import ContactRecord, ReadResult


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def words_of(record: ContactRecord) -> set[str]:
    return words(" ".join([*record.texts(), *(item.kind for item in record.phones)]))


def unaccounted_cards(data: bytes, result: ReadResult) -> list[tuple[int, str, set[str]]]:
    """(card, property, words) that were in the file and are nowhere in the result."""
    plain, _encoding, _problems = vcard.as_bytes(data)
    text_of = vcard.Decoder(plain)
    lost = []
    for card, record in zip(vcard.cards(plain, []), result.records, strict=True):
        for prop in card.properties:
            if prop.name in TECHNICAL or any(name.split()[0] == prop.name for name in record.left_out):
                continue
            text = vcard.unescape(vcard.value_of(prop, ContactRecord(0), text_of), prop.version)
            rest = words(re.sub(r"^tel:", "", text)) - words_of(record) - {"individual", "org"}
            if rest:
                lost.append((record.position, prop.name, rest))
    return lost


def unaccounted_cells(text: str, delimiter: str, result: ReadResult) -> list[tuple[int, str, set[str]]]:
    """(row, title, words) of a table with a header that are nowhere in the result."""
    header, *rows = [
        row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)
    ]
    lost = []
    for record, row in zip(result.records, rows, strict=True):
        for index, cell in enumerate(row):
            name = header[index] if index < len(header) else f"{index + 1}."
            rest = words(cell) - words_of(record) - {"my", "contacts"}
            is_label = name.endswith((" - Type", " - Label"))
            if rest and name not in record.left_out and not is_label:
                lost.append((record.position, name, rest))
    return lost
