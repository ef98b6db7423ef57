"""The owner's site: who may enter, what a save does, what the browser is told."""

from __future__ import annotations

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Tag
from register import access
from register.models import AuditEntry, Registrar, User

TAGS = "/register/customers/tag/"


def test_the_owner_adds_a_tag_inside_the_registers_frame(as_owner: Client, registrar: Registrar) -> None:
    page = as_owner.get(TAGS + "add/")
    assert page.status_code == 200
    assert registrar.name in page.content.decode()
    assert "popovertarget" in page.content.decode()
    answer = as_owner.post(TAGS + "add/", {"name": "Tukku"})
    assert answer.status_code == 302
    with access.acting("owner"):
        tag = Tag.objects.get()
        assert tag.name == "Tukku"
        assert AuditEntry.objects.filter(action=AuditEntry.Action.CREATE, object_id=tag.pk).count() == 1


def test_a_change_saves_only_the_changed_columns(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        tag = Tag.objects.create(name="Tukku")
    with CaptureQueriesContext(connections["owner"]) as queries:
        assert as_owner.post(f"{TAGS}{tag.pk}/change/", {"name": "Vienti"}).status_code == 302
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(updates) == 1
    assert '"name"' in updates[0]
    with access.acting("owner"):
        assert Tag.objects.get().name == "Vienti"


def test_the_billing_person_meets_a_page_that_does_not_exist(as_biller: Client) -> None:
    assert as_biller.get(TAGS).status_code == 404


def test_sign_in_and_password_pages_of_the_admin_do_not_exist(as_owner: Client) -> None:
    for page in ("login/", "logout/", "password_change/", "r/1/1/", "nothing/"):
        assert as_owner.get("/register/" + page).status_code == 404


def test_the_admins_history_is_the_audits_business(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        tag = Tag.objects.create(name="Tukku")
    assert as_owner.get(f"{TAGS}{tag.pk}/change/").status_code == 200
    assert as_owner.get(f"{TAGS}{tag.pk}/history/").status_code == 404


def test_only_unfolds_pages_may_evaluate_scripts(as_owner: Client) -> None:
    policy = as_owner.get(TAGS)["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert "'unsafe" not in Client().get("/nothing/")["Content-Security-Policy"]


def test_the_menu_marks_where_one_is(as_owner: Client) -> None:
    page = as_owner.get(TAGS).content.decode()
    assert f'href="{reverse("admin:customers_tag_changelist")}" aria-current="page"' in page
