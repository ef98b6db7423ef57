"""Files of other programs and of the company that tests read where they lie: beside the checkout, never copied into it.

A checkout alone has none of them. Only then are these tests skipped, in CI as well, and say what they miss: what they
show is that the files of others are read, and nothing that belongs to the project can stand in for those. Where the
folder is, a file that is missing fails its test, so that nothing is skipped because it was moved.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared"
BANK, CONTACTS = "testdata/bank-and-invoice", "testdata/mail-and-contacts"
ABSENT = "the folder ../shared with the files of others is not beside this checkout"


def sample(path: str) -> Path:
    """One file, by its path in the folder; without the folder the test that asks is skipped."""
    if not FOLDER.is_dir():
        pytest.skip(f"{ABSENT}: {path}")
    found = FOLDER / path
    assert found.is_file(), f"{path} is not in {FOLDER}"
    return found


def each(below: str, *endings: str) -> list[object]:
    """Parameters of a test over all files below a folder, or those with an ending; one that skips without it."""
    if not FOLDER.is_dir():
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=f"{ABSENT}: {below}"))]
    found = [path for path in sorted((FOLDER / below).rglob("*")) if path.is_file()]
    chosen = [path for path in found if not endings or path.suffix in endings]
    assert chosen, f"{below} holds no file {endings}"
    return [pytest.param(path, id=path.relative_to(FOLDER / below).as_posix()) for path in chosen]


def rows(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file, by column."""
    with sample(path).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found, "the sample holds no rows"
    return found
