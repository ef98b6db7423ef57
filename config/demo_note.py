"""What every start of the demo tells: who can sign in, and two customers' links, at the address of this start.

It is kept without that address, and read before there is Django, so that a later start is quick.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from register import keys
from register.embedded_place import write_private

A_DAY = timedelta(days=1)
"""A link that is shown opens for so long at least."""


@dataclass(frozen=True)
class Note:
    """The demo's logins, and the paths of two customers' links."""

    owner: str
    biller: str
    password: str
    stop_path: str
    data_path: str

    def told(self, *, site: str) -> str:
        """The note as the terminal shows it; `site` is where this start serves."""
        return (
            f"  register owner   {self.owner}   {self.password}\n"
            f"  billing person   {self.biller}   {self.password}\n"
            f"  a customer stops mailings       {site}{self.stop_path}\n"
            f"  a customer opens his own data   {site}{self.data_path}\n"
        )


def keep(note: Note) -> None:
    write_private(_file(), json.dumps(asdict(note)))


def kept() -> Note | None:
    """The note of the demo that was made; None when there is none, or it was not made to the end."""
    return Note(**json.loads(_file().read_text())) if _file().is_file() else None


def shown() -> bool:
    """Print the note before Django is loaded; False, and nothing is printed, when its links must be renewed."""
    note = kept()
    at = datetime.now(UTC)
    if note is None or not opens(note, database=keys.read("database_migrate") or "", at=at):
        return False
    sys.stdout.write(note.told(site=os.environ["REGISTER_URL"]))
    sys.stdout.flush()
    return True


def opens(note: Note, *, database: str, at: datetime) -> bool:
    """Whether the link to somebody's own data still works: it ends after a week, by the owner, and by erasure."""
    token = note.data_path.rsplit("/", 1)[-1]
    with psycopg.connect(database, connect_timeout=10) as connection:
        held = {"hash": hashlib.sha256(token.encode()).hexdigest(), "until": at + A_DAY}
        return connection.execute(OPEN, held).fetchone() is not None


OPEN = """
SELECT 1 FROM privacy_mydatalink
 WHERE token_sha256 = %(hash)s AND revoked_at IS NULL AND expires_at > %(until)s
"""


def _file() -> Path:
    return keys.home() / "demo.json"
