"""The page behind a stop link, and the mail programs' one-click."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from mailing import hashes, suppression, tokens
from mailing.models import EVERYTHING, OptOutEvent, Suppression, Topic
from register import access
from register.models import Registrar, User

ADDRESS = "aino.virtanen@example.fi"
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def topic(owner: User) -> Topic:
    with access.acting("owner", user_id=owner.pk):
        return Topic.objects.create(name_fi="Uutiskirje", name_sv="Nyhetsbrev", name_en="Newsletter")


@pytest.fixture
def url(topic: Topic) -> str:
    return f"/u/{tokens.make(ADDRESS, topic=topic.pk)}"


@pytest.fixture
def browser(database: None) -> Client:
    """A browser or mail program without cookies that checks CSRF as a real site does."""
    return Client(enforce_csrf_checks=True)


def events() -> list[tuple[int, str, str]]:
    with access.acting("worker"):
        return list(OptOutEvent.objects.order_by("id").values_list("topic", "act", "channel"))


def rows() -> dict[str, int]:
    """How many rows each table of the register has."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_a_thousand_looks_change_nothing_and_send_nothing(
    browser: Client, url: str, registrar: Registrar, mailoutbox: list[Any]
) -> None:
    before = rows()
    assert before["register_registrar"] == 1
    for number in range(250):
        agent = f"scanner/{number}"
        for ask in (browser.get, browser.head, browser.options):
            assert ask(url, HTTP_USER_AGENT=agent).status_code == 200
        assert browser.get(url + "/").status_code == 200
    assert rows() == before
    assert mailoutbox == []


def test_the_page_has_one_button_that_needs_no_script(browser: Client, url: str) -> None:
    page = browser.get(url, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert page.count("<button ") == 1
    assert '<form method="post"' in page
    assert "<script" not in page
    assert "Newsletter" in page
    assert ADDRESS not in page


@pytest.mark.parametrize(
    ("language", "name"), [("fi", "Uutiskirje"), ("sv", "Nyhetsbrev"), ("en", "Newsletter")]
)
def test_the_page_speaks_the_readers_language(browser: Client, url: str, language: str, name: str) -> None:
    by_browser = browser.get(url, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    by_choice = browser.get(f"{url}?lang={language}", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    for page in (by_browser, by_choice):
        assert f'<html lang="{language}">' in page
        assert name in page


def test_without_any_wish_the_page_is_in_finnish(browser: Client, url: str, settings: Any) -> None:
    settings.LANGUAGE_CODE = "fi"  # what config/settings.py says where nobody says otherwise
    assert '<html lang="fi">' in browser.get(url).content.decode()


@pytest.mark.parametrize("method", ["get", "head", "options", "post"])
def test_the_answer_is_stored_and_listed_nowhere(browser: Client, url: str, method: str) -> None:
    answer = getattr(browser, method)(url)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_the_button_stops_and_confirms(browser: Client, url: str, topic: Topic) -> None:
    answer = browser.post(url, {"stop": "this"}, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    assert "The mailings have been stopped" in answer.content.decode()
    assert events() == [(topic.pk, "stop", "page")]
    with access.acting("worker"):
        assert suppression.is_stopped(ADDRESS, topic=topic)


def test_pressing_twice_shows_the_same_page_and_adds_no_event(browser: Client, url: str) -> None:
    first = browser.post(url, {"stop": "this"})
    second = browser.post(url, {"stop": "this"})
    assert first.status_code == second.status_code == 200
    assert len(first.content) == len(second.content)
    assert len(events()) == 1


def test_the_confirming_page_offers_to_stop_everything(browser: Client, url: str, topic: Topic) -> None:
    assert 'value="all"' in browser.post(url, {"stop": "this"}).content.decode()
    browser.post(url, {"stop": "all"})
    assert events() == [(topic.pk, "stop", "page"), (EVERYTHING, "stop", "page")]


def undo_of(answer: Any) -> dict[str, str]:
    return {"undo": answer.context["undo"], "of": "all" if answer.context["everything"] else "this"}


def test_a_mistake_is_taken_back_and_both_events_stay(browser: Client, url: str, topic: Topic) -> None:
    stopped = browser.post(url, {"stop": "this"})
    answer = browser.post(url, undo_of(stopped), HTTP_ACCEPT_LANGUAGE="en")
    assert "The mailings go on" in answer.content.decode()
    assert events() == [(topic.pk, "stop", "page"), (topic.pk, "resume", "page")]
    with access.acting("worker"):
        assert not suppression.is_stopped(ADDRESS, topic=topic)


def test_taking_back_stop_everything_leaves_the_topic_stopped(
    browser: Client, url: str, topic: Topic
) -> None:
    browser.post(url, {"stop": "this"})
    browser.post(url, undo_of(browser.post(url, {"stop": "all"})))
    with access.acting("worker"):
        assert not suppression.is_stopped(ADDRESS)
        assert suppression.is_stopped(ADDRESS, topic=topic)


def test_whoever_holds_a_forwarded_link_cannot_lift_an_earlier_stop(
    browser: Client, url: str, topic: Topic
) -> None:
    browser.post(url, {"stop": "this"})
    colleague = Client()
    answer = colleague.post(url, undo_of(colleague.post(url, {"stop": "this"})), HTTP_ACCEPT_LANGUAGE="en")
    assert "stay stopped" in answer.content.decode()
    with access.acting("worker"):
        assert suppression.is_stopped(ADDRESS, topic=topic)
    assert len(events()) == 1


@pytest.mark.parametrize("slash", ["", "/"])
def test_one_click_needs_no_cookie_no_csrf_token_and_no_referer(
    browser: Client, url: str, topic: Topic, slash: str
) -> None:
    assert len(ONE_CLICK) == 26
    answer = browser.post(url + slash, ONE_CLICK, content_type=FORM)
    assert answer.status_code == 200
    assert "Location" not in answer
    assert not answer.cookies
    assert len(answer.content) < 1024
    assert events() == [(topic.pk, "stop", "one-click")]


def test_one_click_may_come_as_multipart(browser: Client, url: str, topic: Topic) -> None:
    answer = browser.post(url, {"List-Unsubscribe": "One-Click"})
    assert answer.request["CONTENT_TYPE"].startswith("multipart/form-data")
    assert answer.status_code == 200
    assert events() == [(topic.pk, "stop", "one-click")]


def test_a_second_one_click_is_answered_alike_and_adds_no_event(browser: Client, url: str) -> None:
    first = browser.post(url, ONE_CLICK, content_type=FORM)
    second = browser.post(url, ONE_CLICK, content_type=FORM)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert len(events()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", FORM),
        ("List-Unsubscribe=one-click", FORM),
        ("List-Unsubscribe=One-Click&x=1", FORM),
        ("List-Unsubscribe=One-Click&List-Unsubscribe=One-Click", FORM),
        ("list-unsubscribe=One-Click", FORM),
        ("stop=", FORM),
        ("stop=other", FORM),
        ("undo=", FORM),
        ('{"List-Unsubscribe": "One-Click"}', "application/json"),
        ("List-Unsubscribe=One-Click", "text/plain"),
        ("--x\r\nbroken", "multipart/form-data; boundary=x"),
        ("x", "multipart/form-data"),
        ("List-Unsubscribe=%ff%00", FORM),
    ],
)
def test_any_other_body_is_refused_and_changes_nothing(
    browser: Client, url: str, body: str, kind: str
) -> None:
    assert browser.post(url, body, content_type=kind).status_code == 400
    assert events() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(browser: Client, url: str, method: str) -> None:
    assert getattr(browser, method)(url).status_code == 405
    assert events() == []


@pytest.mark.parametrize("broken", ["", "short", "cut", "longer", "A" * 48, "%00", "ä", "x" * 5000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_or_cut_link_gets_a_neutral_page_with_another_way(
    browser: Client, url: str, registrar: Registrar, broken: str, method: str
) -> None:
    path = {"cut": url[:-1], "longer": url + "A"}.get(broken, f"/u/{broken}")
    ask = {"get": lambda: browser.get(path), "post": lambda: browser.post(path, ONE_CLICK, content_type=FORM)}
    answer = ask[method]()
    assert answer.status_code == 400
    assert f"mailto:{registrar.contact_email}" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert events() == []


def test_forged_links_are_all_answered_with_the_same_page(browser: Client, url: str) -> None:
    pages = {browser.get(path).content for path in (url[:-1] + "!", "/u/x", "/u/" + "A" * 48)}
    assert len(pages) == 1


def test_an_old_link_works_after_the_topic_is_gone_and_the_keys_have_changed(
    browser: Client, url: str, topic: Topic, settings: Any
) -> None:
    number, code = topic.pk, hashes.of(ADDRESS).hex()
    with access.acting("migrate"):
        Topic.objects.using("migrate").filter(pk=number).delete()
    settings.REGISTER_OLD_LINK_KEYS = ["the one between", settings.REGISTER_LINK_KEY]
    settings.REGISTER_LINK_KEY = "the newest"
    assert browser.get(url).status_code == 200
    assert browser.post(url, ONE_CLICK, content_type=FORM).status_code == 200
    with access.acting("worker"):
        assert Suppression.objects.filter(topic=number, address_hash=code).exists()


def test_no_log_line_holds_address_or_token(
    browser: Client, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("register").warning("canary for %s", "the log")
    browser.get(url)
    browser.post(url, {"stop": "this"})
    browser.post(url, "nonsense", content_type=FORM)
    browser.get(url[:-1] + "!")
    assert "canary for the log" in caplog.text
    masked = [record for record in caplog.records if _passes_handler(record)]
    written = " ".join(record.getMessage() for record in masked if record.name != "django.db.backends")
    assert ADDRESS not in written
    assert url.removeprefix("/u/")[:40] not in written


def _passes_handler(record: logging.LogRecord) -> bool:
    """What the register's handler would write: records of loggers' levels, through its filter."""
    from register.logs import WithoutTokens

    return WithoutTokens().filter(record)


def test_the_path_of_a_failed_request_is_logged_without_its_token() -> None:
    from register.logs import WithoutTokens

    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "Internal Server Error: %s", ("/my/secret-part?x=1",), None
    )
    WithoutTokens().filter(record)
    assert record.getMessage() == "Internal Server Error: /my/…?x=1"


def test_the_stop_page_costs_few_queries(browser: Client, url: str) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connections["link"]) as seen:
        browser.get(url)
    real = [query for query in seen.captured_queries if query["sql"].startswith("SELECT")]
    assert len(real) <= 3
