"""Files: what they are by content, where they lie, and when they leave the disk."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from customers import assignments, attachments, communication, tasks
from customers.models import Attachment
from register import access
from register.models import User
from tests import cast

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"x" * 2000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files" / attachments.FOLDER


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def damaged(way: int) -> bytes:
    """An OpenDocument whose sort stands in a part that cannot be unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        place = made.infolist()[0].header_offset + len("mimetype") + 30
    data = bytearray(packed.getvalue())
    stream = place if way == zipfile.ZIP_DEFLATED else place + 9
    data[stream : stream + 5] = b"\xff" * 5
    return bytes(data)


ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", content_dot_xml=b"<x/>")
DOCX = archive(word__document_dot_xml=b"<x/>")
MSG = attachments.COMPOUND + b"\0" * 504 + attachments.MSG_MARK

TAKEN = [
    ("a.pdf", PDF, "application/pdf"),
    ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png"),
    ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ("a.txt", "Hei, äöå\r\n".encode(), "text/plain"),
    ("a.txt", "Hei, äöå".encode("cp1252"), "text/plain"),
    ("a.eml", b"From: a@b.fi\r\nTo: c@d.fi\r\nSubject: x\r\n\r\nHei", "message/rfc822"),
    ("a.msg", MSG, "application/vnd.ms-outlook"),
]
REFUSED = [
    ("program.pdf", b"MZ\x90\0" + b"\0" * 200),
    ("program.txt", b"\x7fELF" + b"\0" * 200),
    ("archive.docx", archive(evil_dot_exe=b"MZ")),
    ("macros.docx", archive(word__document_dot_xml=b"<x/>", word__vbaProject_dot_bin=b"x")),
    ("broken.xlsx", b"PK\x03\x04" + b"\0" * 50),
    ("damaged.odt", damaged(zipfile.ZIP_DEFLATED)),
    ("damaged.odt", damaged(zipfile.ZIP_BZIP2)),
    ("damaged.odt", damaged(zipfile.ZIP_LZMA)),
    ("old.doc", attachments.COMPOUND + b"\0" * 600),
    ("installer.msg", attachments.COMPOUND + b"\0" * 600),
    ("picture.svg.gz", b"\x1f\x8b\x08\0\0\0"),
]


@pytest.mark.parametrize(("name", "content", "content_type"), TAKEN)
def test_a_file_is_known_by_its_content(name: str, content: bytes, content_type: str) -> None:
    assert attachments.check(upload(name, content)).content_type == content_type


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_what_is_not_on_the_list_is_refused_whatever_its_name(name: str, content: bytes) -> None:
    with pytest.raises(attachments.Refused) as refused:
        attachments.check(upload(name, content))
    assert (refused.value.name, str(refused.value)) == (name, str(attachments.WRONG_SORT))


def test_empty_and_large_files_are_refused() -> None:
    with pytest.raises(attachments.Refused, match="empty"):
        attachments.check(upload("a.txt", b""))
    large = upload("a.pdf", PDF)
    large.size = attachments.SIZE_LIMIT + 1
    with pytest.raises(attachments.Refused, match="20 MB"):
        attachments.check(large)


def test_a_stored_file_lies_under_a_random_name_for_the_register_alone(
    owner_acts: access.Acting, folder: Path
) -> None:
    cast.entry(customer=cast.company(), files=[upload("tarjous.pdf", PDF)])
    kept = Attachment.objects.get()
    path = folder.parent / kept.path
    assert path.read_bytes() == PDF
    assert "tarjous" not in kept.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (kept.name, kept.size) == ("tarjous.pdf", len(PDF))
    assert kept.sha256 == __import__("hashlib").sha256(PDF).hexdigest()
    assert attachments.opened(kept).read() == PDF


def test_one_refused_file_keeps_the_others_and_the_entry_out(owner_acts: access.Acting, folder: Path) -> None:
    koivu = cast.company()
    with pytest.raises(attachments.Refused):
        cast.entry(customer=koivu, files=[upload("a.pdf", PDF), upload("b.exe", b"MZ" + b"\0" * 99)])
    assert communication.with_customer(koivu).entries == []
    assert not folder.exists()


def test_a_removed_entry_takes_its_files_from_the_disk_after_the_commit(owner: User, folder: Path) -> None:
    with access.acting("owner", user_id=owner.pk):
        entry = cast.entry(customer=cast.company(), files=[upload("a.pdf", PDF)])
        path = folder.parent / entry.attachments.get().path
    assert path.exists()
    with access.acting("owner", user_id=owner.pk):
        communication.remove(entry, by=cast.actor())
        assert path.exists()
    assert not path.exists()


def test_a_rolled_back_removal_leaves_the_file(owner: User, folder: Path) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = cast.assignment(files=[upload("a.pdf", PDF)])
    path = next(one for one in folder.glob("*/*"))
    with access.acting("owner", user_id=owner.pk) as who:
        assignments.remove(work, by=cast.actor())
        transaction.set_rollback(True, using=who.alias)
    assert path.exists()


def test_files_without_a_row_are_swept_away_and_the_others_stay(owner: User, folder: Path) -> None:
    with access.acting("owner", user_id=owner.pk):
        cast.entry(customer=cast.company(), files=[upload("a.pdf", PDF)])
    with access.acting("owner", user_id=owner.pk) as who:
        cast.entry(customer=cast.company("Toinen Oy"), files=[upload("b.pdf", PDF)])
        transaction.set_rollback(True, using=who.alias)
    assert len(list(folder.glob("*/*"))) == 2
    with access.acting("worker"):
        assert attachments.sweep(before=timezone.now() - timedelta(days=1)) == 0
        assert attachments.sweep(before=timezone.now() + timedelta(days=1)) == 1
        kept = Attachment.objects.get()
    assert [one.name for one in folder.glob("*/*")] == [Path(kept.path).name]


def test_the_nightly_job_sweeps_only_what_has_lain_a_day(owner: User, folder: Path) -> None:
    (folder / "ab").mkdir(parents=True)
    for name, hours in (("old", 25), ("fresh", 23)):
        (folder / "ab" / name).write_bytes(b"x")
        moment = (timezone.now() - timedelta(hours=hours)).timestamp()
        os.utime(folder / "ab" / name, (moment, moment))
    tasks.sweep_files(0)
    assert [one.name for one in (folder / "ab").iterdir()] == ["fresh"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Tarjous äö.pdf", "Tarjous äö.pdf"),
        ("a\0b\r\nc.pdf", "a b c.pdf"),
        ("lasku\u202efdp.exe", "laskufdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("👨‍👩‍👧 suunnitelma.pdf", "👨‍👩‍👧 suunnitelma.pdf"),
        ("a" * 300 + ".pdf", "a" * 195 + "….pdf"),
    ],
)
def test_a_files_name_is_made_fit_to_keep(given: str, kept: str) -> None:
    assert attachments.file_name(given) == kept
    assert len(kept) <= attachments.NAME_LIMIT


def test_a_wrong_ending_is_completed_by_the_right_one(owner_acts: access.Acting) -> None:
    cast.entry(customer=cast.company(), files=[upload("kuva.html", PDF)])
    assert Attachment.objects.get().name == "kuva.html.pdf"
