"""What every start of the demo tells: its links open on the port it serves on, after a week too."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from config import demo, demo_note
from config.demo_note import Note
from customers import intake
from customers.models import Person
from privacy import links
from register import access
from register.models import Registrar, User
from register.roles import Role
from tests.cluster import admin_url

NOW = timezone.now()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """A demo's home without a note."""
    settings.REGISTER_DEMO = True
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def ada(owner: User, registrar: Registrar) -> Person:
    """The demo's first person."""
    with access.acting("owner", user_id=owner.pk):
        return intake.admit_person(given_name="Ada", family_name="Alkio", by=owner, on=NOW.date())


def my_page(path: str) -> str:
    return Client().get(path, follow=True).content.decode()


def opens(made: Note, *, database: str, days: int = 0) -> bool:
    return demo_note.opens(made, database=database, at=NOW + timedelta(days=days))


@pytest.fixture
def own_database(database: None) -> str:
    """The address of this run's database."""
    return admin_url(os.environ["REGISTER_TEST_DATABASE"])


def test_the_same_links_are_told_at_the_address_of_each_start(
    home: Path,
    ada: Person,
    own_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = demo.new_links(at=timezone.now())
    demo_note.keep(made)
    monkeypatch.setenv("DATABASE_URL", own_database)
    for port in (8000, 8001):
        monkeypatch.setenv("REGISTER_URL", f"http://localhost:{port}")
        assert demo_note.shown()
        told = capsys.readouterr().out
        assert f"http://localhost:{port}{made.stop_path}\n" in told
        assert f"http://localhost:{port}{made.data_path}\n" in told
    assert "8000" not in told


def test_links_that_have_ended_are_not_told_but_renewed(
    home: Path, ada: Person, owner: User, own_database: str
) -> None:
    made = demo.new_links(at=NOW)
    assert "Ada Alkio" in my_page(made.data_path)
    assert opens(made, database=own_database)
    assert not opens(made, database=own_database, days=8)
    later = demo.new_links(at=NOW + timedelta(days=8))
    assert opens(later, database=own_database, days=8)
    assert "Ada Alkio" in my_page(later.data_path)

    with access.acting("owner", user_id=owner.pk):
        assert links.revoke_all(ada, at=NOW) == 2
    assert not opens(later, database=own_database, days=8)
    assert not opens(replace(later, data_path="/my/never-made"), database=own_database)


def test_the_command_renews_the_links_of_a_company_that_is_there(home: Path, ada: Person) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="half made"):
        call_command("make_demo", stdout=out)
    demo_note.keep(demo.new_links(at=NOW - timedelta(days=8)))
    old = demo_note.kept()
    call_command("make_demo", stdout=out)
    new = demo_note.kept()
    assert old is not None
    assert new is not None
    assert old.stop_path == new.stop_path
    assert "Ada Alkio" not in my_page(old.data_path)
    assert "Ada Alkio" in my_page(new.data_path)
    assert f"http://localhost:8000{new.data_path}\n" in out.getvalue()
    assert User.objects.filter(role=Role.OWNER).count() == 1
    assert Client().get(new.stop_path).status_code == 200
