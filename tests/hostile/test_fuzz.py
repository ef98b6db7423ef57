"""The parsers, given whatever chance and a grammar of trouble come up with: only their named errors, never a hang.

`REGISTER_FUZZ=20000 pytest tests/hostile/test_fuzz.py` tries so many inputs a parser, other ones at every run.
"""

from __future__ import annotations

import io
import operator
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import references
from customers import addresses, attachments, phones
from customers.importing import columns, reading
from customers.importing.records import split_name
from mailing import tokens
from register import finnish

INPUTS = int(os.environ.get("REGISTER_FUZZ", "100"))
fuzzed = settings(
    max_examples=INPUTS,
    derandomize="REGISTER_FUZZ" not in os.environ,
    deadline=5000,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# A form's text never holds half a character; a file may hold anything.
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
ODD = [
    "\0", "\ufeff", "\u202e", "\u2028", "\x85", "\x1a", "²", "٣", "Ⅷ", "ß", "İ", "å", "a\u030a", "👩‍👧", "\u00ad", "０",
]  # fmt: skip
ODD_BYTES = [b"\r\n", b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\x1a", b"\x81"]
OFTEN = [1, 1, 1, 1, 1, 1, 1, 1, 40, 400]


def texts(*words: str) -> st.SearchStrategy[str]:
    """Words that mean something to the parser, odd characters and any others; some of them very often."""
    piece = st.one_of(st.sampled_from([*words, *ODD]), CHARACTERS)
    return st.lists(st.builds(operator.mul, piece, st.sampled_from(OFTEN)), max_size=8).map("".join)


def files(*words: bytes) -> st.SearchStrategy[bytes]:
    """The same in bytes."""
    piece = st.one_of(st.sampled_from([*words, *ODD_BYTES]), st.binary(max_size=6))
    return st.lists(st.builds(operator.mul, piece, st.sampled_from(OFTEN)), max_size=14).map(b"".join)


PHONES = texts("+358", "040", "00", "(0)", " ", "-", "/", "ext.", ";ext=", "tel:", "+", "p. ", "alanumero")
EMAILS = texts(
    "@", ".", "+", '"', "a", "ä", "xn--", "example.fi", "<", ">", "mailto:", "[127.0.0.1]", "info", " "
)
NUMBERS = texts("FI", "1234567", "-", "8", "0112038-9", " ", "RF", "RF18", "0", "20260", ".")
TOKENS = texts("AXwAAFyNR5o0OzeVsQe6ZxX1JK6z28uV6saOY9kZe7KA7zsK", "=", "-", "_", "A", "/")
WORDS = texts(" ", ",", "von ", "de la ", "Ää", "-", ".", "Oy", "\n", "\t")

ONE_LINERS: dict[str, tuple[Callable[[str], Any], st.SearchStrategy[str], tuple[type[Exception], ...]]] = {
    "phone": (phones.parse, PHONES, ()),
    "phone as e164": (phones.e164, PHONES, ()),
    "phone to search": (phones.query_digits, PHONES, ()),
    "e-mail": (addresses.parse, EMAILS, (addresses.WrongAddress,)),
    "role address": (addresses.is_role_address, EMAILS, (addresses.WrongAddress,)),
    "business id": (finnish.business_id, NUMBERS, (finnish.WrongBusinessId,)),
    "reference": (references.check, NUMBERS, (references.InvalidReference,)),
    "matching reference": (references.matching_key, NUMBERS, ()),
    "stop token": (tokens.read, TOKENS, ()),
    "sort key": (finnish.sort_key, WORDS, ()),
    "folding": (finnish.fold, WORDS, ()),
    "line": (finnish.clean_line, WORDS, (finnish.UnreadableText,)),
    "text": (finnish.clean_text, WORDS, (finnish.UnreadableText,)),
    "name": (split_name, WORDS, ()),
}


@pytest.mark.parametrize("parser", ONE_LINERS)
def test_a_parser_of_one_line_raises_nothing_but_its_named_errors(parser: str) -> None:
    parse, strategy, named = ONE_LINERS[parser]

    @fuzzed
    @given(strategy)
    def holds(text: str) -> None:
        with suppress(*named):
            parse(text)

    holds()


CARDS = files(
    b"BEGIN:VCARD\r\n", b"END:VCARD\r\n", b"VERSION:2.1\r\n", b"VERSION:3.0\r\n", b"VERSION:4.0\r\n", b"N:", b"FN:",
    b"EMAIL;TYPE=work:", b"TEL;CELL:", b"ORG:", b"ADR;TYPE=home:;;", b";ENCODING=QUOTED-PRINTABLE", b";CHARSET=",
    b"ISO-8859-1", b"UTF-7", b"no-such", b"=C3=A4", b"=\r\n", b"PHOTO;ENCODING=b:", b"item1.", b"\r\n ", b";", b":",
    b",", b"\\,", b"\\n", b'"', b"^n", b"X-ABLabel:_$!<Mobile>!$_",
)  # fmt: skip
TABLES = files(
    b"Nimi", b"E-mail Address", b"First Name", "Sähköposti".encode(), "Sähköposti".encode("cp1252"), b"Y-tunnus", b";",
    b",", b"\t", b"|", b'"', b'""', b"sep=;\n", b"ada@example.fi", b"040 123 4567", b" ::: ", b"* ", b"\r\n", b"\n",
    b"=1+1", "Nimi;Puhelin\n".encode("utf-16"),
)  # fmt: skip


def in_a_card(inner: bytes) -> bytes:
    return b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + inner + b"\r\nEND:VCARD\r\n"


def below_a_header(rows: bytes) -> bytes:
    return "Nimi;Sähköposti;Puhelin;Y-tunnus\n".encode() + rows


def sound(compression: int) -> bytes:
    """A spreadsheet that is read, its parts compressed in one way."""
    book, packed = io.BytesIO(), io.BytesIO()
    made = openpyxl.Workbook()
    for row in (("Nimi", "Sähköposti"), ("Ada", "ada@example.fi")):
        made.active.append(row)
    made.save(book)
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(packed, "w", compression) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return packed.getvalue()


SOUND = [
    sound(way) for way in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
]


@st.composite
def damaged_archives(draw: st.DrawFn) -> bytes:
    """A sound spreadsheet of which some bytes are others, and maybe the end is missing."""
    data = bytearray(draw(st.sampled_from(SOUND)))
    for _time in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.one_of(st.none(), st.integers(4, len(data))))])


def as_archive(rest: bytes) -> bytes:
    return b"PK\x03\x04" + rest


SORTS = {
    "contacts.vcf": st.one_of(CARDS, CARDS.map(in_a_card)),
    "contacts.csv": st.one_of(TABLES, TABLES.map(below_a_header)),
    "contacts.xlsx": st.one_of(
        st.binary(max_size=400), st.binary(max_size=400).map(as_archive), damaged_archives()
    ),
    "contacts": st.one_of(CARDS, TABLES),
}


@pytest.mark.parametrize("name", SORTS)
def test_a_file_becomes_records_that_can_be_stored_or_says_why(name: str) -> None:
    @fuzzed
    @given(SORTS[name])
    def holds(data: bytes) -> None:
        result = reading.read(data, name)
        assert result.records or result.problems
        columns.guess(result.header)
        columns.layout(result.header)
        told = "".join(text for record in result.records for text in record.texts())
        assert "\0" not in told  # which PostgreSQL would refuse, as half a character
        told.encode()

    holds()


@fuzzed
@given(damaged_archives())
def test_a_file_to_keep_is_known_or_refused(data: bytes) -> None:
    with suppress(attachments.Refused):
        attachments.check(SimpleUploadedFile("a.xlsx", data))
