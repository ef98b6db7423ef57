"""The work of one customer or person: what his page shows of it, and the lists of all of it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import dossier, work_lists, worklist
from customers.models import Assignment, Customer, Person, Task
from register import access
from register.models import AuditEntry, User
from tests import cast


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def koivu(owner: User) -> Customer:
    """A company with more work than its page shows, beside another one with some."""
    with access.acting("owner", user_id=owner.pk):
        company, other = cast.company("Koivu Oy"), cast.company("Leppä Oy")
        ada = cast.person("Ada", "Koivu", represents=company)
        for n in range(dossier.ASSIGNMENTS + 2):
            cast.assignment(company, title=f"Halli {n}", lines=(), contact=ada, status="closed")
        cast.assignment(company, title="Ilman Adaa", lines=())
        cast.assignment(other, title="Muiden halli", lines=())
        for n in range(dossier.TASKS + 3):
            cast.task(f"Soita {n}", due_in_days=n, customer=company, person=ada)
        done = [cast.task(f"Tehty {n}", customer=company, person=ada) for n in range(2)]
        done.append(cast.task("Tehty muille", customer=other))
        for task in done:
            worklist.finish(task, at=timezone.now(), by=owner)
        cast.task("Muiden tehtävä", customer=other)
    return company


@pytest.fixture
def ada(koivu: Customer, owner: User) -> Person:
    with access.acting("owner", user_id=owner.pk):
        return Person.objects.get()


def text(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def pressed(page: str, words: str) -> str:
    """The address of a link whose words these are."""
    links = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    [address] = {unescape(url) for url, said in links if words in re.sub("<[^>]*>", "", said)}
    return address


def test_the_page_of_a_customer_leads_to_all_his_work(as_owner: Client, koivu: Customer, ada: Person) -> None:
    page = text(as_owner, f"/register/customers/K{koivu.pk}/")
    assert ("Halli 11" in page, "Halli 1<" in page) == (True, False)
    assert ("Soita 19" in page, "Soita 20" in page) == (True, False)
    assignments = text(as_owner, pressed(page, "All (13)"))
    assert ("Halli 0" in assignments, "Ilman Adaa" in assignments, "Muiden" in assignments) == (
        True,
        True,
        False,
    )
    tasks = text(as_owner, pressed(page, "All (23)"))
    assert ("Soita 22" in tasks, "Tehty" in tasks, "Muiden" in tasks) == (True, False, False)
    done = text(as_owner, pressed(page, "Done (2)"))
    assert ("Tehty 0" in done, "Tehty 1" in done, "Tehty muille" in done, "Soita" in done) == (
        True,
        True,
        False,
        False,
    )
    assert pressed(done, "← Koivu Oy") == f"/register/customers/K{koivu.pk}/"


def test_the_page_of_a_person_leads_to_all_the_work_with_him(
    as_owner: Client, koivu: Customer, ada: Person
) -> None:
    page = text(as_owner, f"/register/people/H{ada.pk}/")
    assignments = text(as_owner, pressed(page, "All (12)"))
    assert ("Halli 0" in assignments, "Ilman Adaa" in assignments) == (True, False)
    assert "only of Ada Koivu" in assignments
    assert "Tehty 1" in text(as_owner, pressed(page, "Done (2)"))
    assert pressed(text(as_owner, pressed(page, "All (23)")), "Add a task") == (
        f"/register/people/H{ada.pk}/tasks/add/"
    )


def test_a_page_that_shows_all_offers_no_more(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        leppa = cast.company("Leppä Oy")
        cast.assignment(leppa, lines=())
        cast.task(customer=leppa)
    page = text(as_owner, f"/register/customers/K{leppa.pk}/")
    assert "All (" not in page
    assert "Done (" not in page


def test_a_list_of_one_stays_his_over_its_pages_and_states_until_that_is_taken_away(
    as_owner: Client, owner: User, koivu: Customer
) -> None:
    with access.acting("owner", user_id=owner.pk):
        for n in range(work_lists.PAGE):
            cast.task(f"Myös {n}", due_in_days=None, customer=koivu)
    address = f"/register/tasks/?state=open&customer={koivu.pk}"
    second = text(as_owner, "/register/tasks/" + pressed(text(as_owner, address), "Next"))
    assert ("Myös 49" in second, "Muiden" in second, "only of Koivu Oy" in second) == (True, False, True)
    assert f'name="customer" value="{koivu.pk}"' in second
    assert pressed(second, "First") == f"?state=open&customer={koivu.pk}"
    everybodys = text(as_owner, "/register/tasks/" + pressed(second, "only of Koivu Oy"))
    assert ("Muiden tehtävä" in everybodys, "only of" in everybodys) == (True, False)


def test_both_a_customer_and_a_person_can_be_asked_for(
    as_owner: Client, koivu: Customer, ada: Person
) -> None:
    page = text(as_owner, f"/register/assignments/?status=all&customer={koivu.pk}&person={ada.pk}")
    assert ("Halli 0" in page, "Ilman Adaa" in page) == (True, False)
    assert pressed(page, "only of Ada Koivu") == f"?status=all&customer={koivu.pk}"
    assert pressed(page, "only of Koivu Oy") == f"?status=all&person={ada.pk}"


@pytest.mark.parametrize("asked", ["customer=999999", "person=999999", "customer=K1", "person=", "customer=%00",
    "customer=" + "9" * 30, "person=-1", "customer=²"])  # fmt: skip
def test_whoever_is_nobody_has_no_list(as_owner: Client, asked: str) -> None:
    for page in ("assignments", "tasks"):
        assert as_owner.get(f"/register/{page}/?{asked}").status_code == 404


def test_whose_list_was_read_is_recorded_though_it_is_empty(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person()
    for page in ("assignments", "tasks"):
        assert "only of Ada Asiakas" in text(as_owner, f"/register/{page}/?person={ada.pk}")
        with access.acting("owner"):
            assert AuditEntry.objects.filter(page=page).get().numbers == [str(ada)]


def test_the_lists_of_one_ask_one_question_more_and_the_page_one_for_all(
    as_owner: Client, koivu: Customer
) -> None:
    def asked(url: str) -> list[str]:
        with CaptureQueriesContext(connections["owner"]) as queries:
            text(as_owner, url)
        return [query["sql"] for query in queries if "customers_" in query["sql"]]

    for page in ("/register/assignments/?status=all", "/register/tasks/?state=open"):
        assert len(asked(f"{page}&customer={koivu.pk}")) == len(asked(page)) + 1
    work = [sql for sql in asked(f"/register/customers/K{koivu.pk}/") if "customers_task" in sql]
    assert len(work) == 1


def test_a_list_of_one_is_a_way_back_for_what_it_lists_and_not_for_his_page(
    as_owner: Client, owner: User, koivu: Customer
) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = Assignment.objects.filter(customer=koivu).latest("pk")
        task = Task.objects.filter(customer=koivu).latest("pk")
    left = "/register/customers/?q=koivu"
    text(as_owner, left)
    his = f"/register/assignments/?status=all&customer={koivu.pk}"
    text(as_owner, his)
    came = {"Referer": "http://testserver" + his}
    page = as_owner.get(f"/register/assignments/T{work.pk}/", headers=came).content.decode()
    assert pressed(page, "← Assignments") == his
    page = as_owner.get(f"/register/customers/K{koivu.pk}/", headers=came).content.decode()
    assert pressed(page, "← Customers") == left
    tasks = f"/register/tasks/?state=done&customer={koivu.pk}"
    assert pressed(text(as_owner, pressed(text(as_owner, tasks), task.title)), "← Tasks") == tasks
