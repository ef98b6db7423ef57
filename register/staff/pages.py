"""The owner's pages about who works with the register."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from register import audit, doors
from register.accounts import mails, second_factor
from register.accounts.signing_in import actor
from register.models import Invitation, Session, User
from register.roles import Role
from register.staff import invitations, rights
from register.staff.forms import InviteForm, RoleForm


def one_user(pk: int) -> User:
    """The user a URL names, or the neutral 404."""
    found: User = doors.one_or_404(User.objects.all(), pk=pk)
    return found


def one_invitation(pk: int) -> Invitation:
    """The invitation a URL names, or the neutral 404."""
    found: Invitation = doors.one_or_404(Invitation.objects.all(), pk=pk)
    return found


@never_cache
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who works with the register, and who is invited."""
    found = list(User.objects.order_by("-is_active", "name", "email"))
    invited = list(Invitation.objects.order_by("-created_at"))
    audit.record_reads([*found], page="users")
    values = {
        "users": found,
        "with_factor": second_factor.users_with_one(),
        "invitations": invited,
        "now": timezone.now(),  # noqa: TID251
    }
    return render(request, "register/users/list.html", values)


@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the answer shows the link once."""
    form = InviteForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            token = invitations.invite(**form.cleaned_data, by=actor(request), at=timezone.now())  # noqa: TID251
        except invitations.AlreadyUser:
            form.add_error("email", _("There is already an account with this e-mail. See the list of users."))
        else:
            return show_link(request, token, form.cleaned_data["email"])
    return render(request, "register/users/invite.html", {"form": form})


@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """New links for an invitation."""
    invitation = one_invitation(pk)
    token = invitations.renew(invitation=invitation, by=actor(request), at=timezone.now())  # noqa: TID251
    return show_link(request, token, invitation.email)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitations.withdraw(invitation=one_invitation(pk), by=actor(request))
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("register:users")


def show_link(request: HttpRequest, token: str, email: str) -> HttpResponse:
    """The link of an invitation, this once: only its hash is stored."""
    values = {"link": mails.invitation_link(token), "email": email, "days": invitations.INVITATION_DAYS}
    response = render(request, "register/users/invited.html", values)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@never_cache
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One user, and what the owner may do about the account."""
    found = one_user(pk)
    audit.record_read(found, page="user")
    values = {
        "person": found,
        "form": RoleForm(initial={"role": found.role}),
        "has_factor": second_factor.has_one(found.pk),
        "session_count": Session.objects.alive().filter(user=found).count(),
    }
    return render(request, "register/users/user.html", values)


@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Owner or billing person."""
    form = RoleForm(request.POST)
    found = one_user(pk)
    if not form.is_valid():
        return redirect("register:user", pk=pk)
    role = Role(form.cleaned_data["role"])
    return _told(
        request,
        pk,
        lambda: rights.change_role(user=found, role=role, by=actor(request)),
        _("The role was changed."),
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody signs in with this account any more."""
    found = one_user(pk)
    at = timezone.now()  # noqa: TID251
    return _told(
        request, pk, lambda: rights.close(user=found, by=actor(request), at=at), _("The account was closed.")
    )


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The account may be used again."""
    found = one_user(pk)
    return _told(
        request, pk, lambda: rights.reopen(user=found, by=actor(request)), _("The account was opened again.")
    )


@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who lost phone and recovery codes."""
    found = one_user(pk)
    return _told(
        request,
        pk,
        lambda: rights.reset_second_factor(user=found, by=actor(request)),
        _("The second factors were removed."),
    )


def _told(request: HttpRequest, pk: int, act: Callable[[], None], done: str) -> HttpResponse:
    """Do it, and say that it is done or why not."""
    try:
        act()
    except rights.LastOwner:
        messages.error(
            request, _("This is the only register owner who can sign in. Invite another owner first.")
        )
        return redirect("register:user", pk=pk)
    messages.success(request, done)
    return redirect("account_login") if pk == request.user.pk else redirect("register:user", pk=pk)
