"""The cast that other tests borrow is made whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customers import assignments
from customers.models import Assignment, EmailAddress, PhoneNumber, Representation
from register import access
from tests import cast


def test_a_person_of_the_cast_has_contacts_and_represents_a_company(owner_acts: access.Acting) -> None:
    company = cast.company(emails=["info@koivu.fi"])
    ada = cast.person(represents=company, phones=["040 123 4567"], primary=True)
    assert list(EmailAddress.objects.filter(person=ada).values_list("canonical", "primary")) == [
        ("ada@example.fi", True)
    ]
    assert PhoneNumber.objects.get(person=ada).e164 == "+358401234567"
    assert Representation.objects.get(person=ada).customer == company


def test_a_private_customer_of_the_cast_is_one_with_his_person(owner_acts: access.Acting) -> None:
    customer = cast.private_customer(emails=["aino@example.fi"])
    assert customer.name == "Aino Yksityinen" == customer.person.full_name
    assert EmailAddress.objects.get(person=customer.person).address == "aino@example.fi"


@pytest.mark.parametrize("status", list(Assignment.Status))
def test_an_assignment_of_the_cast_stands_at_any_status(owner_acts: access.Acting, status: str) -> None:
    made = cast.assignment(status=status)
    made.refresh_from_db()
    assert made.status == status
    assert assignments.totals(made.lines.all()) == Decimal("1016.00")
