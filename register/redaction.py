"""Finding a person's identifying values in free text, to leave them out of what others get to see.

Names are found with their endings ("Annalle" for Anna), not with changed stems ("Virtasen" for Virtanen):
where it must choose it takes out too much rather than too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from register import inventory, subjects

GAP = "—"
ENDINGS = "(?:n|a|ä|an|än|in|on|un|lle|lla|llä|lta|ltä|ssa|ssä|sta|stä|ta|tä|na|nä|ksi|kin|s)?"
"""Finnish case endings (and the Swedish genitive), for names too short to be taken with whatever follows."""
PHONE = re.compile(r"\+?[\d\s()./-]{6,}")


def identifying_values(of: Sequence[models.Model]) -> set[str]:
    """Names, addresses and numbers by which these subjects are recognised."""
    found: set[str] = set()
    for entry in inventory.entries():
        names = [name for name, declared in entry.fields.items() if declared.identifies]
        if names and any(entry.path_to(type(subject)) for subject in of):
            for values in subjects.rows(entry, of).values_list(*names):
                found.update(value.strip() for value in values if value and len(value.strip()) > 1)
    return found - {GAP}


def pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for all values, longest first; None when there are none."""
    parts = [_expression(value) for value in sorted(values, key=lambda value: (-len(value), value))]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def without(value: Any, found: re.Pattern[str] | None) -> Any:
    """The value with what was found taken out; texts inside lists and mappings too."""
    if found is None:
        return value
    if isinstance(value, str):
        return found.sub(GAP, value)
    if isinstance(value, list):
        return [without(item, found) for item in value]
    if isinstance(value, dict):
        return {key: without(item, found) for key, item in value.items()}
    return value


def _expression(value: str) -> str:
    """E-mail addresses whole, telephone numbers in any spacing, words with their endings."""
    if "@" in value:
        return rf"(?<![\w.+-]){re.escape(value)}(?![\w-])"
    if PHONE.fullmatch(value):
        digits = re.sub(r"\D", "", value)
        return r"(?<!\d)\+?" + r"[\s()./-]*".join(digits) + r"(?!\d)"
    ending = r"\w*" if len(value) > 3 else ENDINGS + r"\b"
    return rf"\b{re.escape(value)}{ending}" if value[0].isalnum() else re.escape(value)
