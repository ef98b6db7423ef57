"""Files that no import takes, or takes row by row: each is answered in words, and nothing breaks."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.test import Client

from customers.models import ImportRun, Person
from register.models import User
from tests.customers.importing import START, confirm, counted, in_register, newest, rows, staged, upload, work

pytestmark = pytest.mark.usefixtures("files")


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (401 * 1024 * 1024))
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\r\n\r\n "),
        ("large.csv", b"Nimi\n" + b"x" * (26 * 1024 * 1024)),
        ("random.vcf", bytes(range(256)) * 40),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("cut.xlsx", b"PK\x03\x04" + b"broken" * 50),
        ("page.html", b"<!doctype html><html><body>Ada</body></html>"),
        ("title only.csv", b"Nimi;S\xe4hk\xf6posti\r\n"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_words(as_owner: Client, name: str, data: bytes) -> None:
    before = counted()
    answer = upload(as_owner, data, name)
    assert answer.status_code == 422
    assert str(answer.context["form"].errors["file"][0])
    assert answer.context["runs"] == []
    assert counted() == before
    assert not ImportRun.objects.using("owner").exists()
    folder = Path(settings.MEDIA_ROOT) / "imports"
    assert not list(folder.glob("*"))


def test_a_bomb_is_refused_by_the_worker(as_owner: Client) -> None:
    run = staged(as_owner, bomb(), "bomb.xlsx")
    assert (run.status, run.path) == ("failed", "")
    assert run.problem == "The spreadsheet is too large when unpacked."
    page = as_owner.get(f"{START}I{run.pk}/")
    assert "too large when unpacked" in page.content.decode()


def test_no_file_at_all_is_said(as_owner: Client) -> None:
    answer = as_owner.post(START, {"relation": "active"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == ["Choose a file."]


def test_a_spreadsheet_under_a_wrong_name_is_read_all_the_same(as_owner: Client) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nimi", "Sähköposti", "Puhelin"])
    book.active.append(["Ada Laine", "ada@laine.fi", 401234567])
    data = io.BytesIO()
    book.save(data)
    run = staged(as_owner, data.getvalue(), "contacts.vcf")
    assert (run.format, run.total) == ("xlsx", 1)
    assert rows(run)[0].data["phones"][0]["e164"] == "+358401234567"


def test_too_long_names_nul_and_odd_letters_are_said_row_by_row(as_owner: Client, owner: User) -> None:
    data = "\r\n".join(
        [
            "Etunimi;Sukunimi;Sähköposti",
            f"{'A' * 300};Pitkä;a@example.fi",
            f"{'B' * 150};Pitkä;b@example.fi",
            "Nu\x00l;Merkki;c@example.fi",
            "Zoë 🎻;李小龍;d@example.fi",
            "\u202eOikea;Vasen;e@example.fi",
        ]
    )
    run = staged(as_owner, data.encode())
    assert [row.verdict for row in rows(run)] == ["unreadable", "unreadable", "new", "new", "new"]
    assert [row.problems[0][0] for row in rows(run)[:2]] == ["too_long", "too_long"]
    assert "nul_removed" in {code for code, _where in run.problems}
    assert as_owner.get(f"{START}I{run.pk}/").status_code == 200
    confirm(as_owner, run)
    work()
    assert newest().counts == {"added": 3, "skipped": 2}
    with in_register(owner):
        assert Person.objects.filter(given_name="Zoë 🎻", family_name="李小龍").exists()


def test_lone_surrogates_do_not_reach_the_database(as_owner: Client) -> None:
    data = b"Nimi;S\xc3\xa4hk\xc3\xb6posti\r\nAda \xed\xa0\x80Laine;ada@laine.fi\r\n"
    run = staged(as_owner, data)
    assert run.total == 1
    assert as_owner.get(f"{START}I{run.pk}/").status_code == 200
