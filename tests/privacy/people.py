"""What the tests of privacy share: people behind addresses, their links, and the worker's turn."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from customers.models import Person
from privacy import links
from register import access
from register.jobs import app
from register.models import User
from tests import cast

AT = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)


def ada(owner: User, **facts: Any) -> Person:
    """A person of a company, with an address, a telephone and an entry on her timeline."""
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Koivukylän Kone Oy")
        person = cast.person(
            **{"emails": ("ada@example.fi",), "phones": ("040 123 4567",), "represents": company} | facts
        )
        cast.entry(customer=company, people=[person], subject="Puhelu tarjouksesta")
        return person


def link_of(person: Person, *, at: datetime | None = None, **facts: Any) -> str:
    """The token of a fresh link."""
    with access.acting("worker"):
        return links.make(person, by=None, at=at or timezone.now(), **facts)[1]


def entered(person: Person) -> Client:
    """A browser in which the person has opened the link (and that checks CSRF tokens as browsers must)."""
    browser = Client(headers={"accept-language": "en"})
    browser.get(f"/my/{link_of(person)}", follow=True)
    return browser


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """What waits in the queue."""
    rows = ProcrastinateJob.objects.using("migrate").filter(status="todo").order_by("id")
    return [(row.task_name, row.args) for row in rows]


def work() -> int:
    """The worker does what waits, through its own login; returns how many jobs there were."""
    done = 0
    for row in ProcrastinateJob.objects.using("migrate").filter(status="todo").order_by("id"):
        app.tasks[row.task_name].func(**row.args)
        ProcrastinateJob.objects.using("migrate").filter(pk=row.pk).update(status="succeeded")
        done += 1
    return done


def token_in(mail: Any) -> str:
    """The token in a mailed link."""
    found = re.search(r"http://localhost:8000/my/(\S+)", mail.body)
    assert found is not None
    return found[1]


def code_in(mail: Any) -> str:
    """The code in a mail."""
    found = re.search(r"^ {4}(\d{4} \d{4})$", mail.body, re.MULTILINE)
    assert found is not None
    return found[1]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
