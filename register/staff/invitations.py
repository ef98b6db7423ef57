"""Inviting people to work with the register, and becoming a user by an invitation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from register.accounts import history, tokens
from register.accounts.models import INVITATION_DAYS
from register.jobs import defer_on
from register.models import Invitation, User


class AlreadyUser(ValueError):
    """Somebody with this e-mail has an account: change its rights instead of inviting again."""


class NotInvited(ValueError):
    """The invitation is unknown, used, withdrawn or too old: ask the register owner for a new one."""


def invite(*, email: str, name: str, role: str, language: str, by: User | None, at: datetime) -> str:
    """Invite somebody, replacing an earlier invitation; returns the link's token, shown once.

    `by` is nobody only on the operator's command line. Raises AlreadyUser.
    """
    token, token_hash = tokens.new()
    with history.change_by(by.pk if by else None):
        if User.objects.filter(email__iexact=email).exists():
            raise AlreadyUser
        Invitation.objects.filter(email__iexact=email).delete()
        invitation = Invitation.objects.create(
            email=email.lower(), name=name, role=role, language=language, invited_by=by,
            expires_at=at + timedelta(days=INVITATION_DAYS), token_hash=token_hash,
        )  # fmt: skip
        history.record(invitation, "invited", action=history.CREATE, role=role)
        _mail(invitation)
    return token


def renew(*, invitation: Invitation, by: User, at: datetime) -> str:
    """Give an invitation new links and a new week; the earlier links work no more. Returns the token."""
    token, invitation.token_hash = tokens.new()
    invitation.mailed_hash = None
    invitation.expires_at = at + timedelta(days=INVITATION_DAYS)
    with history.change_by(by.pk):
        invitation.save(update_fields=["token_hash", "mailed_hash", "expires_at"])
        history.record(invitation, "invited_again")
        _mail(invitation)
    return token


def withdraw(*, invitation: Invitation, by: User) -> None:
    """Take an invitation back: its links work no more."""
    with history.change_by(by.pk):
        history.record(invitation, "invitation_withdrawn", action=history.DELETE)
        invitation.delete()


def standing(token_hash: str) -> Invitation | None:
    """The open invitation behind the hash of a link's token."""
    return Invitation.objects.open().filter(_by(token_hash)).first()


def accept(*, token_hash: str, name: str, password: str) -> User:
    """Make the invited person's account; the invitation is used up. Raises NotInvited."""
    with history.change_by(None):
        invitation = Invitation.objects.open().select_for_update().filter(_by(token_hash)).first()
        if invitation is None:
            raise NotInvited
        user = User.objects.create_user(
            invitation.email, role=invitation.role, password=password,
            name=name, language=invitation.language, invited_by_id=invitation.invited_by_id,
        )  # fmt: skip
        history.record(user, "joined", action=history.CREATE, role=user.role, invitation=str(invitation))
        invitation.delete()
        return user


def forget_expired() -> None:
    """Remove invitations that nobody used in time."""
    Invitation.objects.exclude(pk__in=Invitation.objects.open()).delete()


def _by(token_hash: str) -> Q:
    return Q(token_hash=token_hash) | Q(mailed_hash=token_hash)


def _mail(invitation: Invitation) -> None:
    from register import tasks

    defer_on("default", tasks.mail_invitation, invitation_id=invitation.pk)
