"""Telephone numbers: kept as typed, compared in E.164, found in any notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import phones

NOTATIONS = [
    "040 123 4567",
    "0401234567",
    "040-1234567",
    "+358 40 1234567",
    "+358 (0)40 123 4567",
    "00358-40 123 4567",
    "tel:+358-40-123-4567",
    "\u202a+358 40 123 4567\u202c",
    "puh. 040 1234567",
    "０４０ １２３ ４５６７",
]


@pytest.mark.parametrize("typed", NOTATIONS)
def test_a_finnish_number_is_read_in_every_notation(typed: str) -> None:
    number = phones.parse(typed)
    assert (number.e164, number.display) == ("+358401234567", "040 123 4567")
    assert number.as_typed == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("0400123456", "0400 123 456"), ("014-123456", "014 123 456"), ("0501234567", "050 123 4567")],
)
def test_a_finnish_number_is_shown_as_it_is_said(typed: str, shown: str) -> None:
    assert phones.parse(typed).display == shown


def test_a_foreign_number_is_shown_with_its_country() -> None:
    number = phones.parse("+46 8 123 456 00")
    assert (number.e164, number.display) == ("+46812345600", "+46 8 123 456 00")
    assert phones.parse("08-123 456 00", region="SE").e164 == "+46812345600"


def test_an_extension_stands_apart() -> None:
    number = phones.parse("tel:+1-418-656-9254;ext=102")
    assert (number.e164, number.extension) == ("+14186569254", "102")
    assert "102" in number.display


@pytest.mark.parametrize(
    "typed",
    [
        "Privattelefon",
        "",
        "905-555-1234",
        "040 1234567 koti",
        "040 1234567, 050 7654321",
        "12",
        "0" * 500,
        "ext",
    ],
)
def test_a_number_that_cannot_be_read_is_kept_as_typed(typed: str) -> None:
    number = phones.parse(typed)
    assert (number.as_typed, number.e164, number.display) == (typed, None, typed)


@pytest.mark.parametrize("stored", NOTATIONS)
@pytest.mark.parametrize("query", [*NOTATIONS, "40 123", "123 4567", "35840", "+358 40 12", "00358-40"])
def test_any_notation_or_fragment_finds_the_number(stored: str, query: str) -> None:
    assert phones.query_digits(query) in phones.search_digits(stored)


def test_another_number_is_not_found() -> None:
    assert phones.query_digits("040 765") not in phones.search_digits("040 123 4567")


def test_the_digits_of_an_unread_number_are_searched_as_typed() -> None:
    assert phones.search_digits("905-555-1234") == "9055551234"
    assert phones.search_digits("no digits") == ""


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    assert phones.parse(text).as_typed == " ".join(text.split())
    assert isinstance(phones.search_digits(text), str)
