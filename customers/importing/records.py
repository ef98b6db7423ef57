"""What a contact file says, before anything is decided about it.

A record repeats the file: nothing is matched, nothing is kept here. What we do not take (a photo, a
birthday) is named in `left_out`; what could not be read, or was repaired or guessed, is in `problems`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from customers import addresses
from customers.importing import limits
from customers.importing.problems import Problem, Severity, problem
from register import finnish

if TYPE_CHECKING:
    from customers.importing.columns import Mapping


@dataclass(slots=True)
class TypedValue:
    value: str
    kind: str = ""
    """work, home, mobile, fax, pager, main, other, or empty when the file does not say."""
    label: str = ""
    """The file's own word for the kind, where it is none of ours."""
    primary: bool = False


@dataclass(slots=True)
class Address:
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    kind: str = ""
    """work, home, visiting, postal, billing, other, or empty."""
    region: str = ""
    extra: str = ""
    """Post-office box, floor, c/o: what stands before or after the street."""
    label: str = ""
    primary: bool = False

    def texts(self) -> list[str]:
        return [self.street, self.postal_code, self.city, self.country, self.region, self.extra]

    def __bool__(self) -> bool:
        return any(self.texts())


@dataclass(slots=True)
class ContactRecord:
    position: int
    """The number of the card, or of the row as a spreadsheet counts it."""
    given_name: str = ""
    family_name: str = ""
    full_name: str = ""
    raw_names: dict[str, str] = field(default_factory=dict)
    """The name as the file had it, part by part."""
    company: str = ""
    department: str = ""
    title: str = ""
    business_id: str = ""
    emails: list[TypedValue] = field(default_factory=list)
    phones: list[TypedValue] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    note: str = ""
    language: str = ""
    tags: list[str] = field(default_factory=list)
    marketing_status: str = ""
    """The raw value of a column such as status, active, Markkinointilupa."""
    marketing_header: str = ""
    is_company: bool = False
    """The file says that this is a company, not a person."""
    left_out: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def leave_out(self, name: str) -> None:
        if name not in self.left_out:
            self.left_out.append(name)

    def report(self, code: str, where: str = "") -> None:
        found = problem(code, where)
        if found not in self.problems:
            self.problems.append(found)

    @property
    def is_readable(self) -> bool:
        return not any(found.severity is Severity.ERROR for found in self.problems)

    def texts(self) -> list[str]:
        """Every text the record holds, for search and for accounting."""
        single = [
            self.given_name,
            self.family_name,
            self.full_name,
            self.company,
            self.department,
            self.title,
        ]
        single += [self.business_id, self.note, self.language, self.marketing_status]
        several = [item.value for item in (*self.emails, *self.phones)]
        places = [text for address in self.addresses for text in address.texts()]
        labels = [item.label for item in (*self.emails, *self.phones)] + [
            item.label for item in self.addresses
        ]
        return [text for text in (*single, *several, *places, *labels, *self.tags) if text]


@dataclass(slots=True)
class Table:
    """Header and rows of a CSV or XLSX file; `rows` gives (row number, cells) once, from the beginning."""

    header: list[str]
    rows: Iterable[tuple[int, list[str]]]
    format: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    has_header: bool = True
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class ReadResult:
    format: str = ""
    """vcard, csv, xlsx, or empty when the file could not be recognised."""
    layout: str = ""
    """google, google-old, outlook, thunderbird, roundcube, spreadsheet; for people to read."""
    encoding: str = ""
    delimiter: str = ""
    header: list[str] = field(default_factory=list)
    mapping: Mapping | None = None
    fingerprint: str = ""
    samples: list[list[str]] = field(default_factory=list)
    """By column: the first values, shortened to one line."""
    records: list[ContactRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        return bool(self.records) or not any(found.severity is Severity.ERROR for found in self.problems)


# --- putting texts in order ---------------------------------------------------------------------

REMOVED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def line(record: ContactRecord, text: str, where: str) -> str:
    """The text as one clean line; what had to be removed, or is too long, becomes a problem of the record."""
    if len(text) <= limits.LONGEST_LINE and text.isprintable() and (text.isascii() or _is_plain(text)):
        return " ".join(text.split()) if "  " in text else text.strip()
    return _clean(record, " ".join(text.split()), where, limits.LONGEST_LINE)


def _is_plain(text: str) -> bool:
    """Whether a printable text needs no cleaning; the short way, for speed."""
    return unicodedata.is_normalized("NFC", text) and "\ufffd" not in text


def note(record: ContactRecord, text: str, where: str) -> str:
    """The text with its line breaks."""
    return _clean(record, text, where, limits.LONGEST_NOTE)


def _clean(record: ContactRecord, text: str, where: str, limit: int) -> str:
    if REMOVED.search(text):
        record.report("unreadable_text", where)
        text = REMOVED.sub("", text)
    if "\ufffd" in text:
        record.report("lost_characters", where)
    cleaned = finnish.clean_text(text, limit=max(limit, 4 * len(text)))
    if limit == limits.LONGEST_LINE:
        cleaned = " ".join(cleaned.split())
    if len(cleaned) > limit:
        record.report("too_long", where)
    return cleaned


# --- what can be said about a whole record ------------------------------------------------------

PARTICLES = frozenset("af al av da de del der di du la le van von zu".split())
COMPANY_WORDS = frozenset(
    "oy oyj ab abp ky ry rf rs sr osk oü as tmi gmbh ag inc ltd llc seurakunta kunta kaupunki yhdistys "
    "säätiö".split()
)


def check(record: ContactRecord) -> ContactRecord:
    """The record with its names completed and its problems found."""
    for email in record.emails:
        _check_address(record, email)
    _complete_names(record)
    if not record.texts():
        record.report("empty_record")
    elif not (record.full_name or record.company):
        record.report("nameless")
    if record.business_id:
        _check_business_id(record)
    return record


def _complete_names(record: ContactRecord) -> None:
    parts = [record.given_name, record.family_name]
    if not record.full_name:
        record.full_name = " ".join(part for part in parts if part)
    if record.full_name and not any(parts) and not _is_company_name(record):
        record.given_name, record.family_name = split_name(record.full_name)
        record.report("name_split")
    if not record.full_name and record.company:
        record.is_company = True


def _is_company_name(record: ContactRecord) -> bool:
    if record.is_company or record.full_name == record.company:
        record.is_company = True
        record.company = record.company or record.full_name
    elif COMPANY_WORDS & set(record.full_name.casefold().replace(",", " ").replace(".", "").split()):
        record.is_company = not record.company
        record.company = record.company or record.full_name
        return record.is_company
    return record.is_company


def split_name(full_name: str) -> tuple[str, str]:
    """Given and family name: `Mäkelä, Matti` by its comma, otherwise the last word with its particle (af)."""
    family, comma, given = full_name.partition(",")
    if comma and given.strip() and family.strip():
        return given.strip(), family.strip()
    words = full_name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _check_address(record: ContactRecord, email: TypedValue) -> None:
    try:
        address = addresses.parse(email.value)
    except addresses.LocalPartNotAscii:
        record.report("local_part_not_ascii", "e-mail")
    except addresses.WrongAddress:
        record.report("wrong_address", "e-mail")
    else:
        email.value = address.as_typed
        if address.name:
            _take_name_beside(record, email, address.name)


def _take_name_beside(record: ContactRecord, email: TypedValue, name: str) -> None:
    """`Matti Mäkelä <m@example.fi>` names the person if nothing else does; else it labels the address."""
    if not (record.full_name or record.given_name or record.family_name):
        record.full_name = record.raw_names["e-mail"] = name
    elif name != record.full_name:
        email.label = email.label or name


def _check_business_id(record: ContactRecord) -> None:
    try:
        record.business_id = finnish.business_id(record.business_id)
    except finnish.WrongBusinessId:
        record.report("wrong_business_id")
