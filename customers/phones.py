"""Telephone numbers: kept as typed, compared in E.164, shown as a Finn writes them, found in any notation.

A number that cannot be read (an extension of the house, a short number, a slip of the pen) is kept as it is
and only has no E.164 form: a telephone number is never a reason to refuse a person.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from register.finnish import INVISIBLE

HOME = "FI"
LONGEST = 100
"""Characters that are looked at for a number; what is longer is a text about telephones."""

EXTENSION = re.compile(r"(?i);?\b(?:ext|extn|x|alanro|ankn)\b[.:= ]*(?=\d)")
WORDS_BEHIND = re.compile(r"\d.*[^\W\d_]")
LONG_TAIL = re.compile(r"\b(0\d{1,2}) (\d{3})(\d{3,4})\b")
"""A Finnish number whose last digits stand in one row: 040 1234567, 014 123456."""
FIRST_MOBILES = re.compile(r"\b(0[45]0) 0(\d{3})(\d{3})\b")
"""The oldest mobile numbers, which everybody knows as 0400 123 456."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    as_typed: str
    e164: str | None
    """`+358401234567`, without an extension; None when the number could not be read with certainty."""
    display: str
    """Finnish numbers as at home (040 123 4567), foreign ones with their country; as typed when unread."""
    extension: str = ""


def parse(text: str, region: str = HOME) -> PhoneNumber:
    """The number in the text; `region` is where one without a country code is dialled. Never raises."""
    as_typed = " ".join(text.split())
    readable = _readable(as_typed)
    try:
        number = phonenumbers.parse(readable, region)
    except NumberParseException:
        return PhoneNumber(as_typed, None, as_typed)
    if not _is_certain(number, readable):
        return PhoneNumber(as_typed, None, as_typed)
    at_home = phonenumbers.country_code_for_region(HOME) == number.country_code
    return PhoneNumber(
        as_typed=as_typed,
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        display=_grouped(number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL),
        extension=number.extension or "",
    )


def _grouped(number: phonenumbers.PhoneNumber, style: int) -> str:
    """The number in groups of a few digits; the library leaves the last seven of a Finnish one in a row."""
    shown = FIRST_MOBILES.sub(r"\g<1>0 \2 \3", phonenumbers.format_number(number, style))
    return LONG_TAIL.sub(r"\1 \2 \3", shown)


FINNISH_MOBILE = re.compile(r"(?:\+358|00358|0)((?:4[0-8]|50)[0-9]{4,8})")
PUNCTUATION = str.maketrans("", "", " -")


def e164(text: str, region: str = HOME) -> str | None:
    """`parse(text).e164`; the commonest form, a Finnish mobile number, without the slow number library."""
    if region == HOME and (match := FINNISH_MOBILE.fullmatch(text.translate(PUNCTUATION))):
        return f"+358{match[1]}"
    return parse(text, region).e164


def _readable(text: str) -> str:
    """The text as the number library reads it: plain digits, no invisible marks, no `tel:`, no `(0)`."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))[:LONGEST]
    text = re.sub(r"\A\s*tel:", "", text, flags=re.IGNORECASE)
    if re.match(r"\s*(\+|00)", text):
        text = text.replace("(0)", " ", 1)
    return text


def _is_certain(number: phonenumbers.PhoneNumber, readable: str) -> bool:
    """Whether the number may be dialled: valid, or at least possible if written with its country code.

    Words behind the digits make it uncertain, because the library reads letters as the keys of a telephone.
    """
    if WORDS_BEHIND.search(EXTENSION.sub("", readable)):
        return False
    if phonenumbers.is_valid_number(number):
        return True
    return readable.lstrip().startswith(("+", "00")) and phonenumbers.is_possible_number(number)


def search_digits(text: str, region: str = HOME) -> str:
    """What a search document holds of a number: its digits with the country code, at home, and as typed.

    Any fragment typed in any notation is a part of one of them once `query_digits` has read it.
    """
    number = parse(text, region)
    forms = [query_digits(text)]
    if number.e164:
        forms.append(number.e164[1:])
        read = phonenumbers.parse(number.e164)
        forms.append(re.sub(r"\D", "", phonenumbers.format_number(read, PhoneNumberFormat.NATIONAL)))
    return " ".join(dict.fromkeys(form for form in forms if form))


def query_digits(text: str) -> str:
    """The digits to look for when a person types a number or a part: `+358 (0)40`, `00358-40` are 35840."""
    digits = (str(unicodedata.digit(one)) for one in _readable(text) if one.isdigit())
    return "".join(digits).removeprefix("00")
