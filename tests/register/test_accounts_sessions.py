"""Sessions: hashed, sealed, ended by idleness, age, their user or the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db.models import F
from django.test import Client

from register import sessions
from register.models import Session, User
from register.sessions import SessionStore
from tests.conftest import PASSWORD, signed_in
from tests.register.signing import member, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


def key_of(client: Client) -> str:
    return client.cookies["session"].value


def in_use(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def shift(user: User, *, idle: timedelta = timedelta(), age: timedelta = timedelta()) -> None:
    """Let so much time have passed for somebody's sessions."""
    Session.objects.filter(user=user).update(
        last_seen_at=F("last_seen_at") - idle, created_at=F("created_at") - age
    )


def test_the_table_holds_neither_the_key_nor_what_is_in_the_session(biller: User) -> None:
    client = signed_in(biller)
    row = Session.objects.get(user=biller)
    stored = " ".join(map(str, (row.key_hash, row.data, row.browser)))
    assert key_of(client) not in stored
    assert "_auth_user" not in stored
    assert row.key_hash == sessions.hashed(key_of(client))


def test_what_is_stored_cannot_be_used_as_a_cookie(biller: User) -> None:
    assert in_use(signed_in(biller))
    thief = Client()
    thief.cookies["session"] = Session.objects.get(user=biller).key_hash
    assert not in_use(thief)


def test_changed_contents_are_an_empty_session(biller: User) -> None:
    client = signed_in(biller)
    assert in_use(client)
    row = Session.objects.get(user=biller)
    Session.objects.update(data=row.data[:-4] + "AAA=")
    assert not in_use(client)


@pytest.mark.parametrize(("minutes", "still"), [(29, True), (31, False)])
def test_half_an_hour_without_use_ends_a_session(biller: User, minutes: int, still: bool) -> None:
    client = signed_in(biller)
    shift(biller, idle=timedelta(minutes=minutes))
    assert in_use(client) is still


def test_use_keeps_a_session_alive(biller: User) -> None:
    client = signed_in(biller)
    for _time in range(3):
        shift(biller, idle=timedelta(minutes=20))
        assert in_use(client)


@pytest.mark.parametrize(("hours", "still"), [(11, True), (13, False)])
def test_twelve_hours_end_a_session_even_in_use(biller: User, hours: int, still: bool) -> None:
    client = signed_in(biller)
    shift(biller, age=timedelta(hours=hours))
    assert in_use(client) is still


def test_expired_sessions_are_removed_and_others_stay(biller: User, owner: User) -> None:
    signed_in(biller)
    signed_in(owner)
    shift(biller, idle=timedelta(minutes=31))
    assert Session.objects.count() == 2
    SessionStore.clear_expired()
    assert list(Session.objects.values_list("user", flat=True)) == [owner.pk]


def test_reading_a_page_twice_in_a_minute_writes_nothing(biller: User) -> None:
    client = signed_in(biller)
    in_use(client)
    before = Session.objects.get(user=biller).last_seen_at
    in_use(client)
    assert Session.objects.get(user=biller).last_seen_at == before


def test_a_session_that_was_ended_meanwhile_is_not_written_back(biller: User) -> None:
    store = SessionStore(key_of(signed_in(biller)))
    store["something"] = 1
    sessions.end_all(biller.pk)
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_key_that_nobody_was_given_gets_a_new_one(database: None) -> None:
    store = SessionStore("chosenbyanattacker00000000000000")
    store["something"] = 1
    store.save()
    assert store.session_key != "chosenbyanattacker00000000000000"


def test_the_page_names_the_browser_and_ends_another_one(database: None) -> None:
    user = member()
    mine = sign_in(user, headers={"User-Agent": CHROME})
    other = signed_in(user)
    page = mine.get("/accounts/sessions/?lang=en").content.decode()
    assert "Chrome, Windows" in page
    assert page.count("Sign out there") == 1
    row = Session.objects.get(key_hash=sessions.hashed(key_of(other)))
    assert in_use(other)
    assert mine.post("/accounts/sessions/end/", {"session": row.pk}).status_code == 302
    assert not in_use(other)
    assert in_use(mine)


def test_all_others_are_ended_at_once(database: None) -> None:
    user = member()
    mine, second, third = (signed_in(user) for _one in range(3))
    assert in_use(second)
    mine.post("/accounts/sessions/end/", {"session": "others"})
    assert [in_use(client) for client in (mine, second, third)] == [True, False, False]


def test_nobody_ends_anothers_session(owner: User, biller: User) -> None:
    theirs = signed_in(owner)
    row = Session.objects.get(user=owner)
    signed_in(biller).post("/accounts/sessions/end/", {"session": row.pk})
    assert in_use(theirs)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(database: None) -> None:
    user = member()
    mine, other = sign_in(user), signed_in(user)
    assert in_use(other)
    new = "korppi laulaa vuonolla aamuisin"
    answer = mine.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert [in_use(mine), in_use(other)] == [True, False]
    user.refresh_from_db()
    assert user.check_password(new)


def test_the_cookie_is_marked_as_it_should_be(biller: User) -> None:
    cookie = sign_in(member()).cookies["session"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["max-age"] == ""
