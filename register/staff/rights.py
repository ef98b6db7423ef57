"""Changing what a user may do: role, account closed or open, second factors taken away.

Whoever's rights change is signed out everywhere at once. There is always an owner who may sign in; the
database holds that too (trigger last_owner_stays).
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator

from register import sessions
from register.accounts import history, signing_in
from register.models import User
from register.roles import Role


class LastOwner(ValueError):
    """The only register owner who may sign in must stay one: invite another owner first."""


def change_role(*, user: User, role: Role, by: User) -> None:
    """Make somebody owner or billing person. Raises LastOwner."""
    with history.change_by(by.pk):
        locked = _locked(user, stays_owner=role == Role.OWNER)
        former, locked.role = locked.role, role
        locked.save(update_fields=["role"])
        history.record(locked, "role_changed", former=former, role=role)
        sessions.end_all(locked.pk)


def close(*, user: User, by: User, at: datetime) -> None:
    """Close an account: its user is out at the next request. Raises LastOwner."""
    with history.change_by(by.pk):
        locked = _locked(user, stays_owner=False)
        locked.is_active, locked.closed_at = False, at
        locked.save(update_fields=["is_active", "closed_at"])
        history.record(locked, "closed")
        sessions.end_all(locked.pk)


def reopen(*, user: User, by: User) -> None:
    """Let somebody sign in again, with the password and second factor he had."""
    with history.change_by(by.pk):
        locked = _locked(user, stays_owner=True)
        locked.is_active, locked.closed_at = True, None
        locked.save(update_fields=["is_active", "closed_at"])
        history.record(locked, "reopened")


def reset_second_factor(*, user: User, by: User | None) -> None:
    """Take away all second factors of somebody who lost them; he adds a new one at the next sign-in.

    `by` is nobody only on the operator's command line.
    """
    with history.change_by(by.pk if by else None):
        locked = _locked(user, stays_owner=True)
        Authenticator.objects.filter(user_id=locked.pk).delete()
        history.record(locked, "second_factor_reset")
        sessions.end_all(locked.pk)
        signing_in.notify(locked, "second_factor_reset")


def _locked(user: User, *, stays_owner: bool) -> User:
    """The user's row, locked; all owners' rows too, so that two owners cannot remove each other."""
    owners = list(User.objects.select_for_update().filter(role=Role.OWNER, is_active=True).order_by("pk"))
    others = [owner for owner in owners if owner.pk != user.pk]
    if not stays_owner and not others and len(owners) == 1:
        raise LastOwner
    return User.objects.select_for_update().get(pk=user.pk)
