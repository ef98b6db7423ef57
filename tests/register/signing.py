"""The cast of the account tests: people with passwords and second factors, and the worker that sends their mail."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from register.jobs import app
from register.models import User
from register.roles import Role
from tests.conftest import PASSWORD, give_second_factor

LOGIN = "/accounts/login/"
CODE = "/accounts/2fa/authenticate/"


def member(email: str = "mikko@example.fi", *, role: str = Role.BILLING, **fields: Any) -> User:
    """Somebody with the usual password."""
    return User.objects.create_user(email, role=role, password=PASSWORD, name="Mikko Malli", **fields)


def code_of(secret: str, *, periods: int = 0) -> str:
    """What the authenticator app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def type_password(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def sign_in(user: User, client: Client | None = None, **extra: Any) -> Client:
    """A browser in which somebody signed in the long way: password, then a code."""
    client = client or Client(**extra)
    secret = give_second_factor(user)
    assert type_password(client, user.email).headers["Location"] == CODE
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content
    return client


def run_jobs() -> list[tuple[str, dict[str, Any]]]:
    """Do what waits in the queue, as the worker would; returns the names and arguments."""
    waiting = list(ProcrastinateJob.objects.using("worker").filter(status="todo").order_by("id"))
    for job in waiting:
        app.tasks[job.task_name].func(**job.args)
    with connections["migrate"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs")
    return [(job.task_name.rpartition(".")[2], job.args) for job in waiting]
