"""Django's PostgreSQL backend, speaking only the extended query protocol and leaving nothing behind.

psycopg sends a query without parameters by the simple protocol, which accepts several statements at
once, and Django's client-side binding leaves every query without parameters. By the extended
protocol the server itself refuses stacked statements, so an injection cannot run a second one
(docs/decisions.md, "Extended protocol only"). What an injected ``set_config`` or advisory lock left in a
persistent connection is discarded before the connection serves another request.
"""

from __future__ import annotations

from typing import Any

from django.db import Error
from django.db.backends.postgresql import base
from psycopg import ClientCursor
from psycopg import Error as DriverError


class Cursor(base.CursorMixin, ClientCursor):
    """Django's client-binding cursor that never falls back to the simple protocol."""

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections whose every cursor is a `Cursor`, and which forget between requests."""

    used = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        conn_params["cursor_factory"] = Cursor
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        self.used = True
        return super().create_cursor(name)

    def close_if_unusable_or_obsolete(self) -> None:
        """Called by Django before and after each request."""
        super().close_if_unusable_or_obsolete()
        if self.connection is not None and self.used and not self.in_atomic_block:
            self.used = False
            try:
                self.connection.execute("DISCARD ALL")
            except (Error, DriverError):
                self.close()
