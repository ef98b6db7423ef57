"""What the owner's pages of customers and people show, to whom, and what that costs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import (
    Assignment,
    Attachment,
    Customer,
    EmailAddress,
    Interaction,
    Person,
    Representation,
    Task,
)
from register import access
from register.models import AuditEntry, User
from tests import cast
from tests.customers.uploads import PDF

pytestmark = pytest.mark.usefixtures("alone")


def every_page(owner: User) -> list[str]:
    """The addresses of all pages of the register as it is now."""
    with access.acting("owner", user_id=owner.pk):
        company = Customer.objects.get(kind="company")
        person, work, entry = Person.objects.first(), Assignment.objects.get(), Interaction.objects.get()
        representation, task = Representation.objects.get(), Task.objects.get()
        email, file = EmailAddress.objects.filter(person=person).get(), Attachment.objects.get()
    assert person is not None
    k, h = f"/register/customers/K{company.pk}/", f"/register/people/H{person.pk}/"
    return [
        "/register/",
        "/register/customers/add/",
        "/register/customers/add/private/",
        *(k + rest for rest in ("", "edit/", "people/add/", "people/choose/?q=as", "details/email/add/")),
        *(k + rest for rest in ("details/phone/add/", "details/postal/add/", "timeline/", "timeline/add/")),
        *(k + rest for rest in ("assignments/add/", "tasks/add/")),
        "/register/people/add/",
        *(
            h + rest
            for rest in ("", "edit/", "readers/", "customers/choose/?q=koi", "timeline/", "tasks/add/")
        ),
        f"/register/details/email/{email.pk}/",
        f"/register/representatives/{representation.pk}/",
        f"/register/representatives/{representation.pk}/leave/",
        f"/register/entries/Y{entry.pk}/",
        f"/register/files/F{file.pk}/",
        f"/register/assignments/T{work.pk}/",
        f"/register/assignments/T{work.pk}/edit/",
        f"/register/tasks/M{task.pk}/",
        "/register/tasks/add/",
    ]


def test_the_owner_sees_every_page_and_others_the_page_of_nothing(
    as_owner: Client, as_biller: Client, stranger: Client, owner: User, koivu: Customer
) -> None:
    nothing = as_biller.get("/register/customers/K999999/").content
    for url in every_page(owner):
        assert as_owner.get(url).status_code == 200, url
        refused = as_biller.get(url)
        assert (refused.status_code, refused.content) == (404, nothing), url
        assert stranger.get(url).status_code == 302, url


@pytest.mark.parametrize(
    "url",
    [
        "customers/K999999/",
        "people/H999999/",
        "customers/K99999999999999999999999/",
        "assignments/T999999/",
        "entries/Y999999/",
        "files/F999999/",
        "tasks/M999999/",
        "details/email/999999/",
        "representatives/999999/",
        "details/fax/1/",
    ],
)
def test_what_does_not_exist_is_a_neutral_404(as_owner: Client, url: str) -> None:
    assert as_owner.get("/register/" + url).status_code == 404


READS_NOBODY = (
    "/register/customers/add/",
    "/register/customers/add/private/",
    "/register/people/add/",
    "/register/tasks/add/",
)


def test_every_page_with_somebodys_data_records_the_read(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    for url in every_page(owner):
        if url in READS_NOBODY:
            continue
        with access.acting("owner", user_id=owner.pk):
            before = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS).count()
        as_owner.get(url)
        with access.acting("owner", user_id=owner.pk):
            reads = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS)
            assert reads.count() == before + 1, url
            entry = reads.latest()
        assert {koivu.number, ada.number} & set(entry.numbers), url
        assert entry.actor_id == owner.pk


def test_the_customers_page_records_the_people_it_shows_too(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    as_owner.get(f"/register/customers/K{koivu.pk}/")
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.filter(page="customer").latest()
    assert set(entry.numbers) == {koivu.number, ada.number}


def test_who_has_read_a_person_is_shown(as_owner: Client, koivu: Customer, ada: Person) -> None:
    as_owner.get(f"/register/customers/K{koivu.pk}/")
    page = as_owner.get(f"/register/people/H{ada.pk}/readers/").content.decode()
    assert page.count("Olga Omistaja · customer") == 1


def _grow(owner: User, koivu: Customer, ada: Person) -> None:
    """Many of everything: the number of queries must not follow."""
    with access.acting("owner", user_id=owner.pk):
        for number in range(12):
            one = cast.person(
                f"Eino{number}", represents=koivu, emails=[f"e{number}@koivu.fi"], phones=["0401"]
            )
            cast.entry(customer=koivu, people=[one, ada], files=[SimpleUploadedFile("a.pdf", PDF)])
            cast.task(person=ada, customer=koivu)
            cast.assignment(koivu, contact=ada)


@pytest.mark.parametrize(("page", "most"), [("customer", 16), ("person", 12)])
def test_a_page_takes_a_few_queries_however_much_it_shows(
    as_owner: Client, owner: User, koivu: Customer, ada: Person, page: str, most: int
) -> None:
    url = f"/register/customers/K{koivu.pk}/" if page == "customer" else f"/register/people/H{ada.pk}/"
    as_owner.get(url)
    with CaptureQueriesContext(connections["owner"]) as few:
        assert as_owner.get(url).status_code == 200
    _grow(owner, koivu, ada)
    with CaptureQueriesContext(connections["owner"]) as many:
        assert as_owner.get(url).status_code == 200
    data = [query["sql"] for query in many if query["sql"].startswith("SELECT")]
    assert len(data) <= most, "\n".join(data)
    assert len(many) == len(few)


def test_today_takes_a_few_queries_however_much_it_shows(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    as_owner.get("/register/")
    with CaptureQueriesContext(connections["owner"]) as few:
        as_owner.get("/register/")
    _grow(owner, koivu, ada)
    with CaptureQueriesContext(connections["owner"]) as many:
        assert as_owner.get("/register/").status_code == 200
    assert len(many) <= len(few) + 2


# --- today ---------------------------------------------------------------------------------------------


def test_an_empty_register_invites_to_begin(as_owner: Client) -> None:
    page = as_owner.get("/register/").content.decode()
    assert "Add the first customer" in page
    assert "/register/customers/add/" in page
    assert "icons.svg#add" in page


def test_the_day_shows_overdue_tasks_and_who_they_are_about(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        cast.task("Myöhässä oleva", due_in_days=-2, customer=koivu)
    page = as_owner.get("/register/").content.decode()
    assert page.index("Myöhässä oleva") < page.index("To do today") < page.index("Soita takaisin")
    assert "Koivukylän Kone Oy" in page
