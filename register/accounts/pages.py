"""The pages of one's own account: details, sessions, joining by invitation, setting the register up."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from register import doors, languages, sessions, setup
from register.accounts import history, second_factor, signing_in, tokens
from register.accounts.forms import ChoosePassword, FirstOwner, OwnDetails
from register.accounts.signing_in import actor
from register.models import Session
from register.staff import invitations

INVITATION = "invitation"
"""Session key: the hash of the token with which somebody came."""


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own details, and the way to everything else about the account."""
    user = actor(request)
    form = OwnDetails(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        with history.change_by(user.pk):
            form.instance.save(update_fields=form.changed_data)
            history.record(form.instance, "details_changed", fields=",".join(form.changed_data))
        response = redirect("accounts:account")
        languages.remember(response, form.instance.language)
        messages.success(request, _("Saved."))
        return response
    values = {
        "form": form,
        "has_second_factor": second_factor.has_one(user.pk),
        "session_count": Session.objects.alive().filter(user=user).count(),
    }
    return render(request, "account/account.html", values)


@login_required
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    user = actor(request)
    found = list(Session.objects.alive().filter(user=user).order_by("-last_seen_at"))
    current = sessions.hashed(request.session.session_key)
    found.sort(key=lambda session: session.key_hash != current)
    return render(request, "account/sessions.html", {"sessions": found, "current": current})


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out of one other browser, or of all others."""
    chosen = request.POST.get("session", "")
    if chosen.isdecimal() and len(chosen) < 19:
        ended = sessions.end_one(request, session_id=int(chosen))
    else:
        ended = bool(sessions.end_others(request))
    if ended:
        with history.change_by(request.user.pk):
            history.record(actor(request), "sessions_ended")
        messages.success(request, _("Signed out there."))
    return redirect("accounts:sessions")


@login_required
def go_on(request: HttpRequest) -> HttpResponse:
    """To where this user's work begins."""
    return redirect(signing_in.start_page(request.user))


def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that it is not left in the browser's history or passed on."""
    request.session[INVITATION] = tokens.hashed(token)
    return redirect("accounts:join")


@sensitive_post_parameters("password1", "password2")
def join(request: HttpRequest) -> HttpResponse:
    """The invited person chooses name and password; the account is made."""
    token_hash = request.session.get(INVITATION, "")
    invitation = invitations.standing(token_hash) if token_hash else None
    if invitation is None:
        return render(request, "account/not_invited.html", status=404)
    form = ChoosePassword(request.POST or None, initial={"name": invitation.name})
    form.email_of_account = invitation.email
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(
                token_hash=token_hash,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
            )
        except invitations.NotInvited:
            return render(request, "account/not_invited.html", status=404)
        request.session.flush()
        return signing_in.sign_in(request, user)
    return render(request, "account/join.html", {"form": form, "invitation": invitation})


@sensitive_post_parameters("password1", "password2")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The first step of a new register: the owner's account."""
    if not setup.is_open(token):
        return doors.not_found(request)
    form = FirstOwner(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("email", "name", "language")}
        try:
            user = setup.make_first_owner(token=token, password=form.cleaned_data["password1"], **values)
        except setup.SetUpAlready:
            return doors.not_found(request)
        return signing_in.sign_in(request, user)
    return render(request, "account/set_up.html", {"form": form})


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many attempts: wait a moment."""
    signing_in.record_limit(request)
    return render(request, "account/too_many.html", status=429)
