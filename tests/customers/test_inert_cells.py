"""Cells that a spreadsheet would take for formulas leave inert and come back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.importing import cells
from tests.customers.tables import one


@pytest.mark.parametrize(
    "value", ["=1+1", "+358401234567", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", "''+1", "＝1"]
)
def test_a_formula_is_made_inert_and_comes_back(value: str) -> None:
    assert cells.inert(value) == "'" + value
    assert cells.restore(cells.inert(value)) == value


@pytest.mark.parametrize("value", ["Ada", "'Ndrangheta", "", "040 123", "1-2", "a=b"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert cells.inert(value) == cells.restore(value) == value


@given(st.text())
def test_export_and_import_of_any_cell_is_a_fixed_point(value: str) -> None:
    assert cells.restore(cells.inert(value)) == value
    assert not cells.inert(value).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_exported_table_is_read_back_as_it_was() -> None:
    values = ["=HYPERLINK(1)", "-Laine", "+358 40 1234567", "@kahvila", "'-x"]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["Etunimi", "Sukunimi", "Puhelin", "Yritys", "Osasto"])
    rows.writerow([cells.inert(value) for value in values])
    record = one(out.getvalue())
    assert [
        record.given_name,
        record.family_name,
        record.phones[0].value,
        record.company,
        record.department,
    ] == values
