"""What of a text can be printed with the bundled fonts, and how figures and dates are written.

PDF/A refuses a character that no font holds, the private-use area and control characters, and one such in a
customer's name would stop the invoice. They are shown as □. Characters that reorder their neighbours unseen
are dropped: on an invoice they could only mislead.
"""

import re
import struct
import unicodedata
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "template" / "fonts"
UNPRINTABLE = "□"

_NBSP = "\u00a0"
_MINUS = "\u2212"
_JOINERS = "\u200c\u200d"  # Persian spelling needs them, between letters
_BLANKS = re.compile(r"[^\S\u00a0]+")
_STRAY_JOINER = re.compile(rf"(?<!\w)[{_JOINERS}]")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def printable(text: str) -> str:
    """One line of text without what cannot be printed; blanks become single spaces, or stay where they hold
    a sum together (``1 088,36 €``)."""
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", text))
    return _BLANKS.sub(" ", _STRAY_JOINER.sub("", shown)).strip()


def printable_lines(text: str) -> list[str]:
    return [line for line in (printable(line) for line in text.splitlines()) if line]


def money(amount: Decimal) -> str:
    """``1 088,36 €`` with non-breaking spaces."""
    return f"{figure(amount, decimals=2)}{_NBSP}€"


def figure(number: Decimal, *, decimals: int = 0) -> str:
    """A number with at least so many decimals and no needless zeros after them."""
    whole, _, fraction = f"{abs(number):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    grouped = f"{int(whole):,}".replace(",", _NBSP)
    sign = _MINUS if number < 0 else ""
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def percent(number: Decimal) -> str:
    return f"{figure(number)}{_NBSP}%"


def day(on: date) -> str:
    return f"{on.day}.{on.month}.{on.year}"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc" or character in "\u2028\u2029":
        return " "
    if ord(character) in _VARIATION_SELECTORS or (category == "Cf" and character not in _JOINERS):
        return ""
    if character in _JOINERS or character.isspace():
        return character
    private = category in {"Co", "Cs"}  # private use, lone surrogates
    return character if ord(character) in _drawable() and not private else UNPRINTABLE


@cache
def _drawable() -> frozenset[int]:
    files = [path for path in FONTS.iterdir() if path.suffix in {".otf", ".ttf"}]
    return frozenset().union(*map(_characters, files))


def _characters(font: Path) -> set[int]:
    """The characters of a font file, from its OpenType ``cmap`` table (format 12: all of Unicode)."""
    data = font.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, _checksum, offset, _length in records if tag == b"cmap")
    subtables = struct.unpack_from(">H", data, cmap + 2)[0]
    offsets = [cmap + struct.unpack_from(">L", data, cmap + 8 + 8 * index)[0] for index in range(subtables)]
    at = next(offset for offset in offsets if struct.unpack_from(">H", data, offset)[0] == 12)
    groups = struct.unpack_from(">L", data, at + 12)[0]
    spans = (struct.unpack_from(">LL", data, at + 16 + 12 * group) for group in range(groups))
    return {character for start, end in spans for character in range(start, end + 1)}
