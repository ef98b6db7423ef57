"""Fixtures: what the pages of customers show, how a test looks at it, and where the files of an import lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers import panels
from customers.models import Customer, Person
from register import access
from register.models import User
from tests import cast
from tests.customers.uploads import PDF


@pytest.fixture
def alone(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In English, with files of the test's own, without what other apps add to the pages."""
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path / "files"
    for place in ("TODAY", "CUSTOMER", "PERSON", "ASSIGNMENT"):
        monkeypatch.setattr(panels, place, panels.Slot())


@pytest.fixture
def koivu(owner: User) -> Customer:
    """A company with a contact person, work, an entry with a file, a task."""
    with access.acting("owner", user_id=owner.pk):
        company = cast.company(emails=["info@koivu.fi"], business_id="0109862-8", tags=["Kanta"])
        ada = cast.person(represents=company, title="toimitusjohtaja", primary=True, phones=["040 123 4567"])
        cast.assignment(company, contact=ada)
        cast.entry(customer=company, people=[ada], files=[SimpleUploadedFile("tarjous.pdf", PDF)])
        cast.task(customer=company)
    return company


@pytest.fixture
def ada(koivu: Customer, owner: User) -> Person:
    with access.acting("owner", user_id=owner.pk):
        return Person.objects.get()


@pytest.fixture
def look(owner: User) -> Iterator[None]:
    """The test reads the register as the owner, after the requests have committed."""
    with access.acting("owner", user_id=owner.pk):
        yield


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> None:
    """Uploaded files of one test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
