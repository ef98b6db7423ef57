"""The comparison of the server's privileges with the inventory finds each kind of difference, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from register import grants

CALLED = "privacy_link_id()"


@pytest.fixture
def cursor(database: None) -> Iterator[Any]:
    """The tables' owner, in a transaction that is undone, in a database that is as it should be."""
    with transaction.atomic(using="migrate"), connections["migrate"].cursor() as cursor:
        assert grants.differences(cursor) == []
        yield cursor
        transaction.set_rollback(True, using="migrate")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("GRANT EXECUTE ON FUNCTION register_hmac(text) TO {billing}", "EXECUTE on register_hmac(text) to billing"),
        ("GRANT EXECUTE ON FUNCTION register_hmac(text) TO PUBLIC", "EXECUTE on register_hmac(text) to PUBLIC"),
        ("GRANT SELECT (title) ON customers_task TO PUBLIC", "SELECT (title) on customers_task to PUBLIC"),
        ("GRANT SELECT ON customers_person TO PUBLIC", "SELECT on customers_person to PUBLIC"),
        ("GRANT SELECT (title) ON customers_task TO {billing}", "SELECT (title) on customers_task to billing"),
        ("GRANT TRUNCATE ON customers_person TO {owner}", "TRUNCATE on customers_person to owner"),
        (
            "GRANT SELECT ON customers_person TO {owner} WITH GRANT OPTION",
            "SELECT WITH GRANT OPTION on customers_person to owner",
        ),
        ("GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq TO {audit}", "USAGE on procrastinate_jobs_id_seq to audit"),
        ("GRANT SELECT ON SEQUENCE customers_person_id_seq TO PUBLIC", "SELECT on customers_person_id_seq to PUBLIC"),
        ("GRANT USAGE ON SCHEMA public TO PUBLIC", "USAGE on schema public to PUBLIC"),
        ("GRANT CREATE ON SCHEMA public TO {owner}", "CREATE on schema public to owner"),
    ],
)  # fmt: skip
def test_a_privilege_too_many_is_named(cursor: Any, statement: str, found: str) -> None:
    cursor.execute(statement.format(**names()))
    assert grants.differences(cursor) == [f"not in the inventory: {found}"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (f"REVOKE EXECUTE ON FUNCTION {CALLED} FROM {{link}}", f"EXECUTE on {CALLED} to link"),
        (
            "REVOKE USAGE ON SEQUENCE procrastinate_jobs_id_seq FROM {link}",
            "USAGE on procrastinate_jobs_id_seq to link",
        ),
        ("REVOKE SELECT ON customers_person FROM {owner}", "SELECT on customers_person to owner"),
        (
            "REVOKE UPDATE (valid_to) ON billing_agreedrate FROM {billing}",
            "UPDATE (valid_to) on billing_agreedrate to billing",
        ),
        ("REVOKE USAGE ON SCHEMA public FROM {billing}", "USAGE on schema public to billing"),
    ],
)  # fmt: skip
def test_a_privilege_that_was_lost_is_named(cursor: Any, statement: str, found: str) -> None:
    cursor.execute(statement.format(**names()))
    assert grants.differences(cursor) == [f"missing: {found}"]


def test_a_new_function_that_everybody_may_call_is_named(cursor: Any) -> None:
    """PostgreSQL gives it to everybody where nobody says otherwise."""
    cursor.execute("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC")
    cursor.execute("CREATE FUNCTION forgotten() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    cursor.execute("SELECT proacl IS NULL FROM pg_proc WHERE proname = 'forgotten'")
    assert cursor.fetchone() == (True,)
    assert grants.differences(cursor) == ["not in the inventory: EXECUTE on forgotten() to PUBLIC"]


def test_a_function_that_is_gone_is_named(cursor: Any) -> None:
    cursor.execute("ALTER FUNCTION privacy_use_code(character varying,character varying) RENAME TO elsewhere")
    signature = "(character varying,character varying) to link"
    assert grants.differences(cursor) == [
        f"missing: EXECUTE on privacy_use_code{signature}",
        f"not in the inventory: EXECUTE on elsewhere{signature}",
    ]


def test_applying_mends_every_kind(cursor: Any) -> None:
    for statement in (
        "GRANT EXECUTE ON FUNCTION register_hmac(text) TO {billing}, PUBLIC",
        "GRANT SELECT (title) ON customers_task TO PUBLIC, {billing}",
        "GRANT SELECT ON customers_person TO {owner} WITH GRANT OPTION",
        "GRANT ALL ON SEQUENCE procrastinate_jobs_id_seq TO {audit}, PUBLIC",
        f"REVOKE EXECUTE ON FUNCTION {CALLED} FROM {{link}}",
        "REVOKE USAGE ON SEQUENCE procrastinate_jobs_id_seq FROM {link}",
        "GRANT ALL ON SCHEMA public TO PUBLIC",
        "REVOKE USAGE ON SCHEMA public FROM {billing}",
    ):
        cursor.execute(statement.format(**names()))
    assert len(grants.differences(cursor)) >= 10
    grants.apply(cursor)
    assert grants.differences(cursor) == []


def names() -> dict[str, str]:
    return {login: grants.role_name(login) for login in ("owner", "billing", "link", "audit")}
