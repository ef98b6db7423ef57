"""Rows of any model, every field filled, so that tests made of them cover new models by themselves.

What a model's own rules ask beyond its fields' types stands in `SPECIAL`, one small table.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from billing.models import Entry, Payment, Receivable
from register.models import User

Text = Callable[[models.Field], str]
"""Gives the text for a field: a canary, or something harmless."""

_counter = itertools.count(1)

SPECIAL: dict[str, Callable[[int], Any]] = {
    "customers.Customer.business_id": lambda n: f"{7_300_000 + n}-{n % 10}",
    "customers.Customer.kind": lambda n: "private",
    "billing.Invoice.discount_amount": lambda n: Decimal(0),
    "billing.Invoice.number": lambda n: "",
    "billing.Invoice.reference": lambda n: "",
    "billing.Invoice.sha256": lambda n: "",
    "billing.Invoice.snapshot": lambda n: None,
    "billing.Charge.posted": lambda n: Decimal(0),  # what is posted has its entry
    "billing.Extension.was_due_on": lambda n: date(2020, 1, 1),
    "billing.ReminderItem.fee": lambda n: Decimal(0),  # a fee has its rule
    "billing.Rule.code": lambda n: "reminder_fee_consumer",
    "billing.Rule.above": Decimal,  # one row of a tier a day
    "billing.CreditLoss.entry": lambda n: build(Entry, receivable=build(Receivable)),
    "billing.AgencySettlement.entry": lambda n: build(Entry, payment=build(Payment)),
    "billing.AgencyInterest.entry": lambda n: build(Entry, payment=build(Payment)),
    "billing.CollectionCase.stage": lambda n: "closed",  # of open ones a customer has one
    "billing.CollectionCase.closed_on": lambda n: datetime.now(UTC).date(),
    "billing.CollectionCase.outcome": lambda n: "paid",
    "billing.Payment.amount": lambda n: Decimal(-5),  # an entry of +1 takes from what came back
    "billing.JournalAccount.number": lambda n: f"{10_000 + n}",
    "billing.PeriodLock.until": lambda n: date(1999, 12, 31),
    "mailing.Suppression.address_hash": lambda n: f"{n:032x}",
    "mailing.OptOutEvent.address_hash": lambda n: f"{n:032x}",
    "mailing.OptOutEvent.act": lambda n: "stop",
    "privacy.ConfirmationCode.digest": lambda n: f"{n:064x}",
}
"""Values that a constraint or trigger dictates, by field."""

PARTS: dict[str, Callable[[Any], Any]] = {
    "billing.Plan": lambda plan: plan.instalments.create(
        number=1,
        due_on=plan.agreed_on,
        amount=plan.amount,
        reference=plan.receivable.references.create(key=f"77{plan.pk}"),
    ),
}
"""What a row must have in the same transaction, by model."""

SHAPES = {"customers.EmailAddress.address": "{}@example.fi"}
"""What stands around the text of fields that pages read again, by field."""


def harmless(field: models.Field) -> str:
    """A text that is nobody's."""
    return f"v{next(_counter)}"[: field.max_length or None]


def build(model: type[models.Model], text: Text = harmless, **given: Any) -> models.Model:
    """A saved row with every field filled: `text` makes the texts, required keys lead to rows made likewise.

    A row that a unique key says is there already is filled instead.
    """
    row = _existing(model, given) or model()
    for name, value in given.items():
        setattr(row, name, value)
    for field in model._meta.local_concrete_fields:
        if field.name not in given and _is_free(field, row):
            setattr(row, field.name, value_for(field, text))
    row.save()
    PARTS.get(model._meta.label, lambda whole: None)(row)
    return row


def value_for(field: models.Field, text: Text = harmless) -> Any:
    """A valid value for a field."""
    label = f"{field.model._meta.label}.{field.name}"
    if label in SPECIAL:
        return SPECIAL[label](next(_counter))
    if label in SHAPES:
        return SHAPES[label].format(text(field))
    if field.is_relation:
        return None if field.null else related(field)
    if field.choices:
        return field.get_default() if field.has_default() or field.blank else field.choices[0][0]
    return _typed(field, text)


def related(field: models.Field) -> models.Model:
    """The row to which a required key leads: the acting user, or a new row."""
    if field.related_model is User:
        return User.objects.using("migrate").get_or_create(email="factory@example.fi", role="owner")[0]
    return build(field.related_model)


def _typed(field: models.Field, text: Text) -> Any:
    kinds: tuple[tuple[type[models.Field], Callable[[], Any]], ...] = (
        (models.JSONField, lambda: _json(field, text)),
        (models.EmailField, f"{text(field)}@example.fi".lower),
        (models.CharField, lambda: str(text(field))),
        (models.TextField, lambda: str(text(field))),
        (models.BinaryField, lambda: text(field).encode()),
        (models.UUIDField, uuid.uuid4),
        (models.BooleanField, lambda: field.default if field.has_default() else False),
        (models.DateTimeField, lambda: datetime.now(UTC) - timedelta(minutes=next(_counter))),
        (models.DateField, lambda: datetime.now(UTC).date()),
        (models.DecimalField, lambda: Decimal(1)),
        (models.IntegerField, lambda: field.default if field.has_default() else next(_counter) % 30_000),
    )
    for kind, value in kinds:
        if isinstance(field, kind):
            return value()
    raise TypeError(f"tests/factories.py does not know {type(field).__name__}: add it to _typed.")


def _json(field: models.Field, text: Text) -> Any:
    empty = field.get_default() if field.has_default() else {}
    return [text(field)] if isinstance(empty, list) else {"value": text(field)}


def _is_free(field: models.Field, row: models.Model) -> bool:
    """Whether the factory chooses the value: not the key, not what a default or the database gives."""
    if f"{field.model._meta.label}.{field.name}" in SPECIAL:
        return True
    if field.primary_key and isinstance(field, models.AutoField):
        return False
    if isinstance(field, models.ForeignKey):
        return not field.null and getattr(row, field.attname) is None
    if field.null and not getattr(getattr(field, "declared", None), "kind", None):
        return False
    if isinstance(field, models.DateField | models.BooleanField) and (field.null or field.has_default()):
        return False
    return not (field.choices and field.has_default())


def _existing(model: type[models.Model], given: dict[str, Any]) -> models.Model | None:
    for name, value in given.items():
        if getattr(model._meta.get_field(name), "unique", False):
            return model._default_manager.filter(**{name: value}).first()
    return None
