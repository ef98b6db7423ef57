"""Every page of the accounts: loads in three languages, holds no inline script or style, is not kept by caches."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from register import setup
from register.models import Registrar, User
from tests.conftest import PASSWORD
from tests.register.signing import member, sign_in, type_password

OUTSIDE = (
    "/accounts/login/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-x/",
)
INSIDE = (
    "/accounts/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/",
)
OWNERS = ("/register/users/", "/register/users/invite/", "/register/registrar/")

INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
)


def look(client: Client, address: str, language: str) -> str:
    answer = client.get(f"{address}?lang={language}")
    assert answer.status_code == 200, (address, answer.headers.get("Location"))
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    assert INLINE.findall(page) == []
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    return page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_before_signing_in(database: None, language: str) -> None:
    for address in OUTSIDE:
        look(Client(), address, language)
    link = setup.setup_link()
    assert link is not None
    look(Client(), link.removeprefix("http://localhost:8000"), language)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_of_ones_own_account(registrar: Registrar, biller: User, language: str) -> None:
    biller.set_password(PASSWORD)
    biller.save(update_fields=["password"])
    client = sign_in(biller)
    for address in INSIDE:
        page = look(client, address, language)
        assert registrar.name in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_of_the_owner(as_owner: Client, registrar: Registrar, owner: User, language: str) -> None:
    for address in (*OWNERS, f"/register/users/{owner.pk}/"):
        look(as_owner, address, language)


def test_the_page_that_asks_for_the_second_factor(database: None) -> None:
    user = member()
    sign_in(user).post("/accounts/logout/")
    client = Client()
    type_password(client, user.email)
    look(client, "/accounts/2fa/authenticate/", "en")


def test_pages_of_ones_account_send_strangers_to_sign_in(database: None) -> None:
    for address in INSIDE:
        if address != "/accounts/logout/":
            assert Client().get(address).headers["Location"].startswith("/accounts/login/"), address
