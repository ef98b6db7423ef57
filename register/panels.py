"""Places on a page which other apps fill: the lower app offers them, the upper one fills them in its AppConfig.ready.

panels.ASSIGNMENT.add(release_button)      # def release_button(assignment, by) -> Panel | None
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from register.models import User


@dataclass(frozen=True)
class Panel:
    """One piece of a page: a template and what it shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Fill = Callable[[Any, User], Panel | None]


class Slot:
    """A place on a page which other apps fill; `subject` is what the page is about."""

    def __init__(self) -> None:
        self._fills: dict[str, tuple[int, Fill]] = {}

    def add(self, fill: Fill, *, order: int = 50) -> None:
        """Register a function; registering it again changes nothing."""
        self._fills[f"{fill.__module__}.{fill.__qualname__}"] = (order, fill)

    def remove(self, fill: Fill) -> None:
        self._fills.pop(f"{fill.__module__}.{fill.__qualname__}", None)

    def panels(self, subject: Any, *, by: User) -> list[Panel]:
        """What there is to show now, in order."""
        in_order = sorted(self._fills.values(), key=lambda pair: pair[0])
        return [panel for __, fill in in_order if (panel := fill(subject, by)) is not None]


ERASURE = Slot()
"""What should be known when a person or customer is erased, before and after; the subject is his row."""
