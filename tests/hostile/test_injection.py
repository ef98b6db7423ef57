"""A deliberately injectable query, attacked through every login: nothing of another audience comes out.

The view exists in tests only. For each login and payload: no value of a table that the login may not read is
returned, nothing is changed, and the same pooled connection afterwards works as itself and honestly.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from customers.models import Customer, Interaction, Person, Task
from register import access, grants
from register.models import AuditEntry, SecurityEvent, User
from register.roles import Login
from tests.hostile.payloads import PAYLOADS

INJECTABLE = {
    "default": "SELECT email FROM register_user WHERE email = '{}'",
    "owner": "SELECT name FROM customers_customer WHERE name = '{}'",
    "billing": "SELECT name FROM customers_customer WHERE name = '{}'",
    "link": "SELECT name FROM register_registrar WHERE name = '{}'",
    "audit": "SELECT id::text FROM register_auditentry WHERE id::text = '{}'",
    "worker": "SELECT name FROM customers_customer WHERE name = '{}'",
}
SECRETS = {
    "customers_interaction": "canary-of-an-interaction",
    "customers_person": "canary-of-a-person",
    "customers_task": "canary-of-a-task",
    "register_user": "canary-of-a-password",
}


def run(alias: str, payload: str) -> list[tuple[object, ...]]:
    """The mistake that must not matter: text pasted into SQL."""
    with connections[alias].cursor() as cursor:
        cursor.execute(INJECTABLE[alias].format(payload))
        return list(cursor.fetchall())


def injectable(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(run(access.alias(), request.GET["q"])))


handler404 = "register.doors.not_found"
urlpatterns = [path(f"{door}injectable", injectable) for door in ("register/", "billing/", "")]


@pytest.fixture
def secrets(owner: User) -> Iterator[dict[str, str]]:
    """A canary in tables of several audiences, and planner statistics that have seen them."""
    User.objects.using("default").filter(pk=owner.pk).update(password=SECRETS["register_user"])
    with access.acting("owner", user_id=owner.pk):
        customer = Customer()
        customer.rename("Julkinen Oy")
        customer.save()
        person = Person()
        person.rename(given_name="Ada", family_name=SECRETS["customers_person"])
        person.save()
        for _ in range(3):
            Interaction.objects.create(
                customer=customer, at=timezone.now(), text=SECRETS["customers_interaction"]
            )
            Task.objects.create(customer=customer, title=SECRETS["customers_task"])
    with connections["migrate"].cursor() as cursor:
        for table in SECRETS:
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", ["%canary-of-a%"])
            assert cursor.fetchone()[0] >= 1, f"no canary in {table}"
    yield SECRETS


def fill(payload: str, alias: str) -> str:
    other = "billing" if alias == "owner" else "owner"
    return payload.replace("{role}", grants.role_name(other)).replace("{own}", grants.role_name(alias))


def forbidden(alias: str, secrets: dict[str, str]) -> list[str]:
    """The canaries of tables that the login may not read."""
    allowed = {
        grant.table for grant in grants.wanted() if grant.login == alias and grant.privilege == "SELECT"
    }
    return [value for table, value in secrets.items() if table not in allowed]


@pytest.mark.parametrize("alias", [login.value for login in Login])
def test_no_payload_brings_out_another_audience_or_poisons_the_connection(
    secrets: dict[str, str], owner: User, alias: str
) -> None:
    with access.acting("owner", user_id=owner.pk):
        audited = AuditEntry.objects.count()
    assert len(PAYLOADS) >= 26
    assert audited > 0
    hidden = forbidden(alias, secrets)
    assert hidden or alias == "owner"
    leaked, poisoned = [], []
    for name, payload in PAYLOADS.items():
        try:
            with access.acting(alias, user_id=owner.pk):
                answer = repr(run(alias, fill(payload, alias)))
        except DatabaseError:
            answer = ""
        if any(value in answer for value in hidden) or "SCRAM-SHA-256" in answer or "root:x:0" in answer:
            leaked.append(name)
        connections[alias].close_if_unusable_or_obsolete()
        if identity(alias) != [grants.role_name(alias)] * 2 + ["public, pg_temp", "on", "0"]:
            poisoned.append(name)
    assert leaked == []
    assert poisoned == []
    with access.acting("owner", user_id=owner.pk):
        assert AuditEntry.objects.count() == audited


def identity(alias: str) -> list[str]:
    """The pooled connection after the attack, as the next request finds it.

    Session user, role, search path, row security, number of advisory locks.
    """
    with access.acting(alias), connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT session_user, current_user, current_setting('search_path'), current_setting('row_security'),"
            " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
        )
        row = cursor.fetchone()
    return [str(value) for value in row]


def test_the_control_shows_that_the_suite_can_fail(secrets: dict[str, str], owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        answer = repr(run("owner", PAYLOADS["union owner table"]))
    assert secrets["customers_interaction"] in answer


@override_settings(ROOT_URLCONF="tests.hostile.test_injection")
def test_a_refused_read_is_answered_like_an_unknown_page_and_recorded(
    secrets: dict[str, str], as_biller: Client
) -> None:
    unknown = as_biller.get("/billing/no-such-page")
    answer = as_biller.get("/billing/injectable", {"q": PAYLOADS["union owner table"]})
    assert answer.status_code == 404
    assert answer.content == unknown.content
    assert SecurityEvent.objects.using("owner").filter(what=SecurityEvent.What.DENIED).count() == 1
