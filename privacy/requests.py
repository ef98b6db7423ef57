"""People's requests about their own data: received, identified, extended, answered (GDPR Art. 12).

The public pages only insert a case and a job; whether the address is known is found out by the worker
(privacy.answering), so that the page answers the same, and as fast, to everybody.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import addresses
from customers.models import EmailAddress, Person
from mailing import suppression
from mailing.models import Channel
from privacy import answering, tasks
from privacy.models import Case, CaseStep
from register import access, jobs
from register.inventory import After, Event
from register.models import User

NEEDS_CODE = frozenset({Case.Kind.COPY, Case.Kind.ERASURE, Case.Kind.PORTABILITY})
"""What somebody with a forwarded link must not get: it needs a fresh code sent to the address on file."""


class AlreadyClosed(ValueError):
    """The request has been answered; open a new one if there is more to do."""

    def __init__(self) -> None:
        super().__init__(_("This request has been closed already."))


class ReasonMissing(ValueError):
    """An extension or a refusal needs a reason that can be told to the person (Art. 12(3) and (4))."""

    def __init__(self) -> None:
        super().__init__(_("Write the reason: it is told to the person."))


class TooLong(ValueError):
    """The time to answer may be extended once or twice, by two months in all (Art. 12(3))."""

    def __init__(self) -> None:
        super().__init__(_("The time to answer may be extended by two months in all."))


class AnotherPersonsAddress(ValueError):
    """The address chosen for the mail is not the person's."""

    def __init__(self) -> None:
        super().__init__(_("This e-mail address is not this person's."))


def deadline(received_on: date, *, months: int = 1) -> date:
    """The last day to answer: the same day of a later month, or that month's last.

    GDPR Art. 12(3), Regulation 1182/71 Art. 3. The regulation would let a deadline on a Saturday, Sunday or
    holiday pass to the next working day; that grace is not used.
    """
    return After(Event.ENTRY, months=months).due(received_on)


def receive(
    *,
    kind: str,
    how: str,
    language: str,
    at: datetime,
    contact: str = "",
    message: str = "",
    person: Person | None = None,
    code_id: int | None = None,
) -> Case:
    """Take in a request; what the register can do by itself is started. Raises addresses.WrongAddress.

    No more marketing is a wish that is honoured here and now, whoever typed the address (Art. 21(3)).
    """
    address = addresses.parse(contact).as_typed if contact else ""
    with access.atomic():
        case = Case.objects.create(
            kind=kind,
            how=how,
            language=language,
            received_at=at,
            contact=address,
            message=message,
            person=person,
            code_id=code_id,
            due_on=deadline(timezone.localdate(at)),
        )
        if kind == Case.Kind.MARKETING and address:
            channel = Channel.PAGE if how == Case.How.FORM else Channel.STAFF
            suppression.stop(address, channel=channel, at=at, wording="request form 1")
        if how == Case.How.FORM:
            jobs.defer(tasks.look_up, case_id=case.pk)
        elif kind == Case.Kind.MARKETING and address:
            case.log(CaseStep.What.STOPPED, at=at)
    return case


def identify(case: Case, *, person: Person, because: str, by: User, at: datetime) -> None:
    """The staff have found out who asks, and say how. Raises AlreadyClosed, ReasonMissing."""
    _must_be_open(case)
    if not because.strip():
        raise ReasonMissing
    with access.atomic():
        case.person, case.identity = person, Case.Identity.STAFF
        case.save(update_fields=["person", "identity"])
        case.log(CaseStep.What.IDENTIFIED, at=at, by=by, text=because)


def extend(case: Case, *, months: int, because: str, by: User, at: datetime) -> None:
    """Give oneself one or two months more, with reasons told to the person before the first month is over.

    Raises AlreadyClosed, ReasonMissing, TooLong.
    """
    _must_be_open(case)
    if not because.strip():
        raise ReasonMissing
    if months < 1 or case.extended_months + months > 2:
        raise TooLong
    with access.atomic():
        case.extended_months += months
        case.due_on = deadline(timezone.localdate(case.received_at), months=1 + case.extended_months)
        case.save(update_fields=["extended_months", "due_on"])
        _tell(case, case.log(CaseStep.What.EXTENDED, at=at, by=by, text=because))


def note(case: Case, *, text: str, by: User, at: datetime) -> None:
    """Write down something about the case. Raises AlreadyClosed, ReasonMissing."""
    _must_be_open(case)
    if not text.strip():
        raise ReasonMissing
    case.log(CaseStep.What.NOTE, at=at, by=by, text=text)


def close(case: Case, *, decision: str, answer: str, by: User, at: datetime) -> None:
    """Answer and close; the answer is mailed to the address in the request, if there is one.

    Raises AlreadyClosed; ReasonMissing when a refusal has no answer (Art. 12(4)).
    """
    _must_be_open(case)
    if decision in (Case.Decision.REFUSED, Case.Decision.PARTLY) and not answer.strip():
        raise ReasonMissing
    with access.atomic():
        step = case.log(CaseStep.What.CLOSED, at=at, by=by, text=answer)
        case.finish(decision, at=at)
        if answer.strip():
            _tell(case, step)


def send_link(person: Person, *, address: EmailAddress, by: User) -> None:
    """Have a link to his data mailed to one of the person's own addresses. Raises AnotherPersonsAddress."""
    if person not in answering.people_with(address.address):
        raise AnotherPersonsAddress
    jobs.defer(tasks.mail_link, person_id=person.pk, address_id=address.pk, user_id=by.pk)


def _tell(case: Case, step: CaseStep) -> None:
    if case.contact:
        jobs.defer(tasks.mail_step, step_id=step.pk)


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise AlreadyClosed
