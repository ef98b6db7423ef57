"""The syntax of vCard 2.1 (versit 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350), as programs write it.

Bytes become cards with properties; what they mean is the business of `cards.py`. A parser of our own: the
maintained Python library (vobject) stops at four of sixteen real files, because it reads text, while the
character set of a vCard 2.1 is a matter of each property, so that only bytes can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from customers.importing import charset
from customers.importing.problems import Problem, problem
from customers.importing.records import ContactRecord

NAME = re.compile(rb"\s*(?:([A-Za-z0-9_-]+)\.)?([A-Za-z][A-Za-z0-9_-]*)\s*(?=[;:])")
END = re.compile(rb"\s*END\s*:\s*VCARD\s*$", re.IGNORECASE)
BASE64_LINE = re.compile(rb"\s*[A-Za-z0-9+/]+={0,2}\s*")
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"})


@dataclass(slots=True)
class Property:
    name: str
    group: str
    params: dict[str, list[str]]
    raw: bytes
    number: int
    """The line in the file, from 1."""
    version: str = "3.0"

    def types(self) -> set[str]:
        """The words of TYPE in every notation: `;WORK`, `;TYPE=WORK,VOICE`, `;type="work,voice"`."""
        if not self.params:
            return set()
        words = self.params.get("TYPE", []) + self.params.get("", [])
        return {part.strip().lower() for word in words for part in word.split(",")}

    def is_preferred(self) -> bool:
        return "pref" in self.types() or self.params.get("PREF", [""])[0] in {"1", "PREF"}

    def is_border(self, name: str) -> bool:
        """Whether this is BEGIN:VCARD or END:VCARD."""
        return self.name == name and self.raw.strip().upper() == b"VCARD"

    def is_quoted_printable(self) -> bool:
        return bool(self.params) and "QUOTED-PRINTABLE" in self._encodings()

    def is_binary(self) -> bool:
        if self.name in BINARY:
            return self.raw[:5].lower() != b"data:"
        return bool(self.params) and not self._encodings().isdisjoint({"B", "BASE64"})

    def _encodings(self) -> set[str]:
        return {word.upper() for word in self.params.get("ENCODING", []) + self.params.get("", [])}


@dataclass(slots=True)
class Card:
    number: int
    version: str = "2.1"
    properties: list[Property] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, prop: Property, nested: int) -> None:
        if nested:
            self.properties[-1].raw = b"VCARD"
            return
        if prop.name == "VERSION":
            self.version = prop.raw.strip().decode("ascii", "replace")
        prop.version = self.version
        self.properties.append(prop)

    def awaits_agent(self) -> bool:
        """Whether the last line was `AGENT:`, so that the card which follows belongs to it."""
        return (
            bool(self.properties)
            and self.properties[-1].name == "AGENT"
            and not self.properties[-1].raw.strip()
        )


def as_bytes(data: bytes) -> tuple[bytes, str, list[Problem]]:
    """The file as bytes whose plain letters are ASCII (UTF-16 and UTF-32 become UTF-8), without the mark."""
    found = charset.decode(data[:4096])
    if not found.encoding.startswith(("utf-16", "utf-32")):
        plain = data.removeprefix(b"\xef\xbb\xbf")
        if b"\x00" not in plain:
            return plain, "utf-8" if plain != data else "", []
        return plain.replace(b"\x00", b""), "", [problem("nul_removed")]
    whole = charset.decode(data)
    return whole.text.encode("utf-8", "replace"), whole.encoding, whole.problems


class Decoder:
    """Text of values: by the property's own CHARSET, else UTF-8, else what the file's other bytes suggest."""

    def __init__(self, data: bytes) -> None:
        self.encoding = "utf-8"
        self.guessed = False
        if data.isascii():
            return
        if charset.strict(data, "utf-8") is None:
            self.encoding = self._declared_elsewhere(data) or charset.guess(data)

    @staticmethod
    def _declared_elsewhere(data: bytes) -> str:
        """An 8-bit character set that some property of the file declares; likely meant for the others too."""
        names = re.findall(rb"(?i);CHARSET=\"?([A-Za-z0-9_.:-]+)", data[: charset.SAMPLE])
        for name in dict.fromkeys(names):
            codec = charset.codec(name.decode("ascii"))
            if codec not in {"", "utf-8", "ascii"}:
                return codec
        return ""

    def __call__(self, value: bytes, prop: Property, record: ContactRecord) -> str:
        if value.isascii() and "CHARSET" not in prop.params:
            return value.decode("ascii")
        found = charset.decode(value, declared=prop.params.get("CHARSET", [""])[0], fallback=self.encoding)
        for one in found.problems:
            record.report(one.code, prop.name)
        if found.guessed:
            self.guessed = True
            self.encoding = found.encoding if self.encoding == "utf-8" else self.encoding
        return found.text


# --- lines, properties, cards -------------------------------------------------------------------


def cards(data: bytes, problems: list[Problem]) -> Iterator[Card]:
    """The cards of a file one after another; `problems` gets what stands outside any card.

    A card inside a card (AGENT of versions 2.1 and 3.0) is another person's: it stays a property, `AGENT`.
    """
    card: Card | None = None
    number = nested = 0
    for prop, line in _properties(data):
        if prop and prop.is_border("BEGIN"):
            if card and (nested or card.awaits_agent()):
                nested += 1
                continue
            yield from _cut(card)
            number += 1
            card = Card(number)
        elif card is None:
            _report_outside(problems, line)
        elif prop is None:
            card.problems.append(problem("stray_line", str(line)))
        elif not prop.is_border("END"):
            card.add(prop, nested)
        elif nested:
            nested -= 1
        else:
            yield card
            card = None
    yield from _cut(card)


def _report_outside(problems: list[Problem], line: int) -> None:
    """Text outside any card, once: a whole file of it is not a thousand problems."""
    if not any(found.code == "stray_text" for found in problems):
        problems.append(problem("stray_text", str(line)))


def _cut(card: Card | None) -> Iterator[Card]:
    """A card whose end is missing."""
    if card:
        card.problems.append(problem("missing_end"))
        yield card


def _properties(data: bytes) -> Iterator[tuple[Property | None, int]]:
    """Properties with their lines unfolded; None stands for a line that is none."""
    lines = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    version = b"2.1"
    at = 0
    while at < len(lines):
        start = at
        at += 1
        if not lines[start].strip():
            continue
        prop = _property(lines[start], start + 1)
        if prop and prop.is_quoted_printable():
            at = _join_quoted(prop, lines, at)
        elif at < len(lines) and _goes_on(lines[at]):
            at = _end_of_folding(lines, at)
            kept = (
                lines[start + 1 : at] if version == b"2.1" else (line[1:] for line in lines[start + 1 : at])
            )
            prop = _property(lines[start] + b"".join(kept), start + 1)
        if prop and prop.is_binary():
            at = _skip_base64(prop, lines, at)
        if prop and prop.name == "VERSION":
            version = prop.raw.strip()
        yield prop, start + 1


def _goes_on(line: bytes) -> bool:
    """Whether a line belongs to the one before it (folding)."""
    return line[:1] in (b" ", b"\t") and bool(line.strip())


def _end_of_folding(lines: list[bytes], at: int) -> int:
    while at < len(lines) and _goes_on(lines[at]):
        at += 1
    return at


def _skip_base64(prop: Property, lines: list[bytes], at: int) -> int:
    """Some programs do not indent the lines of a picture."""
    start = at
    while at < len(lines) and BASE64_LINE.fullmatch(lines[at]):
        at += 1
    prop.raw += b"".join(lines[start : min(at, start + 1)])
    return at


def _join_quoted(prop: Property, lines: list[bytes], at: int) -> int:
    """Quoted-printable goes on after a `=` at the line's end; some programs put an empty line between."""
    parts = [prop.raw]
    while at < len(lines):
        last = parts[-1].rstrip(b" \t")
        if not last.endswith(b"="):
            if not _goes_on(lines[at]):
                break
            parts.append(lines[at][1:])
            at += 1
            continue
        following = _next_filled(lines, at)
        if (following > at and NAME.match(lines[following])) or END.match(lines[following]):
            break
        parts[-1:] = [last[:-1], lines[following]]
        at = following + 1
    prop.raw = b"".join(parts)
    return at


def _next_filled(lines: list[bytes], at: int) -> int:
    while at < len(lines) - 1 and not lines[at].strip():
        at += 1
    return at


def _property(line: bytes, number: int) -> Property | None:
    match = NAME.match(line)
    if not match:
        return None
    colon = _colon(line, match.end())
    if colon < 0:
        return None
    head = line[match.end() : colon].decode("utf-8", "replace")
    group = (match[1] or b"").decode("ascii").lower()
    return Property(match[2].decode("ascii").upper(), group, _params(head), line[colon + 1 :], number)


def _colon(line: bytes, start: int) -> int:
    """Where the value begins: the first colon outside quotation marks, or at all if one is never closed."""
    first = line.find(b":", start)
    if b'"' not in line[start:first]:
        return first
    quoted = False
    for at in range(start, len(line)):
        if line[at] == 0x22:
            quoted = not quoted
        elif line[at] == 0x3A and not quoted:
            return at
    return first


def _params(head: str) -> dict[str, list[str]]:
    params: dict[str, list[str]] = {}
    if not head:
        return params
    for part in re.findall(r';((?:"[^"]*"|[^;"])*)', head):
        name, equals, value = part.partition("=")
        key = name.strip().upper() if equals else ""
        params.setdefault(key, []).append((value if equals else name).strip().strip('"'))
    return params


# --- values -------------------------------------------------------------------------------------


def value_of(prop: Property, record: ContactRecord, text_of: Decoder) -> str:
    """The value as text, still with its escapes."""
    raw = prop.raw
    if prop.is_quoted_printable():
        raw = re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), raw)
        if raw.endswith(b"="):
            raw = raw[:-1]
    return text_of(raw, prop, record)


def unescape(text: str, version: str) -> str:
    """Version 2.1 escapes separators only; later ones line breaks and backslashes too."""
    if "\\" not in text:
        return text
    if version == "2.1":
        return re.sub(r"\\([;:,])", r"\1", text)
    return re.sub(r'\\([\\;:,"nN])', lambda match: "\n" if match[1] in "nN" else match[1], text)


def split(text: str, separator: str) -> list[str]:
    """The parts between separators that are not escaped, still with their escapes."""
    if "\\" not in text:
        return text.split(separator)
    cuts = [
        match.start() for match in re.finditer(rf"\\.|{separator}", text, re.DOTALL) if match[0] == separator
    ]
    return [
        text[start:end]
        for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True)
    ]


def components(text: str, version: str, joined_by: str) -> list[str]:
    """The parts of N, ADR or ORG; a list inside a part (3.0 and later) is joined."""
    parts = split(text, ";")
    if "\\" not in text and "," not in text:
        return [part.strip() for part in parts]
    if version == "2.1" or not joined_by:
        return [unescape(part, version).strip() for part in parts]
    return [
        joined_by.join(unescape(one, version).strip() for one in split(part, ",")).strip() for part in parts
    ]
