"""The bench of the bank works, on a small scale."""

from __future__ import annotations

from config.bench import bank
from register.models import Registrar, User
from tests.billing import bills


def test_the_bench_imports_what_it_has_seeded(registrar: Registrar, owner: User) -> None:
    bills.company(owner, "Yritys Oy")
    told: list[str] = []
    found = bank.measure(told.append, payments=300)
    assert (found["payments"], found["matched"]) == (300, 300)
    assert found["seconds"] > 0
    assert told
