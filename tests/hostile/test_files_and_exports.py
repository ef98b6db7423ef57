"""Files that come in and lines that go out: kept harmless, and inert in other programs."""

from __future__ import annotations

import csv
import io
import logging
import re
import sys
import traceback
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from customers.importing.cells import restore
from customers.models import AssignmentLine, Attachment, Customer, ImportRun
from register import access, logs
from tests import cast
from tests.hostile.attack import Attack, Rows
from tests.hostile.world import World

# --- what goes out -------------------------------------------------------------------------------------------


FORMULAS = ("=cmd|'/c calc'!A1", "+358 yritys", "-1+1", "@SUM(A1)", ";=1+1", "|x", "%=x")


def test_names_that_look_like_formulas_leave_inert_and_come_back_as_they_were(world: World) -> None:
    with access.acting("owner", user_id=world.owner.pk):
        for name in FORMULAS:
            cast.company(name)
    browser = world.browser("owner")
    with access.acting("owner"):
        ids = list(Customer.objects.filter(name__in=FORMULAS).values_list("pk", flat=True))
    answer = browser.post(
        "/register/customers/many/", {"act": "export", "chosen": ids, "sure": "1", "reason": "koe"}
    )
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    names = [line["name"] for line in lines]
    assert len(names) == len(FORMULAS)
    assert [name for name in names if name[:1] in "=+-@\t\r"] == []
    assert sorted(restore(name) for name in names) == sorted(FORMULAS)


def test_a_log_line_stays_one_line_and_tells_no_values(world: World) -> None:
    formatter = logs.OneLine("%(levelname)s %(message)s")
    record = logging.LogRecord(
        "register", logging.INFO, "", 0, "page %s", ("x\n2026 ERROR \x1b[31mroot",), None
    )
    assert formatter.format(record) == r"INFO page x\n2026 ERROR \x1b[31mroot"
    secret, work = "Salainen työ", world.keys["assignment"][0]
    try:
        with access.acting("owner", user_id=world.owner.pk):
            AssignmentLine.objects.create(assignment_id=work, description=secret, quantity=0, unit_price=1)
    except IntegrityError:
        told = logging.LogRecord("django.request", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert secret in "".join(traceback.format_exception(*told.exc_info))  # type: ignore[misc]
    text = formatter.format(told)
    assert "assignment_line_has_quantity" in text
    assert secret not in text


# --- uploads -------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """An XLSX of 500 MB in a few hundred kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(500):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


def broken_files() -> dict[str, bytes]:
    return {
        "bomb.xlsx": bomb(),
        "cut.xlsx": bomb()[:2000],
        "entities.xlsx": b"PK\x03\x04" + b"\0" * 100,
        "nul.csv": b"\0" * 5000,
        "binary.csv": bytes(range(256)) * 20,
        "quotes.csv": b'"' * 5001,
        "wide.csv": b";" * 100_000 + b"\n" + b"1;2\n",
        "empty.csv": b"",
        "only-bom.csv": b"\xef\xbb\xbf",
        "utf16.csv": "\ufeffNimi;Sähköposti\n".encode("utf-16-le")[:-1],
        "surrogate.csv": b"Nimi;S\xc3\xa4hk\xc3\xb6posti\n\xed\xa0\x80;a@b.fi\n",
        "deep.vcf": b"BEGIN:VCARD\r\n" * 3000,
        "folded.vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x" + b"\r\n " * 5000 + b"\r\nEND:VCARD\r\n",
        "html.vcf": b"<html><script>alert(7206)</script></html>",
        "../../../etc/passwd": b"root:x:0:0\n",
        "a\0b\r\nX: y.csv": b"Nimi\nAda\n",
        "\u202efdp.csv" + "x" * 300 + ".csv": b"Nimi\nAda\n",
        "polyglot.csv": b"GIF89a;<script>alert(7206)</script>\n1;2\n",
        "macro.docx": b"PK\x03\x04broken",
    }


def test_broken_and_hostile_files_are_refused_or_kept_harmless(
    world: World, rows: Rows, record_property: Any
) -> None:
    attack = Attack(world, "owner", rows)
    work = world.keys["assignment"][-1]
    for name, content in broken_files().items():
        file = SimpleUploadedFile("x", content)
        file._name = name  # past Django's own cleaning, as a raw request would be
        attack.post(name, "/register/import/", data={"file": file, "relation": "active", "source_words": ""})
        file.seek(0)
        attack.post(name, f"/register/assignments/T{work}/files/", data={"attach": file})
    with access.acting("owner"):
        stored = list(Attachment.objects.filter(assignment=work))
        runs = list(ImportRun.objects.order_by("-pk")[:20])
    for run in runs:
        attack.get(f"/register/import/I{run.pk}/")
    for one in stored:
        answer = attack.get(f"/register/files/F{one.pk}/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "/" not in one.name
        assert len(one.name) <= 200
        assert not re.search("[\0-\x1f\u202a-\u202e]", one.name)
    folder = Path(settings.MEDIA_ROOT).resolve()
    assert all((folder / one.path).resolve().is_relative_to(folder) for one in stored)
    attack.report(record_property)
    assert attack.wrong == {}
