"""A mail server on the loopback that takes, refuses, falls silent or hangs up where a test says."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import override_settings

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
HANG_UP, SILENCE = "hang up", "silence"


class MailServer(socketserver.ThreadingTCPServer):
    """`says` replaces the answer to a command (GREETING, MAIL, RCPT, DATA, TEXT); `got` holds what was taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.says: dict[str, str] = {}
        self.got: list[bytes] = []
        self.recipients: list[str] = []
        self.done = threading.Event()

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.got]  # type: ignore[misc]


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer
    USUAL = {"GREETING": "220 here", "DATA": "354 go on", "TEXT": "250 2.0.0 taken", "QUIT": "221 bye"}

    def handle(self) -> None:
        if not self.say("GREETING"):
            return
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "RCPT":
                self.server.recipients.append(line[line.index("<") + 1 : line.index(">")])
            if not self.say(word):
                return
            if word == "DATA" and self.server.says.get("DATA", "354").startswith("354"):
                lines = []
                while (one := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(one.removeprefix(b".") if one.startswith(b"..") else one)
                if self.server.says.get("TEXT", "250").startswith(("250", HANG_UP, SILENCE)):
                    self.server.got.append(b"".join(lines))
                if not self.say("TEXT"):
                    return

    def say(self, word: str) -> bool:
        answer = self.server.says.get(word, self.USUAL.get(word, "250 ok"))
        if answer == SILENCE:
            self.server.done.wait(10)
        if answer in (HANG_UP, SILENCE):
            return False
        self.wfile.write(f"{answer}\r\n".encode())
        return True


@contextmanager
def running() -> Iterator[MailServer]:
    """A server to which Django's mail goes meanwhile; a silent one is waited for only half a second."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        options: dict[str, Any] = {
            "EMAIL_BACKEND": BACKEND, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": server.server_address[1],
            "EMAIL_TIMEOUT": 0.5, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False, "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "", "DEFAULT_FROM_EMAIL": "laskutus@esimerkki.example",
        }  # fmt: skip
        with override_settings(**options):
            yield server
        server.done.set()
        server.shutdown()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running() as server:
        yield server
