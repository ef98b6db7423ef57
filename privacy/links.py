"""A person's link to his own data: 256 random bits, known to us by their hash only, for seven days.

The public pages open a link by telling the database the hash of its token; row-level security then
shows the rows of its person (migrations/0002_link_door.py).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections

from customers.models import Person
from privacy import outline
from privacy.models import Case, MyDataLink
from register import access, subjects
from register.models import User

LIFETIME = timedelta(days=7)
MOST_A_DAY = 3


class TooManyLinks(Exception):
    """The person has been sent enough links today: wait, or use the one he has."""


def make(
    person: Person, *, by: User | None, at: datetime, case: Case | None = None
) -> tuple[MyDataLink, str]:
    """A new link and its token, which is stored nowhere. Raises subjects.Erased."""
    subjects.must_be_present(person)
    token = secrets.token_urlsafe(32)
    link = MyDataLink.objects.create(
        token_sha256=hash_of(token),
        person=person,
        case=case,
        created_at=at,
        expires_at=at + LIFETIME,
        created_by=by,
    )
    outline.store(link)
    return link, token


def make_for_mailing(person: Person, *, at: datetime, case: Case | None) -> str:
    """The token of a link that is about to be mailed without anybody of the staff. Raises TooManyLinks."""
    since = at - timedelta(days=1)
    if MyDataLink.objects.filter(person=person, created_at__gt=since).count() >= MOST_A_DAY:
        raise TooManyLinks
    return make(person, by=None, at=at, case=case)[1]


def address(token: str) -> str:
    """Where the token leads."""
    return f"{settings.SITE_URL}/my/{token}"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def enter(token: str) -> Person | None:
    """Open the link for the rest of the transaction; None when it is wrong, expired or revoked."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT set_config('register.link', %s, true)", [hash_of(token)])
    return Person.objects.first()


def revoke_all(person: Person, *, at: datetime) -> int:
    """Make every link of a person useless; returns how many worked until now."""
    links = list(MyDataLink.objects.filter(person=person, revoked_at__isnull=True, expires_at__gt=at))
    for link in links:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
    return len(links)


def forget_expired(*, at: datetime) -> int:
    """Delete links that have expired, with their codes and outlines; a nightly job does it."""
    return MyDataLink.objects.filter(expires_at__lte=at).delete()[0]
