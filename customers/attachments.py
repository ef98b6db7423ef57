"""Files of timeline entries and assignments: checked by content, stored under random names, never trusted.

What a file is, is read from its first bytes; its name and the sender's word count for nothing. Files lie
below MEDIA_ROOT, readable by the register alone, and leave the disk when their rows have left the database.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers import archives
from customers.models import Assignment, Attachment, Interaction
from register import access, subjects
from register.finnish import UnreadableText, clean_line
from register.models import User

SIZE_LIMIT = 20 * 1024 * 1024
NAME_LIMIT = 200
FOLDER = "attachments"
UNKNOWN = "application/octet-stream"

UNNAMEABLE = ("Cc", "Cs", "Cn", "Zl", "Zp")
"""Unicode categories without a place in a file's name: controls, halves of characters, line breaks."""

Holder = Interaction | Assignment


class Refused(ValueError):
    """A file that is not taken; `name` is the file's, `args[0]` says why and what to do."""

    def __init__(self, name: str, why: str | Promise) -> None:
        super().__init__(why)
        self.name = name


TOO_LARGE = _("The file is larger than 20 MB. Make it smaller or divide it.")
EMPTY = _("The file is empty.")
WRONG_SORT = _(
    "Files of this sort are not taken. Use PDF, a picture (JPEG, PNG, GIF, WebP, TIFF, HEIC), Word, Excel or "
    "OpenDocument, plain text, or a saved e-mail (.eml, .msg)."
)


# --- what a file is ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sort:
    """A sort of file that is taken: its content type and the ending its name should have."""

    content_type: str
    endings: tuple[str, ...]


PDF = Sort("application/pdf", (".pdf",))
MSG = Sort("application/vnd.ms-outlook", (".msg",))
EML = Sort("message/rfc822", (".eml",))
TEXT = Sort("text/plain", (".txt", ".csv", ".md", ".log"))
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"

BEGINNINGS: tuple[tuple[int, bytes, Sort], ...] = (
    (0, b"%PDF-", PDF),
    (0, b"\xff\xd8\xff", Sort("image/jpeg", (".jpg", ".jpeg"))),
    (0, b"\x89PNG\r\n\x1a\n", Sort("image/png", (".png",))),
    (0, b"GIF87a", Sort("image/gif", (".gif",))),
    (0, b"GIF89a", Sort("image/gif", (".gif",))),
    (0, b"II*\0", Sort("image/tiff", (".tif", ".tiff"))),
    (0, b"MM\0*", Sort("image/tiff", (".tif", ".tiff"))),
    (8, b"WEBP", Sort("image/webp", (".webp",))),
    (4, b"ftypheic", Sort("image/heic", (".heic",))),
    (4, b"ftypmif1", Sort("image/heic", (".heic",))),
)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""OLE compound file: an Outlook message, but also old Word, Excel and installers; [MS-CFB] 2.2."""
MSG_MARK = "__substg1.0_".encode("utf-16-le")
"""The names of the streams of an Outlook message; [MS-OXMSG] 2.1.3."""

PARTS: tuple[tuple[str, Sort], ...] = (
    ("word/document.xml", Sort(f"{OFFICE}.wordprocessingml.document", (".docx",))),
    ("xl/workbook.xml", Sort(f"{OFFICE}.spreadsheetml.sheet", (".xlsx",))),
)
OPEN_DOCUMENTS = {
    f"{OPEN}.text": Sort(f"{OPEN}.text", (".odt",)),
    f"{OPEN}.spreadsheet": Sort(f"{OPEN}.spreadsheet", (".ods",)),
}
MACROS = ("vbaproject.bin",)
HEADERS = (b"received", b"return-path", b"from", b"to", b"subject", b"date", b"message-id", b"mime-version")


def sort_of(file: File, name: str) -> Sort | None:
    """What the file is by its content; None when it is nothing that is taken."""
    file.seek(0)
    head = file.read(8192)
    for offset, mark, sort in BEGINNINGS:
        if head[offset:].startswith(mark):
            return sort
    if head.startswith(COMPOUND):
        file.seek(0)
        return MSG if name.lower().endswith(".msg") and MSG_MARK in file.read() else None
    if head.startswith(b"PK\x03\x04"):
        return _sort_of_archive(file)
    return _sort_of_text(file, head)


def _sort_of_archive(file: File) -> Sort | None:
    """Word, Excel and OpenDocument are ZIP archives with known parts; those with macros are not taken."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:  # type: ignore[arg-type]
            names = archive.namelist()
            if any(name.lower().endswith(MACROS) for name in names):
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return OPEN_DOCUMENTS.get(archive.read("mimetype").decode("ascii", "replace").strip())
    except archives.UNREADABLE:
        return None
    return next((sort for part, sort in PARTS if part in names), None)


def _sort_of_text(file: File, head: bytes) -> Sort | None:
    """Text has no NUL and few control characters; an e-mail begins with headers."""
    file.seek(0)
    content = file.read()
    controls = content.translate(None, bytes(set(range(256)) - (set(range(32)) - {9, 10, 12, 13, 27})))
    if controls:
        return None
    first = head.split(b":", 1)[0].strip().lower()
    return EML if first in HEADERS or first.startswith(b"x-") else TEXT


# --- storing and removing ----------------------------------------------------------------------------


def check(file: File) -> Sort:
    """What the file is. Raises Refused when it is empty, too large or of a sort that is not taken."""
    name = file_name(file.name or "")
    if not file.size:
        raise Refused(name, EMPTY)
    if file.size > SIZE_LIMIT:
        raise Refused(name, TOO_LARGE)
    sort = sort_of(file, name)
    if sort is None:
        raise Refused(name, WRONG_SORT)
    return sort


def store(files: Iterable[File], *, of: Holder, by: User) -> list[Attachment]:
    """Keep files with an entry or an assignment. Raises Refused, subjects.Erased; then none of them is kept."""
    files = list(files)
    subjects.must_be_present(of.customer)
    sorts = [check(file) for file in files]
    return [_store_one(file, sort, of=of, by=by) for file, sort in zip(files, sorts, strict=True)]


def _store_one(file: File, sort: Sort, *, of: Holder, by: User) -> Attachment:
    kept = keep(file, sort, folder=FOLDER)
    return Attachment.objects.create(
        interaction=of if isinstance(of, Interaction) else None,
        assignment=of if isinstance(of, Assignment) else None,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        path=kept.path,
        entered_by_id=by.pk,
    )


@dataclass(frozen=True)
class Kept:
    """A file on the disk, as its row remembers it; `path` is below MEDIA_ROOT."""

    name: str
    content_type: str
    size: int
    sha256: str
    path: str


def keep(file: File, sort: Sort, *, folder: str) -> Kept:
    """Write a checked file under a random name into a folder below MEDIA_ROOT; a row of the caller's names it."""
    name = file_name(file.name or "")
    if not name.lower().endswith(sort.endings):
        name = _shortened(name, sort.endings[0])
    path, digest = _write(file, folder)
    return Kept(name, sort.content_type, file.size, digest, path)


def _write(file: File, folder: str) -> tuple[str, str]:
    """The new file's path below MEDIA_ROOT, and its SHA-256."""
    random = secrets.token_hex(20)
    relative = f"{folder}/{random[:2]}/{random[2:]}"
    target = _absolute(relative)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    file.seek(0)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in file.chunks():
            digest.update(chunk)
            out.write(chunk)
    return relative, digest.hexdigest()


def remove(attachment: Attachment, *, by: User) -> None:
    """Delete a file: the row now, the file when the transaction has been committed."""
    forget_after_commit(attachment.path)
    attachment.delete()


def remove_all(*, of: Holder) -> None:
    """Let the files of an entry or assignment go with it; its rows cascade."""
    for attachment in of.attachments.all():  # type: ignore[union-attr]
        forget_after_commit(attachment.path)


def forget_after_commit(relative: str) -> None:
    """Delete a stored file when the transaction has been committed."""
    access.on_commit(lambda: _absolute(relative).unlink(missing_ok=True))


def opened(attachment: Attachment) -> File:
    """The stored file, open for reading; FileNotFoundError when it is not there."""
    return open_stored(attachment.path, name=attachment.name)


def open_stored(relative: str, *, name: str) -> File:
    """A stored file by its path, open for reading; FileNotFoundError when it is not there."""
    return File(_absolute(relative).open("rb"), name=name)


def sweep(*, before: datetime, folder: str = FOLDER, rows: QuerySet[Any] | None = None) -> int:
    """Delete files of a folder that no row names and that were written before a moment; returns how many.

    They are left by a transaction that was rolled back after the file was written, or by rows that were
    erased by their kind.
    """
    root = Path(settings.MEDIA_ROOT) / folder
    rows = Attachment.objects.all() if rows is None else rows
    removed = 0
    for part in sorted(root.glob("??")):
        paths = {f"{folder}/{part.name}/{one.name}": one for one in part.iterdir()}
        kept = set(rows.filter(path__in=paths).values_list("path", flat=True))
        for relative in paths.keys() - kept:
            if paths[relative].stat().st_mtime < before.timestamp():
                paths[relative].unlink(missing_ok=True)
                removed += 1
    return removed


def file_name(name: str) -> str:
    """A file's name fit to keep and to offer: without folders, unreadable characters and undue length."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(" " if unicodedata.category(one) in UNNAMEABLE else one for one in last)
    try:
        clean = clean_line(printable, limit=10_000).strip(". ")
    except UnreadableText:
        clean = ""
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        return _shortened(clean or "file", "")
    return _shortened(stem or "file", f".{ending}")


def _shortened(stem: str, ending: str) -> str:
    room = NAME_LIMIT - len(ending)
    return (stem if len(stem) <= room else stem[: room - 1] + "…") + ending


def _absolute(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative
