"""What stands between the register and people: shared caches, proxies, and the headers that are forged past them."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.models import Attachment, ImportRun
from register import access
from tests.hostile.test_crawl import text_of
from tests.hostile.world import World, addresses

PERSONAL = ("/register/", "/billing/", "/accounts/", "/setup/", "/my/", "/u/")
WHO = ("owner", "link", "billing", "anonymous")


@dataclass
class SharedCache:
    """A proxy that keeps whatever RFC 9111 lets a shared cache keep, as long as heuristics let it."""

    kept: dict[tuple[str, ...], Any] = field(default_factory=dict)
    varied: dict[str, list[str]] = field(default_factory=dict)
    hits: int = 0

    def get(self, browser: Client, path: str) -> Any:
        sent = {
            "cookie": browser.cookies.output(),
            "accept-language": browser.defaults.get("HTTP_ACCEPT_LANGUAGE", ""),
        }
        if (found := self.kept.get(self._key(path, sent))) is not None:
            self.hits += 1
            return found
        answer = browser.get(path)
        control = {
            part.strip().partition("=")[0] for part in answer.get("Cache-Control", "").lower().split(",")
        }
        if answer.status_code in (200, 301, 404, 410) and not control & {"no-store", "private", "no-cache"}:
            self.varied[path] = [name.strip().lower() for name in answer.get("Vary", "").split(",") if name]
            self.kept[self._key(path, sent)] = answer
        return answer

    def _key(self, path: str, sent: dict[str, str]) -> tuple[str, ...]:
        return (path, *(sent.get(name, "") for name in self.varied.get(path, [])))


def test_two_people_behind_one_caching_proxy_see_their_own_data(world: World) -> None:
    cache = SharedCache()
    browsers = {who: world.browser(who) for who in WHO}
    one_of_each = {address.route: address.path for address in reversed(addresses(world))}
    shown: Counter[str] = Counter()
    wrong = []
    for route, path in one_of_each.items():
        if route == "my/<str:token>/":
            continue  # puts another link into the cookie
        for who, browser in browsers.items():
            hits, answer = cache.hits, cache.get(browser, path)
            shown[who] += answer.status_code == 200 and path.startswith(PERSONAL)
            if cache.hits > hits and path.startswith(PERSONAL):
                wrong.append(f"{who} got {path} from the cache")
    assert wrong == []
    assert shown["owner"] > 20
    assert min(shown["billing"], shown["link"]) > 3
    assert [path for path, *_vary in cache.kept if path.startswith(PERSONAL)] == []
    # What is for everybody is kept, in it nobody's session, form token or canary; and it is given again.
    assert {path for path, *_vary in cache.kept} >= {"/", "/privacy/"}
    for answer in cache.kept.values():
        assert set(answer.cookies) <= {settings.LANGUAGE_COOKIE_NAME}
        assert "csrfmiddlewaretoken" not in text_of(answer)
        assert "zq" not in text_of(answer)
    hits = cache.hits
    for _ in range(2):
        cache.get(world.browser("anonymous"), "/privacy/en")
    assert cache.hits == hits + 1


# --- forged headers ------------------------------------------------------------------------------------------

ASK = "/privacy/request/"


def ask(browser: Client, remote: str, forwarded: str) -> int:
    """A request about one's own data, sent from a network address that says it forwards for another."""
    sent = {"kind": "copy", "contact": f"{uuid.uuid4()}@example.fi"}
    headers = {"X-Forwarded-For": forwarded}
    return browser.post(ASK, sent, headers=headers, REMOTE_ADDR=remote).status_code


def test_limits_count_the_address_that_our_own_proxy_saw(world: World, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    browser = Client()
    asked = [ask(browser, "127.0.0.1", f"10.9.8.{n}, 203.0.113.7") for n in range(25)]
    assert asked[0] == 302
    assert asked[-1] == 429, "the forged part of the header must not count"
    assert ask(browser, "127.0.0.1", "203.0.113.8") == 302, (
        "somebody else behind the same proxy is not limited"
    )


def test_without_a_proxy_of_ours_no_header_says_who_asks(world: World, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    browser = Client()
    asked = [ask(browser, "203.0.113.7", f"10.9.8.{n}") for n in range(25)]
    assert (asked[0], asked[-1]) == (302, 429)


def test_no_header_pretends_that_the_connection_is_encrypted(world: World, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    forged = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on",
        "Forwarded": "proto=https",
        "Front-End-Https": "on",
    }
    answer = Client().get("/privacy/", headers=forged)
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://")


# --- too much ------------------------------------------------------------------------------------------------


def test_fifty_megabytes_are_refused_and_nothing_of_them_is_kept(world: World, settings: Any) -> None:
    huge = SimpleUploadedFile("kaikki.csv", b"Nimi;Puhelin\n" + b"Ada;0401234567\n" * 3_500_000)
    assert huge.size is not None
    assert huge.size > 50_000_000
    browser = world.browser("owner")
    work = world.keys["assignment"][-1]
    with access.acting("owner"):
        before = ImportRun.objects.count(), Attachment.objects.count()
    for path, name in (("/register/import/", "file"), (f"/register/assignments/T{work}/files/", "attach")):
        huge.seek(0)
        answer = browser.post(path, {name: huge, "relation": "active", "source_words": ""})
        assert answer.status_code == 422, path
        assert "MB" in answer.content.decode(), path
    huge.seek(0)
    assert Client().post(ASK, {"kind": "copy", "contact": "a@example.fi", "file": huge}).status_code in (
        302,
        400,
    )
    with access.acting("owner"):
        assert (ImportRun.objects.count(), Attachment.objects.count()) == before
