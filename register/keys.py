"""Secrets: where they are read from, and how the embedded installation makes its own.

A secret has a short name (``secret_key``, ``database_owner``). It is looked for in this order:
an environment variable, a file in ``$CREDENTIALS_DIRECTORY`` (systemd LoadCredential), a file in
``<home>/secrets``. Files are 0600 in a 0700 directory; ``manage.py doctor`` checks the modes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

ALIASES = ("default", "owner", "billing", "link", "audit", "worker", "migrate")
"""Database aliases, one login each (docs/decisions.md, "One login per audience")."""

WEB = ("default", "owner", "billing", "link", "audit")
WORKER = ("worker", "audit", "default")
"""What a web process and a worker may know of them; never the migrator's."""

KEYS = {
    "secret_key": "Django's signatures: sessions, password reset, messages",
    "context_key": "who acts, signed for the database",
    "link_key": "stop links in mailings; must never be lost, old mails depend on it",
    "address_key": "keyed hashes of e-mail addresses that must not be mailed",
}


MADE_UP = "made-up"


def home() -> Path:
    """The directory of this installation's own files (database, secrets, uploads)."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("REGISTER_HOME") or default).absolute()


def mark_made_up() -> None:
    """Say of this home that everybody in it is made up; for homes that only the demo or the bench use."""
    home().mkdir(parents=True, exist_ok=True)
    (home() / MADE_UP).touch()


def is_made_up() -> bool:
    """Whether this home is the demo's (or the bench's), and its database with it."""
    own = all(read(name) == stored(name) for name in (f"database_{alias}" for alias in ALIASES))
    return own and (home() / MADE_UP).is_file()


def variable(name: str) -> str:
    """The environment variable that overrides the secret `name`."""
    if name == "database_migrate":
        return "DATABASE_URL"
    if name.startswith("database_"):
        return "DATABASE_URL_" + name.removeprefix("database_").upper()
    return "REGISTER_" + name.upper()


def read(name: str) -> str | None:
    """The secret, or None when no place holds it."""
    value = os.environ.get(variable(name))
    if value:
        return value
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    if given and (path := Path(given) / name).is_file():
        return path.read_text().strip() or None
    return stored(name)


def stored(name: str) -> str | None:
    """The secret as this installation's own home holds it."""
    path = home() / "secrets" / name
    return path.read_text().strip() or None if path.is_file() else None


def write(name: str, value: str) -> None:
    """Store a secret as a 0600 file, replacing an older one in one step."""
    folder = home() / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    temporary = folder / f".{name}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / name)


def missing() -> list[str]:
    """The keys that no place holds; without them there are no settings."""
    return [name for name in KEYS if read(name) is None]


def missing_logins(aliases: Iterable[str]) -> list[str]:
    """The secrets with the addresses of these logins that no place holds."""
    return [name for name in (f"database_{alias}" for alias in aliases) if read(name) is None]


def create_missing() -> list[str]:
    """Make the keys that do not exist yet; returns their names."""
    made = missing()
    for name in made:
        write(name, secrets.token_urlsafe(48))
    return made
