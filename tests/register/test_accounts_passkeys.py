"""Passkeys from registration to signing in, with a passkey in software."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from register.models import SecurityEvent, User
from tests.register.passkeys import Passkey
from tests.register.signing import CODE, member, run_jobs, type_password

ADD = "/accounts/2fa/webauthn/add/"
LOGIN = "/accounts/2fa/webauthn/login/"


def plain(options: Any) -> dict[str, Any]:
    """The options as the browser reads them from the page."""
    from django.core.serializers.json import DjangoJSONEncoder

    return json.loads(json.dumps(options, cls=DjangoJSONEncoder))


def with_passkey(user: User) -> tuple[Passkey, Client]:
    client = Client()
    type_password(client, user.email)
    passkey = Passkey()
    options = plain(client.get(ADD).context["js_data"]["creation_options"])
    answer = client.post(
        ADD, {"name": "työpuhelin", "credential": passkey.register(options), "passwordless": "on"}
    )
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return passkey, client


def challenge(client: Client) -> dict[str, Any]:
    return client.get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]


def test_a_passkey_is_added_and_opens_the_door(database: None) -> None:
    user = member()
    _passkey, client = with_passkey(user)
    assert Authenticator.objects.get(user=user, type="webauthn").data["name"] == "työpuhelin"
    assert client.get("/accounts/").status_code == 200
    assert "työpuhelin" in client.get("/accounts/2fa/webauthn/").content.decode()
    assert [arguments["notice"] for _name, arguments in run_jobs()] == ["webauthn_added"]


def test_a_passkey_alone_signs_in(database: None) -> None:
    passkey, _client = with_passkey(member())
    client = Client()
    answer = client.post(LOGIN, {"credential": passkey.sign(challenge(client))})
    assert answer.headers["Location"] == "/billing/"
    assert client.get("/accounts/").status_code == 200


def test_a_passkey_is_the_second_factor_after_the_password(database: None) -> None:
    user = member()
    passkey, _client = with_passkey(user)
    client = Client()
    assert type_password(client, user.email).headers["Location"] == CODE
    options = plain(client.get(CODE).context["js_data"]["request_options"])
    assert client.post(CODE, {"credential": passkey.sign(options)}).headers["Location"] == "/billing/"


def test_an_answer_to_another_challenge_is_refused(database: None) -> None:
    passkey, _client = with_passkey(member())
    client = Client()
    answer = passkey.sign(challenge(client))
    challenge(client)
    assert client.post(LOGIN, {"credential": answer}).headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert SecurityEvent.objects.using("owner").get().details == "second factor"


def test_the_same_answer_is_refused_in_another_browser(database: None) -> None:
    passkey, _client = with_passkey(member())
    client = Client()
    answer = passkey.sign(challenge(client))
    assert client.post(LOGIN, {"credential": answer}).headers["Location"] == "/billing/"
    thief = Client()
    challenge(thief)
    assert thief.post(LOGIN, {"credential": answer}).headers["Location"] == "/accounts/login/"


def test_anothers_passkey_does_not_open_this_account(database: None) -> None:
    passkey, _client = with_passkey(member())
    victim = member("olga@example.fi")
    _theirs, _browser = with_passkey(victim)
    client = Client()
    type_password(client, victim.email)
    options = plain(client.get(CODE).context["js_data"]["request_options"])
    assert client.post(CODE, {"credential": passkey.sign(options)}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_sign_in_by_passkey(database: None) -> None:
    user = member()
    passkey, _client = with_passkey(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    answer = client.post(LOGIN, {"credential": passkey.sign(challenge(client))})
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_a_passkey_made_for_another_site_is_refused(database: None) -> None:
    user = member()
    client = Client()
    type_password(client, user.email)
    options = plain(client.get(ADD).context["js_data"]["creation_options"])
    foreign = Passkey(rp="evil.example")
    assert client.post(ADD, {"name": "x", "credential": foreign.register(options)}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()
