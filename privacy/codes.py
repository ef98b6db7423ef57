"""Single-use codes: a copy or an erasure never follows from a link alone, which may have been forwarded.

The public page asks for a code, the worker makes and mails it to the address on file, the page hands over
what was typed. The database keeps a keyed hash, counts the tries and marks the use
(migrations/0002_link_door.py).
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections

from privacy.models import ConfirmationCode
from register import access

LIFETIME = timedelta(minutes=15)
DIGITS = 8


class NoLink(Exception):
    """No valid link is open: enter through the link again, or ask for a new one."""


def ask(*, kind: str) -> int:
    """Note that a code is wanted for a request through the open link; returns its id. Raises NoLink."""
    found = _call("SELECT privacy_ask_code(%s)", [kind])
    if found is None:
        raise NoLink
    return found


def use(*, kind: str, typed: str, link_sha256: str) -> int | None:
    """The id of the code when what was typed is right, unused, in time and among the first five tries."""
    digits = "".join(character for character in typed if character in "0123456789")
    return _call("SELECT privacy_use_code(%s, %s)", [kind, digest(digits, kind, link_sha256)])


def draw(code: ConfirmationCode, *, at: datetime) -> str:
    """Make the code's digits, which are stored nowhere, and start its quarter of an hour."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    code.digest = digest(digits, code.kind, code.link.token_sha256)
    code.expires_at = at + LIFETIME
    code.save(update_fields=["digest", "expires_at"])
    return digits


def digest(digits: str, kind: str, link_sha256: str) -> str:
    """A keyed hash over code, purpose and link: a code serves one request of one link."""
    message = f"privacy code|{kind}|{link_sha256}|{digits}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), "sha256").hexdigest()


def _call(sql: str, parameters: list[str]) -> int | None:
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(sql, parameters)
        found = cursor.fetchone()[0]
    return None if found is None else int(found)
