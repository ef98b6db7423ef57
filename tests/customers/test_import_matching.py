"""Who is meant by a row of a file: verdicts, conflicts and what is chosen; and opt-outs, which no file lifts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from customers import addresses, contacts
from customers.importing import objections
from customers.importing.objections import Objection
from customers.models import Customer, EmailAddress, Person, PhoneNumber, Representation
from mailing import suppression
from mailing.models import Channel, OptOutEvent
from register.models import User
from tests import cast
from tests.customers.importing import (
    START,
    choose,
    confirm,
    counted,
    imported,
    in_register,
    newest,
    rows,
    staged,
    table,
    upload,
    verdicts,
    work,
)

pytestmark = pytest.mark.usefixtures("files")

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def ada(owner: User) -> Person:
    """Ada of Laine Oy, in the register before any file."""
    with in_register(owner):
        company = cast.company("Laine Oy", business_id="2345678-0")
        return cast.person(
            given_name="Ada",
            family_name="Laine",
            represents=company,
            title="johtaja",
            emails=["ada@laine.fi"],
            phones=["040 123 4567"],
        )


def finish(client: Client, run: Any) -> dict[str, int]:
    """Confirm and write; the counts of the report."""
    assert confirm(client, run).status_code == 302
    work()
    return newest().counts


# --- who is meant ---


@pytest.mark.parametrize(
    ("row", "verdict", "reason"),
    [
        ("Ada;Laine;;;ADA@Laine.FI;", "match", "email"),
        ("Laine;Ada;;;ada@laine.fi;", "match", "email"),
        ("Ada;;;;ada@laine.fi;", "match", "email"),
        ("Ada Maria;Laine;;;ada@laine.fi;", "conflict", "email"),
        (";;;;ada@laine.fi;", "match", "email"),
        ("Ada;Laine;;;toinen@laine.fi;+358 40 1234567", "match", "phone"),
        ("Ada;Laine;LAINE OY;;toinen@laine.fi;", "match", "name"),
        ("Bea;Berg;;;ada@laine.fi;", "conflict", "other_name"),
        ("Ada;Laine;;;toinen@laine.fi;", "conflict", "namesake"),
        ("Ada;Laine;Muu Oy;;toinen@laine.fi;", "new", ""),
        ("Bea;Berg;;;bea@berg.fi;040 123 4567", "new", ""),
    ],
)
def test_address_then_phone_and_name_then_name_and_company(
    as_owner: Client, ada: Person, row: str, verdict: str, reason: str
) -> None:
    run = staged(as_owner, table(row))
    assert verdicts(run)[0][:2] == (verdict, reason)
    if verdict != "new":
        assert rows(run)[0].person_id == ada.pk


def test_companies_are_known_by_their_business_id_and_else_by_name(as_owner: Client, ada: Person) -> None:
    header = "Yritys;Y-tunnus;Puhelin"
    run = staged(
        as_owner,
        table(
            "Laine Yhtiöt Oy;2345678-0;09 1",
            "laine oy;;09 2",
            "Laine Oy;1234567-1;",
            "Uusi Oy;;",
            header=header,
        ),
    )
    assert verdicts(run) == [
        ("conflict", "business_id", "update"),
        ("match", "company", "update"),
        ("new", "", "add"),
        ("new", "", "add"),
    ]


def test_an_ended_address_is_not_brought_back_by_a_file(as_owner: Client, owner: User, ada: Person) -> None:
    with in_register(owner):
        email = EmailAddress.objects.get(person=ada)
        contacts.end(email, on=cast.today(), by=owner)
    run = staged(as_owner, table("Ada;Laine;Laine Oy;;ada@laine.fi;"))
    assert verdicts(run) == [("match", "name", "update")]
    assert finish(as_owner, run) == {"unchanged": 1}
    assert EmailAddress.objects.using("owner").filter(person=ada, ended_on__isnull=True).count() == 0


def test_one_address_of_two_people_is_for_a_person_to_choose(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        one = cast.person(given_name="Aino", family_name="Kallio", emails=["koti@kallio.fi"])
        two = cast.person(given_name="Eero", family_name="Kallio", emails=["koti@kallio.fi"])
    data = table("Kallion;Perhe;;;koti@kallio.fi;09 555 1234")
    run = staged(as_owner, data)
    assert verdicts(run) == [("conflict", "shared", "skip")]
    page = as_owner.get(f"{START}I{run.pk}/").content.decode()
    assert "Aino Kallio" in page
    assert "Eero Kallio" in page
    choose(as_owner, run, choice_2="update", whose_2=str(two))
    assert finish(as_owner, run) == {"updated": 1}
    assert list(PhoneNumber.objects.using("owner").values_list("person_id", flat=True)) == [two.pk]
    assert one.pk != two.pk
    assert counted()["Person"] == 2


def test_the_right_one_of_two_with_one_address_is_known_by_name(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        cast.person(given_name="Aino", family_name="Kallio", emails=["koti@kallio.fi"])
        eero = cast.person(given_name="Eero", family_name="Kallio", emails=["koti@kallio.fi"])
    run = staged(as_owner, table("Eero;Kallio;;;koti@kallio.fi;"))
    assert (verdicts(run), rows(run)[0].person_id) == ([("match", "email", "update")], eero.pk)


# --- within the file ---


def test_a_row_that_repeats_an_earlier_one_completes_it(as_owner: Client, owner: User) -> None:
    run = staged(
        as_owner,
        table("Ada;Laine;;;ada@laine.fi;040 1234567", "ADA;LAINE;;;Ada@Laine.fi;050 7654321", "Bo;Berg;;;;"),
    )
    assert [(row.verdict, row.reason, row.repeats) for row in rows(run)] == [
        ("new", "", None),
        ("match", "repeated", 2),
        ("new", "", None),
    ]
    assert finish(as_owner, run) == {"added": 2, "updated": 1}
    with in_register(owner):
        ada = Person.objects.get(given_name="Ada")
        assert EmailAddress.objects.filter(person=ada).count() == 1
        assert sorted(PhoneNumber.objects.filter(person=ada).values_list("e164", "primary")) == [
            ("+358401234567", True),
            ("+358507654321", False),
        ]


def test_two_names_with_one_address_in_the_file_are_not_merged(as_owner: Client) -> None:
    run = staged(as_owner, table("Aino;Kallio;;;koti@kallio.fi;", "Eero;Kallio;;;koti@kallio.fi;"))
    assert verdicts(run) == [("new", "", "add"), ("conflict", "shared_in_file", "skip")]
    choose(as_owner, run, choice_3="add")
    assert finish(as_owner, run) == {"added": 2}
    assert counted()["EmailAddress"] == 2
    assert counted()["Person"] == 2


def test_a_row_that_completes_a_skipped_one_is_skipped_and_counted_so(as_owner: Client) -> None:
    run = staged(as_owner, table("Ada;Laine;Laine Oy;;a@laine.fi;", "Ada;Laine;Laine Oy;;a@laine.fi;"))
    choose(as_owner, run, choice_2="skip")
    plan = as_owner.get(f"{START}I{run.pk}/confirm/").context["plan"]
    assert (plan.add, plan.update, plan.skip) == (0, 0, 2)
    before = counted()
    confirm(as_owner, run)
    work()
    assert newest().counts == {"skipped": 2}
    assert counted() == before


def test_people_of_one_new_company_share_it_and_its_business_id(as_owner: Client, owner: User) -> None:
    header = "Etunimi;Sukunimi;Yritys;Y-tunnus"
    data = table(
        "A;Yksi;Uusi Oy;",
        "B;Kaksi;UUSI OY;2345678-0",
        "C;Kolme;Uusi Oy;1234567-1",
        "D;Neljä;Uusi Oy;",
        header=header,
    )
    assert imported(as_owner, data).counts == {"added": 4}
    with in_register(owner):
        found = {
            company.business_id: sorted(one.person.given_name for one in company.representations.all())
            for company in Customer.objects.all()
        }
        assert found == {"2345678-0": ["A", "B", "D"], "1234567-1": ["C"]}


# --- completing ---


def test_completing_adds_what_is_missing_and_overwrites_nothing(
    as_owner: Client, owner: User, ada: Person
) -> None:
    run = staged(as_owner, table("Ada;Laine;Laine Oy;toimitusjohtaja;ada@laine.fi;050 765 4321"))
    assert verdicts(run) == [("conflict", "email", "update")]
    page = as_owner.get(f"{START}I{run.pk}/").content.decode()
    assert "johtaja" in page
    assert "toimitusjohtaja" in page
    assert finish(as_owner, run) == {"updated": 1}
    with in_register(owner):
        assert Representation.objects.get().title == "johtaja"
        phones = (
            PhoneNumber.objects.filter(person=ada).order_by("pk").values_list("e164", "primary", "source")
        )
        assert list(phones) == [("+358401234567", True, "told"), ("+358507654321", False, "import")]


def test_the_files_value_is_taken_where_it_was_chosen_and_the_former_one_is_kept(
    as_owner: Client, owner: User, ada: Person
) -> None:
    run = staged(as_owner, table("Ada Maria;Laine;Laine Oy;toimitusjohtaja;ada@laine.fi;"))
    sent = {"position": ["2"], "choice-2": "update", "take-2": ["title", "given"]}
    as_owner.post(f"{START}I{run.pk}/choose/", sent)
    assert finish(as_owner, run) == {"updated": 1}
    with in_register(owner):
        assert Representation.objects.get().title == "toimitusjohtaja"
        changed = Person.objects.get(pk=ada.pk)
        assert changed.full_name == "Ada Maria Laine"
        assert changed.sort_key == "laine ada maria"
        assert "maria" in changed.search_document.text
    assert rows(run)[0].data == {"before": {"given": "Ada", "title": "johtaja"}}


def test_a_private_customer_is_renamed_with_his_person(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        customer = cast.private_customer("Aino", "Kallio", emails=["aino@kallio.fi"])
    run = staged(as_owner, table("Aino Maria;Kallio;;;aino@kallio.fi;"))
    as_owner.post(f"{START}I{run.pk}/choose/", {"position": ["2"], "choice-2": "update", "take-2": "given"})
    assert finish(as_owner, run) == {"updated": 1}
    renamed = Customer.objects.using("owner").get(pk=customer.pk)
    assert (renamed.name, renamed.sort_key) == ("Aino Maria Kallio", "kallio aino maria")


def test_what_was_corrected_after_the_preview_stands(as_owner: Client, owner: User, ada: Person) -> None:
    run = staged(as_owner, table("Ada;Laine;Laine Oy;toimitusjohtaja;ada@laine.fi;"))
    as_owner.post(f"{START}I{run.pk}/choose/", {"position": ["2"], "choice-2": "update", "take-2": "title"})
    with in_register(owner):
        Representation.objects.update(title="hallituksen jäsen")
    finish(as_owner, run)
    assert Representation.objects.using("owner").get().title == "hallituksen jäsen"


def test_empty_fields_are_filled(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        company = cast.company("Kone Oy")
        cast.person(given_name="Bo", family_name="Berg", represents=company, emails=["bo@kone.fi"])
    header = "Etunimi;Sukunimi;Yritys;Y-tunnus;Titteli;Sähköposti"
    run = staged(as_owner, table("Bo;Berg;Kone Oy;2345678-0;ostaja;bo@kone.fi", header=header))
    assert verdicts(run) == [("match", "email", "update")]
    assert finish(as_owner, run) == {"updated": 1}
    with in_register(owner):
        assert Representation.objects.get().title == "ostaja"
        assert Customer.objects.get(pk=company.pk).business_id == "2345678-0"
    assert rows(run)[0].data == {"before": {"title": "", "business_id": ""}}


def test_a_choice_for_all_of_a_kind(as_owner: Client, ada: Person) -> None:
    run = staged(as_owner, table("Ada;Laine;;;ada@laine.fi;", "Bo;Berg;;;;", "Cia;Dahl;;;;"))
    as_owner.post(f"{START}I{run.pk}/choose/", {"show": "new", "every": "skip"})
    assert [row.choice for row in rows(run)] == ["update", "skip", "skip"]
    as_owner.post(f"{START}I{run.pk}/choose/", {"show": "new", "every": "add"})
    assert [row.choice for row in rows(run)] == ["update", "add", "add"]


def test_a_choice_that_is_not_offered_changes_nothing(as_owner: Client) -> None:
    run = staged(as_owner, table("Bo;Berg;;;;", ";;;;;", "x" * 300 + ";Liian;;;;"))
    choose(as_owner, run, choice_2="update")
    choose(as_owner, run, choice_4="add")
    choose(as_owner, run, choice_2="delete")
    assert [row.choice for row in rows(run)] == ["add", "skip"]


# --- opt-outs ---


def test_an_opted_out_address_stays_so_whatever_the_file_says(
    as_owner: Client, owner: User, ada: Person
) -> None:
    with in_register(owner):
        suppression.stop("ada@käyttäjä.fi", channel=Channel.STAFF, at=AT, by=owner)
        assert suppression.is_stopped("ada@käyttäjä.fi")
        events = OptOutEvent.objects.count()
    header = "Etunimi;Sukunimi;Sähköposti;Status;Puhelin"
    run = staged(as_owner, table('Ada;Uusi;"  ADA@KÄYTTÄJÄ.fi ";active;040 999 8888', header=header))
    row = rows(run)[0]
    assert (row.stopped, row.refuses) == (True, False)
    assert "opted out, will stay so" in as_owner.get(f"{START}I{run.pk}/").content.decode()
    assert finish(as_owner, run) == {"added": 1}
    with in_register(owner):
        kept = EmailAddress.objects.latest("pk")
        assert (kept.address, kept.canonical) == (
            "ADA@KÄYTTÄJÄ.fi",
            addresses.parse("ada@käyttäjä.fi").canonical,
        )
        assert suppression.is_stopped("ada@käyttäjä.fi")
        assert OptOutEvent.objects.count() == events


@pytest.mark.parametrize("said", ["inactive", "ei", "unsubscribed", "Nej"])
def test_a_refusal_in_the_file_is_honoured(as_owner: Client, owner: User, said: str) -> None:
    header = "Etunimi;Sukunimi;Sähköposti;Status"
    run = staged(
        as_owner, table(f"Ada;Laine;ada@laine.fi;{said}", "Bo;Berg;bo@berg.fi;active", header=header)
    )
    assert [row.refuses for row in rows(run)] == [True, False]
    with in_register(owner):
        assert not suppression.is_stopped("ada@laine.fi")
    finish(as_owner, run)
    with in_register(owner):
        assert suppression.is_stopped("ada@laine.fi")
        assert not suppression.is_stopped("bo@berg.fi")
        event = OptOutEvent.objects.get()
        assert (event.channel, event.by_id) == ("import", owner.pk)


def test_the_refusal_of_a_skipped_row_is_not_acted_on(as_owner: Client, owner: User) -> None:
    header = "Etunimi;Sukunimi;Sähköposti;Status"
    run = staged(as_owner, table("Ada;Laine;ada@laine.fi;ei", header=header))
    choose(as_owner, run, choice_2="skip")
    assert finish(as_owner, run) == {"skipped": 1}
    assert not OptOutEvent.objects.using("owner").exists()


@pytest.fixture
def erased(monkeypatch: pytest.MonkeyPatch) -> str:
    """An app that knows of one address whose owner was erased."""
    address = "poistettu@example.fi"

    def ask(addresses: Any) -> dict[str, Objection]:
        return {address: Objection.ERASED} if address in addresses else {}

    monkeypatch.setattr(objections, "_asked", [*objections._asked, ask])
    return address


def test_a_row_of_an_erased_person_is_refused_with_the_reason(
    as_owner: Client, owner: User, erased: str
) -> None:
    run = staged(as_owner, table(f"Ada;Laine;;;{erased.upper()};", "Bo;Berg;;;;"))
    assert [(row.verdict, row.choice) for row in rows(run)] == [("unreadable", "skip"), ("new", "add")]
    assert ["erased", ""] in rows(run)[0].problems
    assert "was erased from the register" in as_owner.get(f"{START}I{run.pk}/").content.decode()
    assert finish(as_owner, run) == {"added": 1, "skipped": 1}
    assert Person.objects.using("owner").get().given_name == "Bo"


def test_an_import_of_many_rows_is_read_by_the_worker(as_owner: Client) -> None:
    lines = [f"N{n};Suku{n};Firma {n % 50} Oy;;n{n}@firma{n % 50}.fi;040 {n:07d}" for n in range(5000)]
    answer = upload(as_owner, table(*lines))
    assert answer.status_code == 302
    page = as_owner.get(answer["Location"]).content.decode()
    assert "The file is being read" in page
    work()
    run = newest()
    assert (run.status, run.total) == ("staged", 5000)
    assert finish(as_owner, run) == {"added": 5000}
    assert counted() == {
        "Customer": 50,
        "Person": 5000,
        "Relationship": 50,
        "Representation": 5000,
        "EmailAddress": 5000,
        "PhoneNumber": 5000,
        "PostalAddress": 0,
        "Interaction": 0,
    }
