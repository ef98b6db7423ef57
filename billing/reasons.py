"""Why a step is lawful, kept as data: kind, day, figure, rule row and section.

So it reads the same in any language and in ten years; nothing of it is about the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

DECISIVE = ("wait", "interval", "notice", "not_sent")
SAID = {
    "due": _("Due %(day)s."),
    "sent": _("The invoice was sent on %(day)s."),
    "not_sent": _("It is not proven that the invoice was sent, so no fee can be charged."),
    "notice": _("The invoice was sent on %(day)s, less than %(value)s days before it was due: no fee."),
    "wait": _("A fee from %(day)s at the earliest: the due date and %(value)s d."),
    "interval": _("The next fee from %(day)s at the earliest: the previous reminder and %(value)s d."),
    "promised": _("Our latest letter gives time to pay until %(day)s."),
    "promise": _(
        "Our own promise, apart from the law: nothing further before %(day)s, %(value)s bank days after that time, "
        "for payments on their way."
    ),
    "most": _("At most %(value)s € for a reminder."),
    "cap": _("All costs together at most %(value)s €; %(amount)s € has been charged."),
    "cap_unknown": _(
        "The cap of all costs of a business debt is not in the table. Ask the agency before it adds its own."
    ),
    "compensation": _("%(amount)s € of standard compensation is claimed: costs count only above it."),
    "costs_alone": _("Only costs of %(amount)s € are open: no fee for asking for them."),
    "handover": _("The payment demand has been sent. The next step is to hand the debt over."),
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing a step rests on, kept as data so that it reads the same in any language and in ten years."""

    kind: str
    on: date | None = None
    amount: Decimal | None = None
    rule: int | None = None
    value: Decimal | None = None
    statute: str = ""

    def as_json(self) -> dict[str, Any]:
        values = {
            "on": self.on and self.on.isoformat(),
            "amount": self.amount is not None and str(self.amount),
            "rule": self.rule,
            "value": self.value is not None and f"{self.value.normalize():f}",
            "statute": self.statute,
        }
        return {"kind": self.kind} | {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Reason:
        return cls(
            kind=kept["kind"],
            on=date.fromisoformat(kept["on"]) if "on" in kept else None,
            amount=Decimal(kept["amount"]) if "amount" in kept else None,
            rule=kept.get("rule"),
            value=Decimal(kept["value"]) if "value" in kept else None,
            statute=kept.get("statute", ""),
        )

    @property
    def section(self) -> str:
        """The section of the law; its sign never stands alone at the beginning of a line."""
        return self.statute.replace(" §", "\u00a0§")

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        figures = {
            "day": date_format(self.on, "SHORT_DATE_FORMAT") if self.on else "",
            "amount": "" if self.amount is None else number_format(self.amount, 2, force_grouping=True),
            "value": "" if self.value is None else f"{self.value.normalize():f}",
        }
        return str(SAID[self.kind] % figures)


def reasons_of(kept: Iterable[dict[str, Any]]) -> list[Reason]:
    """The reasons of a kept reckoning."""
    return [Reason.from_json(one) for one in kept]
