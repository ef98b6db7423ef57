"""Setting an empty register up: a one-time link by which the first owner makes his account.

`make run` prints the link while nobody has an account. After the account come the second factor and
the registrar's details (register.registrar), already as the owner and through the owner's login.
"""

from __future__ import annotations

import hmac

from django.conf import settings
from django.urls import reverse

from register.accounts import history, tokens
from register.models import SetupLink, User
from register.roles import Role


class SetUpAlready(ValueError):
    """The link was used, replaced by a newer one, or somebody has an account already."""


def setup_link() -> str | None:
    """A new link, which replaces the earlier one; None when somebody has an account already."""
    with history.change_by(None):
        if User.objects.exists():
            return None
        token, token_hash = tokens.new()
        SetupLink.objects.update_or_create(only=True, defaults={"token_hash": token_hash})
    return settings.SITE_URL + reverse("setup", kwargs={"token": token})


def is_open(token: str) -> bool:
    """Whether this link may still be used."""
    return _stands(SetupLink.objects.first(), token)


def make_first_owner(*, token: str, email: str, name: str, language: str, password: str) -> User:
    """Make the first owner's account; the link is used up. Raises SetUpAlready."""
    with history.change_by(None):
        link = SetupLink.objects.select_for_update().first()
        if link is None or not _stands(link, token):
            raise SetUpAlready
        user = User.objects.create_user(
            email, role=Role.OWNER, password=password, name=name, language=language
        )
        history.record(user, "set_up", action=history.CREATE, role=user.role)
        link.delete()
        return user


def _stands(link: SetupLink | None, token: str) -> bool:
    if link is None or User.objects.exists():
        return False
    return hmac.compare_digest(link.token_hash, tokens.hashed(token))
