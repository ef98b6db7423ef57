"""Stopping mailings, letting them go on, and asking whether an address may be mailed.

A stop is a fact with a time, known by the keyed hash of the address: it needs no customer and outlives
his erasure. Every import, form and send asks here.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import connections
from django.utils import timezone

from mailing import hashes
from mailing.models import EVERYTHING, Channel, OptOutEvent, Suppression, Topic
from register import access
from register.models import User

RECORD = """
INSERT INTO mailing_optoutevent (address_hash, topic, act, channel, wording, at, undo_sha256, by_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


class NotStopped(ValueError):
    """The mailings were not stopped, so they cannot be let go on."""


def stop(
    address: str,
    *,
    topic: int = EVERYTHING,
    channel: Channel,
    at: datetime,
    by: User | None = None,
    wording: str = "",
) -> bool:
    """Stop mailings to an address; False when they were stopped already. Raises addresses.WrongAddress."""
    return stop_hash(hashes.of(address), topic=topic, channel=channel, at=at, by=by, wording=wording)


def stop_hash(
    address_hash: bytes,
    *,
    topic: int,
    channel: Channel,
    at: datetime,
    by: User | None = None,
    wording: str = "",
    undo: str = "",
) -> bool:
    """Stop mailings to an address known by its hash; False, and no event, when they were stopped already.

    `undo` is a random text by which whoever pressed may take it back within a day.
    """
    return _record(
        OptOutEvent.Act.STOP, address_hash, topic, channel=channel, at=at, by=by, wording=wording, undo=undo
    )


def take_back(
    address_hash: bytes, *, topic: int, undo: str, channel: Channel, at: datetime, wording: str
) -> bool:
    """Undo a stop that was pressed by mistake; False unless `undo` is the text of that very stop."""
    return _record(
        OptOutEvent.Act.RESUME, address_hash, topic, channel=channel, at=at, wording=wording, undo=undo
    )


def resume(address: str, *, topic: int = EVERYTHING, at: datetime, by: User, wording: str) -> None:
    """Let mailings go on because the person asked the staff for it; `wording` names the text he agreed to.

    Raises NotStopped, addresses.WrongAddress.
    """
    resumed = [
        _record(OptOutEvent.Act.RESUME, one, topic, channel=Channel.STAFF, at=at, by=by, wording=wording)
        for one in hashes.every(address)
    ]
    if not any(resumed):
        raise NotStopped("Mailings to this address were not stopped.")


def is_stopped(address: str, *, topic: Topic | None = None, at: datetime | None = None) -> bool:
    """Whether the address must not be mailed about a topic (None: about any marketing).

    "Stop everything" stops marketing; a service message is stopped by its own topic only. Without `at`,
    as it stands now; with it, as it stood then. Raises addresses.WrongAddress.
    """
    codes = [one.hex() for one in hashes.every(address)]
    topics = _stopping(topic)
    if at is None:
        return Suppression.objects.filter(address_hash__in=codes, topic__in=topics).exists()
    latest: dict[tuple[str, int], str] = {}
    events = OptOutEvent.objects.filter(address_hash__in=codes, topic__in=topics, at__lte=at)
    for code, number, act in events.order_by("id").values_list("address_hash", "topic", "act"):
        latest[code, number] = act
    return OptOutEvent.Act.STOP in latest.values()


def stopped_among(addresses: list[str], *, topic: Topic | None = None) -> set[str]:
    """Those of many addresses that must not be mailed; one query. Raises addresses.WrongAddress."""
    codes = {address: {one.hex() for one in hashes.every(address)} for address in addresses}
    rows = Suppression.objects.filter(
        address_hash__in=set().union(*codes.values()), topic__in=_stopping(topic)
    )
    stopped = set(rows.values_list("address_hash", flat=True))
    return {address for address in addresses if codes[address] & stopped}


def history(address: str) -> list[OptOutEvent]:
    """Every stop and go-on of an address, oldest first. Raises addresses.WrongAddress."""
    codes = [one.hex() for one in hashes.every(address)]
    return list(OptOutEvent.objects.filter(address_hash__in=codes).order_by("id"))


def _stopping(topic: Topic | None) -> list[int]:
    """The topic numbers whose suppression stops mail about a topic."""
    if topic is None:
        return [EVERYTHING]
    return [topic.pk] if topic.kind == Topic.Kind.SERVICE else [EVERYTHING, topic.pk]


def _record(
    act: str,
    address_hash: bytes,
    topic: int,
    *,
    channel: str,
    at: datetime,
    wording: str,
    by: User | None = None,
    undo: str = "",
) -> bool:
    """Hand one event to the database, whose trigger applies it; False when it changed nothing.

    Plain SQL, because the public login may not read back what it inserted.
    """
    if timezone.is_naive(at):
        raise ValueError("The moment of an opt-out needs its time zone.")
    proof = hashlib.sha256(undo.encode()).hexdigest() if undo else ""
    row: list[Any] = [address_hash.hex(), topic, act, channel, wording, at, proof, by.pk if by else None]
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(RECORD, row)
        return bool(cursor.rowcount)
