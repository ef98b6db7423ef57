"""Finnish order, search folding, business IDs and clean text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register import finnish


def in_order(*names: str) -> list[str]:
    return sorted(names, key=lambda name: finnish.sort_key(name).encode())


def test_the_finnish_alphabet_ends_in_å_ä_ö() -> None:
    assert in_order("Öhman", "Ähtäri", "Zorn", "Åberg", "Aalto") == [
        "Aalto",
        "Zorn",
        "Åberg",
        "Ähtäri",
        "Öhman",
    ]


def test_w_is_filed_among_v_and_comes_second_only_when_all_else_is_equal() -> None:
    assert in_order("Vuori", "Wirtanen", "Virtanen", "Wuori", "Virta") == [
        "Virta",
        "Virtanen",
        "Wirtanen",
        "Vuori",
        "Wuori",
    ]


def test_ü_is_filed_among_y_and_ø_among_ö() -> None:
    assert in_order("Mylly", "Müller", "Muller", "Myller") == [
        "Muller",
        "Myller",
        "Müller",
        "Mylly",
    ]
    assert in_order("Østergård", "Öhman", "Österman") == [
        "Öhman",
        "Østergård",
        "Österman",
    ]


def test_foreign_accents_count_only_when_the_letters_are_equal() -> None:
    assert in_order("Étienne", "Etienne", "Etola") == ["Etienne", "Étienne", "Etola"]


def test_case_never_counts() -> None:
    assert finnish.sort_key("MÄKELÄ") == finnish.sort_key("mäkelä")


def test_composed_and_decomposed_letters_have_one_key() -> None:
    name = "Väinö Åkerblom é"
    assert unicodedata.normalize("NFD", name) != name
    assert finnish.sort_key(unicodedata.normalize("NFD", name)) == finnish.sort_key(name)


def test_a_shorter_name_comes_before_a_longer_one_also_when_it_has_accents() -> None:
    assert in_order("Rosén Anna", "Rosen", "Rosenberg", "Rosén") == [
        "Rosen",
        "Rosén",
        "Rosén Anna",
        "Rosenberg",
    ]


def test_digits_come_before_letters_and_punctuation_counts_as_a_space() -> None:
    assert in_order("Aalto", "3M Suomi", " 10 Oy") == [" 10 Oy", "3M Suomi", "Aalto"]
    assert finnish.sort_key("Mäki-Petäjä") == finnish.sort_key("Mäki  Petäjä")
    assert finnish.sort_key("D'Angelo") == finnish.sort_key("Dangelo")


def test_other_alphabets_come_after_ö() -> None:
    assert in_order("Иванов", "Öhman", "李") == ["Öhman", "Иванов", "李"]


@given(st.text())
def test_any_text_has_a_key_and_its_two_normal_forms_agree(text: str) -> None:
    key = finnish.sort_key(text)
    assert "\x00" not in key
    assert key == finnish.sort_key(unicodedata.normalize("NFD", text))
    assert key == finnish.sort_key(unicodedata.normalize("NFC", text))


def test_search_folding_keeps_finnish_letters_and_drops_foreign_accents() -> None:
    assert finnish.fold("  MÄKELÄ  Renée ") == "mäkelä renee"
    assert finnish.fold("Łódź Straße Ørsted") == "lodz strasse örsted"
    assert finnish.fold("Wirtanen") == "wirtanen"
    assert finnish.fold("Йошкар") == "йошкар"


def test_the_search_document_is_found_with_and_without_the_dots() -> None:
    assert finnish.search_forms("Mäkelä") == "mäkelä makela"
    assert finnish.search_forms("Virtanen") == "virtanen"
    assert finnish.fold("Makela") in finnish.search_forms("Mäkelä")
    assert finnish.fold("Mäkelä") not in finnish.search_forms("Makela")


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert finnish.fold(finnish.fold(text)) == finnish.fold(text)


@pytest.mark.parametrize(
    "typed",
    [
        "2077474-0",
        "20774740",
        " 2077474 - 0 ",
        "FI20774740",
        "fi 2077474-0",
        "２０７７４７４－０",
    ],
)
def test_a_business_id_has_one_written_form(typed: str) -> None:
    assert finnish.business_id(typed) == "2077474-0"


def test_an_old_six_digit_business_id_gets_its_leading_zero() -> None:
    assert finnish.business_id("201724-4") == "0201724-4"


@pytest.mark.parametrize("typed", ["2077474-1", "2077474", "", "abcdefg-h", "12345678901", "207747-0"])
def test_a_wrong_business_id_is_refused(typed: str) -> None:
    with pytest.raises(finnish.WrongBusinessId):
        finnish.business_id(typed)


def test_a_line_is_trimmed_composed_and_has_single_spaces() -> None:
    assert finnish.clean_line("  Va\u0308ino\u0308 \t O\u0308hman\u00a0 ") == "Väinö Öhman"


def test_direction_marks_and_invisible_characters_are_removed() -> None:
    assert finnish.clean_line("\u202a+358\u00ad 40\u202c \u2066x\u2069\u200e\ufeff") == "+358 40 x"
    assert finnish.clean_text("fdp\u202e.exe\nrivi") == "fdp.exe\nrivi"


def test_emoji_with_joiners_survive() -> None:
    assert finnish.clean_line("Zoë 👩‍🚒 🎻") == "Zoë 👩‍🚒 🎻"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a\x00b", finnish.NulInText),
        ("a\r\nBcc: b", finnish.ControlInText),
        ("a\x1b[0m", finnish.ControlInText),
        ("a\x80b", finnish.ControlInText),
        ("a\u2028b", finnish.ControlInText),
        ("a\ud83d", finnish.SurrogateInText),
        ("a\uffff", finnish.SurrogateInText),
        ("a" * 201, finnish.TextTooLong),
    ],
)
def test_a_line_no_one_can_read_is_refused_by_name(text: str, error: type[Exception]) -> None:
    assert issubclass(error, finnish.UnreadableText)
    with pytest.raises(error):
        finnish.clean_line(text)


def test_a_text_keeps_its_lines_and_inner_spaces() -> None:
    assert finnish.clean_text("\r\n a  b \r\n\tc\rd\n\n") == " a  b\n\tc\nd"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\udfff", "a" * 20_001])
def test_a_text_no_one_can_read_is_refused(text: str) -> None:
    with pytest.raises(finnish.UnreadableText):
        finnish.clean_text(text)
