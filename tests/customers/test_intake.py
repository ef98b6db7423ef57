"""Admitting customers and people, and correcting them."""

from __future__ import annotations

from datetime import date

import pytest

from customers import doubles, intake
from customers.models import Customer, Person, Tag
from customers.provenance import Provenance
from register import access, finnish
from register.models import AuditEntry, StatementVersion
from tests import cast

DAY = date(2026, 11, 22)


def statement() -> StatementVersion:
    return StatementVersion.objects.create(published_on=DAY, fi="fi", sv="sv", en="en", sha256="0" * 64)


def test_a_company_is_admitted_with_its_relationship_tags_and_source(owner_acts: access.Acting) -> None:
    company = intake.admit_company(
        name="  Äänekosken   Ääni Oy ",
        business_id="FI01098628",
        tags=["Kanta", "kanta", "Uusi"],
        provenance=Provenance("card", "messut"),
        by=cast.actor(),
        on=DAY,
    )
    company.refresh_from_db()
    assert company.name == "Äänekosken Ääni Oy"
    assert company.business_id == "0109862-8"
    relationship = company.relationship
    assert (relationship.since, relationship.source, relationship.source_detail) == (DAY, "card", "messut")
    assert relationship.entered_by_id == owner_acts.user_id
    assert [tag.name for tag in relationship.tags.all()] == ["Kanta", "Uusi"]


def test_a_taken_business_id_is_refused_and_names_the_customer(owner_acts: access.Acting) -> None:
    first = cast.company(business_id="0109862-8")
    with pytest.raises(intake.BusinessIdTaken) as taken:
        cast.company("Toinen Oy", business_id="109862-8")
    assert taken.value.customer == first
    assert str(first.name) not in str(taken.value)
    assert Customer.objects.count() == 1


def test_a_wrong_check_digit_is_refused(owner_acts: access.Acting) -> None:
    with pytest.raises(finnish.WrongBusinessId):
        cast.company(business_id="0109862-7")


@pytest.mark.parametrize("name", ["", "   ", "\u200b"])
def test_a_company_needs_a_name(owner_acts: access.Acting, name: str) -> None:
    with pytest.raises(intake.NameMissing):
        cast.company(name)


@pytest.mark.parametrize(
    ("name", "error"),
    [("A\0B", finnish.NulInText), ("A" * 201, finnish.TextTooLong), ("A\nB", finnish.ControlInText)],
)
def test_a_name_that_cannot_be_kept_is_refused(
    owner_acts: access.Acting, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        cast.company(name)


def test_a_person_carries_source_day_enterer_and_the_statement_shown(owner_acts: access.Acting) -> None:
    version = statement()
    person = intake.admit_person(
        given_name="Ada",
        family_name="Asiakas",
        provenance=Provenance("form", "verkkolomake", date(2026, 11, 20)),
        shown=intake.Shown(version, DAY),
        by=cast.actor(),
        on=DAY,
    )
    person.refresh_from_db()
    assert (person.source, person.source_detail, person.source_on) == (
        "form",
        "verkkolomake",
        date(2026, 11, 20),
    )
    assert (person.statement, person.statement_shown_on) == (version, DAY)
    assert person.entered_by_id == owner_acts.user_id


def test_a_private_customer_and_his_person_are_made_and_renamed_together(owner_acts: access.Acting) -> None:
    customer = cast.private_customer("Aino", "Vanha")
    person = customer.person
    assert person is not None
    intake.correct_person(
        person,
        given_name="Aino",
        family_name="Uusi",
        language="sv",
        provenance=Provenance(),
        shown=None,
        by=cast.actor(),
    )
    customer.refresh_from_db()
    assert customer.name == "Aino Uusi"
    assert customer.sort_key == finnish.sort_key("Uusi Aino")
    assert Person.objects.get().family_name == "Uusi"


def test_correcting_a_customer_is_audited_without_the_values(owner_acts: access.Acting) -> None:
    company = cast.company("Vanha Nimi Oy")
    intake.correct_customer(
        company, name="Uusi Nimi Oy", business_id="0109862-8", language="en", by=cast.actor()
    )
    entry = AuditEntry.objects.filter(object_id=company.pk, action=AuditEntry.Action.UPDATE).latest()
    assert set(entry.changes) == {"name", "sort_key", "business_id", "language"}
    assert "Uusi" not in str(entry.changes)


def test_a_customer_keeps_its_own_business_id_when_corrected(owner_acts: access.Acting) -> None:
    company = cast.company(business_id="0109862-8")
    intake.correct_customer(company, name="Uusi Oy", business_id="0109862-8", language="fi", by=cast.actor())
    assert Customer.objects.get().name == "Uusi Oy"


def test_tags_are_shared_whatever_their_case(owner_acts: access.Acting) -> None:
    cast.company("Yksi Oy", tags=["Kanta"])
    cast.company("Kaksi Oy", tags=["kanta"])
    assert [tag.name for tag in Tag.objects.all()] == ["Kanta"]


# --- possible duplicates -----------------------------------------------------------------------------


def test_the_same_address_in_another_case_is_a_possible_duplicate(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=["Ada@Example.fi"])
    found = doubles.of_person(given_name="Toinen", family_name="Ihminen", emails=["ada@EXAMPLE.FI", "rikki@"])
    assert [(double.who, double.why) for double in found] == [(ada, doubles.SAME_EMAIL)]


def test_the_same_name_counts_only_at_the_same_company(owner_acts: access.Acting) -> None:
    koivu, kuusi = cast.company("Koivu Oy"), cast.company("Kuusi Oy")
    ada = cast.person("Ada", "Asiakas", represents=koivu)
    names = {"given_name": "ada", "family_name": "ASIAKAS"}
    assert [double.who for double in doubles.of_person(**names, customer=koivu)] == [ada]
    assert doubles.of_person(**names, customer=kuusi) == []
    assert [double.who for double in doubles.of_person(**names)] == [ada]


def test_a_private_customer_is_filed_under_the_family_name(owner_acts: access.Acting) -> None:
    anna = cast.private_customer("Anna", "Öhman")
    cast.private_customer("Örjan", "Aalto")
    assert anna.name == "Anna Öhman"
    assert list(Customer.objects.order_by("sort_key").values_list("name", flat=True)) == [
        "Örjan Aalto",
        "Anna Öhman",
    ]


def test_the_same_company_name_is_found_whatever_the_case_and_punctuation(owner_acts: access.Acting) -> None:
    koivu = cast.company("Koivu & Kone Oy")
    assert [double.who for double in doubles.of_company(name="KOIVU - KONE OY")] == [koivu]
    assert doubles.of_company(name="Koivu Oy") == []
    assert doubles.of_company(name="Koivu & Kone Oy", besides=koivu) == []
