"""What privacy shows on the owner's other pages: requests that wait, and a person's link to his data."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from customers.models import Customer, EmailAddress, Person
from customers.panels import Panel
from privacy import erasing
from privacy.models import Case
from register import access, at_once
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


OWN = """
SELECT (SELECT json_agg(e ORDER BY e."primary" DESC, e.id) FROM customers_emailaddress e
         WHERE e.person_id = %(person)s AND e.ended_on IS NULL),
       (SELECT count(*) FROM privacy_mydatalink l
         WHERE l.person_id = %(person)s AND l.revoked_at IS NULL AND l.expires_at > %(now)s),
       (SELECT json_agg(c ORDER BY c.id DESC)
          FROM (SELECT * FROM privacy_case WHERE person_id = %(person)s ORDER BY id DESC LIMIT %(most)s) c)
"""


def own_link(person: Person, by: User) -> Panel:
    """On a person's page: his open requests, and making him a link to his own data."""
    now = timezone.now()  # noqa: TID251
    [(addresses, working, cases)] = access.ask(OWN, {"person": person.pk, "now": now, "most": SHOWN})
    context = {
        "person": person,
        "addresses": at_once.many(EmailAddress, addresses),
        "working": working,
        "cases": at_once.many(Case, cases),
    }
    return Panel("privacy/owner/person_card.html", context)
