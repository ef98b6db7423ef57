"""The owner's site: who may enter, what a save does, what the browser is told."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import VatRate
from customers.models import Tag
from register import access, inventory
from register.admin import RegisterAdmin, owner_site
from register.models import AuditEntry, Registrar, User
from register.roles import Role

TAGS = "/register/customers/tag/"


def test_the_owner_adds_a_tag_inside_the_registers_frame(as_owner: Client, registrar: Registrar) -> None:
    page = as_owner.get(TAGS + "add/")
    assert page.status_code == 200
    assert registrar.name in page.content.decode()
    assert "popovertarget" in page.content.decode()
    answer = as_owner.post(TAGS + "add/", {"name": "Tukku"})
    assert answer.status_code == 302
    tags = ContentType.objects.get_for_model(Tag).pk
    with access.acting("owner"):
        tag = Tag.objects.get()
        assert tag.name == "Tukku"
        recorded = AuditEntry.objects.filter(content_type_id=tags, object_id=tag.pk)
        assert [entry.action for entry in recorded] == [AuditEntry.Action.CREATE]


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


@pytest.mark.parametrize(
    ("model", "word", "fields"),
    [
        (Tag, "add", ["name"]),
        (VatRate, "add", ["valid_from", "valid_to", "statute", "source", "code", "rate"]),
        (VatRate, "change", ["valid_to"]),  # column grants: a rate ends, it never changes
    ],
)
def test_a_forms_fields_are_those_the_owners_login_may_write(
    owner: User, rf: RequestFactory, model: type[Model], word: str, fields: list[str]
) -> None:
    request = rf.get("/")
    request.user = owner
    admin = RegisterAdmin(model, owner_site)
    row = None if word == "add" else model()
    assert list(admin.get_form(request, row).base_fields) == fields
    assert inventory.fields_for(model, Role.OWNER, word) == fields


def test_what_the_owner_may_only_read_is_shown_whole(owner: User, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = owner
    admin = RegisterAdmin(AuditEntry, owner_site)
    assert not admin.has_change_permission(request)
    assert admin.get_fields(request, AuditEntry()) == inventory.fields_for(AuditEntry, Role.OWNER)
    assert "action" in admin.get_fields(request, AuditEntry())


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
