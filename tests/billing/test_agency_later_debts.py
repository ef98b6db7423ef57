"""A later debt of a debtor whom an agency has: ours and reminded of until it is handed over too."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.test import Client

from billing import collecting
from billing.models import CollectionCase, Handover, Hold, Invoice
from register import access
from register.models import Registrar, User
from tests.billing import agencies, late

LATER = date(2026, 4, 20)
NOW = date(2026, 5, 10)


def with_a_later_debt(owner: User, biller: User) -> tuple[CollectionCase, Invoice, Invoice]:
    """A case whose first debt an agency has, and to which a second was added after that."""
    first, case = agencies.with_agency(owner, biller)
    second = late.invoice(biller, first.customer, on=date(2026, 3, 20), sent=date(2026, 3, 20))
    assert agencies.case_of(biller, second, on=LATER) == case
    return case, first, second


def numbers(debts: object) -> list[str]:
    with access.acting("billing"):
        return [debt.number for debt in debts]  # type: ignore[attr-defined]


def test_it_is_ours_and_reminded_of_until_it_goes_in_a_package_of_its_own(
    registrar: Registrar, owner: User, biller: User
) -> None:
    case, first, second = with_a_later_debt(owner, biller)
    assert numbers(collecting.with_agency(case)) == [first.number]
    assert numbers(collecting.still_ours(case)) == [second.number]
    with access.acting("billing", user_id=biller.pk), pytest.raises(collecting.NotYet, match="no reminder"):
        collecting.hand_over_more(case, by=biller, on=LATER)
    [letter] = late.reminded(biller, LATER)
    assert [debt["number"] for debt in letter.document["debts"]] == [second.number]
    with access.acting("billing", user_id=biller.pk):
        more = collecting.hand_over_more(case, by=biller, on=NOW)
        more.refresh_from_db()
        assert Handover.objects.filter(case=case, recalled_on=None).count() == 2
        assert Hold.objects.standing(on=NOW).filter(kind="agency").count() == 2
    with zipfile.ZipFile(io.BytesIO(bytes(more.package))) as archive:
        told = json.loads(archive.read("perinta.json"))
    assert [debt["invoice"] for debt in told["debts"]] == [second.number]
    assert more.principal == second.total
    assert numbers(collecting.still_ours(case)) == []
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(collecting.NotYet):
            collecting.hand_over_more(case, by=biller, on=NOW)
        collecting.recall(case, reason="Sovittu", by=biller, on=NOW)
        assert not Handover.objects.filter(recalled_on=None).exists()
        assert not Hold.objects.standing(on=NOW).exists()
    assert numbers(collecting.with_agency(case)) == []


def test_an_earlier_case_of_the_same_debt_does_not_count(
    registrar: Registrar, owner: User, biller: User
) -> None:
    first, case = agencies.with_agency(owner, biller)
    with access.acting("billing", user_id=biller.pk):
        collecting.close(case, outcome="withdrawn", by=biller, on=LATER)
    again = agencies.case_of(biller, first, on=LATER)
    agencies.given(biller, again, on=LATER)
    assert numbers(collecting.with_agency(again)) == [first.number]
    assert numbers(collecting.still_ours(again)) == []


def test_the_page_shows_it_apart_and_hands_it_over(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    case, first, second = with_a_later_debt(owner, biller)
    url = f"/billing/collection/P{case.pk}/"
    shown = as_biller.get(url).content.decode()
    given, ours = shown.index("Debts with the agency"), shown.index("Not yet with the agency")
    assert given < shown.index(first.number) < ours < shown.index(second.number)
    assert "no reminder has been sent" in shown
    assert "Hand over the later debts" not in shown
    assert f"principal_{first.pk}" in shown
    assert f"principal_{second.pk}" not in shown
    late.reminded(biller, LATER)
    assert "Hand over the later debts" in as_biller.get(url).content.decode()
    answer = as_biller.post(f"{url}hand-over-more/", follow=True).content.decode()
    assert "Not yet with the agency" not in answer
    assert answer.count("/packages/") == 2
    assert f"principal_{second.pk}" in answer
