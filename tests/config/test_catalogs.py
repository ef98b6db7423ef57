"""The Finnish and Swedish catalogs: complete, none guessed, placeholders as in the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
CODE = ("config", "register", "customers", "mailing", "billing", "privacy")
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


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


def marked_inside_f_strings(code: str) -> list[int]:
    """Lines of texts marked for translation within an f-string."""
    formatted = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr)]
    calls = [node for one in formatted for node in ast.walk(one) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id in MARKS]


def test_no_text_hides_in_an_f_string_where_no_catalog_finds_it() -> None:
    assert marked_inside_f_strings("""f"<b>{escape(_('x'))}</b>" + _("y")""") == [1]
    hidden = {
        str(path.relative_to(ROOT)): lines
        for folder in CODE
        for path in (ROOT / folder).rglob("*.py")
        if (lines := marked_inside_f_strings(path.read_text(encoding="utf-8")))
    }
    assert hidden == {}
