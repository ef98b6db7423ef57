"""How the web server receives requests: no thread waits for a slow client.

gunicorn's threaded worker gives each new connection to a thread, which then waits for the request: a few clients
that send nothing, or a byte now and then, would hold all threads. Here the worker's event loop gathers a request
until it is whole, and a thread begins with what it needs. Only large bodies are read by threads, by half of them at
most and within a deadline. A buffering proxy before the register does the same, and not everybody has one.
"""

from __future__ import annotations

import re
import select
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from socket import socket
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

WHOLE_WITHIN = 20.0
"""Seconds for a request's head and a small body."""
LARGE_WITHIN = 60.0
"""Seconds for a large body."""
SMALL = 64 * 1024
"""Bytes of a request that are gathered before a thread begins; no form without files is larger."""

LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)


class Connection(TConn):  # type: ignore[misc]
    """A client, and what has come of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.received = b""
        self.is_large = False

    def is_complete(self) -> bool:
        """Take in what has come; whether a thread can begin."""
        try:
            chunk = self.sock.recv(SMALL)
        except BlockingIOError:
            return False
        except OSError:
            chunk = b""
        self.received += chunk
        if not chunk or len(self.received) > SMALL:  # nothing more comes, or more than is gathered
            self.is_large = bool(chunk)
            return True
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return False
        found = LENGTH.search(head)
        missing = (int(found[1]) if found else 0) - len(body)
        self.is_large = missing > SMALL or CHUNKED.search(head) is not None
        return missing <= 0 or self.is_large

    def begin(self) -> None:
        """Hand what was gathered to the parser, and set the clock for the rest."""
        self.init()
        unreader = self.parser.unreader
        unreader.sock = Impatient(self.sock, until=time.monotonic() + LARGE_WITHIN)
        if self.received:
            unreader.unread(self.received)
            self.received = b""


class Impatient:
    """A socket's reading side with a deadline."""

    def __init__(self, sock: socket, *, until: float) -> None:
        self.sock, self.until = sock, until

    def recv(self, size: int) -> bytes:
        left = self.until - time.monotonic()
        if left <= 0 or not select.select([self.sock], [], [], left)[0]:
            return b""  # as if the client had gone, which it will
        return self.sock.recv(size)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, whose threads begin with whole requests."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.large = 0
        self.crowd: deque[Connection] = deque()

    def accept(self, listener: socket) -> None:
        """Take a new connection, and wait for its request without a thread."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.await_request(Connection(self.cfg, client, address, listener.getsockname()))

    def await_request(self, conn: Connection) -> None:
        conn.timeout = time.monotonic() + WHOLE_WITHIN
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Connection, client: socket) -> None:
        """A part of a request has come."""
        if conn.is_complete():
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            self.enqueue_req(conn)

    def on_client_socket_readable(self, conn: Connection, client: socket) -> None:
        """The next request of a connection that was kept has begun."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.await_request(conn)

    def enqueue_req(self, conn: Connection) -> None:
        """Give the request to a thread; a large one waits while half of the threads have large ones."""
        if conn.is_large:
            if self.large >= max(1, self.cfg.threads // 2):
                self.crowd.append(conn)
                return
            self.large += 1
        super().enqueue_req(conn)

    def handle(self, conn: Connection) -> Any:
        """In a thread: the request, from what was gathered."""
        conn.begin()
        return super().handle(conn)

    def finish_request(self, conn: Connection, future: Future[Any]) -> None:
        """Back in the event loop; the next large request may begin."""
        if conn.is_large:
            self.large -= 1
            conn.is_large = False
            if self.crowd:
                self.enqueue_req(self.crowd.popleft())
        super().finish_request(conn, future)
