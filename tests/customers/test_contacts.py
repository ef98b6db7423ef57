"""Contact details with one primary of each sort, and who represents whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from customers import addresses, contacts, representing
from customers.models import Customer, EmailAddress, Interaction, Person, PhoneNumber, Representation
from register import access
from tests import cast

TODAY = date(2026, 11, 22)


def primaries(whose: Person) -> list[str]:
    return list(EmailAddress.objects.filter(person=whose, primary=True).values_list("address", flat=True))


def test_the_first_detail_of_a_sort_becomes_primary_and_the_second_does_not(
    owner_acts: access.Acting,
) -> None:
    ada = cast.person(emails=["yksi@example.fi", "kaksi@example.fi"], phones=["0401234567"])
    assert primaries(ada) == ["yksi@example.fi"]
    assert PhoneNumber.objects.get(person=ada).primary


def test_making_one_primary_unmakes_the_other(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=["yksi@example.fi", "kaksi@example.fi"])
    second = EmailAddress.objects.get(address="kaksi@example.fi")
    contacts.make_primary(second, by=cast.actor())
    assert primaries(ada) == ["kaksi@example.fi"]


def test_a_new_primary_takes_the_place_of_the_old_one(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=["yksi@example.fi"])
    contacts.add_email(whose=ada, address="uusi@example.fi", primary=True, by=cast.actor())
    assert primaries(ada) == ["uusi@example.fi"]


def test_ending_the_primary_one_keeps_it_and_the_next_becomes_primary(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=["yksi@example.fi", "kaksi@example.fi"])
    contacts.end(EmailAddress.objects.get(address="yksi@example.fi"), on=TODAY, by=cast.actor())
    assert primaries(ada) == ["kaksi@example.fi"]
    assert EmailAddress.objects.get(address="yksi@example.fi").ended_on == TODAY


def test_a_detail_cannot_end_before_it_began(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=[])
    email = contacts.add_email(whose=ada, address="a@example.fi", since=TODAY, by=cast.actor())
    with pytest.raises(contacts.EndsBeforeBeginning):
        contacts.end(email, on=TODAY - timedelta(days=1), by=cast.actor())


def test_a_detail_entered_by_mistake_is_deleted(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=["yksi@example.fi", "kaksi@example.fi"])
    contacts.remove(EmailAddress.objects.get(address="yksi@example.fi"), by=cast.actor())
    assert list(EmailAddress.objects.filter(person=ada).values_list("address", "primary")) == [
        ("kaksi@example.fi", True)
    ]


def test_an_address_with_national_letters_in_its_domain_is_kept_and_compared_in_ascii(
    owner_acts: access.Acting,
) -> None:
    email = contacts.add_email(whose=cast.person(emails=[]), address="Maija@Mäkelä.fi", by=cast.actor())
    assert (email.address, email.canonical) == ("Maija@Mäkelä.fi", "maija@xn--mkel-load.fi")


def test_two_people_may_have_the_same_address(owner_acts: access.Acting) -> None:
    cast.person("Ada", emails=["perhe@example.fi"])
    cast.person("Eino", emails=["perhe@example.fi"])
    assert EmailAddress.objects.filter(canonical="perhe@example.fi").count() == 2


@pytest.mark.parametrize("text", ["", "ada", "ada@", "a b@example.fi", "ada@example.fi\nBcc: x@y.fi"])
def test_what_is_no_address_is_refused(owner_acts: access.Acting, text: str) -> None:
    ada = cast.person(emails=[])
    with pytest.raises(addresses.WrongAddress):
        contacts.add_email(whose=ada, address=text, by=cast.actor())


def test_a_phone_is_kept_as_typed_even_when_it_cannot_be_read(owner_acts: access.Acting) -> None:
    ada = cast.person(emails=[])
    contacts.add_phone(whose=ada, number="vaihde 123 / Pekka", by=cast.actor())
    assert PhoneNumber.objects.values_list("number", "e164").get() == ("vaihde 123 / Pekka", "")
    with pytest.raises(contacts.EmptyPhone):
        contacts.add_phone(whose=ada, number="  ", by=cast.actor())


def test_a_postal_address_needs_a_street_or_a_town(owner_acts: access.Acting) -> None:
    with pytest.raises(contacts.EmptyAddress):
        contacts.add_postal(whose=cast.person(), postal_code="40100", by=cast.actor())


# --- representing ------------------------------------------------------------------------------------


def test_a_person_represents_a_customer_once_at_a_time(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada = cast.person(represents=koivu)
    with pytest.raises(representing.AlreadyRepresents):
        representing.represent(person=ada, customer=koivu, by=cast.actor())


def test_one_primary_contact_takes_the_place_of_another(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    cast.person("Ada", represents=koivu, primary=True)
    eino = cast.person("Eino", represents=koivu, primary=True)
    assert Representation.objects.get(customer=koivu, primary=True).person == eino


def _maija_at(koivu: Customer) -> Representation:
    maija = cast.person(
        "Maija", "Meikäläinen", represents=koivu, emails=["maija@koivu.fi"], phones=["0401234567"]
    )
    contacts.add_email(whose=maija, address="maija@kotona.fi", kind=EmailAddress.Kind.HOME, by=cast.actor())
    return maija.representations.get(customer=koivu)


def test_leaving_ends_the_representation_and_the_work_address_and_keeps_everything(
    owner_acts: access.Acting,
) -> None:
    koivu = cast.company(emails=["info@koivu.fi"])
    maija = _maija_at(koivu)
    cast.entry(customer=koivu, people=[maija.person])
    work = cast.assignment(koivu, contact=maija.person)
    representing.leave(maija, on=TODAY, by=cast.actor())

    maija.refresh_from_db()
    assert maija.until == TODAY
    ended = EmailAddress.objects.filter(ended_on=TODAY).values_list("address", flat=True)
    assert list(ended) == ["maija@koivu.fi"]
    assert primaries(maija.person) == ["maija@kotona.fi"]
    assert PhoneNumber.objects.get().ended_on is None
    assert EmailAddress.objects.get(address="info@koivu.fi").ended_on is None
    assert Interaction.objects.get(customer=koivu).people.get() == maija.person
    work.refresh_from_db()
    assert work.contact == maija.person


def test_leaving_one_of_two_companies_ends_only_the_address_there(owner_acts: access.Acting) -> None:
    koivu, kuusi = cast.company("Koivu Oy", emails=["info@koivu.fi"]), cast.company("Kuusi Oy")
    maija = _maija_at(koivu)
    representing.represent(person=maija.person, customer=kuusi, by=cast.actor())
    contacts.add_email(whose=maija.person, address="maija@kuusi.fi", by=cast.actor())
    representing.leave(maija, on=TODAY, by=cast.actor())
    ended = EmailAddress.objects.filter(ended_on__isnull=False).values_list("address", flat=True)
    assert list(ended) == ["maija@koivu.fi"]
    assert Representation.objects.get(until__isnull=True).customer == kuusi


def test_what_stops_being_used_can_be_chosen(owner_acts: access.Acting) -> None:
    maija = _maija_at(cast.company())
    phone = PhoneNumber.objects.get()
    representing.leave(maija, on=TODAY, ending=[phone], by=cast.actor())
    phone.refresh_from_db()
    assert phone.ended_on == TODAY
    assert EmailAddress.objects.get(address="maija@koivu.fi").ended_on is None


def test_nobody_leaves_before_he_came(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    representation = representing.represent(
        person=cast.person(), customer=koivu, since=TODAY, by=cast.actor()
    )
    with pytest.raises(contacts.EndsBeforeBeginning):
        representing.leave(representation, on=TODAY - timedelta(days=1), by=cast.actor())
    representation.refresh_from_db()
    assert representation.until is None


def test_a_person_who_left_may_come_back(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    maija = _maija_at(koivu)
    representing.leave(maija, on=TODAY, by=cast.actor())
    representing.represent(person=maija.person, customer=koivu, since=TODAY, by=cast.actor())
    assert Representation.objects.filter(customer=koivu).count() == 2
