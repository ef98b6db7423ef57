"""What privacy shows on the owner's other pages: requests that wait, and a person's link to his data."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from customers.models import Customer, EmailAddress, Person
from customers.panels import Panel
from privacy import erasing
from privacy.models import Case, MyDataLink
from register.models import User

SHOWN = 5


def waiting(day: date, by: User) -> Panel | None:
    """The most urgent open requests, on the start page; nothing when none is open."""
    found = list(Case.objects.open().by_urgency()[: SHOWN + 1])
    if not found:
        return None
    rows = [(one, one.urgency(on=day), one.days_left(on=day)) for one in found[:SHOWN]]
    return Panel("privacy/owner/waiting_card.html", {"rows": rows, "more": len(found) > SHOWN})


def requests_and_erasure(subject: Person | Customer, by: User) -> Panel | None:
    """Where somebody is erased: his requests that erasing answers, or answered on that day, and those it does not."""
    person = subject if isinstance(subject, Person) else subject.person
    if person is None:
        return None
    found = erasing.of([person])
    answered = found.filter(kind__in=erasing.ANSWERED)
    answered = answered.filter(closed_at__date=person.erased_on) if person.erased_on else answered.open()
    waiting = list(found.open().exclude(pk__in=answered))
    if not answered and not waiting:
        return None
    context = {"answered": list(answered), "waiting": waiting, "erased": person.erased_on}
    return Panel("privacy/owner/erasure_card.html", context)


def own_link(person: Person, by: User) -> Panel:
    """On a person's page: his open requests, and making him a link to his own data."""
    now = timezone.now()  # noqa: TID251
    context = {
        "person": person,
        "addresses": list(EmailAddress.objects.current().filter(person=person)),
        "working": MyDataLink.objects.filter(
            person=person, revoked_at__isnull=True, expires_at__gt=now
        ).count(),
        "cases": list(Case.objects.filter(person=person).order_by("-id")[:SHOWN]),
    }
    return Panel("privacy/owner/person_card.html", context)
