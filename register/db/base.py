"""Django's PostgreSQL backend, speaking only the extended query protocol and leaving nothing behind.

psycopg sends a query without parameters by the simple protocol, which accepts several statements at
once, and Django's client-side binding leaves every query without parameters. By the extended
protocol the server itself refuses stacked statements, so an injection cannot run a second one
(docs/decisions.md, "Extended protocol only"). What an injected ``set_config`` or advisory lock left in a
persistent connection is discarded before the connection serves another request. Whether a connection still lives is
seen on its socket while it was used within the minute: a question to the server before each request's first query is
a round trip a login.
"""

from __future__ import annotations

import select
import time
from typing import Any

from django.db import Error
from django.db.backends.postgresql import base
from psycopg import ClientCursor
from psycopg import Error as DriverError

ASKED_AFTER = 60
"""Seconds without use after which the server is asked: something on the way may have dropped it silently."""


class Cursor(base.CursorMixin, ClientCursor):
    """Django's client-binding cursor that never falls back to the simple protocol."""

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections whose every cursor is a `Cursor`, and which forget between requests."""

    used = False
    used_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        conn_params["cursor_factory"] = Cursor
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        self.used = True
        return super().create_cursor(name)

    def is_usable(self) -> bool:
        """Asked by Django before a request's first query. A server that went away has closed the socket."""
        recently = time.monotonic() - self.used_at < ASKED_AFTER
        return (recently and is_quiet(self.connection)) or super().is_usable()

    def close_if_unusable_or_obsolete(self) -> None:
        """Called by Django before and after each request."""
        super().close_if_unusable_or_obsolete()
        if self.connection is not None and self.used and not self.in_atomic_block:
            self.used = False
            try:
                self.connection.execute("DISCARD ALL")
                self.used_at = time.monotonic()
            except (Error, DriverError):
                self.close()


def is_quiet(connection: Any) -> bool:
    """Whether an idle connection is open and nothing waits on it: neither a farewell of the server nor its end."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
