"""Documents in docs/ that are made from the code: written by a command, compared by the checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from register import record, statement
from register.models import Language


def statements() -> dict[str, str]:
    """The privacy statement of a made-up company in each language, by path."""
    return {
        f"docs/privacy-statement.{language}.md": statement.draw_up(statement.EXAMPLE, language).markdown()
        for language in Language.values
    }


def inventories() -> dict[str, str]:
    """The inventory as a table, by path."""
    return {"docs/inventory.md": record.inventory_table()}


def write(texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        _file(path).write_text(text, encoding="utf-8")


def outdated(texts: Mapping[str, str]) -> list[str]:
    """The paths whose file is missing or says something else."""
    return [
        path
        for path, text in texts.items()
        if not _file(path).exists() or _file(path).read_text(encoding="utf-8") != text
    ]


def _file(path: str) -> Path:
    return Path(settings.BASE_DIR) / path
