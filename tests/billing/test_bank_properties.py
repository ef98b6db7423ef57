"""What holds of the bank whatever comes: money is never given twice, order and repetition change nothing."""

from __future__ import annotations

import io
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import references
from billing.bank import allocation, recognising
from billing.bank.transactions import Part, Unreadable, masked, reference_of
from billing.models import Payment, Receivable, StatementLine
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bankfiles import batch, camt, details, entry, imported, ktl, ktl_event

euros = st.integers(0, 10_000_00).map(lambda cents: Decimal(cents) / 100)


@settings(deadline=None)
@given(amount=euros, principal=euros, costs=euros, costs_first=st.booleans())
def test_a_share_never_takes_more_than_is_there(
    amount: Decimal, principal: Decimal, costs: Decimal, costs_first: bool
) -> None:
    met, met_costs = allocation.share(amount, principal=principal, costs=costs, costs_first=costs_first)
    assert 0 <= met <= principal
    assert 0 <= met_costs <= costs
    assert met + met_costs == min(amount, principal + costs)
    if amount == principal:
        assert met == principal


@settings(deadline=None)
@given(
    amount=euros,
    parts=st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(-10_000, 10_000)), max_size=5),
    open_of=st.fixed_dictionaries({1: euros, 2: euros, 3: euros}),
)
def test_named_documents_never_get_more_than_is_open(
    amount: Decimal, parts: list[tuple[str, int | None]], open_of: dict[int, Decimal]
) -> None:
    named = [Part(key, None if value is None else Decimal(value) / 100) for key, value in parts]
    shares = allocation.by_parts(amount, named, {"a": 1, "b": 2}, open_of)
    assert all(0 < share <= open_of[debt] for debt, share in shares.items())
    assert sum(shares.values()) in (0, amount)


@settings(deadline=None)
@given(st.integers(100, 10**18), st.integers(0, 6), st.booleans())
def test_a_reference_is_the_same_in_every_guise(base: int, zeros: int, rf: bool) -> None:
    national = references.make(base)
    creditor = references.make_rf(national)
    written = f"{creditor[:4]}{'0' * min(zeros, 25 - len(creditor))}{national}" if rf else national.zfill(20)
    assert references.matching_key(reference_of(written)) == national
    spaced = " ".join(written[start : start + 4] for start in range(0, len(written), 4))
    assert references.matching_key(reference_of(spaced)) == national


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (
        b"",
        b'<?xml version="1.0"?><a xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">',
        b"0260915",
    ):
        try:
            kind = recognising.recognise(start + content)
            list(recognising.items(io.BytesIO(start + content), kind))
        except Unreadable:
            continue


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([LIST, NOTIFICATION]))
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:place] + data.draw(st.binary(max_size=3)) + whole[place + data.draw(st.integers(0, 3)) :]
    try:
        kind = recognising.recognise(damaged)
        if kind in recognising.READERS:
            list(recognising.items(io.BytesIO(damaged), kind))
    except Unreadable:
        return


@settings(deadline=None)
@given(st.text(max_size=60))
def test_masking_leaves_other_text_alone(text: str) -> None:
    assert masked(masked(text)) == masked(text)
    assert masked(f"{text} 131052-308T").endswith(" ******-****")


LIST = ktl(ktl_event("5.00", "13"), ktl_event("7.00", "202600017", archive="B2"))
NOTIFICATION = camt(
    batch(
        details("60.00", reference="202600017", archive="T1"), details("40.00", reference="13", archive="T2")
    )
)
FILES = (
    NOTIFICATION,
    camt(batch(amount="100.00", count=2), kind="053"),
    camt(entry("5.00", details("5.00", reference="13"), archive="L2"), kind="053"),
    camt(entry("5.00", details("5.00", reference="13", archive="T9"), archive="L2")),
    LIST,
)


class Undone(Exception):
    """Leaves an example's transaction behind without a trace."""


@given(
    order=st.lists(st.sampled_from(range(len(FILES))), max_size=5), last=st.permutations(range(len(FILES)))
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_in_any_order_and_repetition_book_the_same(
    owing: User, order: list[int], last: list[int]
) -> None:
    with suppress(Undone), access.acting("billing", user_id=owing.pk):
        for number in (*order, *last):
            assert imported(owing, FILES[number]).status == "done"
        amounts = sorted(Payment.objects.values_list("amount", flat=True))
        assert amounts == [5, 5, 7, 40, 60]
        assert Receivable.objects.get().open == Decimal("1088.36") - 67
        assert not StatementLine.objects.waiting().exists()
        raise Undone


@pytest.fixture
def owing(registrar: Registrar, owner: User, biller: User) -> User:
    """The billing person, to whose company 1 088,36 € are owed."""
    bills.issued(biller, bills.company(owner))
    return biller
