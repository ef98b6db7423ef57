"""Stopping and going on, through the real logins: the public one can stop and can neither look nor lift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError, ProgrammingError

from mailing import hashes, suppression
from mailing.models import EVERYTHING, Channel, OptOutEvent, Suppression, Topic
from register import access
from register.models import User

AT = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)
ADDRESS = "aino.virtanen@example.fi"


@pytest.fixture
def topic(owner: User) -> Topic:
    """A newsletter."""
    with access.acting("owner", user_id=owner.pk):
        return Topic.objects.create(name_fi="Uutiskirje", name_sv="Nyhetsbrev", name_en="Newsletter")


@pytest.fixture
def service(owner: User) -> Topic:
    """Messages that belong to the customer relationship."""
    with access.acting("owner", user_id=owner.pk):
        return Topic.objects.create(name_fi="Huoltoviestit", kind=Topic.Kind.SERVICE)


@pytest.fixture
def link(database: None) -> Iterator[None]:
    """The test body works as the public pages do."""
    with access.acting("link"):
        yield


def stop(topic: int = EVERYTHING, *, undo: str = "", address: str = ADDRESS) -> bool:
    with access.acting("link"):
        return suppression.stop_hash(
            hashes.of(address), topic=topic, channel=Channel.PAGE, at=AT, wording="t1", undo=undo
        )


def test_a_stop_through_the_public_login_stops(topic: Topic, owner: User) -> None:
    assert stop(topic.pk) is True
    with access.acting("worker"):
        assert suppression.is_stopped(ADDRESS, topic=topic)
        assert suppression.is_stopped("  AINO.Virtanen@EXAMPLE.fi", topic=topic)
        assert not suppression.is_stopped("ino.virtanen@example.fi", topic=topic)
        assert not suppression.is_stopped(ADDRESS)
        event = OptOutEvent.objects.get()
    assert (event.topic, event.act, event.channel, event.wording) == (topic.pk, "stop", "page", "t1")
    assert event.at > AT, "the database stamps the time"


def test_a_second_stop_adds_no_event(topic: Topic) -> None:
    assert stop(topic.pk) is True
    assert stop(topic.pk) is False
    with access.acting("worker"):
        assert OptOutEvent.objects.count() == 1
        assert Suppression.objects.count() == 1


def test_stop_everything_stops_every_marketing_topic_but_no_service_message(
    topic: Topic, service: Topic
) -> None:
    stop()
    with access.acting("worker"):
        assert suppression.is_stopped(ADDRESS)
        assert suppression.is_stopped(ADDRESS, topic=topic)
        assert not suppression.is_stopped(ADDRESS, topic=service)


def test_many_addresses_are_asked_in_one_query(topic: Topic, django_assert_num_queries: Any) -> None:
    stop(topic.pk)
    asked = ["AINO.virtanen@example.fi", ADDRESS, "eino@example.fi"]
    with (
        access.acting("worker"),
        django_assert_num_queries(1, connection=connections["worker"]),
    ):
        assert suppression.stopped_among(asked, topic=topic) == {"AINO.virtanen@example.fi", ADDRESS}


def test_whoever_stopped_by_mistake_takes_it_back_and_both_events_stay(topic: Topic) -> None:
    stop(topic.pk, undo="secret of the page")
    with access.acting("link"):
        assert suppression.take_back(
            hashes.of(ADDRESS),
            topic=topic.pk,
            undo="secret of the page",
            channel=Channel.PAGE,
            at=AT,
            wording="t1",
        )
    with access.acting("worker"):
        assert not suppression.is_stopped(ADDRESS, topic=topic)
        assert [event.act for event in suppression.history(ADDRESS)] == ["stop", "resume"]
        assert {event.wording for event in suppression.history(ADDRESS)} == {"t1"}


@pytest.mark.parametrize("undo", ["", "another secret"])
def test_nobody_takes_back_somebody_elses_stop(topic: Topic, undo: str) -> None:
    stop(topic.pk, undo="secret of the page")
    with access.acting("link"):
        assert not suppression.take_back(
            hashes.of(ADDRESS), topic=topic.pk, undo=undo, channel=Channel.PAGE, at=AT, wording=""
        )
    with access.acting("worker"):
        assert suppression.is_stopped(ADDRESS, topic=topic)
        assert OptOutEvent.objects.count() == 1


def test_a_stop_without_secret_cannot_be_taken_back_without_secret(topic: Topic) -> None:
    stop(topic.pk, undo="")
    with access.acting("link"):
        assert not suppression.take_back(
            hashes.of(ADDRESS), topic=topic.pk, undo="", channel=Channel.PAGE, at=AT, wording=""
        )


def test_a_second_press_leaves_no_secret_that_lifts_the_first_stop(topic: Topic) -> None:
    stop(topic.pk, undo="the first")
    stop(topic.pk, undo="the second")
    with access.acting("link"):
        assert not suppression.take_back(
            hashes.of(ADDRESS), topic=topic.pk, undo="the second", channel=Channel.PAGE, at=AT, wording=""
        )


def test_after_a_day_a_stop_is_no_longer_taken_back_by_the_page(topic: Topic) -> None:
    stop(topic.pk, undo="secret of the page")
    with transaction.atomic(using="migrate"):
        Suppression.objects.using("migrate").update(at=AT)
    with access.acting("link"):
        assert not suppression.take_back(
            hashes.of(ADDRESS),
            topic=topic.pk,
            undo="secret of the page",
            channel=Channel.PAGE,
            at=AT,
            wording="",
        )


def test_the_public_login_cannot_speak_for_the_staff(topic: Topic) -> None:
    stop(topic.pk)
    with pytest.raises(ProgrammingError, match="cannot speak for the staff"), access.acting("link"):
        connections["link"].cursor().execute(
            suppression.RECORD,
            [hashes.of(ADDRESS).hex(), topic.pk, "resume", "staff", "", AT, "", None],
        )


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM mailing_suppression",
        "SELECT count(address_hash) FROM mailing_optoutevent",
        "DELETE FROM mailing_suppression",
        "UPDATE mailing_suppression SET topic = 9",
        "INSERT INTO mailing_suppression (topic) VALUES (0)",
        "DELETE FROM mailing_optoutevent",
        "UPDATE mailing_optoutevent SET topic = 9",
    ],
)
def test_the_public_login_neither_reads_nor_changes_the_lists(topic: Topic, statement: str) -> None:
    stop(topic.pk)
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting("link"):
        connections["link"].cursor().execute(statement)


@pytest.mark.parametrize("login", ["owner", "worker", "billing", "default"])
def test_no_login_writes_the_suppression_list_past_the_events(topic: Topic, login: str) -> None:
    stop(topic.pk)
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting(login):
        connections[login].cursor().execute("DELETE FROM mailing_suppression")


def test_even_the_tables_owner_cannot_rewrite_the_history(topic: Topic) -> None:
    stop(topic.pk)
    for statement in ("DELETE FROM mailing_optoutevent", "UPDATE mailing_optoutevent SET topic = 9"):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(using="migrate"):
            connections["migrate"].cursor().execute(statement)


def test_staff_let_mailings_go_on_with_the_wording_recorded(topic: Topic, owner: User) -> None:
    stop(topic.pk)
    with access.acting("owner", user_id=owner.pk):
        suppression.resume(ADDRESS, topic=topic.pk, at=AT, by=owner, wording="phone call text 2")
        assert not suppression.is_stopped(ADDRESS, topic=topic)
        last = suppression.history(ADDRESS)[-1]
    assert (last.act, last.channel, last.wording, last.by_id) == (
        "resume",
        "staff",
        "phone call text 2",
        owner.pk,
    )


def test_what_was_never_stopped_cannot_go_on(topic: Topic, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk), pytest.raises(suppression.NotStopped):
        suppression.resume(ADDRESS, topic=topic.pk, at=AT, by=owner, wording="x")


def test_history_answers_how_it_stood_at_an_earlier_moment(topic: Topic) -> None:
    stop(topic.pk, undo="s")
    with access.acting("worker"):
        stopped_at = OptOutEvent.objects.get().at
    with access.acting("link"):
        suppression.take_back(
            hashes.of(ADDRESS), topic=topic.pk, undo="s", channel=Channel.PAGE, at=AT, wording=""
        )
    with access.acting("worker"):
        assert not suppression.is_stopped(ADDRESS, topic=topic, at=AT)
        assert suppression.is_stopped(ADDRESS, topic=topic, at=stopped_at)
        assert not suppression.is_stopped(ADDRESS, topic=topic, at=datetime(2100, 1, 1, tzinfo=UTC))


def test_a_stop_under_an_earlier_address_key_still_stops(topic: Topic, settings: Any) -> None:
    stop(topic.pk)
    old = settings.REGISTER_ADDRESS_KEY
    settings.REGISTER_ADDRESS_KEY, settings.REGISTER_OLD_ADDRESS_KEYS = "new key", [old]
    with access.acting("worker"):
        assert suppression.is_stopped(ADDRESS, topic=topic)
        assert suppression.stopped_among([ADDRESS], topic=topic) == {ADDRESS}
        assert len(suppression.history(ADDRESS)) == 1


def test_the_list_holds_a_hash_and_no_address(topic: Topic) -> None:
    stop(topic.pk)
    with access.acting("worker"):
        row = Suppression.objects.values().get()
    assert row["address_hash"] == hashes.of(ADDRESS).hex()
    assert "aino" not in str(row)


def test_a_hash_of_another_form_is_refused_by_the_database(link: None) -> None:
    with pytest.raises(IntegrityError, match="hash_form"):
        suppression.stop_hash(b"short", topic=0, channel=Channel.PAGE, at=AT)


def test_a_moment_without_time_zone_is_refused(link: None) -> None:
    with pytest.raises(ValueError, match="time zone"):
        suppression.stop(ADDRESS, channel=Channel.PAGE, at=datetime(2026, 11, 22))
