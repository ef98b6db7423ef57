"""Django's cache, in one small table of the auth login: counters of attempts and used codes, shared by all processes.

Django's own DatabaseCache is not used: it throws living entries away when many keys arrive (so a flood of
addresses would reset the limits) and stores pickles. Here values are JSON, keys are hashed (they hold network
addresses), the database's clock decides, and `add` is one atomic statement.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections

ALIAS = "default"

GET = "SELECT value FROM register_cache WHERE key = %s AND expires_at > statement_timestamp()"
SET = """
INSERT INTO register_cache (key, value, expires_at)
VALUES (%s, %s, statement_timestamp() + make_interval(secs => %s))
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
ADD = SET + " WHERE register_cache.expires_at <= statement_timestamp()"
TOUCH = """
UPDATE register_cache SET expires_at = statement_timestamp() + make_interval(secs => %s)
 WHERE key = %s AND expires_at > statement_timestamp()
"""
DELETE = "DELETE FROM register_cache WHERE key = %s"
CLEAR = "DELETE FROM register_cache"
SWEEP = "DELETE FROM register_cache WHERE expires_at <= statement_timestamp()"
FOR_EVER = 100 * 365 * 24 * 3600.0


class SharedCounters(BaseCache):
    """A cache for small JSON values that must be the same in every process and never be culled."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(GET, [self._hashed(key, version)])
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._run(SET, [self._hashed(key, version), json.dumps(value), self._seconds(timeout)])

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._run(ADD, [self._hashed(key, version), json.dumps(value), self._seconds(timeout)])

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._run(TOUCH, [self._seconds(timeout), self._hashed(key, version)])

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._run(DELETE, [self._hashed(key, version)])

    def clear(self) -> None:
        self._run(CLEAR, [])

    def sweep(self) -> None:
        """Remove what has expired; a nightly job does it."""
        self._run(SWEEP, [])

    def _run(self, sql: str, parameters: list[Any]) -> bool:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(sql, parameters)
            return bool(cursor.rowcount)

    def _hashed(self, key: str, version: int | None) -> str:
        return hashlib.sha256(self.make_key(key, version=version).encode()).hexdigest()

    def _seconds(self, timeout: float | None) -> float:
        ends_at = self.get_backend_timeout(timeout)
        return FOR_EVER if ends_at is None else ends_at - time.time()
