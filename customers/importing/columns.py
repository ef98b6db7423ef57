"""Columns of a contact table: the mapping guessed from titles, edited by a person, remembered by layout.

From a table and a mapping come the records.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from customers import phones
from customers.importing import cells, records
from customers.importing.records import Address, ContactRecord, Table, TypedValue
from customers.importing.vocabulary import LABELS, MANY, PLACE, SINGLE, Field, Target, normal, target_of


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
        if normal(title) == "title" and titles & PREFIX_COLUMNS:
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


def layout(header: list[str]) -> str:
    """The program that writes this layout, for people to read."""
    titles = {normal(title) for title in header}
    if "email 1 value" in titles or "phone 1 value" in titles:
        return "google" if "first name" in titles else "google-old"
    if {"primary email", "display name"} <= titles:
        return "thunderbird"
    if {"email home", "email work"} & titles and "display name" in titles:
        return "roundcube"
    if {"email 2 address", "email 2 adresse", "email 2 adress"} & titles or any(
        title.startswith(("sähköposti 2", "email 2")) for title in titles
    ):
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
        self.header = header
        self.columns = [mapping.columns.get(index, Target(Field.NOTHING)) for index in range(len(header))]
        self.labels = {
            (target.field, target.group): index
            for index, target in enumerate(self.columns)
            if target.field in LABELS
        }

    def record(self, number: int, row: list[str]) -> ContactRecord:
        record = ContactRecord(position=number)
        places: dict[tuple[str, int], Address] = {}
        formatted: list[tuple[Target, str, str]] = []
        for index, cell in enumerate(row):
            text = cells.restore(cell)
            if not text or text.isspace():
                continue
            if index >= len(self.columns):
                record.report("too_many_cells")
                record.leave_out(f"{index + 1}.")
                continue
            target, name = self.columns[index], self.header[index]
            if target.field is Field.NOTHING:
                record.leave_out(name)
            elif target.field in PLACE:
                place = places.setdefault((target.kind, target.group), Address(kind=target.kind))
                _take_place(record, place, target, cell if isinstance(cell, NumberCell) else text, name)
            elif target.field is Field.FORMATTED_ADDRESS:
                formatted.append((target, text, name))
            elif target.field not in LABELS:
                self._take(record, target, cell if isinstance(cell, NumberCell) else text, name, row)
        for target, text, name in formatted:
            _take_formatted(record, places, target, text, name)
        self._add_places(record, places, row)
        return record

    def _take(self, record: ContactRecord, target: Target, text: str, name: str, row: list[str]) -> None:
        match target.field:
            case Field.EMAIL:
                record.emails.extend(
                    self._typed(record, _several_emails(text), target, name, row, EMAIL_KINDS)
                )
            case Field.PHONE:
                numbers = [_phone(record, number, name) for number in _several_phones(text)]
                record.phones.extend(self._typed(record, numbers, target, name, row, PHONE_KINDS))
            case Field.NOTE:
                added = records.note(record, text, name)
                record.note = f"{record.note}\n{added}" if record.note else added
            case Field.TAGS:
                _take_tags(record, text, name)
            case Field.MARKETING if not record.marketing_header:
                record.marketing_status, record.marketing_header = records.line(record, text, name), name
            case Field.GIVEN_NAME | Field.MIDDLE_NAME:
                record.raw_names[name] = text
                both = (
                    f"{record.given_name} {text}"
                    if target.field is Field.MIDDLE_NAME
                    else f"{text} {record.given_name}"
                )
                record.given_name = records.line(record, both, name)
            case one if one in SINGLE and not getattr(record, one.value):
                if one in (Field.FULL_NAME, Field.FAMILY_NAME):
                    record.raw_names[name] = text
                text = _business_id(text) if one is Field.BUSINESS_ID else text
                setattr(record, one.value, records.line(record, text, name))
            case _:
                record.leave_out(name)

    def _label(self, row: list[str], field_: Field, group: int) -> tuple[str, bool]:
        """The file's word for the kind, and whether Google's star marks the value as the first."""
        index = self.labels.get((field_, group), -1)
        label = row[index].strip() if 0 <= index < len(row) else ""
        return label.removeprefix("*").strip(), label.startswith("*")

    def _typed(
        self,
        record: ContactRecord,
        values: list[str],
        target: Target,
        name: str,
        row: list[str],
        kinds: dict[str, str],
    ) -> Iterator[TypedValue]:
        label_field = Field.EMAIL_LABEL if target.field is Field.EMAIL else Field.PHONE_LABEL
        label, primary = self._label(row, label_field, target.group)
        kind = target.kind or kinds.get(label.casefold(), "")
        for value in values:
            clean = records.line(record, value, name)
            if clean:
                yield TypedValue(
                    clean,
                    kind,
                    "" if kinds.get(label.casefold()) else records.line(record, label, name),
                    primary,
                )
                primary = False

    def _add_places(
        self, record: ContactRecord, places: dict[tuple[str, int], Address], row: list[str]
    ) -> None:
        for (_kind, group), place in places.items():
            label, place.primary = self._label(row, Field.ADDRESS_LABEL, group)
            kind = EMAIL_KINDS.get(label.casefold(), "")
            place.kind = place.kind or kind
            place.label = "" if kind else records.line(record, label, "")
            record.addresses.append(place)


def _several_emails(text: str) -> list[str]:
    """The addresses in one cell, if everything between the separators is one."""
    if MULTIPLE in text:
        return text.split(MULTIPLE)
    parts = [part for part in re.split(r"[;,\s]+", text) if part]
    return (
        parts
        if len(parts) > 1 and all(part.count("@") == 1 and "<" not in part for part in parts)
        else [text]
    )


def _several_phones(text: str) -> list[str]:
    if MULTIPLE in text:
        return text.split(MULTIPLE)
    parts = [part for part in re.split(r"[;,/\n\r]+", text) if part.strip()]
    return parts if len(parts) > 1 and all(len(re.findall(r"\d", part)) > 5 for part in parts) else [text]


CODE_AND_CITY = re.compile(r"((?:FI-?|SE-?)?\d{3} ?\d{2}),?\s+(\D.*)")
"""`00100 Helsinki` in one cell."""

SCIENTIFIC = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)
BARE_NUMBER = re.compile(r"[1-9]\d{6,14}")


def _phone(record: ContactRecord, text: str, name: str) -> str:
    """The number with the zero or plus sign that a spreadsheet drops, where only that makes it a number."""
    text = text.strip()
    if SCIENTIFIC.fullmatch(text):
        record.report("number_lost", name)
    elif BARE_NUMBER.fullmatch(text):
        for repaired in (f"0{text}", f"+{text}"):
            if phones.parse(repaired).e164 and (
                repaired[0] == "0" or text.startswith(("358", "46", "47", "45", "372"))
            ):
                record.report("zero_restored", name)
                return repaired
    return text


def _business_id(text: str) -> str:
    """A business ID kept as a number (2077474 0 → 20774740) has lost its leading zero and its hyphen."""
    return f"{text.zfill(8)[:7]}-{text[-1]}" if isinstance(text, NumberCell) and text.isdigit() else text


def _take_tags(record: ContactRecord, text: str, name: str) -> None:
    """Tags in one cell; those with a star are Google's own groups (`* myContacts`) and say nothing."""
    for part in text.split(MULTIPLE) if MULTIPLE in text else re.split(r"[;,]", text):
        tag = records.line(record, part, name)
        if tag.startswith("* "):
            record.leave_out(name)
        elif tag and tag not in record.tags:
            record.tags.append(tag)


def _take_place(record: ContactRecord, place: Address, target: Target, text: str, name: str) -> None:
    clean = records.line(record, ", ".join(text.splitlines()) if "\n" in text else text, name)
    if (
        target.field is Field.POSTAL_CODE
        and isinstance(text, NumberCell)
        and clean.isdigit()
        and len(clean) < 5
    ):
        clean = clean.zfill(5)
        record.report("zero_restored", name)
    split = CODE_AND_CITY.fullmatch(clean) if target.field in (Field.POSTAL_LINE, Field.CITY) else None
    if split and not place.postal_code and not place.city:
        place.postal_code, place.city = split[1], split[2]
        return
    slot = "city" if target.field is Field.POSTAL_LINE else target.field.value
    before = getattr(place, slot)
    setattr(place, slot, f"{before}, {clean}" if before else clean)


def _take_formatted(
    record: ContactRecord, places: dict[tuple[str, int], Address], target: Target, text: str, name: str
) -> None:
    """Google repeats the whole address in one cell: taken where the parts are missing, else only compared."""
    place = places.get((target.kind, target.group))
    if place is None:
        lines = ", ".join(part.strip() for part in text.splitlines() if part.strip())
        places[target.kind, target.group] = Address(
            street=records.line(record, lines, name), kind=target.kind
        )
        return
    known = set(re.findall(r"\w+", " ".join(place.texts()).casefold()))
    if not set(re.findall(r"\w+", text.casefold())) <= known:
        record.leave_out(name)
