"""The owner's side of privacy requests: the clock, who asks, more time, the answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mailing import suppression
from privacy.models import Case
from register import access
from register.models import AuditEntry, Registrar, User
from tests import cast
from tests.privacy import people
from tests.privacy.cases import LIST, again, page, received, steps, url


@pytest.mark.parametrize(
    ("on", "colour"),
    [
        (date(2026, 2, 17), "green"),
        (date(2026, 2, 18), "amber"),
        (date(2026, 2, 25), "red"),
        (date(2026, 3, 2), "red"),
    ],
)
def test_the_colour_follows_the_days_left(on: date, colour: str) -> None:
    assert Case(due_on=date(2026, 2, 28)).urgency(on=on) == colour


def test_the_list_shows_the_most_urgent_first_with_words(as_owner: Client, owner: User) -> None:
    late = received(owner, at=timezone.now() - timedelta(days=40), contact="late@example.fi")
    fresh = received(owner, at=timezone.now(), contact="fresh@example.fi")
    text = page(as_owner, LIST)
    assert text.index("late@example.fi") < text.index("fresh@example.fi")
    assert "days late" in text
    assert "days left" in text
    assert f"Q{late.pk}" in text
    assert f"Q{fresh.pk}" in text


def test_an_answered_request_leaves_the_list_of_open_ones(as_owner: Client, owner: User) -> None:
    case = received(owner)
    assert "ada@example.fi" in page(as_owner, LIST)
    as_owner.post(url(case, "close"), {"decision": "done", "answer": ""})
    assert "ada@example.fi" not in page(as_owner, LIST)
    assert "ada@example.fi" in page(as_owner, LIST + "?show=closed")


def test_the_list_costs_the_same_for_one_and_for_many(as_owner: Client, owner: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connections["owner"]) as seen:
            as_owner.get(LIST)
        return len(seen)

    received(owner)
    as_owner.get(LIST)
    one = cost()
    for number in range(10):
        received(owner, contact=f"a{number}@example.fi")
    assert cost() == one


def test_looking_at_list_and_case_is_recorded(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    case = received(owner)
    as_owner.get(LIST)
    as_owner.get(url(case))
    with access.acting("owner", user_id=owner.pk):
        reads = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS).order_by("id")
        found = {entry.page: entry.numbers for entry in reads}
    assert found["privacy requests"] == [str(case)]
    assert found["privacy request"] == [str(case), person.number]


@pytest.mark.parametrize("path", [LIST, LIST + "add/"])
def test_the_billing_person_and_strangers_do_not_get_in(
    as_biller: Client, stranger: Client, path: str
) -> None:
    assert as_biller.get(path).status_code == 404
    assert stranger.get(path).status_code == 302
    assert stranger.get(path)["Location"].startswith("/accounts/login/")


def test_a_telephone_call_is_entered_with_the_day_it_came(as_owner: Client, owner: User) -> None:
    answer = as_owner.post(
        LIST + "add/",
        {
            "kind": "copy",
            "how": "phone",
            "received_on": "2026-01-31",
            "contact": "",
            "language": "sv",
            "message": "Ringde.",
        },
    )
    with access.acting("worker"):
        case = Case.objects.get()
    assert answer["Location"] == url(case)
    assert (case.how, case.language, case.due_on) == ("phone", "sv", date(2026, 2, 28))
    assert people.jobs() == [], "nothing is mailed by itself"


def test_a_request_from_tomorrow_is_refused(as_owner: Client, owner: User) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    facts = {"kind": "copy", "how": "phone", "received_on": tomorrow, "language": "fi"}
    assert as_owner.post(LIST + "add/", facts).status_code == 200
    with access.acting("worker"):
        assert Case.objects.count() == 0


def test_no_marketing_told_to_the_staff_is_honoured_at_once(owner: User) -> None:
    case = received(owner, kind="marketing")
    with access.acting("worker"):
        assert suppression.is_stopped("ada@example.fi")
        assert suppression.history("ada@example.fi")[0].channel == "staff"
    assert steps(case) == [("stopped", "")]


def test_the_one_with_the_address_is_offered_and_chosen(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    case = received(owner)
    assert "Ada Asiakas" in page(as_owner, url(case))
    as_owner.post(url(case, "identify"), {"candidate": person.number, "because": "Soitettu takaisin."})
    changed = again(case)
    assert (changed.person_id, changed.identity) == (person.pk, "staff")
    assert steps(case) == [("identified", "Soitettu takaisin.")]


def test_of_two_with_one_address_one_is_chosen_and_never_both(as_owner: Client, owner: User) -> None:
    people.ada(owner, emails=("yhteinen@example.fi",))
    with access.acting("owner", user_id=owner.pk):
        eino = cast.person("Eino", "Toinen", emails=("yhteinen@example.fi",))
    case = received(owner, contact="yhteinen@example.fi")
    text = page(as_owner, url(case))
    assert "Ada Asiakas" in text
    assert "Eino Toinen" in text
    assert "Several people have this address" in text
    assert 'type="checkbox"' not in text
    assert again(case).person_id is None
    as_owner.post(url(case, "identify"), {"candidate": eino.number, "because": "Tunnettu äänestä."})
    assert again(case).person_id == eino.pk


def test_somebody_without_that_address_is_found_by_number(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    case = received(owner, contact="private@example.fi")
    as_owner.post(url(case, "identify"), {"person": person.number.lower(), "because": "Kävi paikalla."})
    assert again(case).person_id == person.pk


@pytest.mark.parametrize(
    "facts",
    [
        {"person": "H99999", "because": "x"},
        {"person": "K1", "because": "x"},
        {"person": "", "because": "x"},
        {"person": "H" + "9" * 30, "because": "x"},
    ],
)
def test_a_number_that_is_nobodys_is_said(as_owner: Client, owner: User, facts: dict[str, str]) -> None:
    case = received(owner)
    answer = as_owner.post(url(case, "identify"), facts, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "There is no person with this number." in answer.content.decode()
    assert again(case).person_id is None


def test_how_it_was_checked_must_be_said(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    case = received(owner)
    as_owner.post(url(case, "identify"), {"candidate": person.number, "because": " "})
    assert again(case).person_id is None


def test_an_extension_has_a_reason_that_is_told_to_the_person(
    as_owner: Client, owner: User, registrar: Registrar, mailoutbox: list[Any]
) -> None:
    case = received(owner)
    as_owner.post(url(case, "extend"), {"months": "2", "because": "Aineistoa on paljon."})
    changed = again(case)
    assert (changed.extended_months, changed.due_on) == (2, date(2026, 4, 30))
    assert steps(case) == [("extended", "Aineistoa on paljon.")]
    people.work()
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.fi"]
    assert "Aineistoa on paljon." in mail.body
    assert "30.4.2026" in mail.body


def test_two_months_are_the_most(as_owner: Client, owner: User) -> None:
    case = received(owner)
    for _ in range(3):
        as_owner.post(url(case, "extend"), {"months": "1", "because": "Syy."})
    assert (again(case).extended_months, again(case).due_on) == (2, date(2026, 4, 30))
    assert len(steps(case)) == 2


def test_an_extension_without_reason_is_refused(as_owner: Client, owner: User) -> None:
    case = received(owner)
    assert as_owner.post(url(case, "extend"), {"months": "1", "because": ""}).status_code == 200
    assert again(case).extended_months == 0


def test_the_answer_closes_and_is_mailed(
    as_owner: Client, owner: User, registrar: Registrar, mailoutbox: list[Any]
) -> None:
    case = received(owner)
    as_owner.post(url(case, "close"), {"decision": "done", "answer": "Tiedot on poistettu."})
    changed = again(case)
    assert (changed.decision, changed.closed_at is not None) == ("done", True)
    people.work()
    (mail,) = mailoutbox
    assert "Tiedot on poistettu." in mail.body
    assert str(case) in mail.body
    assert registrar.name in mail.subject


@pytest.mark.parametrize("decision", ["refused", "partly"])
def test_a_refusal_needs_its_reason(as_owner: Client, owner: User, decision: str) -> None:
    case = received(owner)
    assert as_owner.post(url(case, "close"), {"decision": decision, "answer": " "}).status_code == 200
    assert again(case).is_open


def test_a_closed_request_is_not_acted_on_again(as_owner: Client, owner: User) -> None:
    case = received(owner)
    as_owner.post(url(case, "close"), {"decision": "done", "answer": ""})
    for action, facts in (
        ("close", {"decision": "refused", "answer": "x"}),
        ("extend", {"months": "1", "because": "x"}),
        ("note", {"text": "x"}),
    ):
        assert as_owner.post(url(case, action), facts).status_code == 200
    assert again(case).decision == "done"
    assert [what for what, _text in steps(case)] == ["closed"]


def test_the_database_too_knows_no_closing_without_decision(owner: User) -> None:
    from django.db.utils import IntegrityError

    case = received(owner)
    with pytest.raises(IntegrityError, match="closed_with_a_decision"), access.acting("worker"):
        Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())


def test_the_log_only_grows(owner: User) -> None:
    received(owner, kind="marketing")
    for statement in ("UPDATE privacy_casestep SET text = 'x'", "DELETE FROM privacy_casestep"):
        with pytest.raises(DatabaseError, match="permission denied|stays"), access.acting("owner"):
            connections["owner"].cursor().execute(statement)


def test_unknown_numbers_are_the_neutral_page(as_owner: Client, owner: User) -> None:
    case = received(owner)
    missing = as_owner.get(f"{LIST}Q{case.pk + 1}/")
    assert missing.status_code == 404
    assert missing.content == as_owner.get("/register/there-is-no-such-page/").content


def test_open_requests_are_on_the_start_page_and_the_persons_page(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    case = received(owner)
    as_owner.post(url(case, "identify"), {"candidate": person.number, "because": "x"})
    assert url(case) in page(as_owner, "/register/")
    shown = page(as_owner, f"/register/people/H{person.pk}/")
    assert url(case) in shown
    assert "Mail the link to ada@example.fi" in shown


def test_a_case_keeps_the_names_of_nobody_in_the_audit(owner: User) -> None:
    case = received(owner, message="Salainen viesti")
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.get(
            action=AuditEntry.Action.CREATE, object_id=case.pk, object_repr=str(case)
        )
    assert "ada@example.fi" not in str(entry.changes)
    assert "Salainen" not in str(entry.changes)
    assert entry.changes["kind"][1] == "erasure"
