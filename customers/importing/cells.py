"""Cells that a spreadsheet would run as a formula: made inert on the way out, restored on the way in.

A spreadsheet evaluates a cell that begins with = + - @ (also after a tab or a line break). An apostrophe
before it makes it text. Telephone numbers get it as well: `+358-40-123` would be calculated, and
`+358401234567` would lose its plus sign. `restore(inert(value)) == value` for every value, so that export
and import are a fixed point.
"""

from __future__ import annotations

import re

RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""A cell that would be evaluated, or one of ours that an earlier export has made inert."""

GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def inert(value: str) -> str:
    """The value as it may be written into a CSV or XLSX cell."""
    return f"'{value}" if RISKY.match(value) else value


def restore(value: str) -> str:
    """The value of a cell that `inert` wrote. Other cells are as they are, also `'Ndrangheta`."""
    return value[1:] if value.startswith("'") and GUARDED.match(value) else value
