"""The owner's side of a person's own page: the link is mailed, shown once, ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.models import EmailAddress
from privacy.models import MyDataLink
from register import access
from register.models import Registrar, User
from tests import cast
from tests.privacy import people


def test_the_owner_has_a_link_mailed_to_an_address_of_the_person(
    as_owner: Client, owner: User, registrar: Registrar, mailoutbox: list[Any]
) -> None:
    person = people.ada(owner)
    with access.acting("owner", user_id=owner.pk):
        address = EmailAddress.objects.get(person=person)
    as_owner.post(f"/register/privacy/people/H{person.pk}/link/", {"address": str(address.pk)})
    people.work()
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.fi"]
    reader = Client()
    assert "Ada Asiakas" in reader.get(f"/my/{people.token_in(mail)}", follow=True).content.decode()
    with access.acting("worker"):
        assert MyDataLink.objects.get().created_by_id == owner.pk


def test_a_link_is_not_mailed_to_somebody_elses_address(
    as_owner: Client, owner: User, mailoutbox: list[Any]
) -> None:
    person = people.ada(owner)
    with access.acting("owner", user_id=owner.pk):
        other = cast.person("Eino", "Toinen", emails=("eino@example.fi",))
        address = EmailAddress.objects.get(person=other)
    as_owner.post(f"/register/privacy/people/H{person.pk}/link/", {"address": str(address.pk)})
    assert people.work() == 0
    assert mailoutbox == []


def test_the_owner_sees_a_link_once_and_can_end_it(as_owner: Client, owner: User) -> None:
    person = people.ada(owner)
    answer = as_owner.post(f"/register/privacy/people/H{person.pk}/link/", {"address": "show"})
    assert answer["Cache-Control"] == "no-store, private"
    token = answer.context["url"].rpartition("/")[2]
    assert Client().get(f"/my/{token}", follow=True).status_code == 200
    as_owner.post(f"/register/privacy/people/H{person.pk}/link/", {"address": "revoke"})
    assert Client().get(f"/my/{token}", follow=True).status_code == 404


@pytest.mark.parametrize("address", ["", "x", "9" * 40, "-1"])
def test_a_link_to_no_address_is_no_page(as_owner: Client, owner: User, address: str) -> None:
    person = people.ada(owner)
    answer = as_owner.post(f"/register/privacy/people/H{person.pk}/link/", {"address": address})
    assert answer.status_code == 404
