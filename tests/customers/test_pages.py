"""The owner's pages of customers and people, through a browser's eyes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import communication, panels
from customers.models import (
    Assignment,
    Attachment,
    Customer,
    EmailAddress,
    Interaction,
    Person,
    Representation,
    Task,
)
from register import access
from register.models import AuditEntry, User
from tests import cast

PDF = b"%PDF-1.7\n" + b"x" * 500
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


@pytest.fixture(autouse=True)
def _alone(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In English, with files of the test's own, without what other apps add to the pages."""
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path / "files"
    for place in ("TODAY", "CUSTOMER", "PERSON", "ASSIGNMENT"):
        monkeypatch.setattr(panels, place, panels.Slot())


@pytest.fixture
def koivu(owner: User) -> Customer:
    """A company with a contact person, work, an entry with a file, a task."""
    with access.acting("owner", user_id=owner.pk):
        company = cast.company(emails=["info@koivu.fi"], business_id="0109862-8", tags=["Kanta"])
        ada = cast.person(represents=company, title="toimitusjohtaja", primary=True, phones=["040 123 4567"])
        cast.assignment(company, contact=ada)
        cast.entry(customer=company, people=[ada], files=[SimpleUploadedFile("tarjous.pdf", PDF)])
        cast.task(customer=company)
    return company


@pytest.fixture
def ada(koivu: Customer, owner: User) -> Person:
    with access.acting("owner", user_id=owner.pk):
        return Person.objects.get()


@pytest.fixture
def look(owner: User) -> Iterator[None]:
    """The test reads the register as the owner, after the requests have committed."""
    with access.acting("owner", user_id=owner.pk):
        yield


def every_page(owner: User) -> list[str]:
    """The addresses of all pages of the register as it is now."""
    with access.acting("owner", user_id=owner.pk):
        company = Customer.objects.get(kind="company")
        person, work, entry = Person.objects.first(), Assignment.objects.get(), Interaction.objects.get()
        representation, task = Representation.objects.get(), Task.objects.get()
        email, file = EmailAddress.objects.filter(person=person).get(), Attachment.objects.get()
    assert person is not None
    k, h = f"/register/customers/K{company.pk}/", f"/register/people/H{person.pk}/"
    return [
        "/register/",
        "/register/customers/add/",
        "/register/customers/add/private/",
        *(k + rest for rest in ("", "edit/", "people/add/", "people/choose/?q=as", "details/email/add/")),
        *(k + rest for rest in ("details/phone/add/", "details/postal/add/", "timeline/", "timeline/add/")),
        *(k + rest for rest in ("assignments/add/", "tasks/add/")),
        "/register/people/add/",
        *(
            h + rest
            for rest in ("", "edit/", "readers/", "customers/choose/?q=koi", "timeline/", "tasks/add/")
        ),
        f"/register/details/email/{email.pk}/",
        f"/register/representatives/{representation.pk}/",
        f"/register/representatives/{representation.pk}/leave/",
        f"/register/entries/Y{entry.pk}/",
        f"/register/files/F{file.pk}/",
        f"/register/assignments/T{work.pk}/",
        f"/register/assignments/T{work.pk}/edit/",
        f"/register/tasks/M{task.pk}/",
        "/register/tasks/add/",
    ]


def test_the_owner_sees_every_page_and_others_the_page_of_nothing(
    as_owner: Client, as_biller: Client, stranger: Client, owner: User, koivu: Customer
) -> None:
    nothing = as_biller.get("/register/customers/K999999/").content
    for url in every_page(owner):
        assert as_owner.get(url).status_code == 200, url
        refused = as_biller.get(url)
        assert (refused.status_code, refused.content) == (404, nothing), url
        assert stranger.get(url).status_code == 302, url


@pytest.mark.parametrize(
    "url",
    [
        "customers/K999999/",
        "people/H999999/",
        "customers/K99999999999999999999999/",
        "assignments/T999999/",
        "entries/Y999999/",
        "files/F999999/",
        "tasks/M999999/",
        "details/email/999999/",
        "representatives/999999/",
        "details/fax/1/",
    ],
)
def test_what_does_not_exist_is_a_neutral_404(as_owner: Client, url: str) -> None:
    assert as_owner.get("/register/" + url).status_code == 404


READS_NOBODY = (
    "/register/customers/add/",
    "/register/customers/add/private/",
    "/register/people/add/",
    "/register/tasks/add/",
)


def test_every_page_with_somebodys_data_records_the_read(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    for url in every_page(owner):
        if url in READS_NOBODY:
            continue
        with access.acting("owner", user_id=owner.pk):
            before = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS).count()
        as_owner.get(url)
        with access.acting("owner", user_id=owner.pk):
            reads = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS)
            assert reads.count() == before + 1, url
            entry = reads.latest()
        assert {koivu.number, ada.number} & set(entry.numbers), url
        assert entry.actor_id == owner.pk


def test_the_customers_page_records_the_people_it_shows_too(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    as_owner.get(f"/register/customers/K{koivu.pk}/")
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.filter(page="customer").latest()
    assert set(entry.numbers) == {koivu.number, ada.number}


def _grow(owner: User, koivu: Customer, ada: Person) -> None:
    """Many of everything: the number of queries must not follow."""
    with access.acting("owner", user_id=owner.pk):
        for number in range(12):
            one = cast.person(
                f"Eino{number}", represents=koivu, emails=[f"e{number}@koivu.fi"], phones=["0401"]
            )
            cast.entry(customer=koivu, people=[one, ada], files=[SimpleUploadedFile("a.pdf", PDF)])
            cast.task(person=ada, customer=koivu)
            cast.assignment(koivu, contact=ada)


@pytest.mark.parametrize(("page", "most"), [("customer", 16), ("person", 12)])
def test_a_page_takes_a_few_queries_however_much_it_shows(
    as_owner: Client, owner: User, koivu: Customer, ada: Person, page: str, most: int
) -> None:
    url = f"/register/customers/K{koivu.pk}/" if page == "customer" else f"/register/people/H{ada.pk}/"
    as_owner.get(url)
    with CaptureQueriesContext(connections["owner"]) as few:
        assert as_owner.get(url).status_code == 200
    _grow(owner, koivu, ada)
    with CaptureQueriesContext(connections["owner"]) as many:
        assert as_owner.get(url).status_code == 200
    data = [query["sql"] for query in many if query["sql"].startswith("SELECT")]
    assert len(data) <= most, "\n".join(data)
    assert len(many) == len(few)


def test_today_takes_a_few_queries_however_much_it_shows(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    as_owner.get("/register/")
    with CaptureQueriesContext(connections["owner"]) as few:
        as_owner.get("/register/")
    _grow(owner, koivu, ada)
    with CaptureQueriesContext(connections["owner"]) as many:
        assert as_owner.get("/register/").status_code == 200
    assert len(many) <= len(few) + 2


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


# --- the timeline ------------------------------------------------------------------------------------


def test_an_entry_is_written_with_people_and_files(
    as_owner: Client, koivu: Customer, ada: Person, look: None
) -> None:
    sent = {
        "kind": "email", "direction": "in", "at": "2026-11-22T09:30", "subject": "Tarjous 🏗️",
        "text": "Rivi 1\nRivi 2", "people": [str(ada.pk)],
        "attach": [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.txt", b"Hei")],
    }  # fmt: skip
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    assert response.status_code == 302
    entry = Interaction.objects.get(subject="Tarjous 🏗️")
    assert timezone.localtime(entry.at).isoformat() == "2026-11-22T09:30:00+02:00"
    assert (entry.text, entry.customer, entry.people.get()) == ("Rivi 1\nRivi 2", koivu, ada)
    assert sorted(file.name for file in entry.attachments.all()) == ["a.pdf", "b.txt"]


def test_the_composer_comes_as_a_page_or_as_a_part_of_one(as_owner: Client, koivu: Customer) -> None:
    url = f"/register/customers/K{koivu.pk}/timeline/add/"
    whole, part = as_owner.get(url), as_owner.get(url, headers={"X-Fragment": "1"})
    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    for response in (whole, part):
        assert f'action="{url}"' in response.content.decode()
        assert "Ada Asiakas" in response.content.decode()


def test_a_refused_file_keeps_what_was_written(as_owner: Client, koivu: Customer, look: None) -> None:
    sent = {
        "kind": "note", "at": "2026-11-22T09:30", "text": "Tärkeä teksti",
        "attach": [SimpleUploadedFile("virus.exe", b"MZ" + b"\0" * 99)],
    }  # fmt: skip
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "virus.exe: Files of this sort are not taken." in page
    assert "Tärkeä teksti" in page
    assert Interaction.objects.count() == 1


def test_a_text_longer_than_a_letter_is_refused_and_given_back(
    as_owner: Client, koivu: Customer, look: None
) -> None:
    text = "a" * (communication.TEXT_LIMIT + 1)
    sent = {"kind": "note", "at": "2026-11-22T09:30", "text": text}
    page = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent).content.decode()
    assert "The text has 100001 characters; at most 100000 fit. Nothing was cut" in page
    assert text in page
    assert Interaction.objects.count() == 1


def test_ten_megabytes_of_text_get_an_answer_that_says_what_to_do(as_owner: Client, koivu: Customer) -> None:
    sent = {"kind": "note", "at": "2026-11-22T09:30", "text": "a" * 10_000_000}
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    assert response.status_code == 400
    assert "Go back" in response.content.decode()


def test_the_people_of_another_customer_cannot_be_put_on_an_entry(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        vieras = cast.person("Vieras", emails=[])
    sent = {"kind": "note", "at": "2026-11-22T09:30", "text": "x", "people": [str(vieras.pk)]}
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    assert response.status_code == 422


def test_an_entry_from_a_persons_page_goes_to_his_company(
    as_owner: Client, koivu: Customer, ada: Person, look: None
) -> None:
    sent = {"kind": "call", "at": "2026-11-22T09:30", "subject": "Soitto", "customer": str(koivu.pk)}
    as_owner.post(f"/register/people/H{ada.pk}/timeline/add/", sent)
    entry = Interaction.objects.get(subject="Soitto")
    assert (entry.customer, entry.people.get()) == (koivu, ada)


def test_older_entries_come_as_a_page_or_as_a_part_of_one(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        for number in range(20):
            cast.entry(
                customer=koivu, subject=f"Viesti {number}", at=timezone.now() - timedelta(days=number + 1)
            )
    page = as_owner.get(f"/register/customers/K{koivu.pk}/")
    older = page.context["timeline"]["page"].next
    url = f"/register/customers/K{koivu.pk}/timeline/"
    whole = as_owner.get(url, {"before": str(older)}).content.decode()
    part = as_owner.get(url, {"before": str(older)}, headers={"X-Fragment": "1"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for content in (whole, part):
        assert "Viesti 19" in content
        assert "Viesti 1<" not in content


@pytest.mark.parametrize("query", ["kind=emperor", "before=x", "before=%00", "kind=%00&before=" + "9" * 500])
def test_a_strange_query_shows_the_timeline_from_its_beginning(
    as_owner: Client, koivu: Customer, query: str
) -> None:
    response = as_owner.get(f"/register/customers/K{koivu.pk}/timeline/?{query}")
    assert response.status_code == 200
    assert "Puhelu tarjouksesta" in response.content.decode()


def test_an_entry_is_corrected_and_deleted_with_its_files(
    as_owner: Client, owner: User, koivu: Customer, settings: Any
) -> None:
    with access.acting("owner", user_id=owner.pk):
        entry = Interaction.objects.get()
        stored = settings.MEDIA_ROOT / Attachment.objects.get().path
    url = f"/register/entries/Y{entry.pk}/"
    as_owner.post(url, {"kind": "call", "direction": "out", "at": "2026-11-22T09:30", "text": "Korjattu"})
    with access.acting("owner", user_id=owner.pk):
        entry.refresh_from_db()
        assert (entry.kind, entry.text, entry.people.count()) == ("call", "Korjattu", 0)
    assert stored.exists()
    assert "Delete the entry and its files?" in as_owner.post(url, {"remove": "1"}).content.decode()
    assert stored.exists()
    as_owner.post(url, {"remove": "yes"})
    with access.acting("owner", user_id=owner.pk):
        assert not Interaction.objects.exists()
        assert not Attachment.objects.exists()
    assert not stored.exists()


def test_a_file_is_only_downloaded_and_never_trusted(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    with access.acting("owner", user_id=owner.pk):
        file = Attachment.objects.get()
        text = cast.entry(
            customer=koivu, files=[SimpleUploadedFile('hy"vä\r\n.html', b"<script>alert(1)</script>")]
        ).attachments.get()
    response = as_owner.get(f"/register/files/F{file.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="tarjous.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    script = as_owner.get(f"/register/files/F{text.pk}/")
    assert script["Content-Type"] == "application/octet-stream"
    assert script["Content-Disposition"].startswith("attachment;")


def test_who_has_read_a_person_is_shown(as_owner: Client, koivu: Customer, ada: Person) -> None:
    as_owner.get(f"/register/customers/K{koivu.pk}/")
    page = as_owner.get(f"/register/people/H{ada.pk}/readers/").content.decode()
    assert page.count("Olga Omistaja · customer") == 1


# --- assignments and tasks ---------------------------------------------------------------------------


LINES = {
    "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "0",
    "lines-0-description": "Suunnittelu", "lines-0-quantity": "2,5", "lines-0-unit": "h",
    "lines-0-unit_price": "1 088,36 €", "lines-0-vat_code": "standard",
    "lines-1-quantity": "1", "lines-1-unit": "h", "lines-1-vat_code": "standard",
    "lines-2-quantity": "1", "lines-2-unit": "h", "lines-2-vat_code": "standard",
}  # fmt: skip


def test_an_assignment_is_written_with_finnish_numbers_and_empty_rows_are_left_out(
    as_owner: Client, koivu: Customer, ada: Person, look: None
) -> None:
    sent = LINES | {"title": "Uusi halli", "contact": str(ada.pk), "offered_on": "2026-11-22"}
    response = as_owner.post(f"/register/customers/K{koivu.pk}/assignments/add/", sent)
    work = Assignment.objects.get(title="Uusi halli")
    assert response.url == f"/register/assignments/T{work.pk}/"  # type: ignore[attr-defined]
    line = work.lines.get()
    assert json.loads(f"[{line.quantity}, {line.unit_price}]") == [2.5, 1088.36]
    assert (work.contact, str(work.offered_on)) == (ada, "2026-11-22")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lines-0-quantity": "0"}, "cannot be zero"),
        ({"lines-0-unit_price": ""}, "Write the price"),
        ({"lines-0-unit_price": "paljon"}, "Enter a number"),
        ({"lines-0-unit_price": "1" * 20}, "no more than"),
        ({"lines-0-unit_price": "NaN"}, "Enter a number"),
        ({"lines-0-description": ""}, "Write what it is"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_saved(
    as_owner: Client, koivu: Customer, look: None, wrong: dict[str, str], message: str
) -> None:
    sent = LINES | {"title": "Uusi halli", "offered_on": "2026-11-22"} | wrong
    response = as_owner.post(f"/register/customers/K{koivu.pk}/assignments/add/", sent)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Assignment.objects.count() == 1


def test_the_steps_are_buttons_and_an_unlawful_one_is_told(
    as_owner: Client, koivu: Customer, look: None
) -> None:
    work = Assignment.objects.get()
    url = f"/register/assignments/T{work.pk}/"
    as_owner.post(url + "step/", {"step": "agree"})
    work.refresh_from_db()
    assert (work.status, work.agreed_on) == ("agreed", cast.today())
    page = as_owner.post(url + "step/", {"step": "agree"}, follow=True).content.decode()
    assert "This step is not possible now." in page
    assert as_owner.post(url + "step/", {"step": "mark_invoiced"}).status_code == 404
    as_owner.post(url + "step/", {"step": "take_back"})
    work.refresh_from_db()
    assert (work.status, work.agreed_on) == ("offer", None)


def test_lines_are_edited_until_they_go_to_billing(as_owner: Client, owner: User, koivu: Customer) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = cast.assignment(koivu, status="invoiced")
    url = f"/register/assignments/T{work.pk}/edit/"
    assert "lines-TOTAL_FORMS" not in as_owner.get(url).content.decode()
    assert as_owner.post(url, LINES | {"title": "Uusi nimi"}).status_code == 302
    with access.acting("owner", user_id=owner.pk):
        work.refresh_from_db()
        assert (work.title, work.lines.count()) == ("Uusi nimi", 2)


def test_deleting_an_assignment_asks_first_and_an_invoiced_one_stays(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        offer, invoiced = Assignment.objects.get(), cast.assignment(koivu, status="invoiced")
    for work in (offer, invoiced):
        url = f"/register/assignments/T{work.pk}/edit/"
        assert "Delete the assignment" in as_owner.post(url, {"remove": "1"}).content.decode()
        as_owner.post(url, {"remove": "yes"})
    with access.acting("owner", user_id=owner.pk):
        assert Assignment.objects.get() == invoiced


def test_a_file_of_an_assignment_is_added_and_deleted(as_owner: Client, koivu: Customer, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = Assignment.objects.get()
    url = f"/register/assignments/T{work.pk}/files/"
    empty = as_owner.post(url, {})
    assert (empty.status_code, "Choose a file." in empty.content.decode()) == (422, True)
    as_owner.post(url, {"attach": SimpleUploadedFile("sopimus.pdf", PDF)})
    with access.acting("owner", user_id=owner.pk):
        file = work.attachments.get()
    assert "sopimus.pdf" in as_owner.get(f"/register/assignments/T{work.pk}/").content.decode()
    as_owner.post(f"/register/files/F{file.pk}/delete/", {"remove": "yes"})
    with access.acting("owner", user_id=owner.pk):
        assert not work.attachments.exists()


def test_another_app_puts_its_button_on_an_assignment(as_owner: Client, koivu: Customer, owner: User) -> None:
    def button(assignment: Assignment, by: User) -> panels.Panel:
        return panels.Panel("customers/field.html", {"seen": (assignment.pk, by.pk)})

    panels.ASSIGNMENT.add(button)
    with access.acting("owner", user_id=owner.pk):
        work = Assignment.objects.get()
    shown = as_owner.get(f"/register/assignments/T{work.pk}/").context["panels"]
    assert [panel.context for panel in shown] == [{"seen": (work.pk, owner.pk)}]


def test_a_task_is_added_done_reopened_and_deleted(as_owner: Client, koivu: Customer, look: None) -> None:
    home = f"/register/customers/K{koivu.pk}/"
    as_owner.post(home + "tasks/add/", {"title": "Soita", "due_on": "2026-11-30"})
    task = Task.objects.get(title="Soita")
    assert task.customer == koivu
    done = f"/register/tasks/M{task.pk}/done/"
    assert as_owner.post(done, {"next": home}).url == home  # type: ignore[attr-defined]
    task.refresh_from_db()
    assert task.done_at is not None
    as_owner.post(done, {"reopen": "1", "next": "//evil.example/"})
    task.refresh_from_db()
    assert task.done_at is None
    as_owner.post(f"/register/tasks/M{task.pk}/", {"remove": "yes"})
    assert not Task.objects.filter(pk=task.pk).exists()


@pytest.mark.parametrize(
    "away", ["//evil.example/", "https://evil.example/register/", "/billing/", "javascript:x"]
)
def test_no_form_leads_away_from_the_register(
    as_owner: Client, koivu: Customer, look: None, away: str
) -> None:
    task = Task.objects.get()
    response = as_owner.post(f"/register/tasks/M{task.pk}/done/", {"next": away})
    assert response.url == "/register/"  # type: ignore[attr-defined]


# --- today -------------------------------------------------------------------------------------------


def test_an_empty_register_invites_to_begin(as_owner: Client) -> None:
    page = as_owner.get("/register/").content.decode()
    assert "Add the first customer" in page
    assert "/register/customers/add/" in page
    assert "icons.svg#add" in page


def test_the_day_shows_overdue_tasks_and_who_they_are_about(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        cast.task("Myöhässä oleva", due_in_days=-2, customer=koivu)
    page = as_owner.get("/register/").content.decode()
    assert page.index("Myöhässä oleva") < page.index("To do today") < page.index("Soita takaisin")
    assert "Koivukylän Kone Oy" in page
