"""Invitations and rights: who gets in, who is put out, and that an owner always stays."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from register.accounts import tokens
from register.models import AuditEntry, Invitation, Session, User
from register.roles import Role
from register.staff import invitations, rights
from tests.conftest import give_second_factor, signed_in
from tests.register.signing import member, run_jobs

GOOD = "korppi laulaa vuonolla aamuisin"
JOIN = {"name": "Bella Billing", "password1": GOOD, "password2": GOOD}


def invite(by: User, email: str = "bella@example.fi", role: str = Role.BILLING) -> str:
    return invitations.invite(email=email, name="Bella", role=role, language="fi", by=by, at=timezone.now())


def follow(client: Client, token: str) -> Any:
    return client.get(f"/accounts/invitation/{token}/", follow=True)


def acts() -> list[str]:
    entries = AuditEntry.objects.using("owner").exclude(additional_data=None).order_by("id")
    return [entry.additional_data["act"] for entry in entries]


def test_the_owner_invites_and_sees_the_link_once(as_owner: Client, owner: User) -> None:
    answer = as_owner.post(
        "/register/users/invite/?lang=en",
        {"email": "Bella@Example.fi", "name": "Bella", "role": "billing", "language": "fi"},
    )
    token = re.search(r"/accounts/invitation/([\w-]+)/", answer.content.decode())[1]
    invitation = Invitation.objects.get()
    assert invitation.token_hash == tokens.hashed(token)
    assert (invitation.email, invitation.role, invitation.invited_by_id) == (
        "bella@example.fi",
        "billing",
        owner.pk,
    )
    assert token not in as_owner.get("/register/users/").content.decode()
    entry = AuditEntry.objects.using("owner").get(action=AuditEntry.Action.CREATE)
    assert (entry.actor_id, entry.additional_data) == (owner.pk, {"act": "invited", "role": "billing"})


def test_the_link_makes_an_account_once(owner: User) -> None:
    token = invite(owner)
    client = Client()
    page = follow(client, token)
    assert page.redirect_chain == [("/accounts/invitation/", 302)]
    answer = client.post(
        "/accounts/invitation/", JOIN | {"role": "owner", "email": "x@example.fi", "is_active": "0"}
    )
    assert answer.headers["Location"] == "/billing/"
    user = User.objects.get(email="bella@example.fi")
    assert (user.role, user.name, user.is_active, user.invited_by_id) == (
        "billing",
        "Bella Billing",
        True,
        owner.pk,
    )
    assert user.check_password(GOOD)
    assert client.get("/billing/").headers["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert not Invitation.objects.exists()
    assert follow(Client(), token).status_code == 404
    assert acts() == ["invited", "joined"]


def test_the_mail_has_a_link_of_its_own_and_the_queue_has_none(owner: User) -> None:
    token = invite(owner)
    job = ProcrastinateJob.objects.using("worker").get()
    assert job.args == {"invitation_id": Invitation.objects.get().pk}
    run_jobs()
    message = mail.outbox[0]
    mailed = re.search(r"http://localhost:8000/accounts/invitation/([\w-]+)/", message.body)[1]
    assert message.to == ["bella@example.fi"]
    assert mailed != token
    for one in (token, mailed):
        assert follow(Client(), one).status_code == 200
    client = Client()
    follow(client, mailed)
    assert client.post("/accounts/invitation/", JOIN).status_code == 302
    assert follow(Client(), token).status_code == 404


@pytest.mark.parametrize("what", ["wrong", "truncated", "expired", "withdrawn", "replaced"])
def test_a_link_that_does_not_stand_gets_the_same_page(owner: User, what: str) -> None:
    token = invite(owner)
    assert follow(Client(), token).status_code == 200
    invitation = Invitation.objects.get()
    if what == "wrong":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    elif what == "truncated":
        token = token[:-1]
    elif what == "expired":
        Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=8))
    elif what == "withdrawn":
        invitations.withdraw(invitation=invitation, by=owner)
    else:
        assert invitations.renew(invitation=invitation, by=owner, at=timezone.now()) != token
    answer = follow(Client(), token)
    assert answer.status_code == 404
    assert answer.templates[0].name == "account/not_invited.html"


def test_an_open_form_is_refused_after_the_invitation_was_withdrawn(owner: User) -> None:
    client = Client()
    follow(client, invite(owner))
    invitations.withdraw(invitation=Invitation.objects.get(), by=owner)
    assert client.post("/accounts/invitation/", JOIN).status_code == 404
    assert not User.objects.filter(email="bella@example.fi").exists()


def test_a_weak_password_is_refused_and_the_name_is_kept(owner: User) -> None:
    client = Client()
    follow(client, invite(owner))
    answer = client.post(
        "/accounts/invitation/", {"name": "Bella Billing", "password1": "short", "password2": "short"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"password1"}
    assert "Bella Billing" in answer.content.decode()
    assert Invitation.objects.exists()


def test_who_has_an_account_is_not_invited_again(as_owner: Client, biller: User) -> None:
    answer = as_owner.post(
        "/register/users/invite/",
        {"email": biller.email.upper(), "name": "X", "role": "owner", "language": "fi"},
    )
    assert answer.context["form"].errors.keys() == {"email"}
    assert not Invitation.objects.exists()


def test_inviting_the_same_address_again_replaces_the_invitation(owner: User) -> None:
    first, second = invite(owner), invite(owner, "BELLA@example.fi")
    assert Invitation.objects.count() == 1
    assert follow(Client(), first).status_code == 404
    assert follow(Client(), second).status_code == 200


def test_expired_invitations_are_forgotten(owner: User) -> None:
    invite(owner, "old@example.fi")
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=8))
    invite(owner, "new@example.fi")
    assert Invitation.objects.count() == 2
    invitations.forget_expired()
    assert [one.email for one in Invitation.objects.all()] == ["new@example.fi"]


def test_the_list_shows_roles_second_factors_and_invitations(
    as_owner: Client, biller: User, owner: User
) -> None:
    invite(owner)
    page = as_owner.get("/register/users/?lang=en").content.decode()
    for text in (owner.email, biller.email, "not yet", "bella@example.fi", "Billing person"):
        assert text in page
    read = AuditEntry.objects.using("owner").get(action=AuditEntry.Action.ACCESS)
    assert set(read.numbers) == {str(owner), str(biller)}


def test_a_closed_account_is_out_at_the_next_request(as_owner: Client, biller: User) -> None:
    theirs = signed_in(biller)
    assert theirs.get("/accounts/").status_code == 200
    as_owner.post(f"/register/users/{biller.pk}/close/")
    assert theirs.get("/accounts/").headers["Location"].startswith("/accounts/login/")
    assert not Session.objects.filter(user=biller).exists()
    biller.refresh_from_db()
    assert biller.is_active is False
    assert biller.closed_at is not None
    as_owner.post(f"/register/users/{biller.pk}/reopen/")
    biller.refresh_from_db()
    assert (biller.is_active, biller.closed_at) == (True, None)
    assert [act for act in acts() if act] == ["closed", "reopened"]


def test_an_account_closed_in_the_database_is_out_too(biller: User) -> None:
    theirs = signed_in(biller)
    assert theirs.get("/accounts/").status_code == 200
    User.objects.filter(pk=biller.pk).update(is_active=False)
    assert theirs.get("/accounts/").headers["Location"].startswith("/accounts/login/")


def test_a_changed_role_signs_out_and_opens_the_other_door(as_owner: Client, biller: User) -> None:
    theirs = signed_in(biller)
    assert theirs.get("/register/users/").status_code == 404
    as_owner.post(f"/register/users/{biller.pk}/role/", {"role": "owner"})
    assert theirs.get("/register/users/").headers["Location"].startswith("/accounts/login/")
    biller.refresh_from_db()
    assert signed_in(biller).get("/register/users/").status_code == 200
    entry = AuditEntry.objects.using("owner").get(additional_data__act="role_changed")
    assert entry.additional_data == {"act": "role_changed", "former": "billing", "role": "owner"}
    assert entry.numbers == [str(biller)]


def test_the_owner_resets_a_second_factor(as_owner: Client, biller: User, owner: User) -> None:
    theirs = signed_in(biller)
    assert Authenticator.objects.filter(user=biller).exists()
    as_owner.post(f"/register/users/{biller.pk}/second-factor/")
    assert not Authenticator.objects.filter(user=biller).exists()
    assert Authenticator.objects.filter(user=owner).exists()
    assert theirs.get("/accounts/").status_code == 302
    run_jobs()
    assert [message.to for message in mail.outbox] == [[biller.email]]
    assert acts() == ["second_factor_reset"]


@pytest.mark.parametrize("act", ["close", "role"])
def test_the_last_owner_can_be_neither_closed_nor_demoted(as_owner: Client, owner: User, act: str) -> None:
    as_owner.post(f"/register/users/{owner.pk}/{act}/", {"role": "billing"})
    owner.refresh_from_db()
    assert owner.is_owner
    assert as_owner.get("/register/users/").status_code == 200


def test_a_closed_owner_does_not_count(owner: User) -> None:
    member("second@example.fi", role=Role.OWNER, is_active=False)
    with pytest.raises(rights.LastOwner):
        rights.close(user=owner, by=owner, at=timezone.now())


def test_one_of_two_owners_may_go(owner: User) -> None:
    second = member("second@example.fi", role=Role.OWNER)
    rights.change_role(user=owner, role=Role.BILLING, by=second)
    with pytest.raises(rights.LastOwner):
        rights.change_role(user=second, role=Role.BILLING, by=second)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_user SET is_active = false",
        "UPDATE register_user SET role = 'billing'",
        "DELETE FROM register_user",
    ],
)
def test_the_database_keeps_the_last_owner_from_any_login(owner: User, statement: str) -> None:
    with pytest.raises(IntegrityError, match="last register owner"), transaction.atomic(using="migrate"):
        connections["migrate"].cursor().execute(statement)
    assert User.objects.get(pk=owner.pk).is_owner


def test_two_owners_who_remove_each_other_at_once_do_not_both_succeed(owner: User) -> None:
    second = member("second@example.fi", role=Role.OWNER)
    both = threading.Barrier(2)
    refused: list[str] = []

    def close(user: User) -> None:
        try:
            with transaction.atomic(using="default"):
                User.objects.filter(pk=user.pk).update(is_active=False)
                both.wait()
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=close, args=(user,)) for user in (owner, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(role=Role.OWNER, is_active=True).count() == 1


@pytest.mark.parametrize(
    "address", ["/register/users/", "/register/users/invite/", "/register/users/1/", "/register/registrar/"]
)
def test_the_billing_person_meets_an_unknown_page(as_biller: Client, address: str) -> None:
    assert as_biller.get(address).status_code == 404


def test_users_that_do_not_exist_are_unknown_pages(as_owner: Client) -> None:
    assert as_owner.get("/register/users/999999/").status_code == 404
    for act in ("role", "close", "reopen", "second-factor"):
        assert as_owner.post(f"/register/users/999999/{act}/", {"role": "owner"}).status_code == 404
    assert as_owner.post("/register/users/invitations/999999/again/").status_code == 404
    assert as_owner.get(f"/register/users/{999999}/close/").status_code == 405


def test_an_operator_invites_and_resets_on_the_command_line(
    database: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("invite", "Olga@example.fi", "--name", "Olga", "--role", "owner")
    address = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")
    client = Client()
    client.get(address)
    client.post("/accounts/invitation/", JOIN)
    user = User.objects.get(email="olga@example.fi")
    assert user.is_owner
    give_second_factor(user)
    call_command("reset_second_factor", "OLGA@example.fi")
    assert not Authenticator.objects.exists()
    for command in (
        ("invite", "olga@example.fi"),
        ("invite", "nonsense"),
        ("reset_second_factor", "x@example.fi"),
    ):
        with pytest.raises(CommandError):
            call_command(*command)
