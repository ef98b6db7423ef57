"""vCard files of every version and of many programs become records, and nothing is lost in silence."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.importing import reading, vcard
from customers.importing.records import Address, ContactRecord, ReadResult
from tests.customers.accounting import unaccounted_cards
from tests.samples import CONTACTS, each, sample


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def read(text: str | bytes) -> ReadResult:
    return reading.read(text if isinstance(text, bytes) else text.encode(), "contacts.vcf")


def one(text: str | bytes) -> ContactRecord:
    result = read(text)
    assert len(result.records) == 1
    return result.records[0]


def codes(found: ContactRecord | ReadResult) -> set[str]:
    return {problem.code for problem in found.problems}


def test_a_plain_card_is_read() -> None:
    record = one(
        card(
            "N:Öhman;Väinö;Kalevi;tri;",
            "FN:tri Väinö Kalevi Öhman",
            "ORG:Öhmanin Paja Oy;Myynti;Turku",
            "TITLE:Toimitusjohtaja",
            "EMAIL;TYPE=INTERNET,WORK,PREF:vaino@example.fi",
            "TEL;TYPE=CELL:040 123 4567",
            "ADR;TYPE=WORK:PL 12;2. krs;Hämeenkatu 1;Turku;;20500;Suomi",
            "NOTE:Ensimmäinen rivi\\nToinen\\, rivi",
            "CATEGORIES:Asiakas,Turku",
            "BDAY:1970-01-01",
        )
    )
    assert (record.given_name, record.family_name, record.full_name) == (
        "Väinö Kalevi",
        "Öhman",
        "tri Väinö Kalevi Öhman",
    )
    assert (record.company, record.department, record.title) == (
        "Öhmanin Paja Oy",
        "Myynti, Turku",
        "Toimitusjohtaja",
    )
    assert [(email.value, email.kind, email.primary) for email in record.emails] == [
        ("vaino@example.fi", "work", True)
    ]
    assert [(phone.value, phone.kind) for phone in record.phones] == [("040 123 4567", "mobile")]
    assert record.addresses == [
        Address("Hämeenkatu 1", "20500", "Turku", "Suomi", kind="work", extra="PL 12, 2. krs")
    ]
    assert record.note == "Ensimmäinen rivi\nToinen, rivi"
    assert record.tags == ["Asiakas", "Turku"]
    assert record.left_out == ["N (prefix)", "BDAY"]
    assert record.problems == []


def test_quoted_printable_with_soft_breaks_and_a_charset_of_its_own() -> None:
    data = (
        b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=D6hman;V=E4in=F6\n"
        b"NOTE;CHARSET=UTF-8;QUOTED-PRINTABLE:Ty=C3=B6=\n maa=0D=0Aja =C3=\n=84iti=\n\n\n"
        b"TITLE:Johtaja\nEND:VCARD\n"
    )
    record = one(data)
    assert (record.given_name, record.family_name) == ("Väinö", "Öhman")
    assert record.note == "Työ maa\nja Äiti"
    assert record.title == "Johtaja"


def test_each_property_may_have_its_own_eight_bit_charset() -> None:
    data = (
        b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=ISO-8859-1:V\xe4in\xf6 Laine\n"
        + "ORG;CHARSET=UTF-8:Tykö Oy\nEND:VCARD\n".encode()
    )
    record = one(data)
    assert (record.full_name, record.company) == ("Väinö Laine", "Tykö Oy")


def test_a_charset_that_is_not_true_is_reported_and_not_believed() -> None:
    record = one(card("FN;CHARSET=ISO-8859-1:Väinö Öhman"))
    assert record.full_name == "Väinö Öhman"
    assert "charset_wrong" in codes(record)


@pytest.mark.parametrize("charset", ["cp1252", "cp1251", "koi8-r", "cp932", "cp850", "mac_roman"])
def test_undeclared_charsets_are_guessed_and_said(charset: str) -> None:
    name, company = {
        "cp1251": ("Владимир Петров", "Северная Компания"),
        "koi8-r": ("Владимир Петров", "Северная Компания"),
        "cp932": ("山田 たろう", "日本カブシキ会社"),
    }.get(charset, ("Päivi Mäkelä", "Törmälän Leipä Öljy"))
    result = read(card(f"FN:{name}", f"ORG:{company}").encode(charset))
    assert (result.records[0].full_name, result.records[0].company) == (name, company)
    assert "charset_guessed" in codes(result)
    assert "charset_guessed" in codes(result.records[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_unicode_in_every_form_and_every_line_end(encoding: str, line_end: str) -> None:
    text = card("FN:Väinö Öhman", "EMAIL:vaino@example.fi", "NOTE:pitkä", "  jatkuu").replace(
        "\r\n", line_end
    )
    record = one(text.encode(encoding))
    assert record.full_name == "Väinö Öhman"
    assert record.note == "pitkä jatkuu"


def test_folding_inside_a_letter_is_undone() -> None:
    whole = "FN:Väinö Öhman".encode()
    cut = whole.index("ö".encode()) + 1
    data = b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + whole[:cut] + b"\r\n " + whole[cut:] + b"\r\nEND:VCARD\r\n"
    assert one(data).full_name == "Väinö Öhman"


@pytest.mark.parametrize(
    "line",
    [
        "TEL;WORK;PREF:1234567",
        "TEL;TYPE=WORK,pref:1234567",
        "tel;type=work;type=PREF:1234567",
        'TEL;TYPE="work,voice";PREF=1:1234567',
    ],
)
def test_every_notation_of_type_is_understood(line: str) -> None:
    phone = one(card(line, "FN:Ada")).phones[0]
    assert (phone.value, phone.kind, phone.primary) == ("1234567", "work", True)


def test_groups_give_values_their_own_labels() -> None:
    record = one(
        card(
            "FN:Ada Laine",
            "item1.EMAIL;type=INTERNET:ada@example.fi",
            "item1.X-ABLabel:Kesämökki",
            "item2.TEL:+358 40 1234567",
            "item2.X-ABLabel:_$!<Mobile>!$_",
        )
    )
    assert (record.emails[0].label, record.emails[0].kind) == ("Kesämökki", "")
    assert (record.phones[0].label, record.phones[0].kind) == ("", "mobile")


def test_a_uri_telephone_keeps_its_extension() -> None:
    record = one(card('TEL;VALUE=uri;TYPE="work,voice":tel:+358-9-1234567;ext=102', "FN:Ada", version="4.0"))
    assert record.phones[0].value == "+358-9-1234567;ext=102"


def test_a_photo_is_left_out_by_name_however_it_is_folded() -> None:
    picture = base64.b64encode(bytes(range(200))).decode()
    unindented = "\r\n".join(picture[at : at + 60] for at in range(0, len(picture), 60))
    record = one(
        card("FN:Ada", "PHOTO;ENCODING=BASE64;TYPE=JPEG:", unindented, "", "TITLE:Johtaja", version="2.1")
    )
    assert record.left_out == ["PHOTO"]
    assert record.title == "Johtaja"
    assert record.problems[0].code == "name_split"


@pytest.mark.parametrize(
    "parts",
    ["Laine", "Laine;Ada", "Laine;Ada;Maria", "Laine;Ada;;tri", "Laine;Ada;;;s.", "Laine;Ada;;;;muuta"],
)
def test_a_name_may_have_any_number_of_parts(parts: str) -> None:
    record = one(card(f"N:{parts}", "FN:"))
    assert record.family_name == "Laine"
    assert record.full_name.endswith("Laine")


def test_an_empty_full_name_is_made_of_the_parts_or_of_the_company() -> None:
    assert one(card("FN:", "N:Laine;Ada;;;")).full_name == "Ada Laine"
    company = one(card("FN:", "N:;;;;", "ORG:Laine Oy"))
    assert (company.full_name, company.company, company.is_company) == ("", "Laine Oy", True)


def test_a_name_without_parts_is_split_and_said() -> None:
    record = one(card("FN:Magnus af Forselles"))
    assert (record.given_name, record.family_name) == ("Magnus", "af Forselles")
    assert codes(record) == {"name_split"}
    assert one(card("FN:Mäkelä\\, Matti")).family_name == "Mäkelä"


def test_a_company_card_is_not_split_into_names() -> None:
    for lines in (
        ["KIND:org", "FN:Laine Oy"],
        ["FN:Laine Oy", "ORG:Laine Oy"],
        ["FN:Laine Oy", "X-ABShowAs:COMPANY"],
    ):
        record = one(card(*lines))
        assert (record.is_company, record.company, record.family_name) == (True, "Laine Oy", "")


def test_several_cards_and_a_missing_end_are_told_apart() -> None:
    text = (
        card("FN:Ada Laine", "N:Laine;Ada")
        + card("FN:Bo Ek", "N:Ek;Bo").replace("END:VCARD\r\n", "")
        + card("FN:C D", "N:D;C")
    )
    result = read(text)
    assert [record.full_name for record in result.records] == ["Ada Laine", "Bo Ek", "C D"]
    assert [codes(record) for record in result.records] == [set(), {"missing_end"}, set()]


def test_a_cropped_file_gives_what_is_there() -> None:
    whole = card(
        "FN:Ada Laine",
        "N:Laine;Ada",
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:hyv=C3=A4=",
        version="2.1",
    )
    record = one(whole[: whole.index("=A4")])
    assert (record.full_name, record.note) == ("Ada Laine", "hyv")
    assert codes(record) == {"missing_end", "cut_text"}


def test_an_embedded_agent_is_named_and_is_no_contact_of_its_own() -> None:
    inner = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Apu;Ripa\r\nEND:VCARD\r\n"
    record = one(card("N:Laine;Ada", "AGENT:", inner.rstrip(), "TITLE:Johtaja", version="2.1"))
    assert (record.full_name, record.title, record.left_out) == ("Ada Laine", "Johtaja", ["AGENT"])
    escaped = one(card("N:Laine;Ada", "AGENT:BEGIN:VCARD\\nFN:Ripa Apu\\nEND:VCARD\\n"))
    assert escaped.left_out == ["AGENT"]


def test_a_group_and_an_empty_card_cannot_be_imported() -> None:
    assert not one(card("KIND:group", "FN:Perhe", "MEMBER:urn:uuid:1", version="4.0")).is_readable
    assert codes(one(card())) == {"empty_record"}


def test_stray_lines_are_reported_by_their_number() -> None:
    result = read("hei\r\n" + card("FN:Ada", "tämä ei ole mitään", "N:Laine;Ada"))
    assert [(problem.code, problem.where) for problem in result.problems] == [("stray_text", "1")]
    assert [(problem.code, problem.where) for problem in result.records[0].problems] == [("stray_line", "5")]


def test_backslashes_of_version_2_1_are_kept() -> None:
    assert one(card("N:Laine;Ada", "NOTE:C:\\new\\;x", version="2.1")).note == "C:\\new;x"
    assert one(card("N:Laine;Ada", "NOTE:C:\\\\new\\;x\\nrivi")).note == "C:\\new;x\nrivi"


def test_escaped_separators_do_not_divide() -> None:
    assert vcard.split("a\\;b;c;", ";") == ["a\\;b", "c", ""]
    record = one(card("N:Laine\\;Lahti;Ada", "ORG:Laine\\; Lahti Oy;Myynti", "ADR:;;Katu 1\\,;Turku;;;"))
    assert (record.family_name, record.company, record.addresses[0].street) == (
        "Laine;Lahti",
        "Laine; Lahti Oy",
        "Katu 1,",
    )


def test_a_printed_address_is_taken_only_where_there_is_no_other() -> None:
    assert one(card("N:L;A", "LABEL:Katu 1\\n20100 Turku")).addresses[0].street == "Katu 1, 20100 Turku"
    record = one(card("N:L;A", "LABEL:Katu 1\\n20100 Turku", "ADR:;;Katu 1;Turku;;20100;"))
    assert (len(record.addresses), record.left_out) == (1, ["LABEL"])


def test_problems_name_the_field_and_never_its_content() -> None:
    record = one(
        card("N:L;A", "EMAIL:väinö@example.fi", "EMAIL:hullu", "X-YTUNNUS:123", "NOTE:hävi\ufffdnyt")
    )
    assert [(problem.code, problem.where) for problem in record.problems] == [
        ("lost_characters", "NOTE"),
        ("local_part_not_ascii", "e-mail"),
        ("wrong_address", "e-mail"),
        ("wrong_business_id", ""),
    ]
    assert [email.value for email in record.emails] == ["väinö@example.fi", "hullu"]


def test_language_prefers_what_the_person_prefers() -> None:
    record = one(card("FN:A B", "LANG;PREF=2:en", "LANG;PREF=1:fi", version="4.0"))
    assert (record.language, record.left_out) == ("fi", ["LANG"])


@pytest.mark.parametrize("path", each(CONTACTS, ".vcf"))
def test_no_word_of_a_sample_card_is_lost_in_silence(path: Path) -> None:
    data = path.read_bytes()
    result = reading.read(data, path.name)
    assert result.format == "vcard"
    assert result.records
    assert unaccounted_cards(data, result) == []
    assert not any("\ufffd" in text for record in result.records for text in record.texts())


def test_the_sample_cards_give_the_expected_people() -> None:
    def people(name: str) -> list[tuple[str, str]]:
        return [
            (record.full_name, record.emails[0].value if record.emails else "")
            for record in reading.read(sample(f"{CONTACTS}/{name}").read_bytes()).records
        ]

    assert people("VCards-FolkerKinzel/Ukrainian.vcf") == [("Віталій Володимирович Кличко", "")]
    assert people("VCards-FolkerKinzel/German.vcf") == [("Sören Täve Nüßlebaum", "")]
    assert people("VCards-FolkerKinzel/v3Utf16Bom.vcf") == [
        ("Folker Kinzel", "email1@wumms.de"),
        ("KMS Außenstelle", "blablö@blub.com"),
    ]
    assert [name for name, _email in people("ez-vcard/gmail-list.vcf")] == [
        "Arnold Smith",
        "Chris Beatle",
        "Doug White",
    ]
    assert people("ez-vcard/John_Doe_IPHONE.vcf") == [("Mr. John Richter James Doe Sr.", "john.doe@ibm.com")]


LINES = b"""BEGIN:VCARD END:VCARD VERSION:2.1 VERSION:4.0 N: FN; ADR;QUOTED-PRINTABLE: AGENT: = =C3= ; , :
CHARSET= utf-16 idna ENCODING=B PHOTO KIND:group ORG: EMAIL: @ x"""
PIECES = [*LINES.split(), b"\\", b"\r\n", b"\n ", b"\r", b'"', b"\xff", b"\x00", b"\xc3", b"\xed\xa0\x80"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
def test_no_bytes_are_an_error(data: bytes) -> None:
    reading.read(data)
    reading.read(b"BEGIN:VCARD\r\n" + data)
