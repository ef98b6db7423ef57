"""Jobs of billing, done by the worker's login."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from billing import releasing
from billing.bank import files, importing, refunds
from register import access
from register.jobs import app
from register.models import User


@app.task(queue="billing")
def mark_invoiced(invoice_id: int, user_id: int) -> None:
    """The assignments on an issued invoice become invoiced for the owner."""
    by = User.objects.using("default").get(pk=user_id)
    with access.acting("worker", user_id=user_id):
        releasing.mark_invoiced(invoice_id=invoice_id, on=timezone.localdate(), by=by)


@app.task(queue="billing")
def make_reminders(run_id: int, user_id: int) -> None:
    """Make the letters of an approved run, each in a transaction of its own, so that the page sees them come."""
    from billing import reminders

    by = User.objects.using("default").get(pk=user_id)
    with access.acting("worker", user_id=user_id):
        waiting = reminders.waiting(run_id)
    for reminder_id in waiting:
        with access.acting("worker", user_id=user_id):
            reminders.make(reminder_id, at=timezone.now(), by=by)  # noqa: TID251
    with access.acting("worker", user_id=user_id):
        reminders.finish(run_id, at=timezone.now())  # noqa: TID251


@app.periodic(cron="25 * * * *")
@app.task(queue="billing")
def settle_reminders(timestamp: int) -> None:
    """Take off the fees of letters that did not arrive or crossed with a payment."""
    from billing import reminders

    with access.acting("worker"):
        reminders.settle(on=timezone.localdate())


@app.task(queue="imports")
def import_bank_file(file_id: int, user_id: int) -> None:
    """Book a bank file that is too large to be booked while its sender waits."""
    now = timezone.now()  # noqa: TID251
    try:
        with access.acting("worker", user_id=user_id):
            importing.run(file_id, at=now, on=timezone.localdate(now), telling=True)
    except Exception as error:  # noqa: BLE001 (whatever it was: nothing was booked, and its sender is told)
        with access.acting("worker", user_id=user_id):
            importing.refuse(file_id, importing.said_of(error))


@app.periodic(cron="40 3 * * *")
@app.task(queue="billing")
def forget_bank_data(timestamp: int) -> None:
    """Files that were never imported, messages nobody has needed for a year, accounts of old refunds."""
    now = timezone.now()  # noqa: TID251
    with access.acting("worker"):
        files.sweep(before=now - timedelta(days=1))
        importing.forget_messages(before=now - timedelta(days=365))
        refunds.forget_accounts(before=now - timedelta(days=90))
