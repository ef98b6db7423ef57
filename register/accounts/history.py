"""What happened to accounts: each act goes into the audit, through the login that owns the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models

from register import access, audit
from register.models import AuditEntry

CREATE, UPDATE, DELETE = AuditEntry.Action.CREATE, AuditEntry.Action.UPDATE, AuditEntry.Action.DELETE
PAGE = "accounts"


@contextmanager
def change_by(user_id: int | None) -> Iterator[None]:
    """One transaction on the accounts, by a user or, before anybody has an account, by nobody."""
    with access.acting("default", user_id=user_id):
        yield


def record(subject: models.Model, act: str, *, action: int = UPDATE, **details: str) -> None:
    """Record one act on an account or invitation, inside `change_by`; details hold codes, no personal values."""
    audit.record(
        action, subject._meta.model, numbers=[str(subject)], page=PAGE, details={"act": act, **details}
    )
