"""E-mail addresses: what is one, and when two are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import addresses
from tests.samples import CONTACTS, sample


def verdict(text: str) -> bool:
    """Whether the text is an address; one that only SMTPUTF8 could carry is one too."""
    try:
        addresses.parse(text)
    except addresses.LocalPartNotAscii:
        return True
    except addresses.WrongAddress:
        return False
    return True


def lines_of(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        line.split("    ")[0].rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")
    ]


@pytest.mark.parametrize(("name", "expected"), [("mailbox_valid.txt", True), ("mailbox_invalid.txt", False)])
def test_published_lists_of_addresses_are_judged_alike(name: str, expected: bool) -> None:
    judged = [(line, verdict(line)) for line in lines_of(sample(f"{CONTACTS}/flanker/{name}"))]
    assert len(judged) > 60
    others = [line for line, found in judged if found != expected]
    assert len(others) <= 0.02 * len(judged), others


def test_case_of_the_whole_address_does_not_count_but_the_tag_does() -> None:
    typed = addresses.parse(" A.B+x@EXAMPLE.fi ")
    assert typed.as_typed == "A.B+x@EXAMPLE.fi"
    assert typed.canonical == addresses.parse("a.b+x@example.fi").canonical == "a.b+x@example.fi"
    assert typed.canonical != addresses.parse("a.b@example.fi").canonical
    assert typed.for_sending == "A.B+x@example.fi"


def test_a_domain_with_finnish_letters_equals_its_ascii_form() -> None:
    unicode, ascii_form = (
        addresses.parse("Asiakas@Käyttäjä.fi"),
        addresses.parse("asiakas@xn--kyttj-gradb.fi"),
    )
    assert unicode.as_typed == "Asiakas@Käyttäjä.fi"
    assert unicode.canonical == ascii_form.canonical == "asiakas@xn--kyttj-gradb.fi"
    assert unicode.for_sending == f"Asiakas@{unicode.ascii_domain}"
    assert ascii_form.display == "asiakas@käyttäjä.fi"


def test_a_decomposed_domain_is_the_same_domain() -> None:
    assert addresses.parse("a@ka\u0308si.fi").canonical == addresses.parse("a@käsi.fi").canonical


@pytest.mark.parametrize("text", ["väinö@example.fi", "用户@例子.广告", '"väinö"@example.fi'])
def test_a_local_part_outside_ascii_is_refused_by_name(text: str) -> None:
    with pytest.raises(addresses.LocalPartNotAscii):
        addresses.parse(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", addresses.WrongAddress),
        ("ada", addresses.WrongAddress),
        ("@example.fi", addresses.WrongAddress),
        ("ada@", addresses.WrongAddress),
        ("ada lovelace@example.fi", addresses.WrongAddress),
        (".ada@example.fi", addresses.WrongAddress),
        ("ada..l@example.fi", addresses.WrongAddress),
        ("ada@example.fi\r\nBcc: eve@example.fi", addresses.WrongAddress),
        ("ada@example.fi, eve@example.fi", addresses.WrongAddress),
        ("väi nö@example.fi", addresses.WrongAddress),
        ("ada@example.", addresses.WrongDomain),
        ("ada@-example.fi", addresses.WrongDomain),
        ("ada@exa mple.fi", addresses.WrongDomain),
        ("ada@xn--example.fi", addresses.WrongDomain),
        ("ada@[192.0.2.1]", addresses.WrongDomain),
        ("ada@" + "a" * 64 + ".fi", addresses.WrongDomain),
        ("a" * 65 + "@example.fi", addresses.AddressTooLong),
        ("a@" + "example." * 40 + "fi", addresses.AddressTooLong),
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str, error: type[Exception]) -> None:
    with pytest.raises(error) as refusal:
        addresses.parse(text)
    assert type(refusal.value) is error
    assert refusal.value.args == (error.message,)


def test_a_name_and_brackets_around_an_address_are_told_apart() -> None:
    mailbox = addresses.parse('"Mäkelä, Matti" <Matti@Example.fi>')
    assert (mailbox.name, mailbox.as_typed) == ("Mäkelä, Matti", "Matti@Example.fi")
    assert addresses.parse("mailto:matti@example.fi").as_typed == "matti@example.fi"
    assert addresses.parse("<matti@example.fi>").name == ""


def test_needless_quotation_marks_do_not_make_another_address() -> None:
    assert addresses.parse('"matti.m"@example.fi').canonical == "matti.m@example.fi"
    assert addresses.parse('"matti m"@example.fi').canonical == '"matti m"@example.fi'


def test_invisible_marks_of_copied_text_are_dropped() -> None:
    assert addresses.parse("\u200eada@example.fi\u200b").as_typed == "ada@example.fi"


@pytest.mark.parametrize(
    "text",
    [
        "info@example.fi",
        "MYYNTI@example.fi",
        "laskutus+2026@example.fi",
        "info.turku@example.fi",
        "no-reply@example.fi",
    ],
)
def test_an_address_of_a_duty_is_recognised(text: str) -> None:
    assert addresses.parse(text).is_role


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.fi",
        "inforata@example.fi",
        "myyntilä.x@example.fi",
        "matti.lasku@example.fi",
    ],
)
def test_an_address_of_a_person_is_no_role(text: str) -> None:
    assert not addresses.is_role_address(text)


@pytest.mark.parametrize(("text", "doubtful"), [("a@b", True), ("a@10.0.0.1", True), ("a@example.fi", False)])
def test_an_address_that_leads_nowhere_public_is_doubtful(text: str, doubtful: bool) -> None:
    assert addresses.parse(text).is_doubtful is doubtful


@given(
    st.one_of(
        st.text(),
        st.emails(),
        st.from_regex(r'[a-z."@<>()\\ äö-]{1,40}', fullmatch=True),
    )
)
def test_any_text_is_an_address_or_is_refused_by_name(text: str) -> None:
    try:
        address = addresses.parse(text)
    except addresses.WrongAddress:
        return
    again = addresses.parse(address.canonical)
    assert again.canonical == address.canonical
    assert addresses.parse(address.for_sending).canonical == address.canonical
