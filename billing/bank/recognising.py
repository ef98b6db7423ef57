"""Which bank file this is, told by its first kilobytes and never by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from billing.bank import camt, ktl
from billing.bank.transactions import Item, WrongFormat
from billing.models import BankFile

HEAD = 16_384
MAX_BYTES = 400 * 1024 * 1024
"""Of one file: about 400,000 payments of camt.054."""


Format = BankFile.Format

READERS: dict[str, Callable[[BinaryIO], Iterator[Item]]] = {
    Format.STATEMENT: camt.read,
    Format.NOTIFICATION: camt.read,
    Format.LIST: ktl.read,
}

CAMT = _("Fetch the account statement as camt.053 or the incoming payments as camt.054 from the bank.")
HINTS = (
    (rb"T00322", _("This is an old machine-readable statement (TITO).")),
    (rb"(?s).*camt\.052", _("This is an interim report (camt.052), which may still change.")),
    (rb"(?s).*pain\.001", _("This is a payment order (pain.001), which goes to the bank.")),
    (rb"(?s).*pain\.\d\d\d", _("This is a message about payment orders.")),
    (rb"(?s).*camt\.\d\d\d", _("This is a bank message of another kind or version.")),
    (rb"(?s).*<(\w+:)?Finvoice|.*Finvoice", _("This is an e-invoice (Finvoice), not a bank file.")),
    (rb"(?s).*urn:oasis:names:specification:ubl", _("This is an e-invoice (UBL), not a bank file.")),
    (rb"%PDF", _("This is a PDF. A bank file is needed.")),
    (rb"PK\x03\x04", _("This is a ZIP archive or a spreadsheet. Unpack it first.")),
)
OTHER = _("This is no bank file that can be read.")
_NAMESPACE = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:(camt\.05[34]|pain\.002)\.001\.(\d\d)")
_READ = {b"camt.053": (b"02", b"08"), b"camt.054": (b"02", b"08"), b"pain.002": (b"03", b"10")}


def recognise(head: bytes) -> Format:
    """The format of a file that begins so. Raises WrongFormat with a hint."""
    head = _as_bytes(head[:HEAD])
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _NAMESPACE.search(start)
    if found and found[2] in _READ[found[1]]:
        return Format(found[1].decode())
    if re.match(rb"0\d{6}[\d ]{4}", start) and _is_list(start):
        return Format.LIST
    for pattern, words in HINTS:
        if re.match(pattern, start):
            raise WrongFormat(f"{words} {CAMT}")
    raise WrongFormat(f"{OTHER} {CAMT}")


def items(source: BinaryIO, kind: str) -> Iterator[Item]:
    """The transactions of a recognised file, from its beginning. Raises Unreadable on the way."""
    source.seek(0)
    return READERS[kind](source)


def _is_list(start: bytes) -> bool:
    first = start.splitlines()[0]
    return len(first.rstrip()) <= ktl.WIDTH


def _as_bytes(head: bytes) -> bytes:
    """UTF-16 XML is XML as well."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return head
