"""What other apps know about addresses in a file, and what they must be told.

An imported list never makes anybody a subscriber. It can only be told that an address has opted out (it
stays so) or that its owner was erased (the row is refused), and it passes on refusals that the file itself
names. The lower app offers the places, the upper ones fill them in their AppConfig.ready:

    objections.ask_also(stopped)     # (canonical addresses) -> {address: Objection}
    objections.tell_also(refuse)     # (canonical addresses, by=, at=) -> None
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum

from register.models import User


class Objection(StrEnum):
    """What stands against an address."""

    STOPPED = "stopped"
    """Its owner has opted out of mailings. The row may be imported, the opt-out stays."""
    ERASED = "erased"
    """Its owner was erased from the register on request. The row is refused."""


Ask = Callable[[Collection[str]], Mapping[str, Objection]]
Tell = Callable[..., None]

_asked: list[Ask] = []
_told: list[Tell] = []


def ask_also(ask: Ask) -> None:
    """Register who knows about addresses; registering it again changes nothing."""
    if ask not in _asked:
        _asked.append(ask)


def tell_also(tell: Tell) -> None:
    """Register who is told of refusals; registering it again changes nothing."""
    if tell not in _told:
        _told.append(tell)


def of(canonical: Collection[str]) -> dict[str, Objection]:
    """What stands against these addresses; one question an app, whatever their number."""
    found: dict[str, Objection] = {}
    if canonical:
        for ask in _asked:
            for address, objection in ask(canonical).items():
                if found.get(address) is not Objection.ERASED:
                    found[address] = objection
    return found


def pass_on(canonical: Collection[str], *, by: User, at: datetime) -> None:
    """The file says that the owners of these addresses want no marketing."""
    if canonical:
        for tell in _told:
            tell(canonical, by=by, at=at)
