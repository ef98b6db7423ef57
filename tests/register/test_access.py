"""Logins, actor context and the append-only audit, through the real logins."""

from __future__ import annotations

import time

import pytest
from django.db import connections, transaction
from django.db.utils import ProgrammingError
from procrastinate.contrib.django.models import ProcrastinateJob

from customers.models import Customer
from register import access, audit, grants, jobs, tasks
from register.models import AuditEntry, ContextKey, User
from register.roles import Login


def company(name: str = "Esimerkki Asiakas Oy") -> Customer:
    customer = Customer()
    customer.rename(name)
    customer.save()
    return customer


def test_nobody_acting_means_no_query(database: None) -> None:
    with pytest.raises(access.NobodyActs):
        Customer.objects.count()


def test_a_write_is_audited_with_the_actor_from_the_signed_context(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = company("Salainen Nimi Oy")
        entry = AuditEntry.objects.get(object_id=customer.pk, action=AuditEntry.Action.CREATE)
    assert entry.actor_id == owner.pk
    assert entry.login == grants.role_name("owner")
    assert entry.object_repr == f"K{customer.pk}"
    assert entry.changes["name"] == [audit.MASK, audit.MASK]
    assert "Salainen" not in str(entry.changes)


def test_a_read_stays_recorded_when_the_reading_transaction_fails(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = company()
    with pytest.raises(RuntimeError), access.acting("owner", user_id=owner.pk):
        audit.record_read(customer, page="test")
        raise RuntimeError
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.get(action=AuditEntry.Action.ACCESS)
    assert entry.numbers == [str(customer)]
    assert entry.actor_id == owner.pk
    assert entry.login == grants.role_name("audit")


@pytest.mark.parametrize("login", [login.value for login in Login])
def test_no_login_changes_or_removes_audit_rows(owner: User, login: str) -> None:
    with access.acting("owner", user_id=owner.pk):
        company()
        assert AuditEntry.objects.count() == 1
    for statement in ("UPDATE register_auditentry SET page = 'x'", "DELETE FROM register_auditentry"):
        with pytest.raises(ProgrammingError, match="permission denied"), access.acting(login):
            connections[login].cursor().execute(statement)


def test_even_the_tables_owner_cannot_change_the_audit(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        company()
    for statement in ("UPDATE register_auditentry SET page = 'x'", "TRUNCATE register_auditentry"):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(using="migrate"):
            connections["migrate"].cursor().execute(statement)


@pytest.mark.parametrize("broken", ["", "forged", "expired", "other login"])
def test_a_bad_actor_context_writes_nothing_to_the_audit(owner: User, broken: str) -> None:
    who = access.Acting("owner", owner.pk, "r1")
    context = {
        "": "",
        "forged": access.sign(who)[:-1] + "x",
        "expired": access.sign(who, at=time.time() - 10_000),
        "other login": access.sign(access.Acting("billing", owner.pk, "r1")),
    }[broken]
    with pytest.raises(ProgrammingError, match="nobody is acting|forged or expired"):
        with access.acting("owner", user_id=owner.pk):
            connections["owner"].cursor().execute(
                "SELECT set_config('register.context', %s, true)", [context]
            )
            company()


@pytest.mark.parametrize("login", [login.value for login in Login])
def test_no_login_reads_the_context_key(database: None, login: str) -> None:
    assert ContextKey.objects.using("migrate").count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting(login):
        connections[login].cursor().execute("SELECT * FROM register_contextkey")


def test_the_servers_privileges_equal_the_inventory(database: None) -> None:
    with connections["migrate"].cursor() as cursor:
        assert grants.differences(cursor) == []


def test_a_privilege_too_many_is_found(database: None) -> None:
    with transaction.atomic(using="migrate"), connections["migrate"].cursor() as cursor:
        role = grants.role_name("billing")
        cursor.execute(f"GRANT SELECT ON customers_person TO {role}")
        assert grants.differences(cursor) == ["not in the inventory: SELECT on customers_person to billing"]
        transaction.set_rollback(True, using="migrate")


def test_stacked_statements_are_refused_by_the_server(owner: User) -> None:
    with pytest.raises(ProgrammingError, match="multiple commands"):
        with access.acting("owner", user_id=owner.pk):
            connections["owner"].cursor().execute("SELECT 1; SELECT 2")


@pytest.mark.parametrize("login", ["default", "owner", "billing", "link"])
def test_every_login_that_serves_requests_can_leave_a_job_for_the_worker(owner: User, login: str) -> None:
    with access.acting(login, user_id=owner.pk):
        number = jobs.defer(tasks.mail_notice, user_id=owner.pk, notice="new_browser", at=0)
    assert ProcrastinateJob.objects.using("worker").get(pk=number).args["user_id"] == owner.pk
