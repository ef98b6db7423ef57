"""Random one-time tokens for links: 256 bits, of which only the SHA-256 is stored."""

from __future__ import annotations

import hashlib
import secrets


def new() -> tuple[str, str]:
    """A token for a link and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, hashed(token)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
