"""Forgetting to declare stops the start-up, with a message that names the thing, the rule and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import CheckMessage
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models

from customers.inventory import ASSIGNMENT, CONTACT, PERSON
from customers.models import Customer, Person
from register import checks, inventory
from register.inventory import (
    BOOKKEEPING,
    SELF,
    Basis,
    Erase,
    Kind,
    Shell,
    Until,
    keep_by_law,
    personal,
    plain,
)
from register.roles import Access

OWNER = Access(owner="read add change delete")


@pytest.fixture
def throwaway() -> Iterator[None]:
    """Models defined by the test stand in the real app registry, and leave it afterwards."""
    before = set(apps.all_models["register"])
    forget_caches()
    yield
    for name in set(apps.all_models["register"]) - before:
        del apps.all_models["register"][name]
    apps.clear_cache()
    forget_caches()


def forget_caches() -> None:
    inventory.entries.cache_clear()
    inventory.entry_for.cache_clear()


KEPT = Access(owner="read add change delete", worker="read delete")


def define(**attributes: Any) -> type[models.Model]:
    """A throwaway model of the core with these attributes."""
    attributes = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "register"})} | attributes
    model = type("Throwaway", (models.Model,), attributes)
    forget_caches()
    return model


def kind(on_erasure: Erase, **words: Any) -> Kind:
    return Kind(label="x", purpose="x", basis=Basis.CONTRACT, keep=Until("x"), on_erasure=on_erasure, **words)


def number(self: models.Model) -> str:
    return f"Z{self.pk}"


def to_person(**options: Any) -> models.Field:
    return plain(models.ForeignKey(Person, models.CASCADE, related_name="+", **options))


def found(model: type[models.Model]) -> list[CheckMessage]:
    return [message for message in checks.inventory_is_complete() if message.obj is model]


def only(model: type[models.Model]) -> CheckMessage:
    (message,) = found(model)
    assert message.hint
    return message


def test_the_register_itself_passes() -> None:
    assert checks.inventory_is_complete() == []


def test_a_complete_model_passes(throwaway: None) -> None:
    model = define(
        about="person",
        access=OWNER,
        __str__=number,
        person=to_person(),
        text=personal(CONTACT, models.TextField()),
    )
    assert inventory.entry_for(model).personal() == {"text": CONTACT}
    assert found(model) == []


def test_a_model_that_says_nothing_is_e001(throwaway: None) -> None:
    message = only(define(text=plain(models.TextField())))
    assert message.id == "inventory.E001"
    assert "register.Throwaway" in message.msg
    assert "`about`" in message.hint
    assert "ThirdParty" in message.hint


def test_a_field_that_says_nothing_is_e002_and_stops_the_start(throwaway: None) -> None:
    model = define(about=None, access=OWNER, birth_date=models.DateField(null=True))
    message = only(model)
    assert message.id == "inventory.E002"
    assert "register.Throwaway.birth_date" in message.msg
    assert "personal(KIND, …)" in message.hint
    with pytest.raises(SystemCheckError, match="birth_date does not say what it is"):
        call_command("check", tags=["inventory"])


def test_a_many_to_many_field_that_says_nothing_is_e002(throwaway: None) -> None:
    model = define(about=None, access=OWNER, people=models.ManyToManyField(Person, related_name="+"))
    assert [message.id for message in found(model)] == ["inventory.E002"]


@pytest.mark.parametrize(
    ("rule", "field", "why"),
    [
        (inventory.BLANK, models.CharField(max_length=9, unique=True), "unique"),
        (inventory.BLANK, models.DateField(), "neither nullable nor a text"),
        (inventory.replace("—"), models.CharField(max_length=9, unique=True), "unique"),
        (inventory.replace("far too long"), models.CharField(max_length=3), "longer than 3"),
        (inventory.replace(None), models.DateField(), "not nullable"),
    ],
)
def test_an_impossible_erasure_is_e003(throwaway: None, rule: Erase, field: models.Field, why: str) -> None:
    message = only(
        define(
            about="person",
            access=OWNER,
            __str__=number,
            person=to_person(),
            value=personal(kind(rule), field),
        )
    )
    assert message.id == "inventory.E003"
    assert why in message.msg
    assert "on_erasure" in message.hint


def test_a_replacement_under_a_conditional_unique_constraint_is_e003(throwaway: None) -> None:
    unique = models.UniqueConstraint(fields=["value"], condition=~models.Q(value=""), name="throwaway_once")
    message = only(
        define(
            about="person",
            access=OWNER,
            __str__=number,
            person=to_person(),
            value=personal(PERSON, models.CharField(max_length=9)),
            Meta=type("Meta", (), {"app_label": "register", "constraints": [unique]}),
        )
    )
    assert message.id == "inventory.E003"
    assert "two erased rows would collide" in message.msg


def test_kept_by_law_without_a_law_is_e004(throwaway: None) -> None:
    model = define(
        about="person",
        access=OWNER,
        kept_from="on",
        __str__=number,
        person=to_person(),
        on=plain(models.DateField()),
        value=personal(kind(Erase("law")), models.TextField()),
    )
    message = only(model)
    assert message.id == "inventory.E004"
    assert "keep_by_law(Statute(…))" in message.hint


@pytest.mark.parametrize("about", ["nowhere", "text", "person__statement", "customer__nothing"])
def test_about_that_leads_to_no_subject_is_e005(throwaway: None, about: str) -> None:
    message = only(
        define(about=about, access=OWNER, __str__=number, person=to_person(), text=plain(models.TextField()))
    )
    assert message.id == "inventory.E005"
    assert about in message.msg
    assert "customers.Person" in message.hint


def test_personal_data_about_nobody_is_e006(throwaway: None) -> None:
    message = only(define(about=None, access=OWNER, text=personal(CONTACT, models.TextField())))
    assert message.id == "inventory.E006"
    assert "path to the person or customer" in message.hint


def test_a_table_for_two_audiences_is_e007(throwaway: None) -> None:
    message = only(
        define(
            about="person",
            access=Access(owner="read add change delete", billing="read"),
            __str__=number,
            person=to_person(),
            text=personal(CONTACT, models.TextField()),
        )
    )
    assert message.id == "inventory.E007"
    assert "one-to-one satellite" in message.hint


def test_a_name_in_str_is_e008(throwaway: None) -> None:
    def name(self: Any) -> str:
        return f"{self.text}"

    message = only(
        define(
            about="person",
            access=OWNER,
            __str__=name,
            person=to_person(),
            text=personal(CONTACT, models.TextField()),
        )
    )
    assert message.id == "inventory.E008"
    assert "shows text" in message.msg
    assert "K1042" in message.hint


def test_a_missing_str_is_e008(throwaway: None) -> None:
    message = only(define(about="person", access=OWNER, person=to_person()))
    assert message.id == "inventory.E008"
    assert "is missing" in message.msg


def test_kept_by_law_without_a_day_is_e009(throwaway: None) -> None:
    message = only(
        define(
            about="person",
            access=KEPT,
            __str__=number,
            person=to_person(),
            value=personal(kind(keep_by_law(BOOKKEEPING)), models.TextField()),
        )
    )
    assert message.id == "inventory.E009"
    assert "kept_from" in message.hint


@pytest.mark.parametrize(
    ("used", "may", "missing"), [(CONTACT, "read change", "delete"), (ASSIGNMENT, "read delete", "change")]
)
def test_what_the_owner_may_not_erase_is_e010(throwaway: None, used: Kind, may: str, missing: str) -> None:
    message = only(
        define(
            about="person",
            access=Access(owner=may),
            __str__=number,
            person=to_person(),
            value=personal(used, models.TextField()),
        )
    )
    assert message.id == "inventory.E010"
    assert f"may not {missing} it" in message.msg
    assert f"“{missing}” for owner" in message.hint


def test_a_draft_of_something_kept_by_law_must_be_deletable_by_the_owner(throwaway: None) -> None:
    model = define(
        about="person",
        access=Access(owner="read", worker="read delete"),
        kept_from="issued_on",
        __str__=number,
        person=to_person(),
        issued_on=plain(models.DateField(null=True)),
        value=personal(kind(keep_by_law(BOOKKEEPING)), models.TextField()),
    )
    assert "inventory.E010" in {message.id for message in found(model)}


@pytest.mark.parametrize(
    ("access", "shell", "missing"),
    [
        (OWNER, False, "“worker” may not delete"),
        (Access(owner="read change", worker="read change delete"), True, "“owner” may not delete"),
        (KEPT, True, "“worker” may not change"),
    ],
)
def test_what_a_law_keeps_and_nobody_could_erase_afterwards_is_e011(
    throwaway: None, access: Access, shell: bool, missing: str
) -> None:
    kept = kind(keep_by_law(BOOKKEEPING))
    message = only(
        define(
            about="person",
            access=access,
            kept_from="on",
            shell=Shell(kept) if shell else None,
            __str__=number,
            person=to_person(),
            on=plain(models.DateField()),
            value=personal(kept, models.TextField()),
        )
    )
    assert message.id == "inventory.E011"
    assert missing in message.msg


def test_the_customer_and_the_person_are_the_known_subjects() -> None:
    assert {Customer, Person} <= set(inventory.subjects())
    assert all(SELF in inventory.entry_for(model).about for model in inventory.subjects())
