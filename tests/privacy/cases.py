"""Requests that came to the owner: entered, looked at, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from privacy import requests
from privacy.models import Case
from register import access
from register.models import User

LIST = "/register/privacy/requests/"
RECEIVED = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


def received(owner: User, **facts: Any) -> Case:
    with access.acting("owner", user_id=owner.pk):
        return requests.receive(
            **{
                "kind": "erasure",
                "how": "mail",
                "language": "fi",
                "at": RECEIVED,
                "contact": "ada@example.fi",
            }
            | facts
        )


def url(case: Case, action: str = "") -> str:
    return f"{LIST}Q{case.pk}/" + (f"{action}/" if action else "")


def again(case: Case) -> Case:
    with access.acting("worker"):
        return Case.objects.get(pk=case.pk)


def steps(case: Case) -> list[tuple[str, str]]:
    with access.acting("worker"):
        return list(case.steps.values_list("what", "text"))


def page(browser: Client, path: str) -> str:
    return browser.get(path, headers={"accept-language": "en"}).content.decode()
