"""Reading a mail that says another could not be delivered (RFC 3464), and finding the sending it speaks of.

The report comes from strangers: it is read by the standard library, never shown, and believed only where it returns
our own Message-ID, which holds what nobody guesses.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from django.utils.translation import gettext_lazy as _

from billing import sending
from billing.models import Sending
from register.models import User

LONGEST = 2_000_000
"""Bytes of a report: it may hold the whole mail that came back."""
MESSAGE_ID = re.compile(r"<L(\d{1,18})\.([0-9a-f]{24})@[^<>\s]{1,255}>")
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


class NoReport(ValueError):
    """The text is no report of a mail that could not be delivered."""

    def __init__(self) -> None:
        super().__init__(_("This is no delivery report. Give the whole message with its headers (.eml)."))


class NotFailed(ValueError):
    """The mail was delivered, or is still on its way."""

    def __init__(self) -> None:
        super().__init__(
            _("The report does not say that delivery failed: the mail is late or was delivered.")
        )


class Unmatched(ValueError):
    """The report speaks of a mail that is none of ours."""

    def __init__(self) -> None:
        super().__init__(
            _("No sending of the register fits this report. Find the invoice and mark it as returned.")
        )


@dataclass(frozen=True)
class Report:
    """Which sending came back, and the status code that says why."""

    sending: int
    fingerprint: str
    status: str


def read(raw: bytes) -> Report:
    """What a delivery report says. Raises NoReport, NotFailed, Unmatched."""
    parts = list(_parts(raw))
    if not any(part.get_content_type() == "message/delivery-status" for part in parts):
        raise NoReport
    status = _failure(parts)
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            found = MESSAGE_ID.search(_original_id(part))
            if found:
                return Report(int(found[1]), found[2], status)
    raise Unmatched


def take(raw: bytes, *, by: User, at: datetime) -> Sending:
    """Mark as returned what a report speaks of. Raises NoReport, NotFailed, Unmatched, sending.NotAsItWas."""
    report = read(raw)
    row = Sending.objects.filter(pk=report.sending, sha256__startswith=report.fingerprint).first()
    if row is None:
        raise Unmatched
    return sending.bounced(row, result=f"smtp {report.status}", by=by, at=at)


def _parts(raw: bytes) -> list[Message]:
    """The parts of the report itself, not those of the mail within it."""
    message = email.message_from_bytes(raw[:LONGEST].lstrip(), policy=email.policy.compat32)
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _failure(parts: list[Message]) -> str:
    """The status of a recipient for whom delivery failed for good."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                found = STATUS.search(str(block.get("Status", "")))
                return found[0] if found else "5.0.0"
    raise NotFailed


def _original_id(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return str(payload[0].get("Message-ID", ""))
    text = part.get_payload(decode=True)
    headers = email.message_from_bytes(text) if isinstance(text, bytes) else Message()
    return str(headers.get("Message-ID", ""))
