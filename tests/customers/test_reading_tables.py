"""CSV files of many programs become records, and nothing is lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.importing import reading
from customers.importing.records import Address
from tests.customers.accounting import unaccounted_cells
from tests.customers.tables import FINNISH, GOOGLE, codes, emails, one, read
from tests.samples import CONTACTS, each

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


# --- programs and separators ---


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


# --- rows and cells ---


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


# --- nothing is lost ---


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


@pytest.mark.parametrize("count", [1, 29, 30, 31, 32, 100])
@pytest.mark.parametrize("title", ["Nimi;Sähköposti\n", ""])
def test_no_row_is_lost_where_the_looking_ahead_ends(count: int, title: str) -> None:
    result = read(title + "".join(f"Matti {n};n{n}@example.fi\n" for n in range(count)))
    assert [emails(record) for record in result.records] == [[f"n{n}@example.fi"] for n in range(count)]
