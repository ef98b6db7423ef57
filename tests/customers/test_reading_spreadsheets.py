"""XLSX files become records; what is damaged, or unpacks to too much, gets an answer."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest

from customers.importing import limits, reading, xlsx
from tests.customers.tables import codes


def workbook(*rows: tuple, **sheets: list[tuple]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, extra in sheets.items():
        sheet = book.create_sheet(title)
        for row in extra:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_spreadsheet_file_is_read_with_numbers_and_dates() -> None:
    result = reading.read(
        workbook(
            ("Nimi", "Y-tunnus", "Puhelin", "Postinumero", "Kaupunki", "Lisätiedot", "Huom", "Syntynyt"),
            (
                "Päivi Mäkelä",
                20774740,
                401234567,
                100,
                "Helsinki",
                datetime.datetime(2026, 11, 22),
                1.5,
                datetime.date(1970, 1, 1),
            ),
        )
    )
    record = result.records[0]
    assert (result.format, record.position, record.full_name) == ("xlsx", 2, "Päivi Mäkelä")
    assert record.business_id == "2077474-0"
    assert record.phones[0].value == "0401234567"
    assert (record.addresses[0].postal_code, record.addresses[0].city) == ("00100", "Helsinki")
    assert record.note == "2026-11-22\n1.5"
    assert record.left_out == ["Syntynyt"]
    assert [(problem.code, problem.where) for problem in record.problems] == [
        ("zero_restored", "Puhelin"),
        ("zero_restored", "Postinumero"),
        ("name_split", ""),
    ]


def test_other_sheets_with_content_are_named() -> None:
    result = reading.read(workbook(("Nimi",), ("Ada Laine",), Vanhat=[("Nimi",), ("Bo Ek",)], Tyhjä=[]))
    assert [record.full_name for record in result.records] == ["Ada Laine"]
    assert [(problem.code, problem.where) for problem in result.problems] == [("other_sheets", "Vanhat")]


def test_a_zip_bomb_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 2_000_000)
    result = reading.read(bomb.getvalue())
    assert (codes(result), result.records) == ({"unpacks_too_big"}, [])


def test_a_single_cell_in_the_last_corner_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Nimi"
    book.active["XFD1048576"] = "x"
    data = io.BytesIO()
    book.save(data)
    assert codes(reading.read(data.getvalue())) == {"unpacks_too_big"}


def test_a_damaged_spreadsheet_and_another_archive_are_answers_not_errors() -> None:
    whole = workbook(("Nimi",), ("Ada",))
    assert codes(reading.read(whole[: len(whole) // 2])) == {"damaged_spreadsheet"}
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert codes(reading.read(other.getvalue())) == {"not_contacts"}
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    assert codes(reading.read(broken.getvalue())) == {"damaged_spreadsheet"}
    with pytest.raises(xlsx.UnfitSpreadsheet):
        xlsx.read(b"PK\x03\x04")


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_spreadsheet_with_a_damaged_part_is_an_answer_however_it_is_compressed(way: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 50)
        place = archive.infolist()[0].header_offset + len("xl/workbook.xml") + 30
    data = bytearray(packed.getvalue())
    stream = place if way == zipfile.ZIP_DEFLATED else place + 9
    data[stream : stream + 5] = b"\xff" * 5
    assert codes(reading.read(bytes(data))) == {"damaged_spreadsheet"}
