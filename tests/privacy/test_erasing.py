"""Erasing answers the requests for it: what is kept, what the person is told, what stays open."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from billing import details
from billing.inventory import INVOICE
from customers.inventory import COMMUNICATION, PERSON
from customers.models import Person
from privacy import erasing, requests
from privacy.inventory import REQUEST
from privacy.models import CaseStep, MyDataLink
from register import access, erasure
from register.inventory import BOOKKEEPING
from register.models import Registrar, User
from tests import cast
from tests.billing import bills
from tests.privacy import people
from tests.privacy.cases import again, received, url


def test_erasure_keeps_the_request_by_law_and_takes_the_links(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    people.link_of(person)
    case = received(owner)
    as_owner.post(url(case, "identify"), {"candidate": person.number, "because": "x"})
    with access.acting("worker"):
        assert MyDataLink.objects.count() == 1
    with translation.override("en"), access.acting("owner", user_id=owner.pk):
        outcome = erasure.erase(Person.objects.get(pk=person.pk), by=owner, at=timezone.now(), reason="asked")
    assert any("GDPR Art. 5(2)" in kept.law for kept in outcome.kept)
    assert again(case).contact == "ada@example.fi"
    with access.acting("worker"):
        assert MyDataLink.objects.count() == 0
        assert CaseStep.objects.filter(case=case).count() == 2


def test_erasing_answers_the_request_for_it_and_tells_the_person_what_went_and_what_stays(
    as_owner: Client, owner: User, biller: User, registrar: Registrar, mailoutbox: list[Any]
) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer("Ada", "Asiakas", emails=["ada@example.fi"], language="sv")
        cast.entry(customer=customer)
        details.record(customer, **bills.DETAILS, by=owner)
    bills.issued(biller, customer)
    number = f"H{customer.person_id}"
    case = received(owner, language="sv")
    other = received(owner, kind="copy")
    as_owner.post(url(case, "identify"), {"candidate": number, "because": "x"})
    as_owner.post(url(other, "identify"), {"candidate": number, "because": "x"})
    page = f"/register/erase/{number}/"
    before = as_owner.get(page).content.decode()
    assert "Erasing answers this request" in before
    assert "the answer goes to ada@example.fi" in before
    assert before.index(url(case)) < before.index("erasing does not answer it") < before.index(url(other))
    assert again(case).is_open
    done = as_owner.post(page, {"reason": "asked", "sure": "on"}, follow=True).content.decode()
    assert "answered and closed by the erasure" in done
    closed = again(case)
    assert (closed.decision, closed.closed_at is not None) == ("partly", True)
    assert again(other).is_open
    with access.acting("owner"):
        step = closed.steps.latest("id")
    assert (step.what, step.by_id) == ("closed", owner.pk)
    people.work()
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.fi"]
    assert step.text in mail.body
    with translation.override("sv"):
        for label in (PERSON.label, COMMUNICATION.label, INVOICE.label, REQUEST.label):
            assert str(label) in mail.body
        assert BOOKKEEPING.sentence() in mail.body
    assert "31.12.2032" in mail.body
    assert "Asiakas" not in mail.body


def test_an_erasure_that_leaves_only_the_request_is_done_and_without_an_address_the_owner_tells(
    as_owner: Client, owner: User, mailoutbox: list[Any]
) -> None:
    person = people.ada(owner)
    case = received(owner, how="phone", contact="", kind="objection", language="en")
    with access.acting("owner", user_id=owner.pk):
        requests.identify(case, person=person, because="x", by=owner, at=timezone.now())
    page = f"/register/erase/{person.number}/"
    assert "tell the person yourself" in as_owner.get(page).content.decode()
    done = as_owner.post(page, {"reason": "objected", "sure": "on"}, follow=True).content.decode()
    assert "tell the person yourself" in done
    assert again(case).decision == "done"
    people.work()
    assert mailoutbox == []
    assert "GDPR Art. 5(2)" in as_owner.get(url(case)).content.decode()


def test_a_failing_erasure_leaves_the_request_open(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    person = people.ada(owner)
    case = received(owner)
    with access.acting("owner", user_id=owner.pk):
        requests.identify(case, person=person, because="x", by=owner, at=timezone.now())
    monkeypatch.setattr(erasing.requests, "close", lambda *args, **facts: 1 / 0)
    with pytest.raises(ZeroDivisionError), access.acting("owner", user_id=owner.pk):
        erasure.erase(Person.objects.get(pk=person.pk), by=owner, at=timezone.now(), reason="asked")
    assert again(case).is_open
    with access.acting("owner"):
        assert Person.objects.get(pk=person.pk).erased_on is None
