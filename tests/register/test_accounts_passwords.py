"""Passwords: which are refused, and that resetting one leaves the second factor alone."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from register.accounts.passwords import is_run
from register.models import AuditEntry, Session, User
from tests.conftest import PASSWORD, give_second_factor, signed_in
from tests.register.signing import CODE, code_of, member, run_jobs, type_password

NEW = "korppi laulaa vuonolla aamuisin"


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("fourteen chars", "password_too_short"),
        ("x" * 15, "guessable"),
        ("abcabcabcabcabcabc", "guessable"),
        ("qwertyuiop12345678", "guessable"),
        ("1234567890123456", "guessable"),
        ("abcdefghijklmnopqrst", "guessable"),
        ("passwordpassword", "guessable"),
        ("!!password123456789", "guessable"),
        ("mikko@example.fi", "password_too_similar"),
        ("kivi paperi sakset " * 14, "too_long"),
    ],
)
def test_a_password_that_is_guessed_easily_is_refused(password: str, because: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, User(email="mikko@example.fi", name="Mikko Malli"))
    assert because in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "Ö" * 4 + "vettä & 7 kiveä", "a long passphrase without digits"]
)
def test_a_long_password_needs_no_special_characters(password: str) -> None:
    validate_password(password, User(email="mikko@example.fi", name="Mikko Malli"))


def test_ordinary_words_are_no_run_of_keys() -> None:
    assert is_run("asdfghjklzxcvbnm")
    assert not is_run("correct horse battery staple")


def ask(email: str) -> Client:
    client = Client()
    answer = client.post("/accounts/password/reset/", {"email": email})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"
    assert client.get("/accounts/password/reset/done/").status_code == 200
    return client


def link_in_mail() -> str:
    return re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def test_known_and_unknown_addresses_leave_the_same_job(database: None) -> None:
    user = member()
    for email in (user.email, "nobody@example.fi"):
        ask(email)
    jobs = ProcrastinateJob.objects.using("worker").order_by("id")
    assert [job.args for job in jobs] == [{"user_id": user.pk}, {"user_id": 0}]
    run_jobs()
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_a_reset_password_still_needs_the_second_factor(database: None) -> None:
    user = member()
    secret = give_second_factor(user)
    elsewhere = signed_in(user)
    ask(user.email)
    run_jobs()
    client = Client()
    form = client.get(link_in_mail()).headers["Location"]
    assert form.endswith("set-password/")
    answer = client.post(form, {"password1": NEW, "password2": NEW})
    assert answer.headers["Location"] == "/accounts/password/reset/key/done/"
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.filter(user=user).exists()
    assert elsewhere.get("/accounts/").status_code == 302
    assert not Session.objects.filter(user=user).exists()
    assert type_password(Client(), user.email).status_code == 200
    fresh = Client()
    assert type_password(fresh, user.email, NEW).headers["Location"] == CODE
    assert fresh.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert AuditEntry.objects.using("owner").get(additional_data__act="password_reset").numbers == [str(user)]
    assert [name for name, _arguments in run_jobs()] == ["mail_notice", "mail_notice"]  # reset, new browser
    assert [message.to for message in mail.outbox] == [[user.email]] * 3


def test_a_reset_link_works_once(database: None) -> None:
    user = member()
    ask(user.email)
    run_jobs()
    link = link_in_mail()
    client = Client()
    client.post(client.get(link).headers["Location"], {"password1": NEW, "password2": NEW})
    again = Client().get(link)
    assert again.status_code == 200
    assert "form" not in again.context or again.context["token_fail"] is True


@pytest.mark.parametrize("change", ["one character", "another user"])
def test_a_tampered_reset_link_does_not_open(database: None, change: str) -> None:
    user = member()
    other = member("toinen@example.fi")
    ask(user.email)
    run_jobs()
    link = link_in_mail()
    if change == "one character":
        link = link[:-2] + ("a" if link[-2] != "a" else "b") + "/"
    else:
        from allauth.account.utils import user_pk_to_url_str

        link = re.sub(r"key/\w+?-", f"key/{user_pk_to_url_str(other)}-", link)
    assert Client().get(link).context["token_fail"] is True


def test_a_weak_password_is_refused_on_the_reset_page(database: None) -> None:
    user = member()
    ask(user.email)
    run_jobs()
    client = Client()
    form = client.get(link_in_mail()).headers["Location"]
    answer = client.post(form, {"password1": "passwordpassword", "password2": "passwordpassword"})
    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_closed_account_gets_no_link(database: None) -> None:
    ask(member(is_active=False).email)
    run_jobs()
    assert mail.outbox == []


def test_mails_about_the_account_speak_its_language_and_name_no_secret(database: None) -> None:
    user = member(language="en")
    ask(user.email)
    run_jobs()
    message = mail.outbox[0]
    assert message.subject == "Choose a new password"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert user.password not in message.body
