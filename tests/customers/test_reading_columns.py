"""What the columns of a table mean: guessed from their titles, edited, remembered; and what a refusal is."""

from __future__ import annotations

import pytest

from customers.importing import columns, reading
from customers.importing.columns import Mapping
from customers.importing.marketing import marketing_refused
from customers.importing.vocabulary import Field, Target, target_of
from tests.customers.tables import FINNISH, codes, one


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
