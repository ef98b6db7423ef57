"""The owner's pages: statement and its versions, record of processing, audit, copy and erasure."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Person
from register import access, statement
from register.models import AuditEntry, Erasure, Registrar, StatementVersion, User
from tests import cast


def ada(owner: User) -> Person:
    with access.acting("owner", user_id=owner.pk):
        return cast.person("Ada", "Salainen", emails=["ada.salainen@example.fi"])


def entries(owner: User, **lookup: object) -> list[AuditEntry]:
    with access.acting("owner", user_id=owner.pk):
        return list(AuditEntry.objects.filter(**lookup).order_by("pk"))


# --- statement and record ---------------------------------------------------------------------------


def test_the_statement_page_asks_for_the_registrar_first(as_owner: Client) -> None:
    response = as_owner.get("/register/statement/")
    assert response.status_code == 302
    assert response.url == "/register/registrar/"


def test_publishing_makes_a_version_that_later_changes_do_not_touch(
    as_owner: Client, owner: User, registrar: Registrar
) -> None:
    as_owner.post("/register/statement/publish/")
    with access.acting("owner", user_id=owner.pk):
        version = StatementVersion.objects.get()
        assert statement.published(version, "en").sections == statement.live("en").sections
        assert statement.differences(version, "en") == []
        Registrar.objects.update(name="Uusi Nimi Oy")
        assert statement.differences(version, "en") == [
            statement.Change(False, "Registrar: Esimerkki Oy"),
            statement.Change(True, "Registrar: Uusi Nimi Oy"),
        ]
    page = as_owner.get("/register/statement/?language=en").content.decode()
    assert "Uusi Nimi Oy" in page
    old = as_owner.get(f"/register/statement/V{version.pk}/?language=en").content.decode()
    assert "Esimerkki Oy" in old
    assert "Uusi Nimi Oy" not in old.split("<main")[1]


def test_publishing_the_same_text_again_makes_no_version(
    as_owner: Client, owner: User, registrar: Registrar
) -> None:
    as_owner.post("/register/statement/publish/")
    as_owner.post("/register/statement/publish/")
    with access.acting("owner", user_id=owner.pk):
        assert StatementVersion.objects.count() == 1
    assert len(entries(owner, page="statement")) == 1


def test_versions_form_a_chain(owner: User, registrar: Registrar) -> None:
    from datetime import date

    with access.acting("owner", user_id=owner.pk):
        first = statement.publish(by=owner, on=date(2026, 1, 1))
        Registrar.objects.update(name="B Oy")
        second = statement.publish(by=owner, on=date(2026, 1, 1))
        Registrar.objects.update(name="Esimerkki Oy")
        third = statement.publish(by=owner, on=date(2026, 1, 1))
        assert first.fi == third.fi
        assert len({first.sha256, second.sha256, third.sha256}) == 3
        assert statement.current("fi").version == third.pk


def test_before_publishing_the_public_text_is_the_live_one(owner: User, registrar: Registrar) -> None:
    with access.acting("link"):
        assert statement.current("sv").published_on is None
        assert statement.current("sv").sections == statement.live("sv").sections


def test_without_a_registrar_there_is_no_statement(owner: User) -> None:
    with access.acting("link"), pytest.raises(statement.RegistrarMissing):
        statement.current("fi")


@pytest.mark.parametrize("ending", ["csv", "md"])
def test_the_record_of_processing_can_be_downloaded(
    as_owner: Client, registrar: Registrar, ending: str
) -> None:
    assert as_owner.get("/register/record/").status_code == 200
    response = as_owner.get(f"/register/record/record.{ending}")
    assert response["Content-Disposition"].startswith("attachment")
    assert "1336/1997" in response.content.decode()


def test_the_record_comes_in_no_other_form(as_owner: Client, registrar: Registrar) -> None:
    assert as_owner.get("/register/record/record.exe").status_code == 404


# --- audit ------------------------------------------------------------------------------------------


def test_the_audit_tells_who_did_what_to_whom(as_owner: Client, owner: User) -> None:
    person = ada(owner)
    page = as_owner.get("/register/audit/", {"number": str(person)}).content.decode()
    main = page.split("<main")[1]
    assert "Olga Omistaja" in main
    assert "Ada Salainen" in main
    assert f"/register/people/{person}/" in main


def test_a_change_to_an_address_is_found_under_the_persons_number(as_owner: Client, owner: User) -> None:
    person = ada(owner)
    found = entries(owner, numbers__contains=[str(person)])
    assert {entry.content_type.model for entry in found} >= {"person", "emailaddress"}


def test_reading_names_in_the_audit_is_itself_recorded(as_owner: Client, owner: User) -> None:
    person = ada(owner)
    assert entries(owner, page="audit") == []
    as_owner.get("/register/audit/")
    assert [entry.numbers for entry in entries(owner, page="audit")] == [[str(person)]]


def test_the_audit_is_searched_by_user_action_and_day(as_owner: Client, owner: User, biller: User) -> None:
    ada(owner)
    everything = {
        "action": AuditEntry.Action.CREATE,
        "user": owner.pk,
        "since": "2020-01-01",
        "until": "2099-01-01",
    }
    assert "H" in as_owner.get("/register/audit/", everything).content.decode().split("<tbody")[1]
    for changed in ({"user": biller.pk}, {"until": "2020-01-02"}, {"since": "2099-01-01"}, {"action": 2}):
        page = as_owner.get("/register/audit/", everything | changed).content.decode()
        assert "Ada" not in page.split("<main")[1]


def test_nonsense_in_the_search_is_said_and_breaks_nothing(as_owner: Client, owner: User) -> None:
    response = as_owner.get("/register/audit/", {"since": "yesterday", "user": "x", "before": "x"})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


def test_a_deep_audit_is_paged_by_key(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        for number in range(120):
            cast.person("Ada", f"Numero{number}", emails=[])
    first = as_owner.get("/register/audit/")
    lines = first.context["lines"]
    assert len(lines) == 50
    second = as_owner.get(f"/register/audit/?{first.context['older']}")
    older = second.context["lines"]
    assert len(older) == 50
    assert lines[-1].pk > older[0].pk
    with CaptureQueriesContext(connections["owner"]) as queries:
        as_owner.get("/register/audit/")
    assert len(queries) <= 12


def test_exporting_the_audit_holds_numbers_only_and_is_recorded(as_owner: Client, owner: User) -> None:
    person = ada(owner)
    response = as_owner.post("/register/audit/audit.csv", {"number": str(person)})
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert str(person) in rows[1]
    assert "Ada" not in text
    assert [entry.additional_data for entry in entries(owner, page="audit export")] == [
        {"rows": len(rows) - 1}
    ]


def test_the_audit_page_is_not_the_billing_persons(as_biller: Client) -> None:
    assert as_biller.get("/register/audit/").status_code == 404


# --- copy and erasure -------------------------------------------------------------------------------


def test_a_copy_is_downloaded_and_recorded(as_owner: Client, owner: User) -> None:
    person = ada(owner)
    copy = json.loads(as_owner.post(f"/register/copy/{person}/").content)
    assert copy["number"] == str(person)
    assert "ada.salainen@example.fi" in json.dumps(copy)
    assert [entry.numbers for entry in entries(owner, page="copy")] == [[str(person)]]


def test_the_erasure_page_shows_first_and_erases_when_confirmed(as_owner: Client, owner: User) -> None:
    person = ada(owner)
    url = f"/register/erase/{person}/"
    assert "Ada Salainen" in as_owner.get(url).content.decode()
    assert as_owner.post(url, {"reason": "asked"}).status_code == 200
    with access.acting("owner", user_id=owner.pk):
        assert Person.objects.get(pk=person.pk).given_name == "Ada"
    response = as_owner.post(url, {"reason": "asked", "sure": "on"})
    assert response.status_code == 302
    done = as_owner.get(response.url).content.decode()
    assert str(person) in done
    assert "Salainen" not in done
    with access.acting("owner", user_id=owner.pk):
        assert Person.objects.get(pk=person.pk).given_name == "—"
        assert Erasure.objects.get().number == str(person)


@pytest.mark.parametrize("number", ["H99999", "X1", "H", "U1", "H" + "9" * 30, "H²"])
def test_an_unknown_number_is_a_neutral_404(as_owner: Client, number: str) -> None:
    assert as_owner.get(f"/register/erase/{number}/").status_code == 404
