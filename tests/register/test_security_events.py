"""What the register refused: written once, where it happens, and shown to the owner in plain words."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from customers.models import Customer
from mailing import tokens
from register import access, doors
from register.models import AuditEntry, SecurityEvent, User
from register.oversight import security

What = SecurityEvent.What
PAGE = "/register/security/"


def forge(request: HttpRequest) -> HttpResponse:
    """What injected SQL would do: pretend that somebody else is working, then change something."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT set_config('register.context', %s, true)", [request.GET["as"]])
    customer = Customer()
    customer.rename("Väärennetty Oy")
    customer.save()
    return HttpResponse("done")


handler404 = "register.doors.not_found"
urlpatterns = [path("register/forge", forge, name="forge")]


def events(*fields: str) -> list[tuple[object, ...]]:
    rows = SecurityEvent.objects.using("owner").order_by("pk")
    return list(rows.values_list(*(fields or ("what", "user_id", "login", "view", "details"))))


def happened(what: str, *, days_ago: int = 0, user: User | None = None, details: str = "") -> None:
    at = timezone.now() - timedelta(days=days_ago)
    SecurityEvent.objects.using("default").create(
        what=what, at=at, user_id=user and user.pk, login="default", view="account_login", details=details
    )


def shown(client: Client, **asked: str) -> str:
    """The main part of the page."""
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


# --- forged signatures


@override_settings(ROOT_URLCONF="tests.register.test_security_events")
@pytest.mark.parametrize("how", ["forged", "expired"])
def test_a_forged_actor_is_refused_and_recorded_as_forged(as_owner: Client, owner: User, how: str) -> None:
    who = access.Acting("owner", owner.pk + 1, "r1")
    context = {"forged": access.sign(who)[:-1] + "x", "expired": access.sign(who, at=time.time() - 10_000)}[
        how
    ]
    unknown = as_owner.get("/register/no-such-page")
    answer = as_owner.get("/register/forge", {"as": context})
    assert (answer.status_code, answer.content) == (404, unknown.content)
    assert events() == [(What.FORGED, owner.pk, "owner", "forge", "")]
    with access.acting("owner", user_id=owner.pk):
        assert not Customer.objects.exists()
        assert not AuditEntry.objects.filter(action=AuditEntry.Action.CREATE).exists()


@override_settings(ROOT_URLCONF="tests.register.test_security_events")
def test_a_genuine_actor_is_not_recorded(as_owner: Client, owner: User) -> None:
    answer = as_owner.get("/register/forge", {"as": access.sign(access.Acting("owner", owner.pk, "r1"))})
    assert answer.content == b"done"
    assert events() == []


def test_a_forged_stop_link_is_refused_and_recorded_once_an_hour(stranger: Client) -> None:
    genuine = tokens.make("aino.virtanen@example.fi", topic=0)
    forged = [genuine[:9] + ("A" if genuine[9] != "A" else "B") + genuine[10:], "A" * 48, "z" * 48]
    assert stranger.get(f"/u/{genuine}").status_code == 200
    assert events() == []
    for token in forged:
        assert stranger.get(f"/u/{token}").status_code == 400
        assert stranger.post(f"/u/{token}", {"stop": "all"}).status_code == 400
    ((what, user, login, view, details),) = events()
    assert (what, user, login, details) == (What.FORGED, None, "link", "stop link")
    assert not any(token in str((view, details)) for token in forged)
    cache.clear()  # an hour later
    stranger.get(f"/u/{forged[0]}")
    assert events("what") == [(What.FORGED,)] * 2


def test_a_stop_link_that_was_cut_is_no_forgery(stranger: Client) -> None:
    genuine = tokens.make("aino.virtanen@example.fi", topic=0)
    assert stranger.get(f"/u/{genuine[:30]}").status_code == 400
    assert events() == []


def test_the_same_event_is_stored_once_in_its_time_and_others_beside_it(owner: User) -> None:
    for _ in range(3):
        doors.record_event(What.LIMIT, user_id=None, view="privacy:my", once_in=60)
    doors.record_event(What.LIMIT, user_id=owner.pk, view="privacy:my", once_in=60)
    doors.record_event(What.LIMIT, user_id=None, view="privacy:ask", once_in=60)
    assert len(events()) == 3
    for _ in range(2):
        doors.record_event(What.DENIED, user_id=owner.pk)
    assert len(events()) == 5


def test_a_wrong_door_is_shown_as_the_door_that_was_shut(as_owner: Client, as_biller: Client) -> None:
    assert as_biller.get("/register/people/").status_code == 404
    page = shown(as_owner)
    assert "the owner&#x27;s pages" in page
    assert "/register/people/" in page


# --- the owner's page


def test_every_kind_says_in_words_what_it_means_and_what_to_do(as_owner: Client) -> None:
    assert [kind.what for kind in security.KINDS if kind.meaning and kind.advice] == [
        What.DENIED, What.FORGED, What.WRONG_DOOR, What.LIMIT, What.SIGN_IN,
    ]  # fmt: skip
    assert {kind.what for kind in security.KINDS} == set(What)
    for what in What:
        happened(what)
    page = shown(as_owner)
    for kind in security.KINDS:
        assert f'href="#{kind.what}"' in page
        assert f'id="{kind.what}"' in page


def test_the_newest_stands_first_and_only_kinds_on_the_page_are_explained(
    as_owner: Client, biller: User
) -> None:
    happened(What.WRONG_DOOR, user=biller, days_ago=1)
    happened(What.SIGN_IN, details="second factor")
    page = shown(as_owner)
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.index("sign-in failed") < rows.index("a page of another role was asked for")
    assert "Lasse Laskuttaja" in rows
    assert "second factor" in rows
    assert 'id="sign_in"' in page
    assert 'id="denied"' not in page


def test_events_are_found_by_kind_and_day(as_owner: Client) -> None:
    happened(What.DENIED, days_ago=10)
    happened(What.SIGN_IN, days_ago=10)
    happened(What.SIGN_IN)
    since = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert shown(as_owner).count("<tr>") == 1 + 3
    assert shown(as_owner, what="sign_in").count("<tr>") == 1 + 2
    assert shown(as_owner, what="sign_in", since=since).count("<tr>") == 1 + 1
    assert shown(as_owner, until=since).count("<tr>") == 1 + 2
    nothing = shown(as_owner, what="forged")
    assert "No security event fits" in nothing
    assert 'id="forged"' in nothing  # what was asked for is explained all the same


def test_an_empty_list_says_so(as_owner: Client) -> None:
    page = shown(as_owner)
    assert "Nothing has been refused so far" in page
    assert "<table" not in page


def test_what_cannot_be_read_is_said_and_narrows_nothing(as_owner: Client) -> None:
    happened(What.DENIED)
    page = shown(as_owner, what="x", since="yesterday", before="x")
    assert "errorlist" in page
    assert page.count("<tr>") == 1 + 1


def test_long_lists_come_in_pages_with_one_number_of_queries(
    as_owner: Client, owner: User, biller: User
) -> None:
    shown(as_owner)
    happened(What.SIGN_IN, user=owner)
    with CaptureQueriesContext(connections["owner"]) as few:
        shown(as_owner)
    for number in range(security.PAGE + 9):
        happened(What.SIGN_IN, user=biller if number % 2 else owner)
    with CaptureQueriesContext(connections["owner"]) as many:
        first = as_owner.get(PAGE, {"what": "sign_in"})
    assert len(many) == len(few)
    assert len(first.context["lines"]) == security.PAGE
    second = as_owner.get(f"{PAGE}?{first.context['older']}")
    assert (len(second.context["lines"]), second.context["older"]) == (10, "")


def test_reading_who_was_refused_is_recorded(as_owner: Client, owner: User, biller: User) -> None:
    happened(What.SIGN_IN)
    shown(as_owner)
    with access.acting("owner", user_id=owner.pk):
        assert not AuditEntry.objects.filter(page="security events").exists()
    happened(What.WRONG_DOOR, user=biller)
    shown(as_owner)
    with access.acting("owner", user_id=owner.pk):
        assert AuditEntry.objects.get(page="security events").numbers == [str(biller)]


def test_only_the_owner_reads_them_and_finds_them_in_his_menu(
    as_owner: Client, as_biller: Client, stranger: Client
) -> None:
    assert f'href="{PAGE}"' in as_owner.get("/register/audit/").content.decode()
    assert f'href="{PAGE}"' not in as_biller.get("/billing/").content.decode()
    assert as_biller.get(PAGE).status_code == 404
    assert stranger.get(PAGE)["Location"].startswith("/accounts/login/")
