"""Keyed hashes of e-mail addresses: enough to recognise an address, not enough to read it.

HMAC-SHA256 of the canonical address, the first 16 bytes. Old keys stay valid for recognising, so a
suppression outlives a change of key.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from customers import addresses

BYTES = 16


def of(address: str) -> bytes:
    """The hash of an address under the present key. Raises addresses.WrongAddress."""
    return _keyed(settings.REGISTER_ADDRESS_KEY, addresses.parse(address).canonical)


def every(address: str) -> list[bytes]:
    """The hashes of an address under the present key and all earlier ones. Raises addresses.WrongAddress."""
    canonical = addresses.parse(address).canonical
    keys = [settings.REGISTER_ADDRESS_KEY, *settings.REGISTER_OLD_ADDRESS_KEYS]
    return [_keyed(key, canonical) for key in keys]


def _keyed(key: str, canonical: str) -> bytes:
    return hmac.new(key.encode(), canonical.encode(), hashlib.sha256).digest()[:BYTES]
