"""What the e-mail register says to imported contact files: who has opted out, and whose refusal to honour."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from customers.importing.objections import Objection
from mailing import suppression
from mailing.models import Channel, Suppression
from register.models import User


def stopped(addresses: Collection[str]) -> dict[str, Objection]:
    """Those of the addresses in a file that have opted out; an import leaves them so."""
    if not Suppression.objects.exists():
        return {}
    return dict.fromkeys(suppression.stopped_among(list(addresses)), Objection.STOPPED)


def refuse(addresses: Collection[str], *, by: User, at: datetime) -> None:
    """The file says that these addresses want no marketing: stopped, as if they had said so to the staff."""
    for address in addresses:
        suppression.stop(address, channel=Channel.IMPORT, at=at, by=by)
