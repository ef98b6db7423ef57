"""Columns of a contact table: the mapping guessed from titles, edited by a person, remembered by layout.

From a table and a mapping come the records.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from customers import phones
from customers.importing import cells, records
from customers.importing.records import Address, ContactRecord, Table, TypedValue
from customers.importing.vocabulary import LABELS, MANY, PLACE, Field, Target, normal, target_of


@dataclass(slots=True)
class Mapping:
    """Which column holds what; a column that is not in it is left out by name."""

    columns: dict[int, Target] = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        return {str(index): str(target) for index, target in sorted(self.columns.items())}

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> Mapping:
        """Raises ValueError when the stored mapping is not one."""
        return cls({int(index): Target.read(text) for index, text in stored.items()})


def fingerprint(header: list[str]) -> str:
    """A stable name for a layout: the same titles in the same order, whatever their case and spacing."""
    return hashlib.sha256("\x1f".join(map(normal, header)).encode()).hexdigest()[:32]


PREFIX_COLUMNS = frozenset({"suffix", "job title", "middle name", "tehtävänimike", "befattning", "position"})
"""Beside one of these, Outlook's `Title` is Mr. or Dr., not a position."""


def guess(header: list[str]) -> Mapping:
    """The likeliest mapping of a header; the first of two columns for the same thing wins."""
    titles = {normal(title) for title in header}
    mapping: dict[int, Target] = {}
    taken: set[Target] = set()
    place = Target(Field.STREET)
    for index, title in enumerate(header):
        target = target_of(title)
        if target is None:
            continue
        if normal(title) in {"title", "titel"} and titles & PREFIX_COLUMNS:
            continue
        if target.field is Field.STREET:
            place = target
        elif target.field in PLACE and not target.kind and not target.group:
            target = Target(target.field, place.kind, place.group)
        if target in taken and target.field not in MANY:
            continue
        taken.add(target)
        mapping[index] = target
    return Mapping(mapping)


THUNDERBIRD = (
    {"primary email", "display name"},
    {"ensisijainen sähköposti", "toissijainen sähköposti"},
    {"epost", "ytterligare epost"},
)
"""It names its columns in its own language."""


def layout(header: list[str]) -> str:
    """The program that writes this layout, for people to read."""
    titles = {normal(title) for title in header}
    if "email 1 value" in titles or "phone 1 value" in titles:
        return "google" if "first name" in titles else "google-old"
    if any(pair <= titles for pair in THUNDERBIRD):
        return "thunderbird"
    if {"email home", "email work"} & titles and "display name" in titles:
        return "roundcube"
    if any(re.match(r"(email|epost|sähköposti) 2\b", title) for title in titles):
        return "outlook"
    return "spreadsheet"


# --- from rows to records -----------------------------------------------------------------------


class NumberCell(str):
    """The text of a cell that a spreadsheet kept as a number: leading zeros and plus signs are gone."""

    __slots__ = ()


MULTIPLE = " ::: "
"""Google puts several values into one cell like this."""

EMAIL_KINDS = {
    "work": "work",
    "home": "home",
    "other": "other",
    "työ": "work",
    "koti": "home",
    "muu": "other",
    "arbete": "work",
}
PHONE_KINDS = EMAIL_KINDS | {
    "mobile": "mobile",
    "cell": "mobile",
    "matkapuhelin": "mobile",
    "mobil": "mobile",
    "main": "main",
    "work fax": "fax",
    "home fax": "fax",
    "other fax": "fax",
    "fax": "fax",
    "pager": "pager",
}


def to_records(table: Table, mapping: Mapping) -> Iterator[ContactRecord]:
    """The rows as records, one at a time; empty rows are passed over."""
    plan = _Plan(table.header, mapping)
    for number, row in table.rows:
        if any(row):
            yield records.check(plan.record(number, row))


class _Plan:
    """A mapping worked out once for all rows."""

    def __init__(self, header: list[str], mapping: Mapping) -> None:
        self.steps = []
        for index, name in enumerate(header):
            target = mapping.columns.get(index, Target(Field.NOTHING))
            if target.field not in LABELS:
                self.steps.append((index, TAKERS[target.field], target, name))
        self.labels = {
            (target.field, target.group): index
            for index, target in mapping.columns.items()
            if target.field in LABELS
        }
        self.width = len(header)

    def record(self, number: int, row: list[str]) -> ContactRecord:
        taking = _Taking(ContactRecord(position=number), row, self.labels)
        for index, take, target, name in self.steps[: len(row)]:
            text = row[index] if index < len(row) else ""
            if text and not text.isspace():
                if text[0] == "'":
                    text = cells.restore(text)
                take(taking, target, name, text)
        taking.finish(self.width)
        return taking.record


@dataclass(slots=True)
class _Taking:
    """A row on its way to a record."""

    record: ContactRecord
    row: list[str]
    labels: dict[tuple[Field, int], int]
    places: dict[tuple[str, int], Address] = field(default_factory=dict)
    formatted: list[tuple[Target, str, str]] = field(default_factory=list)

    def label(self, label_field: Field, group: int) -> tuple[str, bool]:
        """The file's word for the kind, and whether Google's star marks the value as the first."""
        index = self.labels.get((label_field, group), -1)
        label = self.row[index].strip() if 0 <= index < len(self.row) else ""
        return label.removeprefix("*").strip(), label.startswith("*")

    def typed(
        self, values: list[str], label_field: Field, kinds: dict[str, str], target: Target, name: str
    ) -> Iterator[TypedValue]:
        label, primary = self.label(label_field, target.group) if self.labels else ("", False)
        kind = kinds.get(label.casefold(), "")
        own_label = records.line(self.record, label, name) if label and not kind else ""
        for value in values:
            if clean := records.line(self.record, value, name):
                yield TypedValue(clean, target.kind or kind, own_label, primary)
                primary = False

    def finish(self, width: int) -> None:
        for index, cell in enumerate(self.row[width:], start=width + 1):
            if cell.strip():
                self.record.report("too_many_cells")
                self.record.leave_out(f"{index}.")
        for target, name, text in self.formatted:
            _take_formatted(self, target, name, text)
        for (_kind, group), place in self.places.items():
            self.record.addresses.append(place)
            if not self.labels:
                continue
            label, place.primary = self.label(Field.ADDRESS_LABEL, group)
            kind = EMAIL_KINDS.get(label.casefold(), "")
            place.kind = place.kind or kind
            place.label = "" if kind else records.line(self.record, label, "")


def _take_nothing(taking: _Taking, target: Target, name: str, text: str) -> None:
    taking.record.leave_out(name)


def _take_single(taking: _Taking, target: Target, name: str, text: str) -> None:
    """A text that a record has once; a second one is left out."""
    record = taking.record
    if getattr(record, target.field):
        record.leave_out(name)
        return
    setattr(record, target.field, records.line(record, text, name))


def _take_name(taking: _Taking, target: Target, name: str, text: str) -> None:
    taking.record.raw_names[name] = text
    _take_single(taking, target, name, text)


def _take_given_name(taking: _Taking, target: Target, name: str, text: str) -> None:
    record = taking.record
    record.raw_names[name] = text
    before = record.given_name
    both = f"{before} {text}" if target.field is Field.MIDDLE_NAME else f"{text} {before}"
    record.given_name = records.line(record, both, name)


def _take_business_id(taking: _Taking, target: Target, name: str, text: str) -> None:
    """A business ID kept as a number (20774740) has lost its hyphen, and perhaps its leading zero."""
    if isinstance(text, NumberCell) and text.isdigit():
        text = f"{text.zfill(8)[:7]}-{text[-1]}"
    _take_single(taking, target, name, text)


def _take_emails(taking: _Taking, target: Target, name: str, text: str) -> None:
    values = _several_emails(text)
    taking.record.emails.extend(taking.typed(values, Field.EMAIL_LABEL, EMAIL_KINDS, target, name))


def _take_phones(taking: _Taking, target: Target, name: str, text: str) -> None:
    values = [_phone(taking.record, number, name) for number in _several_phones(text)]
    taking.record.phones.extend(taking.typed(values, Field.PHONE_LABEL, PHONE_KINDS, target, name))


def _take_note(taking: _Taking, target: Target, name: str, text: str) -> None:
    record = taking.record
    added = records.note(record, text, name)
    record.note = f"{record.note}\n{added}" if record.note else added


def _take_marketing(taking: _Taking, target: Target, name: str, text: str) -> None:
    record = taking.record
    if record.marketing_header:
        record.leave_out(name)
        return
    record.marketing_status, record.marketing_header = records.line(record, text, name), name


def _take_tags(taking: _Taking, target: Target, name: str, text: str) -> None:
    """Tags in one cell; those with a star are Google's own groups (`* myContacts`) and say nothing."""
    record = taking.record
    for part in text.split(MULTIPLE) if MULTIPLE in text else re.split(r"[;,]", text):
        tag = records.line(record, part, name)
        if tag.startswith("* "):
            record.leave_out(name)
        elif tag and tag not in record.tags:
            record.tags.append(tag)


def _take_place(taking: _Taking, target: Target, name: str, text: str) -> None:
    record = taking.record
    place = taking.places.setdefault((target.kind, target.group), Address(kind=target.kind))
    clean = records.line(record, ", ".join(text.splitlines()) if "\n" in text else text, name)
    if (
        target.field is Field.POSTAL_CODE
        and isinstance(text, NumberCell)
        and len(clean) < 5
        and clean.isdigit()
    ):
        clean = clean.zfill(5)
        record.report("zero_restored", name)
    split = CODE_AND_CITY.fullmatch(clean) if target.field in (Field.POSTAL_LINE, Field.CITY) else None
    if split and not place.postal_code and not place.city:
        place.postal_code, place.city = split[1], split[2]
        return
    slot = "city" if target.field is Field.POSTAL_LINE else target.field
    before = getattr(place, slot)
    setattr(place, slot, f"{before}, {clean}" if before else clean)


def _take_formatted_later(taking: _Taking, target: Target, name: str, text: str) -> None:
    taking.formatted.append((target, name, text))


def _take_formatted(taking: _Taking, target: Target, name: str, text: str) -> None:
    """Google repeats the whole address in one cell: taken where the parts are missing, else only compared."""
    place = taking.places.get((target.kind, target.group))
    if place is None:
        lines = ", ".join(part.strip() for part in text.splitlines() if part.strip())
        street = records.line(taking.record, lines, name)
        taking.places[target.kind, target.group] = Address(street=street, kind=target.kind)
        return
    known = set(re.findall(r"\w+", " ".join(place.texts()).casefold()))
    if not set(re.findall(r"\w+", text.casefold())) <= known:
        taking.record.leave_out(name)


TAKERS: dict[Field, Callable[[_Taking, Target, str, str], None]] = {
    Field.NOTHING: _take_nothing,
    Field.FULL_NAME: _take_name,
    Field.FAMILY_NAME: _take_name,
    Field.GIVEN_NAME: _take_given_name,
    Field.MIDDLE_NAME: _take_given_name,
    Field.BUSINESS_ID: _take_business_id,
    Field.EMAIL: _take_emails,
    Field.PHONE: _take_phones,
    Field.NOTE: _take_note,
    Field.TAGS: _take_tags,
    Field.MARKETING: _take_marketing,
    Field.FORMATTED_ADDRESS: _take_formatted_later,
    **dict.fromkeys((Field.COMPANY, Field.DEPARTMENT, Field.TITLE, Field.LANGUAGE), _take_single),
    **dict.fromkeys(PLACE, _take_place),
}


SHORTEST_PAIR = 13
"""Characters: two numbers of six digits with something between."""


def _several_emails(text: str) -> list[str]:
    """The addresses in one cell, if everything between the separators is one."""
    if MULTIPLE in text:
        return text.split(MULTIPLE)
    if text.count("@") < 2:
        return [text]
    parts = [part for part in re.split(r"[;,\s]+", text) if part]
    return (
        parts
        if len(parts) > 1 and all(part.count("@") == 1 and "<" not in part for part in parts)
        else [text]
    )


def _several_phones(text: str) -> list[str]:
    if MULTIPLE in text:
        return text.split(MULTIPLE)
    if len(text) < SHORTEST_PAIR:
        return [text]
    parts = [part for part in re.split(r"[;,/\n\r]+", text) if part.strip()]
    return parts if len(parts) > 1 and all(len(re.findall(r"\d", part)) > 5 for part in parts) else [text]


CODE_AND_CITY = re.compile(r"((?:FI-?|SE-?)?\d{3} ?\d{2}),?\s+(\D.*)")
"""`00100 Helsinki` in one cell."""

SCIENTIFIC = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)
FINNISH_MOBILE = re.compile(r"(?:4\d|50)\d{7}")
"""040–049 and 050 without the zero, at their usual length: decided without the slow number library."""

BARE_NUMBER = re.compile(r"[1-9]\d{6,14}")


def _phone(record: ContactRecord, text: str, name: str) -> str:
    """The number with the zero or plus sign that a spreadsheet drops, where only that makes it a number."""
    text = text.strip()
    if SCIENTIFIC.fullmatch(text):
        record.report("number_lost", name)
    elif FINNISH_MOBILE.fullmatch(text):
        record.report("zero_restored", name)
        return f"0{text}"
    elif BARE_NUMBER.fullmatch(text):
        for repaired in (f"0{text}", f"+{text}"):
            if phones.parse(repaired).e164 and (
                repaired[0] == "0" or text.startswith(("358", "46", "47", "45", "372"))
            ):
                record.report("zero_restored", name)
                return repaired
    return text
