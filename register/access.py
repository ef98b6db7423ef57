"""Who is acting, and through which database login.

A request or job *acts* as somebody: a database alias plus, usually, a user. The alias lives in a
context variable without default; the router reads it and has no fallback, so code that forgot to
say who is acting fails instead of reading as somebody stronger. The actor travels to PostgreSQL as a
signed context that the audit trigger verifies (docs/decisions.md, "Signed actor context").
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections, models, transaction

from register import inventory
from register.roles import ROLE_NAMES, Login

CONTEXT_SECONDS = 600
"""How long a signed context is believed: longer than any request, shorter than a working day."""


@dataclass(frozen=True)
class Acting:
    """Who acts: alias, user id (None for customers behind a link and for jobs), one request's id."""

    alias: str
    user_id: int | None = None
    request_id: str = ""


_acting: ContextVar[Acting] = ContextVar("register_acting")


class NobodyActs(RuntimeError):
    """Register data was touched outside `acting(…)`: say through which login it happens."""


def current() -> Acting:
    """Who is acting now; NobodyActs when nobody said."""
    try:
        return _acting.get()
    except LookupError:
        raise NobodyActs("Open access.acting(alias, …) before touching the register's data.") from None


def alias() -> str:
    """The database alias of whoever is acting."""
    return current().alias


@contextmanager
def acting(alias: str, *, user_id: int | None = None, request_id: str = "") -> Iterator[Acting]:
    """Act through one login, in one transaction that carries the signed actor.

    Raises whatever the block raises, after rolling back.
    """
    who = Acting(alias, user_id, request_id or secrets.token_hex(8))
    token = _acting.set(who)
    try:
        with transaction.atomic(using=alias):
            send_context(who)
            yield who
    finally:
        _acting.reset(token)


def ask(query: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query on the acting login."""
    with connections[alias()].cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def atomic() -> Any:
    """A transaction (or savepoint) on the acting login: the only atomic() of the use cases."""
    return transaction.atomic(using=alias())


def on_commit(act: Callable[[], None]) -> None:
    """Do something once the acting transaction has been committed; never when it is rolled back."""
    transaction.on_commit(act, using=alias())


def send_context(who: Acting) -> None:
    """Tell the database who acts, for the rest of the transaction."""
    with connections[who.alias].cursor() as cursor:
        cursor.execute("SELECT set_config('register.context', %s, true)", [sign(who)])


def sign(who: Acting, *, at: float | None = None) -> str:
    """``user.expiry.login.request.hmac``: HMAC-SHA256 by the context key over what precedes it."""
    expiry = int((time.time() if at is None else at) + CONTEXT_SECONDS)
    login = settings.REGISTER_ROLE_PREFIX + "_" + ROLE_NAMES[who.alias]
    message = f"{who.user_id or ''}.{expiry}.{login}.{who.request_id}"
    return f"{message}.{_mac(message)}"


def _mac(message: str) -> str:
    return hmac.new(settings.REGISTER_CONTEXT_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def padded_keys(key: str) -> tuple[bytes, bytes]:
    """The key XOR RFC 2104's inner and outer pads, as the database's verifying function needs them."""
    block = key.encode()
    if len(block) > 64:
        block = hashlib.sha256(block).digest()
    block = block.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


class Router:
    """Sends each query to the acting login; tables for the auth login alone always to it."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        if inventory.entry_for(model).access.is_only_for(Login.AUTH):
            return _auth_alias()
        return alias()

    db_for_write = db_for_read

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "migrate"


def _auth_alias() -> str:
    """Accounts are reached by the auth login; by the migrator while it is the one acting."""
    who = _acting.get(None)
    return "migrate" if who and who.alias == "migrate" else "default"
