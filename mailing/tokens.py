"""The stop token: 48 characters that can stop mailings to one address, for ever, and nothing else.

36 bytes, base64url: version (1), key id (1), topic (2), keyed hash of the address (16), MAC (16). No row
is needed to read it, so it works after the campaign, the topic and the customer are gone, after a restore,
and after a change of key: earlier keys (settings.REGISTER_OLD_LINK_KEYS) stay valid for reading.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass

from django.conf import settings

from mailing import hashes

VERSION = 1
HEAD = struct.Struct(">BBH16s")
MAC_BYTES = 16
FORM = re.compile(r"[A-Za-z0-9_-]{48}")


@dataclass(frozen=True)
class Stop:
    """What a token says: which topic (0: everything) to stop for which address, known by its hash only."""

    topic: int
    address_hash: bytes


def make(address: str, *, topic: int) -> str:
    """The token for one address and one topic's number. Raises addresses.WrongAddress."""
    return of_hash(hashes.of(address), topic=topic)


def of_hash(address_hash: bytes, *, topic: int) -> str:
    """The token for an address that is known by its hash."""
    key = settings.REGISTER_LINK_KEY
    head = HEAD.pack(VERSION, _key_id(key), topic, address_hash)
    return base64.urlsafe_b64encode(head + _mac(key, head)).decode()


def read(token: str) -> Stop | None:
    """What the token says; None when it is cut, altered or made by somebody else. Constant time."""
    well_formed = FORM.fullmatch(token) is not None
    raw = base64.urlsafe_b64decode(token if well_formed else "A" * 48)
    head, mac = raw[: HEAD.size], raw[HEAD.size :]
    version, key_id, topic, address_hash = HEAD.unpack(head)
    genuine = False
    for key in (settings.REGISTER_LINK_KEY, *settings.REGISTER_OLD_LINK_KEYS):
        same = hmac.compare_digest(_mac(key, head), mac)
        genuine |= same and _key_id(key) == key_id
    if not (well_formed and genuine and version == VERSION):
        return None
    return Stop(topic, address_hash)


def _key_id(key: str) -> int:
    return hashlib.sha256(b"stop link key id" + key.encode()).digest()[0]


def _mac(key: str, head: bytes) -> bytes:
    return hmac.new(key.encode(), b"stop link" + head, hashlib.sha256).digest()[:MAC_BYTES]
