"""The public page behind a stop link: looking changes nothing, one button stops, RFC 8058 works too."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mailing import suppression, tokens
from mailing.models import EVERYTHING, Channel, Topic
from mailing.tokens import Stop
from register import doors
from register.models import SecurityEvent
from register.public import unlisted

ONE_CLICK = {"List-Unsubscribe": ["One-Click"]}
WORDING = "stop page 1"


@csrf_exempt
@unlisted
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for neither cookie nor CSRF token: the link itself is the right to stop, and to nothing else."""
    what = tokens.read(token)
    topic = Topic.objects.filter(pk=what.topic if what else EVERYTHING).first()
    if what is None:
        _record_forgery(request, token)
        return render(request, "mailing/unreadable.html", status=400)
    if request.method != "POST":
        return render(request, "mailing/stop.html", {"topic": topic})
    if dict(request.POST.lists()) == ONE_CLICK:
        return _one_click(what)
    if request.POST.get("stop") in ("this", "all"):
        return _stopped(request, what, topic, everything=request.POST["stop"] == "all")
    if request.POST.get("undo"):
        return _taken_back(request, what, topic)
    return render(request, "mailing/unreadable.html", status=400)


def _record_forgery(request: HttpRequest, token: str) -> None:
    """A whole token that we did not sign is no accident of a mail program, which cuts links; one event an hour."""
    if tokens.FORM.fullmatch(token):
        doors.record_event(
            SecurityEvent.What.FORGED,
            user_id=None,
            login="link",
            view=doors.view_name(request),
            details="stop link",
            once_in=doors.AN_HOUR,
        )


def _one_click(what: Stop) -> HttpResponse:
    """RFC 8058: asked by the mail program; no redirect, no cookie, hardly a body."""
    suppression.stop_hash(what.address_hash, topic=what.topic, channel=Channel.ONE_CLICK, at=_now())
    return HttpResponse("OK\n", content_type="text/plain; charset=utf-8")


def _stopped(request: HttpRequest, what: Stop, topic: Topic | None, *, everything: bool) -> HttpResponse:
    undo = secrets.token_urlsafe(16)
    number = EVERYTHING if everything else what.topic
    suppression.stop_hash(
        what.address_hash, topic=number, channel=Channel.PAGE, at=_now(), wording=WORDING, undo=undo
    )
    shown = {"topic": topic, "everything": number == EVERYTHING, "undo": undo}
    return render(request, "mailing/stopped.html", shown)


def _taken_back(request: HttpRequest, what: Stop, topic: Topic | None) -> HttpResponse:
    everything = request.POST.get("of") == "all"
    done = suppression.take_back(
        what.address_hash,
        topic=EVERYTHING if everything else what.topic,
        undo=request.POST["undo"],
        channel=Channel.PAGE,
        at=_now(),
        wording=WORDING,
    )
    return render(request, "mailing/taken_back.html", {"topic": topic, "done": done})


def _now() -> datetime:
    return timezone.now()  # noqa: TID251
