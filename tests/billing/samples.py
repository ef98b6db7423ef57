"""Files from other projects that the tests read where they are: beside the checkout, never copied into it."""

import csv
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "testdata" / "bank-and-invoice"


def sample(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"sample file {name} is not beside this checkout")
    return path


def rows(name: str) -> list[dict[str, str]]:
    with sample(name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found, "the sample holds no rows"
    return found
