"""The uploaded file itself: kept outside the database under a random name until its import is over."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from customers.models import ImportRun
from register import access

FOLDER = "imports"


class FileGone(ValueError):
    """The uploaded file is not kept any more; upload it again."""


def keep(data: bytes) -> str:
    """Write the file; returns its path below MEDIA_ROOT."""
    relative = f"{FOLDER}/{secrets.token_hex(20)}"
    target = _absolute(relative)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
    return relative


def read(run: ImportRun) -> bytes:
    """The file's content. Raises FileGone."""
    try:
        return _absolute(run.path).read_bytes() if run.path else _gone()
    except FileNotFoundError:
        return _gone()


def forget_after_commit(relative: str) -> None:
    """Delete the file once the acting transaction has been committed."""
    if relative:
        access.on_commit(lambda: discard(relative))


def discard(relative: str) -> None:
    """Delete the file now."""
    _absolute(relative).unlink(missing_ok=True)


def sweep(*, before: datetime) -> int:
    """Delete files older than a moment that no import names; they are left by transactions rolled back."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    named = set(ImportRun.objects.exclude(path="").values_list("path", flat=True))
    removed = 0
    for one in folder.glob("*"):
        if f"{FOLDER}/{one.name}" not in named and one.stat().st_mtime < before.timestamp():
            one.unlink(missing_ok=True)
            removed += 1
    return removed


def _gone() -> bytes:
    raise FileGone


def _absolute(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative
