"""What is no file of contacts, what is too much, and what reading may cost."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.importing import limits, reading
from tests.customers.tables import FINNISH, codes, read

# --- files that are none ---


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n", "empty_file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_spreadsheet"),
        (b"%PDF-1.7\n", "not_contacts"),
        (b"<html><table><tr><td>Nimi", "not_contacts"),
        (bytes(range(256)) * 20, "not_contacts"),
    ],
)
def test_what_is_no_contact_file_is_refused_with_a_reason(data: bytes, code: str) -> None:
    result = reading.read(data)
    assert (codes(result), result.records, result.is_readable) == ({code}, [], False)


def test_limits_of_size_rows_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 2)
    result = read("Nimi\nA B\nC D\nE F\n")
    assert (len(result.records), codes(result)) == (2, {"too_many_rows"})
    assert "too_many_columns" in codes(read(";".join(["Nimi"] * 301) + "\nx\n"))
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert codes(read("Nimi;Sähköposti\nA;b@example.fi\n")) == {"file_too_big"}


PIECES = ["Nimi", "Sähköposti", "E-mail 1 - Value", " ::: ", "a@b.fi", "sep=;\n", "ä", "9" * 9, "\ud7ff"]
CELLS = st.sampled_from([*PIECES, *"'=+;,\n\r\0", '"'])


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.lists(CELLS, max_size=40).map(lambda parts: "".join(parts).encode())
    )
)
def test_no_bytes_are_an_error(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"Nimi;Puhelin\n"):
        reading.read(start + data)


# --- speed ---


def test_ten_thousand_rows_take_about_a_second() -> None:
    head, row = FINNISH.split("\r\n", 1)
    data = (head + "\r\n" + row * 10_000).encode("cp1252")
    started = time.process_time()
    assert len(reading.read(data).records) == 10_000
    assert time.process_time() - started < 3.0, "one second on an idle machine; three on a shared one"


def test_memory_stays_flat_while_records_are_streamed() -> None:
    head, row = FINNISH.split("\r\n", 1)
    data = (head + "\r\n" + row * 3_000).encode("cp1252")
    tracemalloc.start()
    _result, found = reading.stream(data)
    assert sum(1 for _record in found) == 3_000
    assert tracemalloc.get_traced_memory()[1] < 12 * len(data)
    tracemalloc.stop()
