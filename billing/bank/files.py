"""The uploaded bank file itself: kept outside the database under a random name until it is imported or refused."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from billing.models import BankFile
from register import access

FOLDER = "bank"


class FileGone(ValueError):
    """The uploaded file is not kept any more; upload it again."""


def keep(chunks: Iterable[bytes]) -> tuple[str, str]:
    """Write the file; returns its path below MEDIA_ROOT and its SHA-256."""
    relative, digest = f"{FOLDER}/{secrets.token_hex(20)}", sha256()
    target = absolute(relative)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in chunks:
            digest.update(chunk)
            out.write(chunk)
    return relative, digest.hexdigest()


def open_again(file: BankFile) -> BinaryIO:
    """The file's content from its beginning. Raises FileGone."""
    if not file.path:
        raise FileGone
    try:
        return absolute(file.path).open("rb")
    except FileNotFoundError:
        raise FileGone from None


def forget_after_commit(relative: str) -> None:
    """Delete the file once the acting transaction has been committed."""
    if relative:
        access.on_commit(lambda: discard(relative))


def discard(relative: str) -> None:
    absolute(relative).unlink(missing_ok=True)


def sweep(*, before: datetime) -> int:
    """Delete files older than a moment that wait for nothing; they are left by transactions rolled back."""
    named = set(BankFile.objects.exclude(path="").values_list("path", flat=True))
    removed = 0
    for one in (Path(settings.MEDIA_ROOT) / FOLDER).glob("*"):
        if f"{FOLDER}/{one.name}" not in named and one.stat().st_mtime < before.timestamp():
            one.unlink(missing_ok=True)
            removed += 1
    return removed


def absolute(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative
