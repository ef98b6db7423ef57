"""The timeline: log, correct and remove what was said and written; read it newest first.

Reading goes by the place of the last entry seen, never by counting pages, so thousands of entries cost
no more than a few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import attachments, search
from customers.models import Attachment, Customer, Interaction, InteractionPerson, Person
from register import access, at_once, subjects
from register.finnish import clean_line, clean_text
from register.models import User

TEXT_LIMIT = 100_000
"""Characters of one entry: a long letter; what is longer belongs in a file."""

PAGE = 25
STAMP = "%Y%m%dT%H%M%S.%f"


class SaysNothing(ValueError):
    """An entry without subject and text."""

    def __init__(self) -> None:
        super().__init__(_("Write a subject or a text."))


class WithNobody(ValueError):
    """An entry about no customer and no person."""

    def __init__(self) -> None:
        super().__init__(_("Say with which customer or person this was."))


@dataclass(frozen=True)
class Place:
    """Where one page of a timeline ended: the time and number of its last line."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).strftime(STAMP)}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place written in a link; None when it is none."""
        stamp, __, pk = text.partition("-")
        try:
            return cls(datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), int(pk))
        except ValueError:
            return None


@dataclass(frozen=True)
class Narrowed:
    """Which entries of a timeline are wanted; as it is, all of them. Days are whole and both belong to it."""

    kind: str = ""
    direction: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    """Words that must all stand in the subject or the text, in small or capital letters."""
    with_files: bool = False

    def parameters(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "direction": self.direction,
            "begin": self.since and _midnight(self.since),
            "end": self.until and _midnight(self.until + timedelta(days=1)),
            "words": [search.like(word) for word in self.text.split()[: search.MOST_WORDS]],
            "with_files": self.with_files,
        }


EVERYTHING = Narrowed()


@dataclass(frozen=True)
class Page:
    """Entries newest first, and where the next page begins (None: there is no more)."""

    entries: Sequence[Interaction]
    next: Place | None


# --- writing -----------------------------------------------------------------------------------------


def log(
    *,
    kind: str,
    at: datetime,
    by: User,
    subject: str = "",
    text: str = "",
    direction: str = "",
    customer: Customer | None = None,
    people: Iterable[Person] = (),
    files: Iterable[UploadedFile] = (),
) -> Interaction:
    """Put one entry on the timelines of a customer and of people.

    A private customer and his person are the same human: an entry of one is an entry of both.
    Raises SaysNothing, WithNobody, finnish.UnreadableText, attachments.Refused, subjects.Erased.
    """
    people = list(people)
    customer, people = _both_sides(customer, people)
    subjects.must_be_present(customer, *people)
    if customer is None and not people:
        raise WithNobody
    entry = Interaction(
        kind=kind, direction=_direction(kind, direction), at=at, customer=customer, entered_by_id=by.pk
    )
    _say(entry, subject, text)
    with access.atomic():
        entry.save()
        entry.people.add(*people, through_defaults={"at": at})
        attachments.store(files, of=entry, by=by)
    return entry


def correct(
    entry: Interaction,
    *,
    kind: str,
    at: datetime,
    by: User,
    subject: str,
    text: str,
    direction: str,
    people: Iterable[Person],
    files: Iterable[UploadedFile] = (),
) -> None:
    """Correct an entry; `people` are all who took part, `files` are added. Raises as `log`."""
    __, everyone = _both_sides(entry.customer, list(people))
    subjects.must_be_present(entry.customer, *everyone)
    if entry.customer is None and not everyone:
        raise WithNobody
    entry.kind, entry.direction, entry.at = kind, _direction(kind, direction), at
    _say(entry, subject, text)
    with access.atomic():
        entry.save(update_fields=["kind", "direction", "at", "subject", "text"])
        entry.people.set(everyone, through_defaults={"at": at})
        InteractionPerson.objects.filter(interaction=entry).exclude(at=at).update(at=at)
        attachments.store(files, of=entry, by=by)


def remove(entry: Interaction, *, by: User) -> None:
    """Delete an entry and its files; the audit keeps who took part."""
    with access.atomic():
        entry.people.set([])
        attachments.remove_all(of=entry)
        entry.delete()


def _both_sides(customer: Customer | None, people: list[Person]) -> tuple[Customer | None, list[Person]]:
    if customer is not None and customer.person_id and customer.person_id not in {one.pk for one in people}:
        people = [*people, Person.objects.get(pk=customer.person_id)]
    if customer is None and len(people) == 1:
        customer = Customer.objects.filter(person=people[0]).first()
    return customer, people


def _direction(kind: str, direction: str) -> str:
    """Meetings and notes have none."""
    return "" if kind in (Interaction.Kind.MEETING, Interaction.Kind.NOTE) else direction


def _say(entry: Interaction, subject: str, text: str) -> None:
    entry.subject, entry.text = clean_line(subject), clean_text(text, limit=TEXT_LIMIT)
    if not (entry.subject or entry.text.strip()):
        raise SaysNothing


# --- reading -----------------------------------------------------------------------------------------


def with_customer(
    customer: Customer, *, only: Narrowed = EVERYTHING, before: Place | None = None, most: int = PAGE
) -> Page:
    """A page of the customer's timeline."""
    return _page(OF_CUSTOMER, customer, only, before, most)


def with_person(
    person: Person, *, only: Narrowed = EVERYTHING, before: Place | None = None, most: int = PAGE
) -> Page:
    """A page of the person's timeline."""
    return _page(OF_PERSON, person, only, before, most)


# Entries with their customer, the people who took part and the files, by one statement (register.at_once).
OF_CUSTOMER = """
SELECT i.at, i.id, to_json(i), to_json(c),
       (SELECT json_agg(h ORDER BY h.sort_key)
          FROM customers_interactionperson t JOIN customers_person h ON h.id = t.person_id
         WHERE t.interaction_id = i.id),
       (SELECT json_agg(f ORDER BY f.id) FROM customers_attachment f WHERE f.interaction_id = i.id)
  FROM customers_interaction i LEFT JOIN customers_customer c ON c.id = i.customer_id
 WHERE i.customer_id = %(subject)s AND (%(kind)s = '' OR i.kind = %(kind)s)
   AND (%(direction)s = '' OR i.direction = %(direction)s)
   AND (%(begin)s::timestamptz IS NULL OR i.at >= %(begin)s)
   AND (%(end)s::timestamptz IS NULL OR i.at < %(end)s)
   AND (%(words)s::text[] = '{}' OR i.subject || ' ' || i.text ILIKE ALL (%(words)s))
   AND (NOT %(with_files)s OR EXISTS (SELECT FROM customers_attachment f WHERE f.interaction_id = i.id))
   AND (%(at)s::timestamptz IS NULL OR (i.at, i.id) < (%(at)s::timestamptz, %(pk)s))
 ORDER BY i.at DESC, i.id DESC LIMIT %(most)s + 1
"""
OF_PERSON = """
SELECT p.at, p.id, to_json(i), to_json(c),
       (SELECT json_agg(h ORDER BY h.sort_key)
          FROM customers_interactionperson t JOIN customers_person h ON h.id = t.person_id
         WHERE t.interaction_id = i.id),
       (SELECT json_agg(f ORDER BY f.id) FROM customers_attachment f WHERE f.interaction_id = i.id)
  FROM customers_interactionperson p JOIN customers_interaction i ON i.id = p.interaction_id
  LEFT JOIN customers_customer c ON c.id = i.customer_id
 WHERE p.person_id = %(subject)s AND (%(kind)s = '' OR i.kind = %(kind)s)
   AND (%(direction)s = '' OR i.direction = %(direction)s)
   AND (%(begin)s::timestamptz IS NULL OR p.at >= %(begin)s)
   AND (%(end)s::timestamptz IS NULL OR p.at < %(end)s)
   AND (%(words)s::text[] = '{}' OR i.subject || ' ' || i.text ILIKE ALL (%(words)s))
   AND (NOT %(with_files)s OR EXISTS (SELECT FROM customers_attachment f WHERE f.interaction_id = i.id))
   AND (%(at)s::timestamptz IS NULL OR (p.at, p.id) < (%(at)s::timestamptz, %(pk)s))
 ORDER BY p.at DESC, p.id DESC LIMIT %(most)s + 1
"""


def _page(query: str, subject: Customer | Person, only: Narrowed, before: Place | None, most: int) -> Page:
    place = {"at": before and before.at, "pk": before.pk if before else 0}
    lines = access.ask(query, {"subject": subject.pk, "most": most, **only.parameters(), **place})
    entries = [_entry(*line[2:]) for line in lines[:most]]
    return Page(entries, Place(*lines[most - 1][:2]) if len(lines) > most else None)


def _entry(entry: Any, customer: Any, people: Any, files: Any) -> Interaction:
    found = at_once.one(Interaction, entry)
    found.customer = at_once.one(Customer, customer) if customer else None
    at_once.bring(found, people=at_once.many(Person, people), attachments=at_once.many(Attachment, files))
    return found


def newest(*, most: int = 8) -> list[Interaction]:
    """The entries written last, of everybody."""
    return list(_complete(Interaction.objects.select_related("customer").order_by("-id"))[:most])


def meetings(*, begin: datetime, end: datetime) -> list[Interaction]:
    """The meetings between two moments, earliest first."""
    found = Interaction.objects.filter(kind=Interaction.Kind.MEETING, at__gte=begin, at__lt=end)
    return list(_complete(found.select_related("customer").order_by("at", "id"))[:PAGE])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _complete(entries: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """With the people who took part and the files, in two more queries whatever their number."""
    return entries.prefetch_related(*_company())


def _company() -> tuple[Any, ...]:
    return Prefetch("people", queryset=Person.objects.order_by("sort_key")), "attachments"
