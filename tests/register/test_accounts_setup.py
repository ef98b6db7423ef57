"""Setting up an empty register: the link once, then second factor, then the registrar's details."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from register import setup
from register.models import AuditEntry, Registrar, SetupLink, User
from tests.conftest import give_second_factor
from tests.register.signing import member

GOOD = "korppi laulaa vuonolla aamuisin"
OWNER = {
    "name": "Olga Omistaja",
    "email": "Olga@Example.fi",
    "language": "fi",
    "password1": GOOD,
    "password2": GOOD,
}
COMPANY = {
    "name": "Esimerkki Oy",
    "business_id": "FI23456780",
    "street": "Esimerkkikatu 1",
    "postal_code": "40100",
    "city": "Jyväskylä",
    "website": "",
    "contact_person": "Olga Omistaja",
    "contact_email": "olga@example.fi",
    "phone": "",
    "register_name_fi": "Asiakasrekisteri",
    "register_name_sv": "Kundregister",
    "register_name_en": "Customer register",
    "iban": "fi21 1234 5600 0007 85",
    "bic": "",
    "financial_year_end_day": "31",
    "reference_form": "rf_abroad",
    "financial_year_end_month": "12",
    "vat_registered": "on",
}


def path() -> str:
    link = setup.setup_link()
    assert link is not None
    return link.removeprefix("http://localhost:8000")


def test_the_link_makes_the_first_owner_and_then_works_no_more(database: None) -> None:
    address = path()
    client = Client()
    assert client.get(address).status_code == 200
    answer = client.post(address, OWNER | {"role": "billing", "is_active": "", "is_staff": "1"})
    assert answer.headers["Location"] == "/register/registrar/"
    user = User.objects.get()
    assert (user.email, user.role, user.is_active) == ("olga@example.fi", "owner", True)
    assert user.check_password(GOOD)
    assert client.get("/register/registrar/").headers["Location"] == "/accounts/2fa/"
    assert Client().get(address).status_code == 404
    assert Client().post(address, OWNER).status_code == 404
    assert User.objects.count() == 1
    assert not SetupLink.objects.exists()
    assert AuditEntry.objects.using("owner").get().additional_data["act"] == "set_up"


def test_the_table_holds_only_the_links_hash(database: None) -> None:
    token = path().removeprefix("/setup/").strip("/")
    assert len(token) == 43
    assert SetupLink.objects.get().token_hash != token


def test_a_newer_link_replaces_the_earlier_one(database: None) -> None:
    earlier, newer = path(), path()
    assert Client().get(earlier).status_code == 404
    assert Client().get(newer).status_code == 200


def test_there_is_no_link_once_somebody_has_an_account(database: None) -> None:
    address = path()
    member()
    assert setup.setup_link() is None
    assert Client().get(address).status_code == 404
    assert Client().post(address, OWNER).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "%F0%9F%94%91", "A" * 500])
def test_a_wrong_link_is_an_unknown_page(database: None, token: str) -> None:
    path()
    assert Client().get(f"/setup/{token}/").status_code == 404


def test_what_was_typed_stays_when_the_password_is_too_weak(database: None) -> None:
    address = path()
    answer = Client().post(address, OWNER | {"password1": "salasana", "password2": "salasana"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"password1"}
    assert "Olga Omistaja" in page
    assert "Olga@Example.fi" in page
    assert not User.objects.exists()


def new_owner() -> Client:
    client = Client()
    client.post(path(), OWNER)
    give_second_factor(User.objects.get())
    return client


def test_the_registrars_details_are_checked_completed_and_kept(database: None) -> None:
    client = new_owner()
    page = client.get("/register/registrar/").content.decode()
    assert "Asiakasrekisteri ja yrityksen sähköpostirekisteri" in page
    assert "Olga Omistaja" in page
    answer = client.post("/register/registrar/", COMPANY)
    assert answer.headers["Location"] == "/register/"
    registrar = Registrar.objects.using("default").get()
    assert (registrar.business_id, registrar.iban, registrar.bic) == (
        "2345678-0",
        "FI2112345600000785",
        "NDEAFIHH",
    )
    assert registrar.vat_registered is True
    entry = AuditEntry.objects.using("owner").get(
        content_type_id=ContentType.objects.get_for_model(Registrar).pk
    )
    assert (entry.action, entry.actor_id) == (AuditEntry.Action.CREATE, User.objects.get().pk)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("business_id", "2345678-1"),
        ("business_id", "hello"),
        ("iban", "FI21 1234 5600 0007 86"),
        ("iban", "1234"),
        ("bic", "NORDEA"),
        ("financial_year_end_day", "32"),
        ("contact_email", "olga@"),
        ("name", "Esimerkki\u0000Oy"),
        ("name", "x" * 201),
        ("street", ""),
    ],
)
def test_a_mistake_is_named_and_everything_else_stays(database: None, field: str, text: str) -> None:
    client = new_owner()
    answer = client.post("/register/registrar/", COMPANY | {field: text})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    page = answer.content.decode()
    assert re.findall(r'value="([^"]*)"[^>]*name="city"|name="city"[^>]*value="([^"]*)"', page) != []
    assert "Jyväskylä" in page
    assert not Registrar.objects.using("default").exists()


def test_a_day_that_the_month_does_not_have_is_refused(database: None) -> None:
    answer = new_owner().post(
        "/register/registrar/", COMPANY | {"financial_year_end_day": "31", "financial_year_end_month": "6"}
    )
    assert answer.context["form"].errors.keys() == {"financial_year_end_day"}


def test_the_owner_changes_the_details_later(as_owner: Client, registrar: Registrar) -> None:
    changed = COMPANY | {"iban": "FI49 5000 9420 0287 30", "city": "Turku", "only": "", "id": "99"}
    assert as_owner.post("/register/registrar/", changed).headers["Location"] == "/register/registrar/"
    found: Any = Registrar.objects.using("default").get()
    assert (found.pk, found.city, found.iban, found.bic) == (
        registrar.pk,
        "Turku",
        "FI4950009420028730",
        "OKOYFIHH",
    )
