"""Django's PostgreSQL backend, speaking only the extended query protocol.

psycopg sends a query without parameters by the simple protocol, which accepts several statements at
once, and Django's client-side binding leaves every query without parameters. By the extended
protocol the server itself refuses stacked statements, so an injection cannot run a second one
(docs/decisions.md, "Extended protocol only").
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base


class Cursor(base.CursorMixin, base.Database.ClientCursor):
    """Django's client-binding cursor that never falls back to the simple protocol."""

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections whose every cursor is a `Cursor`."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        conn_params["cursor_factory"] = Cursor
        return super().get_new_connection(conn_params)
