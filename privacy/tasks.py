"""Jobs of the privacy app: all mail about people's own data leaves here, with ids only in the queue."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy

from privacy import answering, links
from register import access
from register.jobs import app

LATER = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(queue="privacy", retry=LATER)
def look_up(case_id: int) -> None:
    with access.acting("worker"):
        answering.look_up(case_id=case_id, at=timezone.now())  # noqa: TID251


@app.task(queue="privacy", retry=LATER)
def mail_link(person_id: int, address_id: int, user_id: int) -> None:
    with access.acting("worker", user_id=user_id):
        answering.mail_link(
            person_id=person_id,
            address_id=address_id,
            user_id=user_id,
            at=timezone.now(),  # noqa: TID251
        )


@app.task(queue="privacy", retry=LATER)
def mail_code(code_id: int) -> None:
    with access.acting("worker"):
        answering.mail_code(code_id=code_id, at=timezone.now())  # noqa: TID251


@app.task(queue="privacy", retry=LATER)
def mail_step(step_id: int) -> None:
    with access.acting("worker"):
        answering.mail_step(step_id=step_id)


@app.periodic(cron="50 3 * * *")
@app.task(queue="privacy")
def forget_expired_links(timestamp: int) -> None:
    with access.acting("worker"):
        links.forget_expired(at=timezone.now())  # noqa: TID251
