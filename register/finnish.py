"""Finnish text: the order of lists, what a search finds, business IDs, and text that is fit to keep.

Pure functions: no database and no settings are needed, so that migrations, imports and tests share them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

LINE_LIMIT = 200
TEXT_LIMIT = 20_000

# --- the order of lists -------------------------------------------------------------------------

SECOND_LEVEL = "\x1f"
"""Stands between the letters and their accents; lower than any letter, so a shorter name comes first."""

AA, AE, OE = "{|}"
"""å ä ö in a sort key: the three ASCII characters that follow z, in the order of the Finnish alphabet."""

RING, DIAERESIS, DOUBLE_ACUTE = "\u030a\u0308\u030b"

FINNISH_LETTERS = {("a", RING): AA, ("a", DIAERESIS): AE, ("o", DIAERESIS): OE}

# Letters that SFS 4600 files beside another one: the letters to file under, told apart on the second level.
NEIGHBOURS = {
    "w": "v",
    "æ": AE,
    "ø": OE,
    "œ": "oe",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ŋ": "n",
    "þ": "th",
    "ŧ": "t",
    "ʒ": "z",
}
NEIGHBOUR_PAIRS = {
    ("u", DIAERESIS): "y",
    ("u", DOUBLE_ACUTE): "y",
    ("o", DOUBLE_ACUTE): OE,
}

UNHEARD = frozenset("'’‘ʼ´`\"”“\u00ad\u200b\u200c\u200d\ufeff")
"""Apostrophes, quotation marks and invisible characters: D'Angelo stands beside Dangelo."""


PLAIN = re.compile("[a-vx-z0-9åäö ,.-]*")
"""Text in which every letter has its own place; its key needs no second level."""
AS_LETTERS = str.maketrans("åäö,.-", f"{AA}{AE}{OE}   ")


def sort_key(text: str) -> str:
    """The text as a key whose plain byte order (`COLLATE "C"`, Python's `<`) is the Finnish order.

    Order: space and punctuation, digits, a–z, å, ä, ö, other alphabets. Upper and lower case are one. `w`
    is filed among `v` (Wirtanen beside Virtanen, SFS 4600) and ü among y; they and accented letters come
    after the plain letter only when everything else is equal. NFC and NFD give the same key. Punctuation
    counts as a space, apostrophes and quotation marks as nothing.
    """
    small = text.lower()
    if PLAIN.fullmatch(small):
        return " ".join(small.translate(AS_LETTERS).split())
    letters: list[str] = []
    weights: list[str] = []
    for base, marks in _clusters(text):
        if base in UNHEARD:
            continue
        letter, weight = _place(base, marks)
        if letter == " " and (not letters or letters[-1] == " "):
            continue
        letters.append(letter)
        weights.append(weight + "0" * (len(letter) - 1))
    while letters and letters[-1] == " ":
        letters.pop()
        weights.pop()
    accents = "".join(weights).rstrip("0")
    return "".join(letters) + (SECOND_LEVEL + accents if accents else "")


def _clusters(text: str) -> Iterator[tuple[str, str]]:
    """Each base character of the text in lower case, with its combining marks."""
    small = unicodedata.normalize("NFKD", text).casefold()
    base, marks = "", ""
    for character in unicodedata.normalize("NFKD", small):
        if unicodedata.combining(character):
            marks += character
            continue
        if base:
            yield base, marks
        base, marks = character, ""
    if base:
        yield base, marks


@lru_cache(maxsize=4096)
def _place(base: str, marks: str) -> tuple[str, str]:
    """The letters a character is filed under, and its weight on the second level (`0` = nothing special)."""
    for mark in marks:
        rest = marks.replace(mark, "", 1)
        if letter := FINNISH_LETTERS.get((base, mark)):
            return letter, rest or "0"
        if letter := NEIGHBOUR_PAIRS.get((base, mark)):
            return letter, "1" + rest
    if letter := NEIGHBOURS.get(base):
        return letter, "1" + marks
    if not base.isalnum():
        return " ", "0"
    return base, marks or "0"


# --- what a search finds ------------------------------------------------------------------------

SEARCHED_AS = NEIGHBOURS | {"æ": "ä", "ø": "ö"} | dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", "")


FOLDED = re.compile("[ -~åäö]*")
"""Text that is folded as soon as it is in lower case."""


def fold(text: str) -> str:
    """The text as search compares it: case-blind, foreign accents dropped (é → e), å ä ö kept, single spaces.

    æ and ø count as ä and ö. What is typed into the search box is folded by this; what is searched is
    `search_forms`, which holds the text with and without the dots.
    """
    small = text.lower()
    if FOLDED.fullmatch(small):
        return " ".join(small.split())
    folded = "".join(_searched(base, marks) for base, marks in _clusters(text))
    return " ".join(unicodedata.normalize("NFC", folded).split())


@lru_cache(maxsize=4096)
def _searched(base: str, marks: str) -> str:
    for mark in marks:
        if (base, mark) in FINNISH_LETTERS:
            return base + mark
    return base if base.isascii() else SEARCHED_AS.get(base, base + marks)


def bare(text: str) -> str:
    """Folded text without the dots and rings (mäkelä → makela), for those who type without them."""
    return fold(text).translate(str.maketrans("åäö", "aao"))


def search_forms(text: str) -> str:
    """What a search document holds: the folded text, and its bare form after it where that differs."""
    folded, plain = fold(text), bare(text)
    return folded if folded == plain else f"{folded} {plain}"


# --- business IDs -------------------------------------------------------------------------------


class WrongBusinessId(ValueError):
    """The text is not a Finnish business ID (*Y-tunnus*)."""

    def __init__(self) -> None:
        super().__init__(
            _("This is not a Finnish business ID. It has seven digits, a hyphen and a check digit.")
        )


def business_id(text: str) -> str:
    """The business ID in its one written form, `1234567-8`. A VAT number (FI12345678) is read too.

    IDs from before the leading zero was added (six digits, hyphen, check digit) get it.
    Raises WrongBusinessId when the form or the check digit is wrong.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[0-9]{6} *- *[0-9]", text):
        text = "0" + text
    try:
        number = ytunnus.validate(text)
    except ValidationError:
        raise WrongBusinessId from None
    if not number.isascii():
        raise WrongBusinessId
    return f"{number[:7]}-{number[7:]}"


# --- text that is fit to keep -------------------------------------------------------------------


class UnreadableText(ValueError):
    """The text holds something that no one can read; it is refused rather than repaired in silence."""

    message: Promise | str = _("The text holds a character that cannot be kept.")

    def __init__(self) -> None:
        super().__init__(self.message)


class NulInText(UnreadableText):
    """The text holds the character NUL, which PostgreSQL cannot keep."""

    message = _("The text holds an empty (NUL) character. The file may be damaged or in another format.")


class ControlInText(UnreadableText):
    """The text holds a control character: a sign of a wrong character set, or of header injection."""

    message = _("The text holds a control character or a line break where none belongs.")


class SurrogateInText(UnreadableText):
    """The text holds half of a character (a lone surrogate) or a code that is no character at all."""

    message = _("The text holds half of a character. It was cut or read with a wrong character set.")


class TextTooLong(UnreadableText):
    """The text is longer than the field."""

    message = _("The text is too long.")


# Direction marks change how the text looks without being seen: they hide what an address or a file name
# really says, and cling to numbers copied from a telephone. No Finnish, Swedish or English text needs them.
INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
CONTROLS_IN_LINE = re.compile("[\x01-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
CONTROLS_IN_TEXT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
NO_CHARACTER = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean_line(text: str, *, limit: int = LINE_LIMIT) -> str:
    """One line fit to keep: NFC, single spaces, none at the ends, at most `limit` characters.

    Removed: direction marks, soft hyphens, zero-width spaces and byte order marks. Refused with a named
    UnreadableText: NUL, line breaks and other control characters, lone surrogates, non-characters.
    """
    _refuse(text, CONTROLS_IN_LINE)
    return _short(" ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split()), limit)


def clean_text(text: str, *, limit: int = TEXT_LIMIT) -> str:
    """Several lines fit to keep: as `clean_line`, but line breaks (as `\\n`), tabs and inner spaces stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    _refuse(text, CONTROLS_IN_TEXT)
    lines = INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split("\n")
    return _short("\n".join(line.rstrip() for line in lines).strip("\n"), limit)


def _refuse(text: str, controls: re.Pattern[str]) -> None:
    if "\x00" in text:
        raise NulInText
    if NO_CHARACTER.search(text):
        raise SurrogateInText
    if controls.search(text):
        raise ControlInText


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TextTooLong
    return text
