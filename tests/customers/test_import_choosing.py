"""One choice for all conflicts of a large file: the file's values, or the register's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Person, Representation
from customers.views import imports
from register.models import User
from tests import cast
from tests.customers.importing import START, confirm, imported, in_register, newest, rows, staged, table, work

SOME = imports.PER_PAGE + 10


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    """Uploaded files of one test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def known(as_owner: Client) -> None:
    """People of one company: more than a page of the preview shows."""
    imported(as_owner, table(*(f"N{n};Laine;Laine Oy;myyjä;n{n}@laine.fi;" for n in range(SOME))))


def conflicting(client: Client, *more: str) -> Any:
    """The same people with other titles, and one with a new phone besides."""
    titled = [
        f"N{n};Laine;Laine Oy;johtaja;n{n}@laine.fi;{'040 123 4567' if n == 0 else ''}" for n in range(SOME)
    ]
    return staged(client, table(*titled, *more))


def page_of(client: Client, run: Any, query: str) -> str:
    return " ".join(client.get(f"{START}I{run.pk}/{query}").content.decode().split())


def titles() -> set[str]:
    return set(Representation.objects.using("owner").values_list("title", flat=True))


def taken(run: Any) -> list[bool]:
    """Of each differing value, whether the file's is taken."""
    changes = [change for row in rows(run) for change in row.data.get("changes", ())]
    return [change.get("take", False) for change in changes if change["act"] == "differ"]


def test_the_files_value_is_taken_in_all_conflicts_of_all_pages(as_owner: Client, known: None) -> None:
    run = conflicting(as_owner)
    for query in ("", "?show=conflict"):
        assert f"In {SOME} rows the file's value differs from ours." in page_of(as_owner, run, query)
    assert taken(run) == [False] * SOME
    with CaptureQueriesContext(connections["owner"]) as queries:
        answer = as_owner.post(f"{START}I{run.pk}/choose/", {"show": "conflict", "every": "take"})
    changed = [query["sql"] for query in queries if "UPDATE customers_importrow" in query["sql"]]
    assert len(changed) == 1
    assert answer.status_code == 302
    assert taken(run) == [True] * SOME
    last = page_of(as_owner, run, "?show=conflict&page=2")
    assert f"in all rows where the two differ: {SOME}." in last
    assert last.count('value="title" checked') == SOME - imports.PER_PAGE
    confirm(as_owner, run)
    work()
    assert newest().counts == {"updated": SOME}
    assert titles() == {"johtaja"}


def test_ours_is_kept_in_all_conflicts_and_what_is_missing_is_added_all_the_same(
    as_owner: Client, owner: User, known: None
) -> None:
    run = conflicting(as_owner)
    for every in ("take", "keep"):
        as_owner.post(f"{START}I{run.pk}/choose/", {"show": "", "every": every})
    assert taken(run) == [False] * SOME
    assert 'value="title" checked' not in page_of(as_owner, run, "")
    as_owner.post(f"{START}I{run.pk}/choose/", {"position": "3", "choice-3": "update", "take-3": "title"})
    confirm(as_owner, run)
    work()
    assert newest().counts == {"updated": 2, "unchanged": SOME - 2}
    with in_register(owner):
        assert Representation.objects.filter(title="johtaja").count() == 1
        assert Person.objects.get(given_name="N0").phonenumber_set.count() == 1


def test_who_must_still_be_chosen_is_left_alone(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        cast.person("Aino", "Kallio", emails=["koti@kallio.fi"])
        cast.person("Eero", "Kallio", emails=["koti@kallio.fi"])
    run = staged(as_owner, table("Kallion;Perhe;;;koti@kallio.fi;"))
    before = [(row.choice, row.data) for row in rows(run)]
    assert rows(run)[0].data["changes"]
    assert "keep ours" not in page_of(as_owner, run, "?show=conflict")
    answer = as_owner.post(f"{START}I{run.pk}/choose/", {"show": "conflict", "every": "take"}, follow=True)
    assert "in all rows where the two differ: 0." in " ".join(answer.content.decode().split())
    assert [(row.choice, row.data) for row in rows(run)] == before


def test_nothing_is_chosen_any_more_once_it_is_confirmed(as_owner: Client, known: None) -> None:
    run = conflicting(as_owner)
    confirm(as_owner, run)
    answer = as_owner.post(f"{START}I{run.pk}/choose/", {"every": "take"}, follow=True)
    assert "can no longer be changed" in answer.content.decode()
    assert taken(run) == [False] * SOME
