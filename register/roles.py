"""Who may enter: the staff roles, and the database logins through which each request works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The two staff roles of the privacy statement."""

    OWNER = "owner", _("Register owner")
    BILLING = "billing", _("Billing person")


class Login(StrEnum):
    """Database aliases of the application; each connects with its own PostgreSQL login."""

    AUTH = "default"
    OWNER = "owner"
    BILLING = "billing"
    LINK = "link"
    AUDIT = "audit"
    WORKER = "worker"


ROLE_NAMES = {
    "default": "auth",
    "owner": "owner",
    "billing": "billing",
    "link": "link",
    "audit": "audit",
    "worker": "worker",
    "migrate": "migrator",
}
"""What follows the prefix in the PostgreSQL role name of each alias."""

WORDS = {"read": "SELECT", "add": "INSERT", "change": "UPDATE", "delete": "DELETE"}


@dataclass(frozen=True)
class Access:
    """What each login may do with one table, in words: ``Access(owner="read add change")``.

    `columns` narrows ``change`` of a login to the named fields:
    ``Access(owner="read", billing="read change", columns={"billing": ("sent_at",)})``.
    A login that may add but not read still sees the primary key, for INSERT … RETURNING.
    """

    default: str = ""
    owner: str = ""
    billing: str = ""
    link: str = ""
    audit: str = ""
    worker: str = ""
    columns: Mapping[str, Iterable[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for login in Login:
            wrong = set(self.words(login)) - WORDS.keys()
            if wrong:
                raise ValueError(f"Access({login}=…): unknown words {sorted(wrong)}")

    def words(self, login: str) -> list[str]:
        return str(getattr(self, login)).split()

    def may(self, login: str, word: str) -> bool:
        return word in self.words(login)

    def readers(self) -> set[Login]:
        return {login for login in Login if self.may(login, "read")}

    def staff_readers(self) -> set[Role]:
        """The staff roles whose login may read the table."""
        return {role for role in Role if self.may(role.value, "read")}

    def is_only_for(self, login: str) -> bool:
        return [entry for entry in Login if self.words(entry)] == [login]
