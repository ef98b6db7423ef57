"""Every page under whose name reads are recorded has a name for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from config.page_names import PAGES
from register.oversight import reading

ROOT = Path(__file__).resolve().parents[2]
RECORDING = {"record", "record_read", "record_reads", "record_numbers", "reads", "_record", "_reads"}


def recorded() -> Iterator[str]:
    """What stands as ``page=`` where something is recorded; of a composed name what comes before its number."""
    for app in ("register", "customers", "mailing", "billing", "privacy"):
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in RECORDING:
                    yield from (_text(one.value) for one in node.keywords if one.arg == "page")


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(value: ast.expr) -> str:
    if isinstance(value, ast.JoinedStr):
        value = value.values[0]
    return value.value.strip() if isinstance(value, ast.Constant) else ""


def test_every_recorded_page_has_a_name() -> None:
    found = set(recorded()) - {"", "list of"}
    assert len(found) > 30
    assert found - PAGES.keys() == set()


def test_a_page_is_named_for_people_and_keeps_its_number() -> None:
    assert reading._page("billing invoice D12 pdf") == "invoice D12 pdf"
    assert reading._page("today") == "start page"
    assert reading._page("something else") == "something else"
