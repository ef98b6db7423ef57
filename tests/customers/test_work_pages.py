"""Assignments and tasks through the owner's pages: lines, steps, files, and what is done."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers import panels
from customers.models import Assignment, Customer, Person, Task
from register import access
from register.models import User
from tests import cast
from tests.customers.uploads import PDF

pytestmark = pytest.mark.usefixtures("alone")

LINES = {
    "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "0",
    "lines-0-description": "Suunnittelu", "lines-0-quantity": "2,5", "lines-0-unit": "h",
    "lines-0-unit_price": "1 088,36 €", "lines-0-vat_code": "standard",
    "lines-1-quantity": "1", "lines-1-unit": "h", "lines-1-vat_code": "standard",
    "lines-2-quantity": "1", "lines-2-unit": "h", "lines-2-vat_code": "standard",
}  # fmt: skip


def test_an_assignment_is_written_with_finnish_numbers_and_empty_rows_are_left_out(
    as_owner: Client, koivu: Customer, ada: Person, look: None
) -> None:
    sent = LINES | {"title": "Uusi halli", "contact": str(ada.pk), "offered_on": "2026-11-22"}
    response = as_owner.post(f"/register/customers/K{koivu.pk}/assignments/add/", sent)
    work = Assignment.objects.get(title="Uusi halli")
    assert response.url == f"/register/assignments/T{work.pk}/"  # type: ignore[attr-defined]
    line = work.lines.get()
    assert json.loads(f"[{line.quantity}, {line.unit_price}]") == [2.5, 1088.36]
    assert (work.contact, str(work.offered_on)) == (ada, "2026-11-22")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lines-0-quantity": "0"}, "cannot be zero"),
        ({"lines-0-unit_price": ""}, "Write the price"),
        ({"lines-0-unit_price": "paljon"}, "Enter a number"),
        ({"lines-0-unit_price": "1" * 20}, "no more than"),
        ({"lines-0-unit_price": "NaN"}, "Enter a number"),
        ({"lines-0-description": ""}, "Write what it is"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_saved(
    as_owner: Client, koivu: Customer, look: None, wrong: dict[str, str], message: str
) -> None:
    sent = LINES | {"title": "Uusi halli", "offered_on": "2026-11-22"} | wrong
    response = as_owner.post(f"/register/customers/K{koivu.pk}/assignments/add/", sent)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Assignment.objects.count() == 1


def test_the_steps_are_buttons_and_an_unlawful_one_is_told(
    as_owner: Client, koivu: Customer, look: None
) -> None:
    work = Assignment.objects.get()
    url = f"/register/assignments/T{work.pk}/"
    as_owner.post(url + "step/", {"step": "agree"})
    work.refresh_from_db()
    assert (work.status, work.agreed_on) == ("agreed", cast.today())
    page = as_owner.post(url + "step/", {"step": "agree"}, follow=True).content.decode()
    assert "This step is not possible now." in page
    assert as_owner.post(url + "step/", {"step": "mark_invoiced"}).status_code == 404
    as_owner.post(url + "step/", {"step": "take_back"})
    work.refresh_from_db()
    assert (work.status, work.agreed_on) == ("offer", None)


def test_lines_are_edited_until_they_go_to_billing(as_owner: Client, owner: User, koivu: Customer) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = cast.assignment(koivu, status="invoiced")
    url = f"/register/assignments/T{work.pk}/edit/"
    assert "lines-TOTAL_FORMS" not in as_owner.get(url).content.decode()
    assert as_owner.post(url, LINES | {"title": "Uusi nimi"}).status_code == 302
    with access.acting("owner", user_id=owner.pk):
        work.refresh_from_db()
        assert (work.title, work.lines.count()) == ("Uusi nimi", 2)


def test_deleting_an_assignment_asks_first_and_an_invoiced_one_stays(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        offer, invoiced = Assignment.objects.get(), cast.assignment(koivu, status="invoiced")
    for work in (offer, invoiced):
        url = f"/register/assignments/T{work.pk}/edit/"
        assert "Delete the assignment" in as_owner.post(url, {"remove": "1"}).content.decode()
        as_owner.post(url, {"remove": "yes"})
    with access.acting("owner", user_id=owner.pk):
        assert Assignment.objects.get() == invoiced


def test_a_file_of_an_assignment_is_added_and_deleted(as_owner: Client, koivu: Customer, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = Assignment.objects.get()
    url = f"/register/assignments/T{work.pk}/files/"
    empty = as_owner.post(url, {})
    assert (empty.status_code, "Choose a file." in empty.content.decode()) == (422, True)
    as_owner.post(url, {"attach": SimpleUploadedFile("sopimus.pdf", PDF)})
    with access.acting("owner", user_id=owner.pk):
        file = work.attachments.get()
    assert "sopimus.pdf" in as_owner.get(f"/register/assignments/T{work.pk}/").content.decode()
    as_owner.post(f"/register/files/F{file.pk}/delete/", {"remove": "yes"})
    with access.acting("owner", user_id=owner.pk):
        assert not work.attachments.exists()


def test_another_app_puts_its_button_on_an_assignment(as_owner: Client, koivu: Customer, owner: User) -> None:
    def button(assignment: Assignment, by: User) -> panels.Panel:
        return panels.Panel("customers/field.html", {"seen": (assignment.pk, by.pk)})

    panels.ASSIGNMENT.add(button)
    with access.acting("owner", user_id=owner.pk):
        work = Assignment.objects.get()
    shown = as_owner.get(f"/register/assignments/T{work.pk}/").context["panels"]
    assert [panel.context for panel in shown] == [{"seen": (work.pk, owner.pk)}]


def test_a_task_is_added_done_reopened_and_deleted(as_owner: Client, koivu: Customer, look: None) -> None:
    home = f"/register/customers/K{koivu.pk}/"
    as_owner.post(home + "tasks/add/", {"title": "Soita", "due_on": "2026-11-30"})
    task = Task.objects.get(title="Soita")
    assert task.customer == koivu
    done = f"/register/tasks/M{task.pk}/done/"
    assert as_owner.post(done, {"next": home}).url == home  # type: ignore[attr-defined]
    task.refresh_from_db()
    assert task.done_at is not None
    as_owner.post(done, {"reopen": "1", "next": "//evil.example/"})
    task.refresh_from_db()
    assert task.done_at is None
    as_owner.post(f"/register/tasks/M{task.pk}/", {"remove": "yes"})
    assert not Task.objects.filter(pk=task.pk).exists()


@pytest.mark.parametrize(
    "away", ["//evil.example/", "https://evil.example/register/", "/billing/", "javascript:x"]
)
def test_no_form_leads_away_from_the_register(
    as_owner: Client, koivu: Customer, look: None, away: str
) -> None:
    task = Task.objects.get()
    response = as_owner.post(f"/register/tasks/M{task.pk}/done/", {"next": away})
    assert response.url == "/register/"  # type: ignore[attr-defined]
