"""Whom the tests of privacy are about."""

from __future__ import annotations

import pytest

from customers.models import Person
from register.models import Registrar, User
from tests.privacy import people


@pytest.fixture
def ada(owner: User, registrar: Registrar) -> Person:
    """The person whose link it is."""
    return people.ada(owner)
