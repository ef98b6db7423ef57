"""The controls' own tables: made by Django itself, filled with the same customers, messages and invoices."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections, transaction

from config.bench.bulk import unguarded
from register.launch import ROOT

USER = "bench"
PASSWORD = "a control needs a password as well"  # noqa: S105 - of a throw-away database

FILL = """
INSERT INTO stock.stock_customer (id, name, business_id, email, phone, street, city)
SELECT c.id, c.name, c.business_id, coalesce(e.address, ''), coalesce(p.number, ''), coalesce(a.street, ''),
       coalesce(a.city, '')
  FROM public.customers_customer c
  LEFT JOIN public.customers_representation r ON r.customer_id = c.id AND r."primary"
  LEFT JOIN public.customers_emailaddress e ON e.person_id = coalesce(c.person_id, r.person_id)
  LEFT JOIN public.customers_phonenumber p ON p.person_id = coalesce(c.person_id, r.person_id)
  LEFT JOIN public.customers_postaladdress a ON coalesce(-a.customer_id, a.person_id) = coalesce(c.person_id, -c.id);
INSERT INTO stock.stock_message (customer_id, at, subject, text)
SELECT customer_id, at, subject, text FROM public.customers_interaction;
INSERT INTO stock.stock_invoice (customer_id, number, total, open, due_on)
SELECT customer_id, number, amount, open, due_on FROM public.billing_receivable;
"""


def make(*, progress: Callable[[str], None]) -> None:
    """The schema `stock`, through the migrator's login."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS stock CASCADE")
        cursor.execute("CREATE SCHEMA stock")
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--run-syncdb", "--verbosity=0"],
        cwd=ROOT,
        env=environment(),
        check=True,
    )
    with transaction.atomic(using="migrate"), connections["migrate"].cursor() as cursor:  # noqa: TID251
        with unguarded(cursor, [f"stock.stock_{name}" for name in ("customer", "message", "invoice")]):
            for statement in FILL.split(";")[:-1]:
                cursor.execute(statement)
        cursor.execute(
            "INSERT INTO stock.auth_user (username, password, is_superuser, is_staff, is_active, first_name, "
            "last_name, email, date_joined) VALUES (%s, %s, true, true, true, '', '', '', now())",
            [USER, PBKDF2PasswordHasher().encode(PASSWORD, "bench-salt")],
        )
    with connections["migrate"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def environment() -> dict[str, str]:
    """The controls' process works as the migrator, in its own schema."""
    return dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "config.bench.stock.settings"}
