"""Jobs of the core."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone
from procrastinate import RetryStrategy

from register import access, retention, sessions
from register.accounts import mails
from register.jobs import app
from register.staff import invitations

LATER = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(queue="accounts", retry=LATER)
def mail_notice(user_id: int, notice: str, at: int) -> None:
    with access.acting("worker"):
        mails.send_notice(user_id=user_id, notice=notice, at=at)


@app.task(queue="accounts", retry=LATER)
def mail_password_reset(user_id: int) -> None:
    with access.acting("worker"):
        mails.send_password_reset(user_id=user_id)


@app.task(queue="accounts", retry=LATER)
def mail_invitation(invitation_id: int) -> None:
    with access.acting("worker"):
        mails.send_invitation(invitation_id=invitation_id)


@app.periodic(cron="40 3 * * *")
@app.task(queue="accounts")
def forget_what_is_over(timestamp: int) -> None:
    """Expired sessions, invitations and counters."""
    with access.acting("worker"):
        sessions.SessionStore.clear_expired()
        invitations.forget_expired()
        cache.sweep()  # type: ignore[attr-defined]  # register.counters


@app.periodic(cron="15 4 * * *")
@app.task(queue="accounts", lock="retention", queueing_lock="retention")
def erase_what_is_overdue(timestamp: int) -> None:
    """What laws kept of people who were erased, once its time is up; what fails for one stops no other."""
    retention.run(at=timezone.now())  # noqa: TID251
