"""Handing one mail to the mail server, so that it is always known how far it came.

Everything up to the text may be done again: the server has nothing yet. Just before the text `may_go` is asked, which
writes down that the mail is in the air. After that only the server's own answer says what became of it; where none
came the outcome is unknown, and no machine sends the mail again (RFC 5321, 4.2.5: a reply after the final dot is
what hands over the responsibility).
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

ENHANCED = re.compile(rb"(?:^|\s)([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
"""The enhanced status code of a reply (RFC 3463)."""


class End(Enum):
    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_OURS = "not ours"


@dataclass(frozen=True)
class Outcome:
    """How it ended, and a code without words: a server's words repeat addresses."""

    end: End
    code: str = ""


def hand_over(mail: EmailMessage, *, may_go: Callable[[], bool]) -> Outcome:
    """Give a mail to the server; `may_go` is asked once, when nothing but the text is left to say."""
    connection = get_connection()
    if not isinstance(connection, EmailBackend):
        if not may_go():
            return Outcome(End.NOT_OURS)
        connection.send_messages([mail])
        return Outcome(End.ACCEPTED)
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError:
        return Outcome(End.LATER, "login")
    except (OSError, smtplib.SMTPException):
        return Outcome(End.LATER, "no server")
    server = connection.connection
    assert server is not None
    try:
        return _speak(server, mail, may_go)
    finally:
        connection.close()


def _speak(server: smtplib.SMTP, mail: EmailMessage, may_go: Callable[[], bool]) -> Outcome:
    [recipient] = mail.recipients()
    written: Any = mail.message()  # Django's own kind, which ends lines as SMTP does
    text = written.as_bytes(linesep="\r\n")
    try:
        server.ehlo_or_helo_if_needed()
        for code, reply in (server.mail(parseaddr(mail.from_email)[1]), server.rcpt(recipient)):
            if code not in (250, 251):
                return _refused(code, reply)
    except (OSError, smtplib.SMTPException):
        return Outcome(End.LATER, "no answer")
    if not may_go():
        return Outcome(End.NOT_OURS)
    try:
        code, reply = server.data(text)
    except smtplib.SMTPDataError as no:
        return _refused(no.smtp_code, no.smtp_error)
    except (OSError, smtplib.SMTPException):
        return Outcome(End.UNKNOWN, "no answer")
    return Outcome(End.ACCEPTED, _code(code, reply)) if code == 250 else _refused(code, reply)


def _refused(code: int, reply: bytes | str) -> Outcome:
    """The server said no: for now (4xx), or for ever."""
    return Outcome(End.LATER if 400 <= code < 500 else End.REFUSED, _code(code, reply))


def _code(code: int, reply: bytes | str) -> str:
    found = ENHANCED.search(reply if isinstance(reply, bytes) else reply.encode("ascii", "replace"))
    return f"smtp {code}" + (f" {found[1].decode()}" if found else "")
