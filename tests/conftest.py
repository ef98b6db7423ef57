"""Fixtures: the database with every login, and the cast that does the talking in tests.

`database` gives committed rows through all real logins and cleans up after the test; ask for it (or for
anything that builds on it) in every test that touches the register's data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from register import access
from register.models import Registrar, User
from register.roles import Role
from tests.cluster import Cleaner, django_db_setup  # noqa: F401  (a fixture)

PASSWORD = "a long enough test password 42"


@pytest.fixture(scope="session")
def cleaner(django_db_setup: None) -> Iterator[Cleaner]:
    cleaner = Cleaner()
    yield cleaner
    cleaner.close()


@pytest.fixture
def database(cleaner: Cleaner, django_db_blocker: Any) -> Iterator[None]:
    """The whole register's database, every login with its own rights; rows are really committed."""
    with django_db_blocker.unblock():
        cache.clear()
        yield
        cleaner.clean()


@pytest.fixture
def owner(database: None) -> User:
    """The register owner."""
    return User.objects.using("default").create(
        email="owner@example.fi", name="Olga Omistaja", role=Role.OWNER, language="en", password="!"
    )


@pytest.fixture
def biller(database: None) -> User:
    """The billing person."""
    return User.objects.using("default").create(
        email="biller@example.fi", name="Lasse Laskuttaja", role=Role.BILLING, language="en", password="!"
    )


@pytest.fixture
def as_owner(owner: User) -> Client:
    """A browser in which the owner has signed in."""
    return signed_in(owner)


@pytest.fixture
def as_biller(biller: User) -> Client:
    """A browser in which the billing person has signed in."""
    return signed_in(biller)


@pytest.fixture
def stranger(database: None) -> Client:
    """A browser of somebody without an account."""
    return Client()


def signed_in(user: User) -> Client:
    """A browser in which a user with a second factor has signed in."""
    give_second_factor(user)
    client = Client()
    client.force_login(user)
    return client


def give_second_factor(user: User) -> str:
    """Give somebody an authenticator app, as the register requires of all; returns its secret."""
    secret = generate_totp_secret()
    if not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret)
    return secret


@pytest.fixture
def owner_acts(owner: User) -> Iterator[access.Acting]:
    """The test body itself works as the owner, in one transaction that commits at the end."""
    with access.acting("owner", user_id=owner.pk) as who:
        yield who


@pytest.fixture
def registrar(owner: User) -> Registrar:
    """The company that keeps the register."""
    with access.acting("owner", user_id=owner.pk):
        return Registrar.objects.create(
            name="Esimerkki Oy",
            business_id="2345678-0",
            street="Esimerkkikatu 1",
            postal_code="40100",
            city="Jyväskylä",
            website="www.example.fi",
            contact_person="Olga Omistaja",
            contact_email="owner@example.fi",
            phone="040 123 4567",
            register_name_fi="Asiakasrekisteri",
            register_name_sv="Kundregister",
            register_name_en="Customer register",
            iban="FI2112345600000785",
            bic="NDEAFIHH",
        )
