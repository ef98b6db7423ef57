"""Adding and removing second factors, recovery codes, passkeys; what the database holds of them; notices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import translation

from register.accounts import mails
from register.models import AuditEntry, SecurityEvent, User
from register.sealing import BrokenSeal, seal, unseal
from tests.conftest import PASSWORD, give_second_factor, signed_in
from tests.register.signing import CODE, code_of, member, run_jobs, sign_in, type_password

ADD = "/accounts/2fa/totp/activate/"


def just_typed_password(user: User) -> Client:
    client = Client()
    type_password(client, user.email)
    return client


def add_app(client: Client) -> tuple[str, str, Any]:
    """Add an authenticator app on the page; returns its secret, the code that was typed and the answer."""
    assert client.get(ADD).status_code == 200
    secret = client.session[SECRET_SESSION_KEY]
    code = code_of(secret)
    return secret, code, client.post(ADD, {"code": code})


def test_an_app_is_added_right_after_the_password_and_codes_are_shown(database: None) -> None:
    user = member()
    client = just_typed_password(user)
    assert client.get("/billing/").headers["Location"] == "/accounts/2fa/"
    secret, _code, answer = add_app(client)
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10
    assert all(code in page for code in codes)
    assert client.get("/accounts/continue/").headers["Location"] == "/billing/"
    again = Client()
    type_password(again, user.email)
    assert again.post(CODE, {"code": code_of(secret, periods=1)}).status_code == 302


def test_the_code_that_added_the_app_does_not_sign_in(database: None) -> None:
    user = member()
    _secret, code, _answer = add_app(just_typed_password(user))
    again = Client()
    type_password(again, user.email)
    assert again.post(CODE, {"code": code}).status_code == 200
    assert "_auth_user_id" not in again.session


def test_a_wrong_code_adds_nothing_and_keeps_the_same_key(database: None) -> None:
    user = member()
    client = just_typed_password(user)
    client.get(ADD)
    secret = client.session[SECRET_SESSION_KEY]
    answer = client.post(ADD, {"code": str((int(code_of(secret)) + 1) % 1_000_000).zfill(6)})
    assert answer.status_code == 200
    assert answer.context["form"].secret == secret
    assert not Authenticator.objects.exists()


def test_adding_the_first_factor_signs_out_other_browsers(database: None) -> None:
    user = member()
    mine, other = just_typed_password(user), just_typed_password(user)
    assert other.get("/accounts/2fa/").status_code == 200
    add_app(mine)
    assert other.get("/accounts/2fa/").headers["Location"].startswith("/accounts/login/")
    assert mine.get("/accounts/2fa/").status_code == 200


def test_the_database_holds_neither_secret_nor_codes_in_the_clear(database: None) -> None:
    user = member()
    secret, _code, _answer = add_app(just_typed_password(user))
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    app = Authenticator.objects.get(type="totp")
    assert unseal(app.data["secret"], purpose="second factor") == secret
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert len(unseal(seed, purpose="second factor")) == 80


def test_a_seal_opens_for_its_purpose_only_and_after_the_key_was_changed(settings: Any) -> None:
    sealed = seal("secret words", purpose="one")
    assert unseal(sealed, purpose="one") == "secret words"
    with pytest.raises(BrokenSeal):
        unseal(sealed, purpose="other")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert unseal(sealed, purpose="one") == "secret words"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BrokenSeal):
        unseal(sealed, purpose="one")


def test_removing_the_only_factor_leads_to_adding_one(database: None) -> None:
    user = member()
    client = sign_in(user)
    assert client.get("/accounts/").status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/").headers["Location"] == "/accounts/2fa/"
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/accounts/").headers["Location"] == "/accounts/2fa/"


def test_after_five_minutes_the_password_is_asked_for_again(database: None) -> None:
    user = member()
    client = sign_in(user)
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 301} for record in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.get("/accounts/2fa/totp/deactivate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": "wrong but long enough"}).status_code == 200
    confirmed = client.post(
        "/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/deactivate/"}
    )
    assert confirmed.headers["Location"] == "/accounts/2fa/totp/deactivate/"
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200


def test_too_many_wrong_codes_are_limited(database: None) -> None:
    user = member()
    secret = give_second_factor(user)
    client = just_typed_password(user)
    wrong = str((int(code_of(secret)) + 1) % 1_000_000).zfill(6)
    for _attempt in range(6):
        client.post(CODE, {"code": wrong})
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert SecurityEvent.objects.using("owner").filter(what="limit").exists()


def test_the_passkey_page_offers_a_registration_for_our_own_address(database: None) -> None:
    client = just_typed_password(member())
    answer = client.get("/accounts/2fa/webauthn/add/", headers={"Host": "127.0.0.1"})
    assert answer.status_code == 200
    options = answer.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"]["id"] == "localhost"
    assert options["user"]["name"] == "mikko@example.fi"


def test_the_passkey_login_answers_with_a_challenge(database: None) -> None:
    answer = Client().get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    options = answer.json()["request_options"]["publicKey"]
    assert len(options["challenge"]) >= 43
    assert options["userVerification"] == "required"
    assert options.get("allowCredentials", []) == []


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", '{"id": 1}', '{"response": {"userHandle": "AAAA"}}', "[]"]
)
def test_a_made_up_passkey_answer_is_refused(database: None, credential: str) -> None:
    client = Client()
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert answer.headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", ["x", "{}", '{"id": 1}', "[]"])
def test_a_made_up_registration_is_refused(database: None, credential: str) -> None:
    client = just_typed_password(member())
    client.get("/accounts/2fa/webauthn/add/")
    answer = client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": credential})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_changes_are_audited_and_told_by_mail(database: None) -> None:
    user = member(language="en")
    client = just_typed_password(user)
    add_app(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    entries = AuditEntry.objects.using("owner").order_by("id")
    assert [(entry.actor_id, entry.additional_data["act"]) for entry in entries] == [
        (user.pk, "totp_activated"),
        (user.pk, "recovery_codes_generated"),
    ]
    ran = run_jobs()
    assert [arguments["notice"] for _name, arguments in ran] == ["totp_activated", "recovery_codes_generated"]
    assert all(set(arguments) == {"user_id", "notice", "at"} for _name, arguments in ran)
    assert [message.subject for message in mail.outbox] == [
        "An authenticator app was added",
        "New recovery codes were made",
    ]
    assert "http://localhost:8000/accounts/password/change/" in mail.outbox[0].body


@pytest.mark.parametrize("notice", sorted(mails.NOTICES))
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_notice_is_sent_in_the_users_language(database: None, notice: str, language: str) -> None:
    user = member(language=language)
    mails.send_notice(user_id=user.pk, notice=notice, at=1_790_000_000)
    message = mail.outbox[0]
    with translation.override(language):
        assert message.subject == str(mails.NOTICES[notice][0])
    assert user.name in message.body


def test_an_unknown_notice_and_a_closed_account_send_nothing(database: None) -> None:
    mails.send_notice(user_id=member().pk, notice="something", at=0)
    mails.send_notice(user_id=member("b@example.fi", is_active=False).pk, notice="new_browser", at=0)
    assert mail.outbox == []


def test_one_query_tells_whether_somebody_has_a_factor_and_then_none(
    biller: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(biller)
    client.get("/accounts/")
    Authenticator.objects.filter(user=biller).update(last_used_at=F("created_at"))
    with django_assert_max_num_queries(7, using="default"):
        assert client.get("/accounts/").status_code == 200
