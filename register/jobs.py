"""Jobs in the same PostgreSQL: deferred in the acting transaction, done by the worker's login.

A job's arguments are ids and nothing personal: the queue's tables are no place for data. Tasks
live in each app's tasks.py and are three lines that call the domain:

    @app.task(queue="imports")
    def run_import(run_id: int) -> None:
        with access.acting("worker"):
            importing.run(run_id=run_id)
"""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.tasks import Task

from register import access

__all__ = ["app", "defer", "defer_on"]


def defer(task: Task[..., Any, Any], **ids: int | str) -> int:
    """Queue a job in the acting transaction: it exists if and only if the transaction commits."""
    return defer_on(access.alias(), task, **ids)


def defer_on(alias: str, task: Task[..., Any, Any], **ids: int | str) -> int:
    """Queue a job through a named login (accounts use ``default``); returns the job's id."""
    deferrer = task.configure()
    deferrer.job_manager = type(deferrer.job_manager)(DjangoConnector(alias=alias))
    return deferrer.defer(**ids)
