"""A canary in every personal field reaches the copy, and erasure leaves none anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.utils import timezone

from customers.models import Person
from register import access, erasure, export, inventory
from register.models import AuditEntry, Erasure, User
from tests import canary
from tests.canary import Planted


def erase(who: Planted, owner: User) -> erasure.Outcome:
    with access.acting("owner", user_id=owner.pk):
        person = Person.objects.get(pk=who.person.pk)
        return erasure.erase(person, by=owner, at=timezone.now(), reason=Erasure.Reason.ASKED)


def personal_fields() -> set[str]:
    return {f"{entry.label}.{name}" for entry in canary.entries_about_people() for name in entry.personal()}


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    else:
        yield str(value)


def told_as_kept(field: str, told: set[str]) -> bool:
    """Whether a law keeps the field and the answer to the erasure says so."""
    label, _dot, name = field.rpartition(".")
    kind = inventory.entry_for(apps.get_model(label)).fields[name].kind
    return kind is not None and kind.on_erasure.how == "law" and str(kind.label) in told


def test_every_personal_field_about_people_gets_a_canary(owner: User) -> None:
    who = canary.plant()
    assert {one.name for one in who.canaries} == personal_fields() - canary.OUT_OF_REACH
    empty = [one.name for one in who.canaries if len(one.value) < 5]
    assert empty == []


def test_every_canary_reaches_the_copy(owner: User) -> None:
    who = canary.plant()
    with access.acting("owner", user_id=owner.pk):
        copy = export.copy_of(Person.objects.get(pk=who.person.pk), by=owner, at=timezone.now())
    told = "\n".join(texts_in(copy.content))
    assert len(who.canaries) > 20
    assert [one.name for one in who.canaries if one.value not in told] == []


def test_no_canary_is_left_after_erasure_but_what_the_answer_names_as_kept_by_law(owner: User) -> None:
    who = canary.plant()
    values = {one.value for one in who.canaries}
    before = canary.in_database(values)
    assert [one.name for one in who.canaries if one.value not in before] == []
    assert len(canary.in_files(values)) > 0
    outcome = erase(who, owner)
    told = {kept.what for kept in outcome.kept}
    kept = {one.value for one in who.canaries if told_as_kept(one.name, told)}
    assert {value: where for value, where in canary.in_database(values).items() if value not in kept} == {}
    assert canary.in_files(values) == {}
    assert canary.in_outbox(values) == []


def test_erasure_leaves_another_person_untouched_to_the_byte(owner: User) -> None:
    who, bystander = canary.plant("zqa"), canary.plant("zqab")
    values = {one.value for one in bystander.canaries}
    before = canary.in_database(values)
    assert set(before) == values
    erase(who, owner)
    after = canary.in_database(values)
    without_audit = {
        value: [place for place in places if "audit" not in place] for value, places in before.items()
    }
    assert after == without_audit


def test_the_audit_holds_no_canary_of_writes_reads_and_erasure(owner: User) -> None:
    who = canary.plant()
    with access.acting("owner", user_id=owner.pk):
        export.copy_of(Person.objects.get(pk=who.person.pk), by=owner, at=timezone.now())
    erase(who, owner)
    with access.acting("owner", user_id=owner.pk):
        assert AuditEntry.objects.filter(numbers__contains=[str(who.person)]).count() > 3
    values = {one.value for one in who.canaries}
    assert [
        places for places in canary.in_database(values).values() if "register_auditentry" in str(places)
    ] == []


def test_no_row_about_a_person_names_him_in_its_text(owner: User) -> None:
    who = canary.plant()
    values = [one.value for one in who.canaries]
    with access.acting("migrate"):
        shown = [
            str(row)
            for entry in inventory.entries()
            if entry.access.may("owner", "read")
            for row in entry.model._default_manager.all()
        ]
    assert any(text == str(who.person) for text in shown)
    assert [text for text in shown if any(value in text for value in values)] == []
