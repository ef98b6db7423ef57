"""What the register does by itself for a request: the worker looks up the address and mails what it may."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from customers import addresses
from customers.models import EmailAddress, Person
from privacy import codes, links, mails
from privacy.models import Case, CaseStep, ConfirmationCode
from register.models import User


def people_with(address: str) -> list[Person]:
    """Everybody who has the address now. Raises addresses.WrongAddress."""
    details = EmailAddress.objects.current().filter(canonical=addresses.parse(address).canonical)
    pairs = details.values_list("person_id", "customer__person_id")
    ids = {pk for pair in pairs for pk in pair if pk is not None}
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def look_up(*, case_id: int, at: datetime) -> None:
    """Mail the link to the one person with the address of a new case, and to nobody else.

    An address of several people, or of a duty such as info@, says too little about who asks: the owner
    checks. To an address that is not in the register nothing is mailed.
    """
    case = Case.objects.get(pk=case_id)
    if not case.is_open or case.steps.exists():
        return
    if case.kind == Case.Kind.MARKETING:
        case.log(CaseStep.What.STOPPED, at=at)
        case.finish(Case.Decision.DONE, at=at)
        return
    found = people_with(case.contact)
    if not found:
        _unknown(case, at=at)
    elif len(found) > 1 or addresses.is_role_address(case.contact):
        case.log(CaseStep.What.SHARED, at=at)
    else:
        _send_link(case, found[0], at=at)


def mail_link(*, person_id: int, address_id: int, user_id: int, at: datetime) -> None:
    """Mail a link that the staff asked for, if the address still is the person's."""
    address = EmailAddress.objects.current().get(pk=address_id)
    person = Person.objects.get(pk=person_id)
    if person not in people_with(address.address):
        return
    _link, token = links.make(person, by=User(pk=user_id), at=at)
    mails.send_link(person, address.address, token=token)


def mail_code(*, code_id: int, at: datetime) -> None:
    """Mail a fresh code to the address on file, never to one that was typed."""
    code = ConfirmationCode.objects.select_related("link__person").get(pk=code_id)
    if code.digest:
        return
    person = code.link.person
    address = address_on_file(person)
    if address is not None:
        mails.send_code(person, address.address, digits=codes.draw(code, at=at), kind=code.kind)


def mail_step(*, step_id: int) -> None:
    """Tell the person what was decided or why it takes longer."""
    step = CaseStep.objects.select_related("case").get(pk=step_id)
    if step.case.contact:
        mails.send_step(step)


def address_on_file(person: Person) -> EmailAddress | None:
    """The person's own current address, the primary one first."""
    own = Q(person=person) | Q(customer__person=person)
    return EmailAddress.objects.current().filter(own).order_by("-primary", "id").first()


def _unknown(case: Case, *, at: datetime) -> None:
    case.log(CaseStep.What.UNKNOWN, at=at)
    if case.kind == Case.Kind.VIEW:
        case.finish(Case.Decision.NOTHING, at=at)
        case.forget_sender()


def _send_link(case: Case, person: Person, *, at: datetime) -> None:
    try:
        token = links.make_for_mailing(person, at=at, case=case)
    except links.TooManyLinks:
        return
    case.log(CaseStep.What.LINK_SENT, at=at)
    mails.send_link(person, case.contact, token=token, kind=case.kind)
    if case.kind == Case.Kind.VIEW:
        case.finish(Case.Decision.DONE, at=at)
