"""Every address of the resolver, with the keys of real rows, asked by everybody in every way.

Nobody is shown a canary of a field that is not for him, every answer carries the headers, nothing fails, the doors of
others look like addresses that do not exist, and strangers get only the pages listed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from register import inventory
from register.roles import Role
from tests import canary
from tests.hostile.world import Address, World, addresses

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")

OPEN_TO_ALL = {
    "accounts/login/",
    "accounts/logout/",
    "accounts/inactive/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/done/",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "accounts/2fa/webauthn/login/",
    "^u/(?P<token>[^/]*)/?$",
    "",
    "privacy/",
    "privacy/request/",
    "privacy/request/sent/",
    "privacy/<str:language>",
}
"""Routes that answer 200 to anybody. A new public page is added here by whoever means it to be public."""

OPEN_BY_LINK = {"my/", "my/asked/", "my/code/<str:kind>/", "my/stop/"}

OF_THE_LINK_HOLDER = {
    "customers.Person.given_name",
    "customers.Person.family_name",
    "customers.Customer.name",
    "customers.EmailAddress.address",
    "customers.PhoneNumber.number",
    "customers.PostalAddress.street",
    "customers.PostalAddress.street2",
    "customers.PostalAddress.postal_code",
    "customers.PostalAddress.city",
    "customers.PostalAddress.country",
}
"""What a person sees of himself behind his link."""


class Crawl:
    """Asks everything as one identity and keeps what was wrong, by sort, and how much was asked."""

    def __init__(self, world: World, who: str, hidden: dict[str, str]) -> None:
        self.world, self.who, self.hidden = world, who, hidden
        self.browser = world.browser(who)
        self.wrong: dict[str, list[str]] = {}
        self.statuses: Counter[int] = Counter()
        self.seen: set[str] = set()
        self.spoilt = False
        """Whether the last request may have signed out, or have put another link into the cookie."""

    def ask(self, method: str, address: Address, **options: Any) -> Any:
        if self.spoilt:
            self.browser = self.world.browser(self.who)
        self.spoilt = (
            method == "POST" and address.route.startswith("accounts/")
        ) or address.route.startswith(("my/", "^my/"))
        answer = self.browser.generic(method, address.path, **options)
        self.statuses[answer.status_code] += 1
        where = f"{method} {address.path} → {answer.status_code}"
        if answer.status_code >= 500:
            self.note("failed", where)
        for problem in header_problems(address.path, answer):
            self.note("headers", f"{where}: {problem}")
        for name in self.hidden_in(answer):
            self.note("leaked", f"{where}: {name}")
        return answer

    def note(self, sort: str, what: str) -> None:
        self.wrong.setdefault(sort, []).append(what)

    def hidden_in(self, answer: Any) -> list[str]:
        text = text_of(answer)
        self.seen.update(one.value for one in self.world.ada.canaries if one.value in text)
        return [name for value, name in self.hidden.items() if value in text]

    def report(self, record: Any) -> None:
        total = sum(self.statuses.values())
        record("requests", total)
        print(f"{self.who}: {total} requests, {dict(sorted(self.statuses.items()))}")


def text_of(answer: Any) -> str:
    """Body and headers, in small letters as canaries are."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.items()) + answer.cookies.output()
    return (head + body.decode("utf-8", "replace")).lower()


def header_problems(path: str, answer: Any) -> Iterable[str]:
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        yield f"policy {policy!r}"
    if answer.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    if answer.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield f"referrer policy {answer.get('Referrer-Policy')!r}"
    if answer.get("X-Frame-Options") != "DENY":
        yield "may be framed"
    personal = path.startswith(("/register/", "/billing/", "/accounts/", "/setup/", "/my/", "/u/"))
    if personal and "no-store" not in answer.get("Cache-Control", ""):
        yield f"cache control {answer.get('Cache-Control')!r}"


def secrets_for(world: World, who: str) -> dict[str, str]:
    """The canaries that this identity must not see, by value, with the names of their fields."""
    shown: set[str] = set()
    if who == "owner":
        return {"zqpassword": "register.User.password"}
    if who == "billing":
        shown = {
            f"{entry.label}.{name}"
            for entry in canary.entries_about_people()
            for name, kind in entry.personal().items()
            if Role.BILLING in kind.seen_by
        }
    hidden = world.secrets_about(world.bo, but=shown)
    hidden |= world.secrets_about(world.ada, but=OF_THE_LINK_HOLDER if who == "link" else shown)
    return hidden | {"zqpassword": "register.User.password", "spare@example.fi": "register.User.email"}


def unknown_page(browser: Client, method: str) -> tuple[int, bytes]:
    answer = browser.generic(method, "/register/no-such-page/")
    return answer.status_code, answer.content


@pytest.mark.parametrize("who", ["anonymous", "link"])
def test_a_stranger_gets_public_pages_and_the_way_to_sign_in(
    world: World, who: str, record_property: Any
) -> None:
    crawl = Crawl(world, who, secrets_for(world, who))
    allowed = OPEN_TO_ALL | (OPEN_BY_LINK if who == "link" else set())
    for address in addresses(world):
        for method in METHODS:
            answer = crawl.ask(method, address)
            if answer.status_code == 200 and address.route not in allowed:
                crawl.note("undocumented", f"{method} {address.path}")
            staff = address.path.startswith(("/register/", "/billing/"))
            if staff and not (
                answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
            ):
                crawl.note("doors", f"{method} {address.path} → {answer.status_code}")
    crawl.report(record_property)
    assert crawl.wrong == {}
    if who == "link":
        assert {one.name for one in world.ada.canaries if one.value in crawl.seen} & OF_THE_LINK_HOLDER


def test_the_billing_person_finds_nothing_behind_the_owners_door(world: World, record_property: Any) -> None:
    crawl = Crawl(world, "billing", secrets_for(world, "billing"))
    unknown = {method: unknown_page(crawl.browser, method) for method in METHODS}
    assert unknown["GET"][0] == 404
    for address in addresses(world):
        for method in METHODS:
            answer = crawl.ask(method, address)
            if (
                address.route.startswith("register/")
                and (answer.status_code, answer.content) != unknown[method]
            ):
                crawl.note("doors", f"{method} {address.path} → {answer.status_code}")
    for address in owner_addresses(world):
        for path in (address.path.rstrip("/"), address.path + "?lang=en&q=x", address.path + "x"):
            answer = crawl.ask("GET", Address(address.route, path))
            if path != "/register" and (answer.status_code, answer.content) != unknown["GET"]:
                crawl.note("doors", f"GET {path} → {answer.status_code}")
    crawl.report(record_property)
    assert crawl.wrong == {}
    seen = {one.name for one in world.ada.canaries if one.value in crawl.seen}
    assert {"customers.Customer.name", "billing.BillingDetails.street"} <= seen


def owner_addresses(world: World) -> list[Address]:
    return [address for address in addresses(world) if address.route.startswith("register/")]


def test_the_owner_meets_no_failing_page(world: World, record_property: Any) -> None:
    crawl = Crawl(world, "owner", secrets_for(world, "owner"))
    for method in sorted(METHODS, key=["POST", "DELETE"].count):
        for address in addresses(world):
            crawl.ask(method, address)
    crawl.report(record_property)
    assert crawl.wrong == {}
    labels = {one.name for one in world.ada.canaries if one.value in crawl.seen}
    fields = {one.name for one in world.ada.canaries}
    assert len(labels) > len(fields) / 2, "the canaries are not where pages show them"


def test_every_field_that_billing_may_not_see_has_a_canary(world: World) -> None:
    personal = {
        f"{entry.label}.{name}"
        for entry in inventory.entries()
        if entry in canary.entries_about_people()
        for name in entry.personal()
    }
    planted = {one.name for one in world.ada.canaries}
    assert personal - planted == canary.OUT_OF_REACH
