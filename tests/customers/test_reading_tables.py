"""CSV and XLSX files of many programs become records, and nothing is lost in silence."""

from __future__ import annotations

import csv
import datetime
import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.importing import cells, columns, limits, reading, xlsx
from customers.importing.columns import Mapping
from customers.importing.marketing import marketing_refused
from customers.importing.records import Address, ContactRecord, ReadResult
from customers.importing.vocabulary import Field, Target, target_of
from tests.customers.accounting import unaccounted_cells
from tests.samples import CONTACTS, each

FINNISH = (
    "Yritys;Y-tunnus;Etunimi;Sukunimi;Titteli;Sähköposti;Puhelin;Katuosoite;Postinumero;Postitoimipaikka;Kieli;"
    "Markkinointilupa;Lisätiedot\r\n"
    "Törmälän Leipä Oy;2077474-0;Päivi;Mäkelä;toimitusjohtaja;paivi@example.fi;040 123 4567;Hämeenkatu 1 A;"
    '00100;Helsinki;suomi;ei;"Soittaa ""aina""\r\nmaanantaisin; ei perjantaisin"\r\n'
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,"
    "Address 1 - Country,Website 1 - Label,Website 1 - Value\n"
    "Ada,Maria,Laine,Laine Oy,johtaja,1970-01-01,hei,https://example.fi/p.jpg,Asiakas ::: * myContacts,"
    "* Work,ada@example.fi,Mökki,a@example.fi ::: b@example.fi,Mobile,0401234567 ::: 0501234567,"
    'Work,"Katu 1\n20100 Turku\nSuomi",Katu 1,Turku,20100,Suomi,,www.example.fi\n'
)
OUTLOOK_ENGLISH = (
    "Title,First Name,Last Name,Company,Job Title,Business Street,Business Postal Code,Business City,"
    "Mobile Phone,E-mail Address,E-mail 2 Address"
)
OUTLOOK_FINNISH = (
    "Otsikko,Etunimi,Sukunimi,Yritys,Tehtävänimike,Toimipaikan katuosoite,Toimipaikan postinumero,"
    "Toimipaikan postitoimipaikka,Matkapuhelin,Sähköpostiosoite,Sähköposti 2 osoite"
)
OUTLOOK_GERMAN = (
    "Anrede,Vorname,Nachname,Firma,Position,Straße geschäftlich,Postleitzahl geschäftlich,Ort geschäftlich,"
    "Mobiltelefon,E-Mail-Adresse,E-Mail 2: Adresse"
)
OUTLOOK_SWEDISH = (
    "Titel,Förnamn,Efternamn,Företag,Befattning,Gatuadress (arbete),Postnummer (arbete),Ort (arbete),"
    "Mobiltelefon,E-postadress,E-post 2 Adress"
)


def read(text: str | bytes, encoding: str = "utf-8") -> ReadResult:
    return reading.read(text if isinstance(text, bytes) else text.encode(encoding), "contacts.csv")


def one(text: str | bytes, encoding: str = "utf-8") -> ContactRecord:
    result = read(text, encoding)
    assert len(result.records) == 1, result.problems
    return result.records[0]


def codes(found: ContactRecord | ReadResult) -> set[str]:
    return {problem.code for problem in found.problems}


def emails(record: ContactRecord) -> list[str]:
    return [email.value for email in record.emails]


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


# --- CSV ---


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "mac_roman", "cp850"])
def test_a_finnish_spreadsheet_with_semicolons_is_read_in_any_encoding(encoding: str) -> None:
    result = read(FINNISH, encoding)
    record = result.records[0]
    assert (result.format, result.delimiter, result.layout) == ("csv", ";", "spreadsheet")
    assert (record.position, record.company, record.business_id) == (2, "Törmälän Leipä Oy", "2077474-0")
    assert (record.given_name, record.family_name, record.full_name) == ("Päivi", "Mäkelä", "Päivi Mäkelä")
    assert (record.title, emails(record)) == ("toimitusjohtaja", ["paivi@example.fi"])
    assert record.phones[0].value == "040 123 4567"
    assert record.addresses == [Address("Hämeenkatu 1 A", "00100", "Helsinki")]
    assert (record.language, record.marketing_status, record.marketing_header) == (
        "suomi",
        "ei",
        "Markkinointilupa",
    )
    assert record.note == 'Soittaa "aina"\nmaanantaisin; ei perjantaisin'
    assert (record.left_out, record.problems) == ([], [])
    assert ("charset_guessed" in codes(result)) is (encoding in {"cp1252", "mac_roman", "cp850"})


def test_the_new_layout_of_google_with_several_values_in_a_cell() -> None:
    result = read(GOOGLE)
    record = result.records[0]
    assert result.layout == "google"
    assert (record.given_name, record.family_name, record.company, record.title) == (
        "Ada Maria",
        "Laine",
        "Laine Oy",
        "johtaja",
    )
    assert [(one.value, one.kind, one.label, one.primary) for one in record.emails] == [
        ("ada@example.fi", "work", "", True),
        ("a@example.fi", "", "Mökki", False),
        ("b@example.fi", "", "Mökki", False),
    ]
    assert [(one.value, one.kind) for one in record.phones] == [
        ("0401234567", "mobile"),
        ("0501234567", "mobile"),
    ]
    assert record.addresses == [Address("Katu 1", "20100", "Turku", "Suomi", kind="work")]
    assert record.tags == ["Asiakas"]
    assert record.left_out == ["Birthday", "Photo", "Labels", "Website 1 - Value"]


def test_the_old_layout_of_google() -> None:
    record = one(
        "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
        "Organization 1 - Name\n"
        "Ada Laine,Ada,Laine,* My Contacts ::: Turku,* Home,ada@example.fi,Laine Oy\n"
    )
    assert (record.full_name, record.company, record.tags) == ("Ada Laine", "Laine Oy", ["Turku"])
    assert (record.emails[0].kind, record.emails[0].primary) == ("home", True)


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (OUTLOOK_ENGLISH, "cp1252"),
        (OUTLOOK_FINNISH, "cp1252"),
        (OUTLOOK_GERMAN, "utf-8"),
        (OUTLOOK_SWEDISH, "cp1252"),
    ],
)
def test_outlook_in_four_languages(header: str, encoding: str) -> None:
    result = read(
        f"{header}\ntri,Åsa,Öhman,Öhman Oy,myyjä,Katu 1,20100,Turku,0401234567,a@example.fi,b@example.fi\n",
        encoding,
    )
    record = result.records[0]
    assert result.layout == "outlook"
    assert (record.given_name, record.family_name, record.company, record.title) == (
        "Åsa",
        "Öhman",
        "Öhman Oy",
        "myyjä",
    )
    assert record.addresses == [Address("Katu 1", "20100", "Turku", kind="work")]
    assert record.phones[0].kind == "mobile"
    assert emails(record) == ["a@example.fi", "b@example.fi"]
    assert record.left_out == [header.split(",")[0]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_recognised(delimiter: str) -> None:
    text = (
        delimiter.join(["Nimi", "Sähköposti", "Huom"])
        + "\n"
        + delimiter.join(["Ada Laine", "a@example.fi", "1, 2; 3 | 4"[:2]])
        + "\n"
    )
    result = read(text)
    assert (result.delimiter, emails(result.records[0])) == (delimiter, ["a@example.fi"])


def test_the_separator_line_of_excel_is_obeyed_and_is_no_row() -> None:
    result = read("sep=|\r\nName,x|E-mail\r\nAda|ada@example.fi\r\n")
    assert (result.delimiter, result.header) == ("|", ["Name,x", "E-mail"])
    assert result.records[0].position == 3


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(line_end: str) -> None:
    result = read(line_end.join(["Nimi;Sähköposti", "Ada Laine;a@example.fi", "Bo Ek;b@example.fi", ""]))
    assert [emails(record) for record in result.records] == [["a@example.fi"], ["b@example.fi"]]


def test_rows_above_the_header_are_reported() -> None:
    result = read("Asiakasluettelo 2026;;\n;;\nNimi;Sähköposti;Puhelin\nAda Laine;a@example.fi;0401234567\n")
    assert result.records[0].position == 4
    assert [(problem.code, problem.where) for problem in result.problems] == [("rows_above_header", "1–2")]


def test_ragged_rows_keep_what_they_have_and_say_what_is_too_much() -> None:
    result = read("Etunimi;Sukunimi;Sähköposti\nAda\nBo;Ek;bo@example.fi;ylimääräinen;;toinen\n\n;;\n")
    assert [record.full_name for record in result.records] == ["Ada", "Bo Ek"]
    assert result.records[1].left_out == ["4.", "6."]
    assert codes(result.records[1]) == {"too_many_cells"}


def test_a_table_without_titles_is_read_by_its_addresses_and_says_so() -> None:
    result = read("Ada Laine;ada@example.fi;2020\nBo Ek;bo@example.fi;2021\n")
    assert [emails(record) for record in result.records] == [["ada@example.fi"], ["bo@example.fi"]]
    assert result.records[0].left_out == ["1.", "3."]
    assert "no_header" in codes(result)


def test_several_addresses_in_a_cell_are_told_apart_but_a_name_is_not_cut() -> None:
    assert emails(one("Sähköposti;x\na@example.fi, b@example.fi;\n")) == ["a@example.fi", "b@example.fi"]
    record = one('Sähköposti\n"""Mäkelä, Matti"" <m@example.fi>"\n')
    assert (emails(record), record.given_name, record.family_name) == (["m@example.fi"], "Matti", "Mäkelä")
    assert [phone.value for phone in one("Puhelin;x\n040 1234567 / 050 7654321;\n").phones] == [
        "040 1234567",
        "050 7654321",
    ]


def test_addresses_of_several_kinds_take_the_columns_after_them() -> None:
    record = one(
        "Yritys;Käyntiosoite;Postinumero;Postitoimipaikka;Laskutusosoite;Postinumero;Postitoimipaikka\n"
        "Laine Oy;Katu 1;20100;Turku;PL 2;00101;Helsinki\n"
    )
    assert record.addresses == [
        Address("Katu 1", "20100", "Turku", kind="visiting"),
        Address("PL 2", "00101", "Helsinki", kind="billing"),
    ]


def test_postal_code_and_city_in_one_cell_are_divided() -> None:
    record = one("Nimi;Osoite;Postinumero ja -toimipaikka\nAda Laine;Katu 1;20100 Turku\n")
    assert record.addresses == [Address("Katu 1", "20100", "Turku")]
    assert one("Nimi;Osoite;Kaupunki\nAda Laine;Katu 1;20100 Turku\n").addresses[0].postal_code == "20100"


def test_the_second_column_for_the_same_thing_is_left_out_by_name() -> None:
    record = one("Etunimi;Sukunimi;Last name\nAda;Laine;Lahti\n")
    assert (record.family_name, record.left_out) == ("Laine", ["Last name"])


def test_numbers_that_lost_their_zero_or_plus_get_it_back_and_say_so() -> None:
    record = one("Nimi;Puhelin;GSM;Puhelin 2\nAda Laine;401234567;358501234567;3,58401E+11\n")
    assert [phone.value for phone in record.phones] == ["0401234567", "+358501234567", "3,58401E+11"]
    assert [(problem.code, problem.where) for problem in record.problems if problem.where] == [
        ("zero_restored", "Puhelin"),
        ("zero_restored", "GSM"),
        ("number_lost", "Puhelin 2"),
    ]


def test_an_open_quotation_mark_is_reported() -> None:
    assert "open_quote" in codes(read('Nimi;Sähköposti\n"Ada;a@example.fi\nBo;b@example.fi\n'))


def test_nul_and_lost_letters_and_controls_are_reported() -> None:
    assert "nul_removed" in codes(read("Nimi;Sähköposti\nA\x00da Laine;a@example.fi\n"))
    assert "lost_characters" in codes(one("Nimi;Sähköposti\nP\ufffdivi Laine;a@example.fi\n"))
    record = one("Nimi;Sähköposti\nA\x07da Laine;a@example.fi\n")
    assert (record.full_name, "unreadable_text" in codes(record)) == ("Ada Laine", True)


def test_a_text_that_is_too_long_is_an_error_of_its_record_and_is_not_cut() -> None:
    record = one(f"Yritys;Sähköposti\n{'ä' * 300};a@example.fi\n")
    assert (len(record.company), record.is_readable) == (300, False)


# --- mappings ---


def test_an_edited_mapping_replaces_the_guess() -> None:
    data = b"foo;bar\nAda;ada@example.fi\n"
    guessed = reading.read(data)
    assert guessed.mapping == Mapping()
    assert "nothing_recognised" in codes(guessed)
    mapping = Mapping({0: Target(Field.GIVEN_NAME), 1: Target(Field.EMAIL, "work")})
    record = reading.read(data, mapping=mapping).records[0]
    assert (record.given_name, record.emails[0].kind, record.left_out) == ("Ada", "work", [])


def test_a_mapping_survives_storing_and_its_fingerprint_knows_the_layout() -> None:
    header = FINNISH.partition("\r\n")[0].split(";")
    mapping = columns.guess(header)
    assert len(mapping.columns) == len(header)
    assert Mapping.from_json(mapping.as_json()) == mapping
    assert columns.fingerprint(header) == columns.fingerprint([f" {title.upper()} " for title in header])
    assert columns.fingerprint(header) != columns.fingerprint(header[::-1])
    with pytest.raises(ValueError, match="nonsense"):
        Mapping.from_json({"0": "nonsense"})


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("Business Postal Code", Target(Field.POSTAL_CODE, "work")),
        ("Home Address 2", Target(Field.EXTRA, "home")),
        ("E-mail 2 Address", Target(Field.EMAIL, "", 2)),
        ("S-posti", Target(Field.EMAIL)),
        ("PUH.", Target(Field.PHONE)),
        ("Y-TUNNUS", Target(Field.BUSINESS_ID)),
        ("FO-nummer", Target(Field.BUSINESS_ID)),
        ("Koti Puhelin 2", Target(Field.PHONE, "home", 2)),
        ("Suoramarkkinointikielto", Target(Field.MARKETING)),
        ("Kengännumero", None),
    ],
)
def test_titles_are_understood(title: str, target: Target | None) -> None:
    assert target_of(title) == target


@pytest.mark.parametrize(
    ("title", "value", "refused"),
    [
        ("status", "active", False),
        ("Status", "Unsubscribed", True),
        ("status", "inactive", True),
        ("Markkinointilupa", "Ei", True),
        ("Markkinointilupa", "kyllä", False),
        ("Markkinointikielto", "kyllä", True),
        ("Markkinointikielto", "ei", False),
        ("Opt out", "1", True),
        ("Unsubscribed", "2026-01-01", True),
        ("status", "odottaa", None),
        ("status", "", None),
    ],
)
def test_only_a_refusal_is_read_out_of_a_marketing_column(
    title: str, value: str, refused: bool | None
) -> None:
    record = one(f"Sähköposti;{title}\na@example.fi;{value}\n")
    assert (record.marketing_status, marketing_refused(record)) == (value, refused)


# --- cells that would be formulas ---


@pytest.mark.parametrize(
    "value", ["=1+1", "+358401234567", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", "''+1", "＝1"]
)
def test_a_formula_is_made_inert_and_comes_back(value: str) -> None:
    assert cells.inert(value) == "'" + value
    assert cells.restore(cells.inert(value)) == value


@pytest.mark.parametrize("value", ["Ada", "'Ndrangheta", "", "040 123", "1-2", "a=b"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert cells.inert(value) == cells.restore(value) == value


@given(st.text())
def test_export_and_import_of_any_cell_is_a_fixed_point(value: str) -> None:
    assert cells.restore(cells.inert(value)) == value
    assert not cells.inert(value).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_exported_table_is_read_back_as_it_was() -> None:
    values = ["=HYPERLINK(1)", "-Laine", "+358 40 1234567", "@kahvila", "'-x"]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["Etunimi", "Sukunimi", "Puhelin", "Yritys", "Osasto"])
    rows.writerow([cells.inert(value) for value in values])
    record = one(out.getvalue())
    assert [
        record.given_name,
        record.family_name,
        record.phones[0].value,
        record.company,
        record.department,
    ] == values


# --- XLSX ---


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


# --- files that are none ---


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n", "empty_file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_spreadsheet"),
        (b"%PDF-1.7\n", "not_contacts"),
        (b"<html><table><tr><td>Nimi", "not_contacts"),
        (bytes(range(256)) * 20, "not_contacts"),
    ],
)
def test_what_is_no_contact_file_is_refused_with_a_reason(data: bytes, code: str) -> None:
    result = reading.read(data)
    assert (codes(result), result.records, result.is_readable) == ({code}, [], False)


def test_limits_of_size_rows_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 2)
    result = read("Nimi\nA B\nC D\nE F\n")
    assert (len(result.records), codes(result)) == (2, {"too_many_rows"})
    assert "too_many_columns" in codes(read(";".join(["Nimi"] * 301) + "\nx\n"))
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert codes(read("Nimi;Sähköposti\nA;b@example.fi\n")) == {"file_too_big"}


@pytest.mark.parametrize("path", each(CONTACTS, ".csv"))
def test_no_word_of_a_sample_table_is_lost_in_silence(path: Path) -> None:
    data = path.read_bytes()
    result = reading.read(data, path.name)
    assert (result.format, result.encoding) == ("csv", "utf-8")
    assert result.records
    assert all(record.emails for record in result.records)
    assert unaccounted_cells(data.decode("utf-8-sig"), result.delimiter, result) == []


def test_no_word_of_our_own_tables_is_lost_in_silence() -> None:
    assert unaccounted_cells(FINNISH, ";", read(FINNISH)) == []
    assert unaccounted_cells(GOOGLE, ",", read(GOOGLE)) == []


PIECES = ["Nimi", "Sähköposti", "E-mail 1 - Value", " ::: ", "a@b.fi", "sep=;\n", "ä", "9" * 9, "\ud7ff"]
CELLS = st.sampled_from([*PIECES, *"'=+;,\n\r\0", '"'])


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.lists(CELLS, max_size=40).map(lambda parts: "".join(parts).encode())
    )
)
def test_no_bytes_are_an_error(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"Nimi;Puhelin\n"):
        reading.read(start + data)


# --- speed ---


def test_ten_thousand_rows_take_about_a_second() -> None:
    head, row = FINNISH.split("\r\n", 1)
    data = (head + "\r\n" + row * 10_000).encode("cp1252")
    started = time.process_time()
    assert len(reading.read(data).records) == 10_000
    assert time.process_time() - started < 3.0, "one second on an idle machine; three on a shared one"


def test_memory_stays_flat_while_records_are_streamed() -> None:
    head, row = FINNISH.split("\r\n", 1)
    data = (head + "\r\n" + row * 3_000).encode("cp1252")
    tracemalloc.start()
    _result, found = reading.stream(data)
    assert sum(1 for _record in found) == 3_000
    assert tracemalloc.get_traced_memory()[1] < 12 * len(data)
    tracemalloc.stop()


@pytest.mark.parametrize("count", [1, 29, 30, 31, 32, 100])
@pytest.mark.parametrize("title", ["Nimi;Sähköposti\n", ""])
def test_no_row_is_lost_where_the_looking_ahead_ends(count: int, title: str) -> None:
    result = read(title + "".join(f"Matti {n};n{n}@example.fi\n" for n in range(count)))
    assert [emails(record) for record in result.records] == [[f"n{n}@example.fi"] for n in range(count)]
