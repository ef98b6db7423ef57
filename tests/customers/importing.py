"""What import tests do again and again: upload through the page, look at the rows, confirm, let the worker work."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from customers import tasks
from customers.models import (
    Customer,
    EmailAddress,
    ImportRow,
    ImportRun,
    Interaction,
    Person,
    PhoneNumber,
    PostalAddress,
    Relationship,
    Representation,
)
from register import access
from register.models import User

START = "/register/import/"
ADA = "Ada;Laine;Laine Oy;johtaja;ada@laine.fi;040 123 4567"
BEA = "Bea;Virtanen;;;bea@example.fi;050 765 4321"
TASKS = {task.name: task for task in (tasks.read_import, tasks.write_import)}
WRITTEN = (
    Customer,
    Person,
    Relationship,
    Representation,
    EmailAddress,
    PhoneNumber,
    PostalAddress,
    Interaction,
)


def table(*rows: str, header: str = "Etunimi;Sukunimi;Yritys;Titteli;Sähköposti;Puhelin") -> bytes:
    return "\r\n".join((header, *rows)).encode()


def upload(client: Client, data: bytes, name: str = "asiakkaat.csv", **fields: str) -> Any:
    """The answer to the upload form."""
    file = SimpleUploadedFile(name, data)
    return client.post(START, {"file": file, "relation": "active", "source_words": "", **fields})


def staged(client: Client, data: bytes, name: str = "asiakkaat.csv", **fields: str) -> ImportRun:
    """A file uploaded through the page and read, by the worker if need be."""
    answer = upload(client, data, name, **fields)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    work()
    return newest()


def imported(client: Client, data: bytes, name: str = "asiakkaat.csv", **fields: str) -> ImportRun:
    """A file uploaded, confirmed as it is proposed, and written."""
    run = staged(client, data, name, **fields)
    assert confirm(client, run).status_code == 302
    work()
    return newest()


def confirm(client: Client, run: ImportRun) -> Any:
    """Press the button of the confirmation page."""
    url = f"{START}I{run.pk}/confirm/"
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, {"plan": page.context["said"]})


def work() -> int:
    """Do the waiting jobs as the worker would; returns how many there were."""
    jobs = list(ProcrastinateJob.objects.using("worker").filter(status="todo", queue_name="imports"))
    for job in jobs:
        TASKS[job.task_name](**job.args)
        with connections["worker"].cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
    return len(jobs)


def newest() -> ImportRun:
    return ImportRun.objects.using("owner").order_by("-pk")[0]


def rows(run: ImportRun) -> list[ImportRow]:
    return list(ImportRow.objects.using("owner").filter(run=run).order_by("position"))


def verdicts(run: ImportRun) -> list[tuple[str, str, str]]:
    return [(row.verdict, row.reason, row.choice) for row in rows(run)]


def choose(client: Client, run: ImportRun, **fields: str) -> Any:
    """Save choices of the preview; names are written with underscores: choice_2="add"."""
    sent = {name.replace("_", "-"): value for name, value in fields.items()}
    positions = [str(row.position) for row in rows(run)]
    return client.post(f"{START}I{run.pk}/choose/", {"position": positions, **sent})


def counted() -> dict[str, int]:
    """How many rows the register holds of everything an import writes."""
    return {model.__name__: model.objects.using("owner").count() for model in WRITTEN}


def in_register(owner: User) -> Any:
    return access.acting("owner", user_id=owner.pk)


def csv_of(answer: Any) -> io.StringIO:
    return io.StringIO(answer.content.decode("utf-8-sig"))
