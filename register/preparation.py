"""Whether the database is prepared for this very program, so that a start needs no look by Django.

`manage.py prepare` leaves a mark: a hash over the program, its settings and what was migrated. Any change of
one of them (an upgrade, a restored backup, another key) makes the next start prepare again.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import psycopg

from . import keys
from .embedded_place import write_private

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ("*.txt", "*/*.py", "*/*/*.py", "*/*/*/*.py")
LEFT_OUT = {"tests", "var", "docs", ".venv"}


def is_done() -> bool:
    """Whether the mark is that of now."""
    mark = keys.home() / "prepared"
    return mark.is_file() and mark.read_text().strip() == fingerprint()


def mark_done() -> None:
    write_private(keys.home() / "prepared", fingerprint())


def fingerprint() -> str:
    """Changes with the program, its environment, its keys and the migrations of the database."""
    digest = hashlib.sha256(_migrated())
    for path in sorted(path for pattern in PROGRAM for path in ROOT.glob(pattern)):
        if path.relative_to(ROOT).parts[0] not in LEFT_OUT:
            digest.update(str(path).encode() + path.read_bytes())
    for name in sorted(os.environ):
        if name.startswith("REGISTER_") and name not in ("REGISTER_AUDIENCES", "REGISTER_URL"):
            digest.update(f"{name}={os.environ[name]}\0".encode())
    for name in (*keys.KEYS, *(f"database_{alias}" for alias in keys.ALIASES)):
        digest.update(f"{name}={keys.read(name)}\0".encode())
    return digest.hexdigest()


def _migrated() -> bytes:
    try:
        with psycopg.connect(keys.read("database_migrate") or "", connect_timeout=10) as connection:
            row = connection.execute(MIGRATED).fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    return repr(row).encode()


MIGRATED = "SELECT count(*), max(id), max(applied)::text FROM django_migrations"
