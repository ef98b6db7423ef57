"""An import happens once and whole, or leaves nothing and can be tried again."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.db import connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from customers import tasks
from customers.importing import running
from customers.models import ImportRun
from register import jobs
from register.models import User
from tests.cluster import admin_url
from tests.customers.importing import (
    ADA,
    BEA,
    START,
    choose,
    confirm,
    counted,
    newest,
    rows,
    staged,
    table,
    work,
)

pytestmark = pytest.mark.usefixtures("files")


def test_a_second_tab_cannot_confirm_twice(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA))
    assert confirm(as_owner, run).status_code == 302
    assert as_owner.post(f"{START}I{run.pk}/confirm/", {"plan": "1-0-0"}).status_code == 302
    assert work() == 1
    assert counted()["Person"] == 1
    tasks.write_import(run_id=run.pk, user_id=run.started_by_id)
    assert counted()["Person"] == 1


def test_choices_changed_in_another_tab_are_asked_again(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA, BEA))
    seen = as_owner.get(f"{START}I{run.pk}/confirm/").context["said"]
    assert seen == "2-0-0"
    choose(as_owner, run, choice_3="skip")
    answer = as_owner.post(f"{START}I{run.pk}/confirm/", {"plan": seen})
    assert answer.status_code == 200
    assert answer.context["changed"]
    assert newest().status == "staged"


def test_rows_cannot_be_changed_after_the_confirmation(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA))
    confirm(as_owner, run)
    choose(as_owner, run, choice_2="skip")
    assert rows(run)[0].choice == "add"


def test_the_same_file_in_two_tabs_is_imported_once(as_owner: Client) -> None:
    one = staged(as_owner, table(ADA, BEA))
    two = staged(as_owner, table(ADA, BEA))
    assert [row.verdict for row in rows(two)] == ["new", "new"]
    confirm(as_owner, one)
    confirm(as_owner, two)
    work()
    assert counted()["Person"] == 2
    assert newest().counts == {"skipped": 2}
    assert {row.reason for row in rows(two)} == {"meanwhile"}


def test_what_fails_leaves_nothing_and_can_be_tried_again(
    as_owner: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = staged(as_owner, table(ADA))
    before = counted()

    def broken(*arguments: object) -> None:
        raise RuntimeError("Ada Laine")

    with monkeypatch.context() as patch:
        patch.setattr(running, "_finish", broken)
        confirm(as_owner, run)
        work()
    failed = newest()
    assert failed.status == "failed"
    assert "Ada" not in failed.problem
    assert counted() == before
    assert as_owner.get(f"{START}I{run.pk}/").status_code == 200
    as_owner.post(f"{START}I{run.pk}/again/")
    assert newest().status == "staged"
    confirm(as_owner, run)
    work()
    assert newest().status == "done"
    assert counted()["Person"] == before["Person"] + 1


def test_progress_is_seen_while_the_import_works(
    as_owner: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = staged(as_owner, table(ADA))
    seen: list[tuple[str, int, int]] = []
    rename = running._rename

    def look(writing: running._Writing) -> None:
        page = as_owner.get(f"{START}I{run.pk}/").content.decode()
        shown = int(re.search(r'<progress max="100" value="(\d+)"', page)[1])
        seen.append((newest().status, shown, counted()["Person"]))
        rename(writing)

    monkeypatch.setattr(running, "_rename", look)
    confirm(as_owner, run)
    work()
    assert seen == [("running", 70, 0)]
    assert newest().handled == 100


def test_an_import_whose_worker_died_is_offered_again(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA))
    confirm(as_owner, run)
    ImportRun.objects.using("owner").filter(pk=run.pk).update(status="running", handled=40)
    page = as_owner.get(f"{START}I{run.pk}/").content.decode()
    assert "The import was interrupted" in page
    as_owner.post(f"{START}I{run.pk}/again/")
    assert newest().status == "queued"
    work()
    assert newest().status == "done"
    assert counted()["Person"] == 1


def test_the_worker_takes_the_import_from_the_real_queue(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA))
    confirm(as_owner, run)
    with jobs.app.replace_connector(jobs.app.connector.get_worker_connector()) as app:
        app.run_worker(queues=["imports"], wait=False, install_signal_handlers=False, listen_notify=False)
    assert newest().status == "done"
    assert counted()["Person"] == 1
    job = ProcrastinateJob.objects.using("worker").get(task_name__contains="import", args__has_key="run_id")
    assert (job.status, job.args) == ("succeeded", {"run_id": run.pk, "user_id": run.started_by_id})


def test_a_connection_that_dies_in_the_middle_leaves_nothing(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = staged(as_owner, table(ADA))
    before = counted()

    def cut(writing: running._Writing) -> None:
        pid = connections["worker"].connection.info.backend_pid
        with psycopg.connect(admin_url(), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        writing.do("SELECT 1")

    with monkeypatch.context() as patch:
        patch.setattr(running, "_rename", cut)
        confirm(as_owner, run)
        work()
    assert counted() == before
    assert newest().status == "failed"
    as_owner.post(f"{START}I{run.pk}/again/")
    confirm(as_owner, run)
    work()
    assert newest().status == "done"
    assert counted()["Person"] == before["Person"] + 1
