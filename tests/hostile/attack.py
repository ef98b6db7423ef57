"""One who sends things to the register as somebody, and what the tables held before."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from tests.cluster import admin_url
from tests.hostile.world import World

SCRIPT = "<script>alert(7206)</script>"
ALWAYS_WRITTEN = {
    "register_auditentry",
    "register_securityevent",
    "register_session",
    "register_cache",
}
"""Tables that also tell of what was refused."""


class Rows:
    """How many rows each table has, and the newest change of each: what a refusal must leave alone."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(admin_url(settings.DATABASES["owner"]["NAME"]), autocommit=True)
        names = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        self.query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for (name,) in names
            if name not in ALWAYS_WRITTEN
        )

    def now(self) -> dict[str, Any]:
        return {name: state for name, *state in self.connection.execute(self.query).fetchall()}


class Attack:
    """Sends things as one identity, and keeps what went wrong."""

    def __init__(self, world: World, who: str, rows: Rows) -> None:
        self.world, self.who, self.rows = world, who, rows
        self.browser = world.browser(who)
        self.wrong: dict[str, list[str]] = {}
        self.statuses: Counter[int] = Counter()
        self.before: dict[str, Any] | None = None

    def get(self, path: str, **options: Any) -> Any:
        self.before = None
        return self._judged("GET " + path, self.browser.get(path, **options))

    def post(self, what: str, path: str, *, data: Any, content_type: str = "") -> Any:
        """A POST, raw when a content type is given; when it is refused, the rows are as before."""
        before = self.before or self.rows.now()
        if content_type:
            sent = self.browser.generic("POST", path, data, content_type=content_type)
        else:
            sent = self.browser.post(path, data)
        answer = self._judged(f"POST {path} ({what})", sent)
        self.before = None
        if answer.status_code >= 400:
            self.before = self.rows.now()
            changed = [name for name in before if self.before[name] != before[name]]
            if changed:
                self._note("written", f"{path} ({what}) → {answer.status_code}: {changed}")
        return answer

    def _judged(self, what: str, answer: Any) -> Any:
        self.statuses[answer.status_code] += 1
        there = answer.get("Location", "/")
        if answer.status_code >= 500:
            self._note("failed", f"{what} → {answer.status_code}")
        if is_page(answer) and SCRIPT.encode() in answer.content:
            self._note("script", what)
        if not there.startswith(("/", "?")) or there.startswith("//"):
            self._note("elsewhere", f"{what} → {there}")
        if there.startswith("/accounts/login") and self.who in ("owner", "billing"):
            self.browser = self.world.browser(self.who)
        return answer

    def _note(self, sort: str, what: str) -> None:
        self.wrong.setdefault(sort, []).append(what)

    def report(self, record: Any) -> None:
        total = sum(self.statuses.values())
        record("requests", total)
        print(f"{self.who}: {total} requests, {dict(sorted(self.statuses.items()))}")
        for sort, found in self.wrong.items():
            print(f"  {sort}: {found}")


def is_page(answer: Any) -> bool:
    return not answer.streaming and answer.get("Content-Type", "").startswith("text/html")
