"""Clients that send slowly, or nothing, do not keep others waiting: the web server as the launcher starts it."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from register import serving
from tests.browser import running

HEAD = b"POST /privacy/request/ HTTP/1.1\r\nHost: localhost\r\n"
FORM = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"
CROWDS = {
    "silent": (470, b""),
    "half a head": (470, HEAD),
    "half a form": (470, FORM + b"Content-Length: 2000\r\n\r\nkind=copy"),
    "large body": (30, FORM + b"Content-Length: 2000000\r\n\r\nkind=copy"),
    "endless chunks": (30, FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nkind="),
}
PATIENCE = 3.0
"""Seconds; alone a page takes a few hundredths."""


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home: Path = tmp_path_factory.mktemp("slow")
    with running.served(home) as site:
        yield urlsplit(site.url).port or 0


def asked(port: int, path: str, *, kept: http.client.HTTPConnection | None = None) -> int:
    """The status of a page, within our patience."""
    client = kept or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    client.request("GET", path, headers={"Host": "localhost"})
    answer = client.getresponse()
    answer.read()
    return answer.status


@pytest.mark.parametrize("crowd", CROWDS)
def test_the_owners_pages_answer_while_slow_clients_hang_on_the_public_site(
    port: int, crowd: str, database: None
) -> None:
    many, sent = CROWDS[crowd]
    with ExitStack() as open_ones:
        for _ in range(many):
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            client.sendall(sent)
        time.sleep(0.3)  # all have been accepted, and half of them are being read where that is possible
        began = time.monotonic()
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        assert asked(port, "/register/", kept=kept) == 302
        assert asked(port, "/accounts/login/", kept=kept) == 200
        assert [asked(port, "/register/") for _ in range(8)] == [302] * 8
        assert time.monotonic() - began < PATIENCE
        kept.close()


def test_requests_in_many_small_pieces_are_answered(port: int, database: None) -> None:
    whole = b"GET /register/ HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        for _ in range(2):  # the connection is kept, and the second request comes in pieces too
            for start in range(0, len(whole), 16):
                client.sendall(whole[start : start + 16])
                time.sleep(0.005)
            assert client.recv(65536).startswith(b"HTTP/1.1 302 ")


def test_large_bodies_arrive_whole(port: int, database: None) -> None:
    for size in (60_000, 70_000, 2_000_000):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        body = b"message=" + b"x" * size
        headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        client.request("POST", "/privacy/request/", body, headers)
        # Refused for its missing CSRF token, which is known only after the body was read to its end.
        assert client.getresponse().status == 403, size
        client.close()


def test_a_body_that_stops_coming_ends_at_its_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"kind=copy")
        patient = serving.Impatient(ours, until=time.monotonic() + 0.1)
        assert patient.recv(100) == b"kind=copy"
        assert patient.recv(100) == b""
        theirs.sendall(b"&more=too-late")
        assert patient.recv(100) == b""
