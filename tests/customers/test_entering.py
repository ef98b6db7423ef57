"""Customers, people and their contact details are entered and corrected through the owner's pages."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Customer, EmailAddress, Person
from register import access
from register.models import User
from tests import cast

pytestmark = pytest.mark.usefixtures("alone")

ROWS = {f"{name}-{count}": "1" for name in ("emails", "phones", "postals") for count in ("TOTAL_FORMS",)} | {
    f"{name}-INITIAL_FORMS": "0" for name in ("emails", "phones", "postals")
}
COMPANY = ROWS | {
    "name": "Koivukylän Kone Oy",
    "business_id": "",
    "status": "active",
    "language": "fi",
    "source": "told",
    "emails-0-kind": "work",
    "phones-0-kind": "mobile",
    "postals-0-kind": "postal",
    "postals-0-country": "FI",
}


# --- adding ------------------------------------------------------------------------------------------


def test_a_company_is_added_with_its_contact_details(as_owner: Client, look: None) -> None:
    sent = COMPANY | {
        "business_id": "0109862-8",
        "tags": "Kanta, Jyväskylä",
        "emails-0-address": "info@koivu.fi",
        "phones-0-number": "040 123 4567",
        "postals-0-street": "Katu 1",
        "postals-0-city": "Jyväskylä",
    }
    response = as_owner.post("/register/customers/add/", sent)
    company = Customer.objects.get()
    assert response.url == f"/register/customers/K{company.pk}/"  # type: ignore[attr-defined]
    page = as_owner.get(response.url).content.decode()  # type: ignore[attr-defined]
    for shown in ("Koivukylän Kone Oy", "0109862-8", "info@koivu.fi", "040 123 4567", "Katu 1", "Kanta"):
        assert shown in page


def test_another_row_is_added_without_a_script_and_nothing_is_lost_or_saved(
    as_owner: Client, look: None
) -> None:
    sent = COMPANY | {"name": "", "emails-0-address": "vaillinainen@", "more": "emails"}
    response = as_owner.post("/register/customers/add/", sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="emails-1-address"' in page
    assert 'value="vaillinainen@"' in page
    assert "errorlist" not in page
    assert not Customer.objects.exists()


WRONG = [
    ({"name": ""}, "This field is required."),
    ({"name": "x" * 300}, "300 characters; at most 200 fit"),
    ({"name": "Koivu\0Oy"}, "empty (NUL) character"),
    ({"name": "Koivu\nOy"}, "control character"),
    ({"business_id": "1234567-8"}, "not a Finnish business ID"),
    ({"business_id": "x" * 40}, "at most 30 fit"),
    ({"emails-0-address": "ada@"}, "not an e-mail address"),
    ({"emails-0-address": "väinö@example.fi"}, "letters such as ä or ö before the @"),
    ({"emails-0-address": "a" * 400 + "@example.fi"}, "too long"),
    ({"phones-0-number": "0" * 300}, "at most 60 fit"),
    ({"since": "31.2.2026"}, "Enter a valid date."),
    ({"status": "emperor"}, "not one of the available choices"),
    ({"emails-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ({"emails-TOTAL_FORMS": "100000"}, "at most"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_bad_input_gets_a_clear_message_and_nothing_is_lost_or_saved(
    as_owner: Client, look: None, wrong: dict[str, str], message: str
) -> None:
    sent = COMPANY | {"source_detail": "messut 2026 🏗️ שלום"} | wrong
    response = as_owner.post("/register/customers/add/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert 'value="messut 2026 🏗️ שלום"' in page
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "name", ["🏗️ Emoji Oy", "שלום בע״מ", "Ω" * 200, "<script>alert(1)</script>", 'O\'Neil "x"']
)
def test_strange_names_are_kept_and_shown_safely(as_owner: Client, look: None, name: str) -> None:
    response = as_owner.post("/register/customers/add/", COMPANY | {"name": name})
    assert response.status_code == 302
    assert Customer.objects.get().name == name
    assert "<script>alert" not in as_owner.get(response.url).content.decode()  # type: ignore[attr-defined]


def test_a_taken_business_id_is_refused_with_a_link(as_owner: Client, koivu: Customer, look: None) -> None:
    response = as_owner.post(
        "/register/customers/add/", COMPANY | {"business_id": "0109862-8", "name": "X Oy"}
    )
    assert response.status_code == 422
    assert f'href="/register/customers/K{koivu.pk}/"' in response.content.decode()
    assert Customer.objects.count() == 1


def test_a_possible_duplicate_is_shown_first_and_the_second_press_goes_on(
    as_owner: Client, koivu: Customer, look: None
) -> None:
    sent = COMPANY | {"name": "KOIVUKYLÄN KONE oy"}
    warned = as_owner.post("/register/customers/add/", sent)
    assert warned.status_code == 422
    assert "Already in the register?" in warned.content.decode()
    assert Customer.objects.count() == 1
    again = as_owner.post("/register/customers/add/", sent | {"seen": koivu.number})
    assert again.status_code == 302
    assert Customer.objects.count() == 2


def test_a_contact_person_is_added_with_role_and_source(
    as_owner: Client, owner: User, koivu: Customer, look: None
) -> None:
    sent = ROWS | {
        "given_name": "Eino",
        "family_name": "Esimerkki",
        "language": "sv",
        "source": "card",
        "source_detail": "messut",
        "source_on": "2026-11-20",
        "role-title": "ostaja",
        "role-primary": "on",
        "emails-0-address": "eino@koivu.fi",
        "emails-0-kind": "work",
        "phones-0-kind": "mobile",
    }
    assert as_owner.post(f"/register/customers/K{koivu.pk}/people/add/", sent).status_code == 302
    eino = Person.objects.get(given_name="Eino")
    representation = eino.representations.get()
    assert (representation.customer, representation.title, representation.primary) == (koivu, "ostaja", True)
    page = as_owner.get(f"/register/people/H{eino.pk}/").content.decode()
    for shown in ("business card: messut", "Olga Omistaja", "not shown yet", "eino@koivu.fi", "ostaja"):
        assert shown in page


def test_a_person_with_the_same_address_is_warned_of(as_owner: Client, koivu: Customer, look: None) -> None:
    sent = ROWS | {"given_name": "Toinen", "language": "fi", "source": "told", "phones-0-kind": "mobile"}
    sent |= {"emails-0-address": "ADA@example.fi", "emails-0-kind": "work"}
    warned = as_owner.post("/register/people/add/", sent)
    assert warned.status_code == 422
    assert "the same e-mail address" in warned.content.decode()
    assert Person.objects.count() == 1


def test_a_private_customer_is_added_as_person_and_customer(as_owner: Client, look: None) -> None:
    sent = COMPANY | {"given_name": "Aino", "family_name": "Yksityinen", "emails-0-address": "a@example.fi"}
    assert as_owner.post("/register/customers/add/private/", sent).status_code == 302
    customer = Customer.objects.get()
    assert customer.person == Person.objects.get()
    assert EmailAddress.objects.get().person == customer.person


# --- correcting --------------------------------------------------------------------------------------


def test_a_customer_is_corrected_and_its_end_cannot_precede_its_beginning(
    as_owner: Client, koivu: Customer, look: None
) -> None:
    url = f"/register/customers/K{koivu.pk}/edit/"
    sent = {
        "name": "Uusi Oy", "business_id": "", "status": "former", "since": "2020-01-01",
        "ended_on": "2019-01-01", "language": "en", "tags": "", "source": "told",
    }  # fmt: skip
    assert "cannot end before it began" in as_owner.post(url, sent).content.decode()
    assert as_owner.post(url, sent | {"ended_on": "2026-01-01"}).status_code == 302
    koivu.refresh_from_db()
    assert (koivu.name, koivu.business_id, koivu.relationship.status) == ("Uusi Oy", "", "former")
    assert not koivu.relationship.tags.exists()


def test_a_contact_detail_is_added_corrected_ended_and_removed(
    as_owner: Client, ada: Person, look: None
) -> None:
    sent = {"address": "uusi@example.fi", "kind": "home", "primary": "on", "source": "told"}
    as_owner.post(f"/register/people/H{ada.pk}/details/email/add/", sent)
    email = EmailAddress.objects.get(address="uusi@example.fi")
    assert email.primary
    url = f"/register/details/email/{email.pk}/"
    as_owner.post(url, sent | {"address": "oikea@example.fi", "source": "card"})
    email.refresh_from_db()
    assert (email.address, email.canonical, email.source) == ("oikea@example.fi", "oikea@example.fi", "card")
    as_owner.post(url, {"end": "1"})
    email.refresh_from_db()
    assert email.ended_on == cast.today()
    assert "Delete this contact detail?" in as_owner.post(url, {"remove": "1"}).content.decode()
    assert EmailAddress.objects.filter(pk=email.pk).exists()
    as_owner.post(url, {"remove": "yes"})
    assert not EmailAddress.objects.filter(pk=email.pk).exists()


def test_leaving_the_company_by_the_page(as_owner: Client, ada: Person, koivu: Customer, look: None) -> None:
    representation = ada.representations.get()
    url = f"/register/representatives/{representation.pk}/leave/"
    email = EmailAddress.objects.get(person=ada)
    assert f'value="{email}" ' in as_owner.get(url).content.decode()
    as_owner.post(url, {"on": "2026-11-22", "ending": [str(email)]})
    email.refresh_from_db()
    assert str(email.ended_on) == "2026-11-22"
    page = as_owner.get(f"/register/customers/K{koivu.pk}/").content.decode()
    assert "1 has left" in page


def test_an_existing_person_is_chosen_once(as_owner: Client, ada: Person, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        kuusi = cast.company("Kuusi Oy")
    url = f"/register/customers/K{kuusi.pk}/people/choose/?q=ASI"
    assert "Ada Asiakas" in as_owner.get(url).content.decode()
    assert as_owner.post(url, {"chosen": str(ada.pk), "title": "neuvoja"}).status_code == 302
    with access.acting("owner", user_id=owner.pk):
        assert kuusi.representations.get().title == "neuvoja"
    again = as_owner.post(url, {"chosen": str(ada.pk)})
    assert "already represents" in again.content.decode()
