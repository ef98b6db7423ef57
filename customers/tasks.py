"""Jobs of the customer register, done by the worker's login."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from customers import attachments
from customers.importing import running, staging, uploads
from customers.models import ImportRun
from register import access
from register.jobs import app

KEPT = timedelta(days=30)
"""How long the staged rows of an import are kept (customers.inventory.IMPORTED)."""


@app.task(queue="imports")
def read_import(run_id: int, user_id: int) -> None:
    """Read an uploaded file that is too large to be read while its sender waits."""
    now = timezone.now()  # noqa: TID251
    try:
        with access.acting("worker", user_id=user_id):
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
            if run.status == ImportRun.Status.READING:
                staging.stage(run, at=now)
    except (staging.Unfit, uploads.FileGone) as refusal:
        with access.acting("worker", user_id=user_id):
            staging.refuse(run_id, str(refusal))


@app.task(queue="imports")
def write_import(run_id: int, user_id: int) -> None:
    """Write a confirmed import into the register, in one transaction."""
    now = timezone.now()  # noqa: TID251
    try:
        with access.acting("worker", user_id=user_id):
            written = running.write(run_id, at=now, on=timezone.localdate(now))
    except Exception as error:  # noqa: BLE001 (whatever it was: nothing was written, and its owner is told)
        with access.acting("worker", user_id=user_id):
            running.fail(run_id, running.said_of(error))
        return
    if written:
        with access.acting("worker", user_id=user_id):
            running.analyze()


@app.periodic(cron="20 3 * * *")
@app.task(queue="imports")
def forget_old_imports(timestamp: int) -> None:
    with access.acting("worker"):
        running.forget_old(before=timezone.now() - KEPT)  # noqa: TID251


@app.periodic(cron="50 3 * * *")
@app.task(queue="imports")
def sweep_files(timestamp: int) -> None:
    """Delete files of timeline entries and assignments whose rows were never committed."""
    with access.acting("worker"):
        attachments.sweep(before=timezone.now() - timedelta(days=1))  # noqa: TID251
