"""Where every value came from: who said it, which file it is from, since when; and that the pages say so."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from customers import contacts, intake, representing
from customers.models import Completion, Customer, EmailAddress, ImportRun, Person, Representation
from customers.provenance import Provenance
from register.models import User
from tests import cast
from tests.customers.importing import START, confirm, imported, in_register, newest, staged, table, work

HEADER = "Etunimi;Sukunimi;Yritys;Y-tunnus;Titteli;Sähköposti;Kieli;Tunnisteet"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    """Uploaded files of one test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bo(owner: User) -> Person:
    """Bo of Kone Oy, in the register before any file; nobody has said his title or the business ID."""
    with in_register(owner):
        company = cast.company("Kone Oy")
        return cast.person("Bo", "Berg", represents=company, emails=["bo@kone.fi"])


def completed(client: Client, row: str) -> ImportRun:
    """A file with one row, each of whose values is taken."""
    run = staged(client, table(row, header=HEADER), "messut.csv", source_words="fair in Turku")
    take = ["given", "family", "language", "title", "company", "business_id"]
    client.post(f"{START}I{run.pk}/choose/", {"position": "2", "choice-2": "update", "take-2": take})
    confirm(client, run)
    work()
    assert newest().counts == {"updated": 1}
    return newest()


def from_files() -> dict[tuple[str, str], int]:
    """Whose value came from which import."""
    rows = Completion.objects.using("owner").all()
    return {
        (f"H{row.person_id}" if row.person_id else f"K{row.customer_id}", row.field): row.import_run_id
        for row in rows
    }


def test_who_represents_whom_says_how_and_by_whom_that_is_known(as_owner: Client, owner: User) -> None:
    run = imported(as_owner, table("Ada;Laine;Laine Oy;johtaja;ada@laine.fi;"))
    with in_register(owner):
        tie = Representation.objects.get()
        assert (tie.source, tie.source_detail, tie.import_run_id) == ("import", "asiakkaat.csv", run.pk)
        assert (tie.entered_by_id, tie.entered_at) == (owner.pk, tie.person.entered_at)
        other = representing.represent(
            person=tie.person,
            customer=cast.company("Muu Oy"),
            provenance=Provenance("card", "fair"),
            by=owner,
        )
    page = as_owner.get(f"/register/people/H{tie.person_id}/").content.decode()
    assert f'imported file: <a href="/register/import/I{run.pk}/">asiakkaat.csv</a>' in page
    assert "business card: fair" in page
    form = as_owner.get(f"/register/representatives/{other.pk}/").context["form"]
    assert (form.initial["source"], form.initial["source_detail"]) == ("card", "fair")
    sent = {"title": "ostaja", "source": "mail", "source_detail": "19 November"}
    assert as_owner.post(f"/register/representatives/{tie.pk}/", sent).status_code == 302
    corrected = Representation.objects.using("owner").get(pk=tie.pk)
    assert (corrected.title, corrected.source, corrected.source_detail) == ("ostaja", "mail", "19 November")
    assert corrected.import_run_id is None


def test_a_person_added_at_a_company_represents_it_by_the_same_source(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        company = cast.company("Kone Oy")
    rows = {
        f"{name}-{what}": value
        for name in ("emails", "phones")
        for what, value in {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}.items()
    }
    sent = {
        "family_name": "Berg",
        "language": "fi",
        "source": "card",
        "source_detail": "fair",
        "role-title": "ostaja",
    }
    assert as_owner.post(f"/register/customers/K{company.pk}/people/add/", sent | rows).status_code == 302
    tie = Representation.objects.using("owner").get()
    assert (tie.title, tie.source, tie.source_detail, tie.entered_by_id) == (
        "ostaja",
        "card",
        "fair",
        owner.pk,
    )


def test_what_a_file_completes_of_somebody_known_says_so(as_owner: Client, owner: User, bo: Person) -> None:
    run = completed(as_owner, "Bo Erik;Berg;Kone Oy;2345678-0;ostaja;bo@kone.fi;ruotsi;messut")
    with in_register(owner):
        company = Customer.objects.get()
        assert from_files() == {
            (str(bo), "given"): run.pk,
            (str(bo), "language"): run.pk,
            (str(company), "business_id"): run.pk,
            (str(company), "tags"): run.pk,
        }
        tie = Representation.objects.get()
        assert (tie.title, tie.source, tie.import_run_id) == ("ostaja", "import", run.pk)
        assert Person.objects.get(pk=bo.pk).source == "told"
    said = f'(imported file: <a href="/register/import/I{run.pk}/">messut.csv: fair in Turku</a>)'
    assert f"given name, language {said}" in as_owner.get(f"/register/people/H{bo.pk}/").content.decode()
    page = as_owner.get(f"/register/customers/K{company.pk}/").content.decode()
    assert f"business ID, tags {said}" in page
    assert f", {owner.name or owner.email}</dd>" in page


def test_the_newest_file_stands_beside_a_value_and_its_own_company_is_no_completion(
    as_owner: Client, owner: User, bo: Person
) -> None:
    first = completed(as_owner, "Bo;Berg;Kone Oy;;;bo@kone.fi;ruotsi;")
    second = completed(as_owner, "Bo;Berg;KONE Oyj;;;bo@kone.fi;englanti;uusi")
    assert first.pk != second.pk
    assert from_files() == {(str(bo), "language"): second.pk}
    new = Customer.objects.using("owner").select_related("relationship").get(name="KONE Oyj")
    assert new.relationship.import_run_id == second.pk


def test_a_company_renamed_by_a_file_says_so(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        company = cast.company("Laine Oy", business_id="2345678-0")
    run = completed(as_owner, ";;Laine Yhtiöt Oy;2345678-0;;;;")
    assert Customer.objects.using("owner").get().name == "Laine Yhtiöt Oy"
    assert from_files() == {(str(company), "company"): run.pk}


def test_a_value_corrected_by_hand_comes_from_no_file_any_more(
    as_owner: Client, owner: User, bo: Person
) -> None:
    run = completed(as_owner, "Bo Erik;Berg;Kone Oy;2345678-0;;bo@kone.fi;ruotsi;messut")
    with in_register(owner):
        company, person = Customer.objects.get(), Person.objects.get(pk=bo.pk)
        assert len(from_files()) == 4
        given: dict[str, Any] = {
            "family_name": "Berg",
            "provenance": Provenance(),
            "shown": None,
            "by": owner,
        }
        intake.correct_person(person, given_name="Bosse", language="sv", **given)
        intake.correct_customer(company, name="Kone Oy", business_id="", language="fi", by=owner)
        facts: dict[str, Any] = {"status": "active", "since": None, "ended_on": None}
        intake.correct_relationship(
            company.relationship, **facts, tags=["Messut"], provenance=Provenance(), by=owner
        )
    assert from_files() == {(str(bo), "language"): run.pk, (str(company), "tags"): run.pk}
    with in_register(owner):
        intake.correct_relationship(company.relationship, **facts, tags=[], provenance=Provenance(), by=owner)
    assert from_files() == {(str(bo), "language"): run.pk}


def test_a_detail_of_a_file_that_is_told_anew_leaves_the_file_behind(as_owner: Client, owner: User) -> None:
    run = imported(as_owner, table("Ada;Laine;;;ada@laine.fi;"))
    with in_register(owner):
        email = EmailAddress.objects.get()
        same: dict[str, Any] = {"kind": email.kind, "primary": True, "since": None, "by": owner}
        as_it_is = Provenance(email.source, email.source_detail)
        contacts.correct_email(email, address="ada@laine.fi", provenance=as_it_is, **same)
        assert EmailAddress.objects.get().import_run_id == run.pk
        contacts.correct_email(email, address="ada@uusi.fi", provenance=Provenance("mail"), **same)
        corrected = EmailAddress.objects.get()
        assert (corrected.source, corrected.source_detail, corrected.import_run_id) == ("mail", "", None)


def test_every_detail_shows_since_when_and_from_where(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        person = cast.person(emails=[], phones=["040 123 4567"])
        contacts.add_postal(
            whose=person, street="Katu 1", city="Turku", since=cast.today().replace(year=2024, month=2, day=1),
            provenance=Provenance("public", "trade register"), by=owner,
        )  # fmt: skip
    page = as_owner.get(f"/register/people/H{person.pk}/").content.decode()
    shown = [
        " ".join(part.split("</span>")[0].split())
        for part in page.split('<span class="origin muted small">')[1:]
    ]
    assert len(shown) == 2
    assert shown[0].startswith("entered")
    assert shown[0].endswith("· told by the customer")
    assert shown[1].startswith("from")
    assert "2024" in shown[1]
    assert shown[1].endswith("· public company register: trade register")


def test_ties_from_before_they_had_a_source_have_that_of_their_person(as_owner: Client, owner: User) -> None:
    run = imported(as_owner, table("Ada;Laine;Laine Oy;johtaja;ada@laine.fi;"))
    with in_register(owner):
        cast.person(represents=cast.company("Kone Oy"), provenance=Provenance("card", "fair"))
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "UPDATE customers_representation SET source = 'other', source_detail = '', entered_by_id = NULL, "
            "import_run_id = NULL, entered_at = now() - interval '1 year'"
        )
        cursor.execute(import_module("customers.migrations.0012_sources").AS_THE_PERSON)
    ties = Representation.objects.using("owner").order_by("pk").select_related("person")
    assert [(tie.source, tie.source_detail, tie.import_run_id, tie.entered_by_id) for tie in ties] == [
        ("import", "asiakkaat.csv", run.pk, owner.pk),
        ("card", "fair", None, owner.pk),
    ]
    assert all(tie.entered_at == tie.person.entered_at for tie in ties)
