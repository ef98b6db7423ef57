"""System checks of the inventory: forgetting to say what a field is stops the start-up.

Every message names the thing, the rule and the ways out.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import models

from register import inventory
from register.inventory import Entry
from register.roles import Login, Role

OUR_APPS = ("register", "customers", "mailing", "billing", "privacy")


@register("inventory")
def inventory_is_complete(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """All rules of the inventory, over all models."""
    messages: list[CheckMessage] = [_undeclared(model) for model in inventory.undeclared()]
    for entry in inventory.entries():
        if entry.model._meta.app_label in OUR_APPS and not entry.model._meta.auto_created:
            messages += _unsaid_fields(entry)
            messages += _name_in_str(entry)
        messages += _about_leads_nowhere(entry)
        messages += _impossible_erasure(entry)
        messages += _law_without_statute(entry)
        messages += _law_without_day(entry)
        messages += _erasure_not_allowed(entry)
        messages += _law_never_ends(entry)
        messages += _several_audiences(entry)
    return messages


def _undeclared(model: type[models.Model]) -> CheckMessage:
    return Error(
        f"{model._meta.label} does not say whom it is about or who may use it.",
        hint=(
            "Give the model `about` (a path to the person or customer, inventory.SELF, or None) and "
            "`access` (an Access); for a library's model call inventory.declare(ThirdParty(…)) in the "
            "app's inventory.py."
        ),
        obj=model,
        id="inventory.E001",
    )


def _unsaid_fields(entry: Entry) -> Iterator[CheckMessage]:
    fields = [*entry.model._meta.local_fields, *entry.model._meta.local_many_to_many]
    for field in fields:
        if not hasattr(field, "declared") and not field.auto_created:
            yield Error(
                f"{entry.label}.{field.name} does not say what it is.",
                hint="Wrap the field: personal(KIND, …) with a Kind of the app's inventory.py, or plain(…).",
                obj=entry.model,
                id="inventory.E002",
            )


def _impossible_erasure(entry: Entry) -> Iterator[CheckMessage]:
    for name, kind in entry.personal().items():
        field = entry.model._meta.get_field(name)
        reason = _why_not(field, kind.on_erasure) or _collides(entry, name, kind.on_erasure)
        if reason:
            yield Error(
                f"{entry.label}.{name}: erasure by “{kind.on_erasure.how}” does not fit the field: {reason}.",
                hint="Change the kind's on_erasure (BLANK, replace(…), ROW, keep_by_law(…)) or the field.",
                obj=entry.model,
                id="inventory.E003",
            )


def _why_not(field: Any, rule: inventory.Erase) -> str | None:
    if rule.how == "blank":
        if field.unique:
            return "the field is unique, so two erased rows would collide"
        if not field.null and not field.empty_strings_allowed and not field.has_default():
            return "the field is neither nullable nor a text"
    if rule.how == "replace":
        if field.unique:
            return "the field is unique, so two erased rows would collide"
        limit = getattr(field, "max_length", None)
        if limit and len(str(rule.value)) > limit:
            return f"the replacement is longer than {limit} characters"
        if rule.value is None and not field.null:
            return "the field is not nullable"
    return None


def _collides(entry: Entry, name: str, rule: inventory.Erase) -> str | None:
    """A replacement in a field that is unique under a condition; an empty text is left to the condition."""
    alone = any(
        isinstance(constraint, models.UniqueConstraint) and tuple(constraint.fields) == (name,)
        for constraint in entry.model._meta.constraints
    )
    return (
        "the field is unique, so two erased rows would collide" if alone and rule.how == "replace" else None
    )


def _law_without_statute(entry: Entry) -> Iterator[CheckMessage]:
    for name, kind in entry.personal().items():
        if kind.on_erasure.how == "law" and kind.on_erasure.statute is None:
            yield Error(
                f"{entry.label}.{name} is kept by law, but no law is named.",
                hint="Use keep_by_law(Statute(…)) with the statute's name and section.",
                obj=entry.model,
                id="inventory.E004",
            )


def _law_without_day(entry: Entry) -> Iterator[CheckMessage]:
    kept = [name for name, kind in entry.personal().items() if kind.on_erasure.how == "law"]
    if kept and not getattr(entry.model, "kept_from", ""):
        yield Error(
            f"{entry.label}.{kept[0]} is kept by law, but the model does not say from which day.",
            hint="Give the model `kept_from`, the path to the document's date: kept_from = 'issued_on'.",
            obj=entry.model,
            id="inventory.E009",
        )


NEEDED = {"row": "delete", "blank": "change", "replace": "change"}


def _erasure_not_allowed(entry: Entry) -> Iterator[CheckMessage]:
    """The register owner erases, so his login needs the right to; accounts are the auth login's."""
    login = Login.AUTH if entry.access.is_only_for(Login.AUTH) else Login.OWNER
    for name, kind in entry.personal().items():
        word = "delete" if _is_draft_possible(entry) else NEEDED.get(kind.on_erasure.how)
        narrowed = entry.access.columns.get(login, ())
        if word and not (
            entry.access.may(login, word) and (word == "delete" or not narrowed or name in narrowed)
        ):
            yield Error(
                f"{entry.label}.{name} cannot be erased: the login “{login}” may not {word} it.",
                hint=f"Give the model's access “{word}” for {login}, or keep the field by law.",
                obj=entry.model,
                id="inventory.E010",
            )


def _law_never_ends(entry: Entry) -> Iterator[CheckMessage]:
    """What a law kept goes when its time is over: in the night by the worker, or with a later erasure."""
    for name, kind in entry.personal().items():
        if kind.on_erasure.statute is None:
            continue
        words = ["delete", "change"] if entry.shell else ["delete"]
        for login in (Login.OWNER, Login.WORKER):
            narrowed = entry.access.columns.get(login, ())
            lacking = [
                word
                for word in words
                if not entry.access.may(login, word)
                or (word == "change" and narrowed and name not in narrowed)
            ]
            if lacking:
                yield Error(
                    f"{entry.label}.{name} cannot go when its law's time is over: "
                    f"the login “{login}” may not {lacking[0]} it.",
                    hint=f"Give the model's access “{lacking[0]}” for {login}.",
                    obj=entry.model,
                    id="inventory.E011",
                )


def _is_draft_possible(entry: Entry) -> bool:
    """Whether rows may lack the day from which a law keeps them; such rows erasure deletes."""
    *steps, last = str(getattr(entry.model, "kept_from", "") or "pk").split("__")
    model = inventory.target(entry.model, "__".join(steps)) if steps else entry.model
    return last != "pk" and model is not None and bool(model._meta.get_field(last).null)


def _about_leads_nowhere(entry: Entry) -> Iterator[CheckMessage]:
    known = inventory.subjects()
    for path in entry.about:
        found = inventory.target(entry.model, path)
        if found not in known:
            yield Error(
                f"{entry.label}.about = {path!r} does not lead to a person or customer.",
                hint=f"Known subjects: {', '.join(m._meta.label for m in known)}; or about = None.",
                obj=entry.model,
                id="inventory.E005",
            )
    if entry.personal() and not entry.about:
        yield Error(
            f"{entry.label} holds personal data but says it is about nobody.",
            hint="Give `about` the path to the person or customer whose data it is.",
            obj=entry.model,
            id="inventory.E006",
        )


def _several_audiences(entry: Entry) -> Iterator[CheckMessage]:
    readers = entry.access.staff_readers()
    for name, kind in entry.personal().items():
        if kind.seen_by - {Role.OWNER} != readers - {Role.OWNER}:
            yield Error(
                f"{entry.label}.{name} is for {_names(kind.seen_by)}, its table for {_names(readers)}.",
                hint=(
                    "One audience per table: move the field to a one-to-one satellite model, or change "
                    "the kind's seen_by or the model's access."
                ),
                obj=entry.model,
                id="inventory.E007",
            )


def _names(roles: set[Role] | frozenset[Role]) -> str:
    return " and ".join(sorted(role.value for role in roles)) or "nobody"


def _name_in_str(entry: Entry) -> Iterator[CheckMessage]:
    if not entry.about:
        return
    shown = _attributes_of_str(entry.model) & entry.personal().keys()
    if shown or entry.model.__str__ is models.Model.__str__:
        yield Error(
            f"{entry.label}.__str__ {'shows ' + ', '.join(sorted(shown)) if shown else 'is missing'}.",
            hint="Show a number (K1042): log lines, messages and audit rows copy this text.",
            obj=entry.model,
            id="inventory.E008",
        )


def _attributes_of_str(model: type[models.Model]) -> set[str]:
    """The names of `self.…` that __str__ reads."""
    source = textwrap.dedent(inspect.getsource(model.__str__))
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }
