"""What can be wrong with a contact file or with one contact in it, and how it is said to staff."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    INFO = "info"
    """Something was put right; for the report."""
    WARNING = "warning"
    """A person should look at it; the record can be imported."""
    ERROR = "error"
    """The record (or the file) cannot be imported as it is."""


SAID: dict[str, tuple[Severity, Promise | str]] = {
    # the file
    "empty_file": (Severity.ERROR, _("The file is empty.")),
    "file_too_big": (Severity.ERROR, _("The file is larger than 25 MB. Divide it into smaller files.")),
    "too_many_rows": (
        Severity.ERROR,
        _("The file has more than 200,000 rows. Rows after that were not read."),
    ),
    "too_many_columns": (Severity.ERROR, _("The file has more columns than a contact list can have.")),
    "not_contacts": (
        Severity.ERROR,
        _("This is not a contact file that can be read. Use vCard (.vcf), CSV or Excel (.xlsx)."),
    ),
    "old_spreadsheet": (
        Severity.ERROR,
        _("This is an old or password-protected spreadsheet. Save it as .xlsx without one, or as CSV."),
    ),
    "damaged_spreadsheet": (Severity.ERROR, _("The spreadsheet is damaged and cannot be opened.")),
    "unpacks_too_big": (Severity.ERROR, _("The spreadsheet is too large when unpacked.")),
    "damaged_file": (Severity.ERROR, _("The file is damaged: reading it stopped here.")),
    "no_records": (Severity.WARNING, _("The file holds no contacts.")),
    "nothing_recognised": (Severity.WARNING, _("No column was recognised. Choose what each column holds.")),
    "no_header": (Severity.WARNING, _("The first row holds no titles. Check what each column holds.")),
    "rows_above_header": (Severity.WARNING, _("Rows above the column titles were left out.")),
    "other_sheets": (Severity.WARNING, _("Only the first sheet with content was read. Left out:")),
    "open_quote": (Severity.WARNING, _("A quotation mark in the file is never closed. Check the last rows.")),
    "charset_guessed": (
        Severity.WARNING,
        _("The file does not say its character set; it was guessed. Check names with ä, ö and the like."),
    ),
    "charset_wrong": (
        Severity.WARNING,
        _("The text is not in the character set it claims; another one was used."),
    ),
    "nul_removed": (Severity.WARNING, _("Empty (NUL) characters were removed. The file may be damaged.")),
    "undecodable": (
        Severity.WARNING,
        _("Some characters could not be read and are shown as a question mark."),
    ),
    "stray_text": (Severity.WARNING, _("Text outside any contact was left out.")),
    # a record
    "cut_text": (Severity.WARNING, _("The text was cut in the middle of a character.")),
    "stray_line": (Severity.WARNING, _("A line could not be read and was left out.")),
    "missing_end": (Severity.WARNING, _("The contact has no end; it may have been cut.")),
    "empty_record": (Severity.ERROR, _("The contact is empty.")),
    "nameless": (
        Severity.WARNING,
        _("The contact has no name; its e-mail address or number stands for it."),
    ),
    "erased": (
        Severity.ERROR,
        _("This person was erased from the register on request, so an old file cannot bring him back."),
    ),
    "group_card": (Severity.ERROR, _("This is a distribution list, not a person or a company.")),
    "name_split": (
        Severity.INFO,
        _("Given name and family name were told apart by their order. Check them."),
    ),
    "too_many_cells": (Severity.WARNING, _("The row has more cells than there are column titles.")),
    "unreadable_text": (Severity.WARNING, _("Control characters were removed from the text.")),
    "lost_characters": (Severity.WARNING, _("A letter was already lost in the file (�). Write it again.")),
    "too_long": (Severity.ERROR, _("The text is too long.")),
    "wrong_address": (Severity.WARNING, _("This is not an e-mail address.")),
    "local_part_not_ascii": (
        Severity.WARNING,
        _("Mail cannot be sent to an address with letters such as ä or ö before the @ sign."),
    ),
    "wrong_business_id": (Severity.WARNING, _("This is not a Finnish business ID.")),
    "zero_restored": (
        Severity.INFO,
        _("The spreadsheet had dropped a leading zero or a plus sign; it was put back."),
    ),
    "number_lost": (
        Severity.WARNING,
        _("The spreadsheet has turned the number into another one (such as 3.58E+11)."),
    ),
}
"""Every code with its severity and what is said to staff."""


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    message: Promise | str
    severity: Severity
    where: str = ""
    """The name of the field, the column or the line; never its content."""


def problem(code: str, where: str = "") -> Problem:
    severity, message = SAID[code]
    return Problem(code, message, severity, where)
