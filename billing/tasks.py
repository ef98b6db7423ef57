"""Jobs of billing, done by the worker's login."""

from __future__ import annotations

from django.utils import timezone

from billing import releasing
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
        afterwards.call_back(at=now)
        afterwards.settle(on=timezone.localdate(now))


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
