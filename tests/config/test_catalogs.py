"""The Finnish and Swedish catalogs: complete, none guessed, placeholders as in the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_text_is_translated_with_its_placeholders(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    messages = [message for message in catalog if message.id]
    assert len(messages) > 1000
    unsaid = [m.id for m in messages if not (m.string if isinstance(m.string, str) else all(m.string))]
    guessed = [m.id for m in messages if m.fuzzy]
    broken = [m.id for m, problems in catalog.check() if problems]
    assert (unsaid, guessed, broken) == ([], [], [])
