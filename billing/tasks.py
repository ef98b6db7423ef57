"""Jobs of billing, done by the worker's login."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from billing import attaching, collective, drafting, invoicing, recurring, releasing
from billing.bank import files, importing, refunds
from billing.models import CollectiveRun, Recurring
from register import access
from register.jobs import app
from register.models import User

log = logging.getLogger("register.billing")


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
    """Make what was left behind, call back what has become needless, take off fees that are not owed."""
    from billing import afterwards, reminders

    now = timezone.now()  # noqa: TID251
    with access.acting("worker"):
        left = reminders.left_behind(at=now)
    for reminder_id, user_id in left:
        by = User.objects.using("default").get(pk=user_id)
        with access.acting("worker", user_id=user_id):
            reminders.make(reminder_id, at=now, by=by)
    with access.acting("worker"):
        reminders.close(at=now)
    with access.acting("worker"):
        afterwards.call_back(at=now)
    with access.acting("worker"):
        afterwards.settle(on=timezone.localdate(now))


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


@app.periodic(cron="55 3 * * *")
@app.task(queue="billing")
def sweep_files(timestamp: int) -> None:
    """Delete files of invoices whose rows were never committed or have been erased."""
    with access.acting("worker"):
        attaching.sweep(before=timezone.now() - timedelta(days=1))  # noqa: TID251


@app.task(queue="billing")
def draw_up_collective(run_id: int, user_id: int) -> None:
    """The drafts of a collective act, a transaction a customer; a job begun again goes on where it was."""
    by, more = User.objects.using("default").get(pk=user_id), True
    while more:
        now = timezone.now()  # noqa: TID251
        with access.acting("worker", user_id=user_id):
            run = CollectiveRun.objects.get(pk=run_id)
            more = collective.draw_up_next(run, by=by, on=timezone.localdate(now), at=now)


@app.task(queue="billing")
def issue_run(run_id: int, user_id: int) -> None:
    """Issue the drafts of a run, a transaction each; a job begun again goes on where it was."""
    from billing import issuing_many

    by, more = User.objects.using("default").get(pk=user_id), True
    while more:
        try:
            with access.acting("worker", user_id=user_id):
                more = issuing_many.issue_next(run_id, by=by, at=timezone.now())  # noqa: TID251
        except Exception as error:  # noqa: BLE001 (whatever it was: that draft stays one, and the others go on)
            log.error("issuing run DM%s: %s", run_id, type(error).__name__)
            with access.acting("worker", user_id=user_id):
                more = issuing_many.give_up_next(run_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="billing", lock="issue left", queueing_lock="issue left")
def issue_left_behind(timestamp: int) -> None:
    """Take up runs that a stopped worker has left."""
    from billing import issuing_many

    with access.acting("worker"):
        left = issuing_many.left_behind(at=timezone.now())  # noqa: TID251
    for run_id, user_id in left:
        issue_run(run_id=run_id, user_id=user_id)


@app.periodic(cron="10 4 * * *")
@app.task(queue="billing")
def make_recurring(timestamp: int) -> None:
    """The drafts of recurring invoices whose day has come; one that cannot be made stops no other."""
    today = timezone.localdate()
    with access.acting("worker"):
        due = list(Recurring.objects.due(on=today).values_list("pk", "entered_by"))
    for recurring_id, user_id in due:
        try:
            with access.acting("worker", user_id=user_id):
                recurring.make_due(recurring_id, on=today)
        except (*invoicing.CANNOT_COUNT, drafting.LineIncomplete) as problem:
            log.warning("recurring invoice S%s made no draft: %s", recurring_id, type(problem).__name__)


@app.task(queue="mail")
def send_mail(sending_id: int) -> None:
    """Hand one mail over."""
    from billing import posting

    posting.deliver(sending_id, at=timezone.now())  # noqa: TID251


@app.task(queue="mail")
def send_run(run_id: int) -> None:
    """Hand over the mails of many invoices, one by one, so that the page sees them go."""
    from billing import posting

    with access.acting("worker"):
        waiting = posting.due(at=timezone.now(), run_id=run_id)  # noqa: TID251
    for sending_id in waiting:
        posting.deliver(sending_id, at=timezone.now())  # noqa: TID251


@app.periodic(cron="* * * * *")
@app.task(queue="mail", lock="mail round", queueing_lock="mail round")
def send_waiting(timestamp: int) -> None:
    """Hand over what waits: letters just made, mails tried again, and mails whose job died."""
    from billing import posting

    with access.acting("worker"):
        waiting = posting.due(at=timezone.now())  # noqa: TID251
    for sending_id in waiting:
        posting.deliver(sending_id, at=timezone.now())  # noqa: TID251
