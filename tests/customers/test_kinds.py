"""Kinds of assignments: typed on an assignment, one however it is written, renamed, merged and deleted by the owner."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import kinds, work_lists
from customers.models import Assignment, AssignmentKind, Customer
from register import access
from register.models import User
from tests import cast
from tests.customers.test_work_pages import LINES

FORM = LINES | {"title": "Uusi halli", "offered_on": "2026-11-22"}
KINDS = "/register/assignments/kinds/"


@pytest.fixture
def koivu(owner: User) -> Customer:
    with access.acting("owner", user_id=owner.pk):
        return cast.company("Koivu Oy")


def add(as_owner: Client, customer: Customer, **sent: str) -> str:
    """The answer to an assignment's form: where it leads, or the page that is shown again."""
    response = as_owner.post(f"/register/customers/K{customer.pk}/assignments/add/", FORM | sent)
    if response.status_code == 302:
        return response["Location"]
    assert response.status_code == 422
    return response.content.decode()


def kind(name: str) -> AssignmentKind:
    with access.acting("owner"):
        return AssignmentKind.objects.get(name=name)


def test_a_kind_is_one_however_it_is_written_and_none_is_none(as_owner: Client, koivu: Customer) -> None:
    page = add(as_owner, koivu, kind="  Käännös  työ ")
    add(as_owner, koivu, kind="KÄÄNNÖS TYÖ")
    bare = add(as_owner, koivu, kind=" ")
    with access.acting("owner"):
        assert [one.name for one in AssignmentKind.objects.all()] == ["Käännös työ"]
        assert AssignmentKind.objects.get().assignments.count() == 2
    assert "Käännös työ" in as_owner.get(page).content.decode()
    form = as_owner.get(page + "edit/").content.decode()
    assert '<option value="Käännös työ">' in form
    assert 'value="Käännös työ"' in form.split('name="kind"')[1].split(">")[0]
    assert "Käännös työ" not in as_owner.get(bare).content.decode()
    assert as_owner.post(page + "edit/", FORM | {"kind": ""}).status_code == 302
    with access.acting("owner"):
        assert AssignmentKind.objects.get().assignments.count() == 1


@pytest.mark.parametrize("hostile", ["x" * 51, "ty\x07ö", "ty\x00ö"])
def test_a_kind_that_cannot_be_kept_is_told_and_the_rest_stays_typed(
    as_owner: Client, koivu: Customer, hostile: str
) -> None:
    page = add(as_owner, koivu, kind=hostile)
    assert 'class="errorlist"' in page
    assert 'value="Uusi halli"' in page
    assert as_owner.post(KINDS, {"name": hostile}).status_code == 422
    with access.acting("owner"):
        assert not AssignmentKind.objects.exists()
        assert not Assignment.objects.exists()


def test_the_list_shows_one_kind_within_its_other_filters_and_pages(
    as_owner: Client, koivu: Customer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_lists, "PAGE", 2)
    for n in range(3):
        add(as_owner, koivu, title=f"Kuva {n}", kind="Kuvaus")
        add(as_owner, koivu, title=f"Teksti {n}", kind="Käännös")
    asked = f"/register/assignments/?status=all&kind={kind('Kuvaus').pk}&customer={koivu.pk}"
    with CaptureQueriesContext(connections["owner"]) as queries:
        page = as_owner.get(asked).content.decode()
    assert len(queries) <= 10
    assert ("Kuva 2" in page, "Kuva 0" in page, "Teksti 2" in page) == (True, False, False)
    older = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    page = as_owner.get("/register/assignments/" + older).content.decode()
    assert ("Kuva 2" in page, "Kuva 0" in page, "Teksti 0" in page) == (False, True, False)
    for nothing in ("", "x", "9" * 30):
        assert "Teksti 2" in as_owner.get(f"/register/assignments/?kind={nothing}").content.decode()


def test_a_kind_is_renamed_everywhere_but_never_to_the_name_of_another(
    as_owner: Client, koivu: Customer
) -> None:
    page = add(as_owner, koivu, kind="Kuvaus")
    add(as_owner, koivu, kind="Käännös")
    url = f"{KINDS}{kind('Kuvaus').pk}/"
    refused = as_owner.post(url, {"rename": "1", "name": "käännös"})
    assert refused.status_code == 422
    assert "Merge the two kinds" in refused.content.decode()
    assert 'value="käännös"' in refused.content.decode()
    assert as_owner.post(url, {"rename": "1", "name": "KUVAUS"}).status_code == 302
    assert as_owner.post(url, {"rename": "1", "name": "Valokuvaus"}).status_code == 302
    assert "Valokuvaus" in as_owner.get(page).content.decode()
    assert as_owner.post(url, {"rename": "1", "name": " "}).status_code == 422


def test_a_merged_kind_becomes_another_name_of_the_other(as_owner: Client, koivu: Customer) -> None:
    page = add(as_owner, koivu, title="Kansikuva", kind="Kuvaus")
    add(as_owner, koivu, kind="Valokuvaus")
    add(as_owner, koivu, kind="Kuva")
    old, middle, new = kind("Kuva"), kind("Kuvaus"), kind("Valokuvaus")
    assert as_owner.post(f"{KINDS}{old.pk}/", {"merge": "1", "into": middle.pk}).status_code == 302
    assert as_owner.post(f"{KINDS}{middle.pk}/", {"merge": "1", "into": new.pk}).status_code == 302
    assert "Valokuvaus" in as_owner.get(page).content.decode()
    add(as_owner, koivu, kind="kuva")
    shown = as_owner.get(f"/register/assignments/?kind={new.pk}").content.decode()
    assert shown.count("Valokuvaus</span>") == 4
    everything = as_owner.get(KINDS).content.decode()
    assert "Kuva, Kuvaus" in everything
    assert f'kind={new.pk}">4</a>' in everything
    assert as_owner.get(f"{KINDS}{old.pk}/").status_code == 404
    for wrong in (new.pk, old.pk, "x", ""):
        assert as_owner.post(f"{KINDS}{new.pk}/", {"merge": "1", "into": wrong}).status_code == 422


def test_a_kind_goes_only_when_nothing_is_of_it(as_owner: Client, koivu: Customer) -> None:
    add(as_owner, koivu, kind="Kuvaus")
    assert as_owner.post(KINDS, {"name": "Turha"}).status_code == 302
    used, idle = kind("Kuvaus"), kind("Turha")
    refused = as_owner.post(f"{KINDS}{used.pk}/", {"remove": "1"}, follow=True).content.decode()
    assert "it stays" in refused
    as_owner.post(f"{KINDS}{idle.pk}/", {"remove": "1"})
    as_owner.post(KINDS, {"name": "Pääkuvaus"})
    main = kind("Pääkuvaus")
    as_owner.post(f"{KINDS}{used.pk}/", {"merge": "1", "into": main.pk})
    assert "it stays" in as_owner.post(f"{KINDS}{main.pk}/", {"remove": "1"}, follow=True).content.decode()
    with access.acting("owner"):
        assert {one.name for one in AssignmentKind.objects.all()} == {"Kuvaus", "Pääkuvaus"}


def test_the_database_knows_one_kind_of_a_name(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        kinds.named("Työ")
    with pytest.raises(IntegrityError), access.acting("owner", user_id=owner.pk):
        AssignmentKind.objects.create(name="TYÖ")
