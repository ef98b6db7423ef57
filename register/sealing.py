"""Sealing: what only this installation may read again, although it lies in the database.

Seeds of authenticator apps, recovery codes and the contents of sessions are sealed (Fernet: AES-128-CBC with
HMAC-SHA256) by a key derived from the secret key, so a copy of the database alone opens nothing.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class BrokenSeal(ValueError):
    """The text was not sealed by this installation, or it was changed."""


def seal(text: str, *, purpose: str) -> str:
    """The text, readable again only by `unseal` with the same purpose."""
    return _box(purpose, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The sealed text; older secret keys (SECRET_KEY_FALLBACKS) still open it. Raises BrokenSeal."""
    box = _box(purpose, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    try:
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSeal from None


@lru_cache(maxsize=16)
def _box(purpose: str, *secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(secret, purpose)) for secret in secrets])


def _derived(secret: str, purpose: str) -> bytes:
    """HKDF (RFC 5869): one key a purpose."""
    key = HKDF(SHA256(), length=32, salt=None, info=f"register sealing {purpose}".encode())
    return base64.urlsafe_b64encode(key.derive(secret.encode()))
