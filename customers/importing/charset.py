"""Which letters the bytes of a contact file stand for.

Order: the byte order mark, what is declared, UTF-8 if it fits without an error, and then a guess among the
character sets that old Finnish computers, Macs and neighbours' programs write. A guess is always reported,
and no letter turns into U+FFFD without a message.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from customers.importing.problems import Problem, problem

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ONE_BYTE = frozenset(
    {"ascii", "cp1250", "cp1251", "cp1252", "iso8859-2", "iso8859-5", "iso8859-15", "koi8-r", "koi8-u"}
)
"""Sets in which any bytes are some text: a claim to be one of them yields to faultless UTF-8."""

SAMPLE = 200_000
"""Bytes that are looked at for a guess."""


@dataclass(slots=True)
class Decoded:
    text: str
    encoding: str
    guessed: bool = False
    problems: list[Problem] = field(default_factory=list)


def decode(data: bytes, *, declared: str = "", fallback: str = "") -> Decoded:
    """The text of the bytes.

    `declared` is what the source says of itself and is believed if it fits; `fallback` is used before a guess
    when the bytes are not UTF-8 (what another part of the same file says of itself). Never raises.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _finish(_with_mark(data[len(mark) :], encoding))
    if encoding := _without_mark(data):
        found = _with_mark(data, encoding)
        found.guessed = True
        return _finish(found)
    return _finish(_eight_bit(data, declared, fallback))


def _with_mark(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return Decoded(data.decode(encoding, "replace"), encoding, problems=[problem("undecodable")])


def _without_mark(data: bytes) -> str:
    """UTF-16 that has no mark shows itself by NUL in nearly every second byte of plain text."""
    sample = data[:2000]
    if len(sample) < 4 or b"\x00" not in sample:
        return ""
    half = len(sample) / 2
    if sample[1::2].count(0) > 0.6 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _eight_bit(data: bytes, declared: str, fallback: str) -> Decoded:
    problems: list[Problem] = []
    if declared and codec(declared) in ONE_BYTE and not data.isascii() and strict(data, "utf-8") is not None:
        return Decoded(data.decode("utf-8"), "utf-8", problems=[problem("charset_wrong", declared[:40])])
    if declared:
        if (text := strict(data, declared)) is not None:
            return Decoded(text, codec(declared) or declared)
        if (text := _cut(data, declared)) is not None:
            return Decoded(text, codec(declared) or declared, problems=[problem("cut_text")])
        problems.append(problem("charset_wrong", declared[:40]))
    if (text := strict(data, "utf-8")) is not None:
        return Decoded(text, "utf-8", problems=problems)
    if fallback and (text := strict(data, fallback)) is not None:
        return Decoded(text, codec(fallback) or fallback, guessed=True, problems=problems)
    encoding = guess(data)
    if (text := strict(data, encoding)) is None:
        text = data.decode("latin-1")
        problems.append(problem("undecodable"))
    return Decoded(text, encoding, guessed=True, problems=problems)


def codec(name: str) -> str:
    """Python's name of a declared character set that may be used to read text; empty for an unknown one."""
    try:
        info = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    if not info._is_text_encoding or info.name in {
        "idna",
        "punycode",
        "raw_unicode_escape",
        "unicode_escape",
        "undefined",
    }:
        return ""
    return "cp1252" if info.name == "iso8859-1" else info.name


def strict(data: bytes, encoding: str) -> str | None:
    """The text, if every byte fits the character set; otherwise None."""
    name = codec(encoding)
    try:
        return data.decode(name) if name else None
    except (UnicodeError, ValueError):
        return None


def _cut(data: bytes, encoding: str) -> str | None:
    """The text of bytes that only end in the middle of a character."""
    try:
        data.decode(codec(encoding) or "ascii")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and "unexpected end" in error.reason:
            return strict(data[: error.start], encoding)
    except (UnicodeError, ValueError):
        return None
    return None


def _finish(found: Decoded) -> Decoded:
    if "\x00" in found.text:
        found.text = found.text.replace("\x00", "")
        found.problems.append(problem("nul_removed"))
    if found.guessed:
        found.problems.append(problem("charset_guessed", found.encoding))
    return found


# --- guessing -----------------------------------------------------------------------------------

WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uff66-\uff9f]")
NORDIC_IN_WORD = re.compile(r"(?<=[A-Za-z])[åäöéüÅÄÖÉÜ]|[åäöéüÅÄÖÉÜ](?=[A-Za-z])")
NOISE = re.compile(r"[^\w\s.,;:!?'\"/()&@+#%*=<>|€§°´–—…’”“«»-]|(?<=[a-z])[A-ZÀ-ÖØ-Þ](?=[a-z])")


def guess(data: bytes) -> str:
    """The likeliest character set of bytes that are not UTF-8: Western unless the words say otherwise."""
    sample = data[:SAMPLE]
    words = b" ".join(word for word in WORD.findall(sample) if not word.isascii())
    if not words:
        return "cp1252"
    if _is_japanese(sample):
        return "cp932"
    if _is_cyrillic(words):
        return max(
            ("cp1251", "koi8_u"), key=lambda name: _small_letters_inside(words.decode(name, "replace"))
        )
    return max(("cp1252", "cp850", "mac_roman"), key=lambda name: _likeness(words, name))


def _is_japanese(sample: bytes) -> bool:
    high = sum(byte > 0x7F for byte in sample)
    for end in (len(sample), len(sample) - 1):
        try:
            text = sample[:end].decode("cp932")
        except UnicodeDecodeError:
            continue
        return len(JAPANESE.findall(text)) > 0.45 * high and bool(
            re.search("[\u3040-\u30ff]|[\u4e00-\u9fff]{2}", text)
        )
    return False


def _is_cyrillic(words: bytes) -> bool:
    """Whole words of letters above 0x7F: Western names have one or two such letters among plain ones."""
    high = [word for word in words.split() if sum(byte >= 0xA8 for byte in word) > 0.8 * len(word)]
    return sum(map(len, high)) > 0.6 * len(words)


def _small_letters_inside(text: str) -> int:
    return sum(word[1:].islower() for word in text.split()) - len(
        re.findall(r"[^\W\d_]?[\u2500-\u259f]", text)
    )


def _likeness(words: bytes, name: str) -> int:
    text = words.decode(name, "replace")
    return 2 * len(NORDIC_IN_WORD.findall(text)) - 3 * len(NOISE.findall(text)) - 3 * text.count("\ufffd")
