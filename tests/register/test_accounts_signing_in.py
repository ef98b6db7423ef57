"""Signing in: password, second factor, recovery codes, limits, and what a stranger can learn."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.test import Client

from register.accounts.passwords import Argon2id
from register.models import SecurityEvent, Session, User
from register.roles import Role
from tests.conftest import PASSWORD, give_second_factor, signed_in
from tests.register.signing import CODE, LOGIN, code_of, member, run_jobs, sign_in, type_password


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_password_and_code_from_the_app_let_in(database: None) -> None:
    user = member()
    secret = give_second_factor(user)
    client = Client()
    assert type_password(client, user.email).headers["Location"] == CODE
    assert not is_in(client)
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.headers["Location"] == "/billing/"
    assert is_in(client)


def test_the_e_mail_is_recognised_in_capitals(database: None) -> None:
    user = member()
    give_second_factor(user)
    assert type_password(Client(), "Mikko@EXAMPLE.fi").headers["Location"] == CODE


def test_a_wrong_code_is_refused_and_recorded(database: None) -> None:
    user = member()
    secret = give_second_factor(user)
    client = Client()
    type_password(client, user.email)
    wrong = str((int(code_of(secret)) + 1) % 1_000_000).zfill(6)
    answer = client.post(CODE, {"code": wrong})
    assert answer.status_code == 200
    assert not is_in(client)
    event = SecurityEvent.objects.using("owner").get()
    assert (event.what, event.user_id, event.details) == ("sign_in", user.pk, "second factor")


@pytest.mark.parametrize("periods", [-1, 0, 1])
def test_a_code_works_once_in_all_the_time_it_is_valid(database: None, periods: int) -> None:
    user = member()
    secret = give_second_factor(user)
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, user.email)
    code = code_of(secret, periods=periods)
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 200
    later = mock.patch("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", return_value=True)
    with later:  # as if allauth's own memory of half a minute had passed
        assert second.post(CODE, {"code": code}).status_code == 200
    assert is_in(first)
    assert not is_in(second)


def test_a_recovery_code_replaces_the_app_once(database: None) -> None:
    user = member()
    give_second_factor(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, user.email)
    assert first.post(CODE, {"code": code}).headers["Location"] == "/billing/"
    assert second.post(CODE, {"code": code}).status_code == 200
    assert (is_in(first), is_in(second)) == (True, False)


def errors(answer: Any) -> list[str]:
    return re.findall(r'<div class="notice error".*?</div>', answer.content.decode(), re.DOTALL)


def test_wrong_password_and_unknown_address_get_the_same_answer(database: None) -> None:
    user = member()
    known = type_password(Client(), user.email, "wrong but long enough")
    unknown = type_password(Client(), "nobody@example.fi", "wrong but long enough")
    assert known.status_code == unknown.status_code == 200
    assert errors(known) == errors(unknown) != []
    events = SecurityEvent.objects.using("owner").order_by("id").values_list("what", "user_id", "details")
    assert list(events) == [("sign_in", user.pk, "password"), ("sign_in", None, "password")]


def test_an_unknown_address_costs_one_hash_like_a_known_one(database: None) -> None:
    user = member()
    for address in (user.email, "nobody@example.fi"):
        with (
            mock.patch.object(Argon2id, "encode", autospec=True, return_value="argon2$x") as made,
            mock.patch.object(Argon2id, "verify", autospec=True, return_value=False) as compared,
        ):
            type_password(Client(), address, "wrong but long enough")
        assert made.call_count + compared.call_count == 1, address


def test_a_closed_account_is_told_so_only_with_the_right_password(database: None) -> None:
    user = member(is_active=False)
    wrong = type_password(Client(), user.email, "wrong but long enough")
    assert wrong.status_code == 200
    client = Client()
    assert type_password(client, user.email).headers["Location"] == "/accounts/inactive/"
    assert not is_in(client)
    assert client.get("/accounts/inactive/").status_code == 200


def test_the_sixth_attempt_on_one_account_is_not_even_hashed(database: None) -> None:
    user = member()
    with mock.patch.object(Argon2id, "verify", autospec=True, return_value=False) as compared:
        answers = [
            type_password(Client(REMOTE_ADDR=f"192.0.2.{n}"), user.email, "wrong but long enough")
            for n in range(8)
        ]
    assert compared.call_count == 5
    assert errors(answers[5]) != errors(answers[4])
    assert SecurityEvent.objects.using("owner").filter(what="limit").exists()


def test_one_address_cannot_try_many_accounts(database: None) -> None:
    with mock.patch.object(Argon2id, "encode", autospec=True, return_value="argon2$x") as made:
        for n in range(35):
            type_password(Client(REMOTE_ADDR="192.0.2.1"), f"somebody{n}@example.fi", "wrong but long enough")
    assert made.call_count == 10
    assert type_password(Client(REMOTE_ADDR="192.0.2.1"), "x@example.fi").status_code == 429
    assert SecurityEvent.objects.using("owner").filter(what="limit").count() == 1


def test_a_limit_does_not_hold_for_other_addresses(database: None) -> None:
    user = member()
    give_second_factor(user)
    for n in range(12):
        type_password(Client(REMOTE_ADDR="192.0.2.1"), f"somebody{n}@example.fi", "wrong but long enough")
    assert type_password(Client(REMOTE_ADDR="192.0.2.2"), user.email).headers["Location"] == CODE


def test_a_forged_forwarding_header_does_not_escape_the_limit(database: None) -> None:
    for n in range(30):
        Client().post(LOGIN, {}, headers={"X-Forwarded-For": f"198.51.100.{n}"})
    answer = Client().post(LOGIN, {}, headers={"X-Forwarded-For": "198.51.100.99"})
    assert answer.status_code == 429


def test_nobody_signs_up(database: None) -> None:
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().get("/accounts/email/").status_code == 404


def test_without_a_second_factor_only_the_page_to_add_one_opens(database: None) -> None:
    owner = member("owner2@example.fi", role=Role.OWNER)
    client = Client()
    client.force_login(owner)
    for address in (
        "/register/",
        "/register/users/",
        "/billing/",
        "/accounts/",
        "/accounts/password/change/",
    ):
        assert client.get(address).headers["Location"] == "/accounts/2fa/", address
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


def test_recovery_codes_alone_are_no_second_factor(database: None) -> None:
    user = member()
    RecoveryCodes.activate(user)
    client = Client()
    client.force_login(user)
    assert client.get("/accounts/").headers["Location"] == "/accounts/2fa/"


def test_the_demo_lets_in_without_a_second_factor_and_says_so(database: None, settings: Any) -> None:
    settings.REGISTER_DEMO = True
    user = member()
    client = Client()
    assert b"This is a demo" in client.get(LOGIN + "?lang=en").content
    assert type_password(client, user.email).headers["Location"] == "/billing/"
    assert client.get("/accounts/").status_code == 200


def test_the_owner_of_an_empty_register_is_led_to_the_registrars_details(database: None) -> None:
    owner = member("owner2@example.fi", role=Role.OWNER)
    client = sign_in(owner)
    assert client.get("/accounts/continue/").headers["Location"] == "/register/registrar/"


def test_a_foreign_address_is_not_followed_after_signing_in(database: None) -> None:
    user = member()
    secret = give_second_factor(user)
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert client.post(CODE, {"code": code_of(secret)}).headers["Location"] == "/billing/"


def test_extra_fields_of_a_form_change_nothing(database: None) -> None:
    user = member()
    client = signed_in(user)
    answer = client.post(
        "/accounts/",
        {"name": "Uusi Nimi", "language": "sv", "role": "owner", "is_active": "", "email": "x@example.fi"},
    )
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language, user.role, user.is_active) == ("Uusi Nimi", "sv", Role.BILLING, True)
    assert user.email == "mikko@example.fi"


def test_the_pages_speak_the_users_own_language_after_signing_in(database: None) -> None:
    client = sign_in(member(language="sv"))
    assert client.cookies["django_language"].value == "sv"


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(database: None) -> None:
    user = member()
    known = sign_in(user)
    run_jobs()
    mail.outbox.clear()
    known.post("/accounts/logout/")
    Authenticator.objects.filter(user=user).delete()
    sign_in(user, known)
    assert run_jobs() == []
    Authenticator.objects.filter(user=user).delete()
    sign_in(user)
    assert [name for name, _arguments in run_jobs()] == ["mail_notice"]
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_the_users_table_holds_argon2id_hashes_with_our_parameters(database: None) -> None:
    user = User.objects.get(pk=member().pk)
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_in_gives_the_session_a_new_key(database: None) -> None:
    client = Client()
    client.get(LOGIN)
    user = member()
    secret = give_second_factor(user)
    type_password(client, user.email)
    before = client.cookies["session"].value
    client.post(CODE, {"code": code_of(secret)})
    assert client.cookies["session"].value != before
    assert Session.objects.count() == 1
