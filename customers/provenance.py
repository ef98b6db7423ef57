"""Where data came from: how, when, in which words; stored with every person, contact detail and representation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from customers.models import Source
from register.models import User


@dataclass(frozen=True)
class Provenance:
    """How data was received: the customer told it, filled in a form, an imported file …"""

    source: str = Source.TOLD
    detail: str = ""
    on: date | None = None

    def fields(self, *, by: User) -> dict[str, Any]:
        """The columns that contact details, relationships and representations share."""
        return {"source": self.source, "source_detail": self.detail, "entered_by_id": by.pk}


TOLD = Provenance()
