"""Fixtures: the register that is attacked, and what its tables hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from register.models import Registrar, User
from tests.hostile.attack import Rows
from tests.hostile.world import World, populate


@pytest.fixture
def world(owner: User, biller: User, registrar: Registrar) -> World:
    return populate(owner, biller, registrar)


@pytest.fixture
def rows(database: None) -> Iterator[Rows]:
    found = Rows()
    yield found
    found.connection.close()
