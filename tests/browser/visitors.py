"""People's browsers: of what size, what they complain about, how their pages are looked at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from register.models import User
from tests.conftest import signed_in

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
SCREENSHOTS = os.environ.get("REGISTER_SCREENSHOTS")
"""A folder for pictures of every page that is looked at; none are made without it."""

AXE = Axe()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
SERIOUS = ("serious", "critical")


class Visitors:
    """All browsers of one test, and what went wrong in them without anybody seeing it."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.chromium = chromium
        self.url = url
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def arrive(self, size: dict[str, Any], **options: Any) -> Page:
        """A page in a fresh profile; a path is enough to go somewhere."""
        wanted = {"base_url": self.url, "locale": "en-GB", "reduced_motion": "reduce"} | size | options
        context = self.chromium.new_context(**wanted)
        context.set_default_timeout(10_000)
        context.on("page", self._listen)
        self.contexts.append(context)
        return context.new_page()

    def signed_in(self, page: Page, user: User) -> None:
        """Give the browser the session of somebody who has signed in."""
        session = signed_in(user).cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": session, "url": self.url}])

    def leave(self) -> None:
        for context in self.contexts:
            context.close()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message))

    def _hear(self, page: Page, message: ConsoleMessage) -> None:
        """Scripts' errors, refusals of the content security policy, missing files; not answers like 404."""
        expected = "Failed to load resource" in message.text and message.location["url"] == page.url
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{page.url}: {message.text} {message.location}")


def look(page: Page, name: str) -> None:
    """Look at a page: it fits the screen's width, anybody can use it, and a picture of it is kept where asked.

    A click returns when the next page begins to arrive: it is looked at when it is all there, style and scripts, too.
    """
    page.wait_for_load_state()
    width = page.viewport_size["width"] if page.viewport_size else 0
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{width}.png", full_page=True)
    assert sideways(page) <= width, f"{name} is wider than the screen"
    found = barriers(page)
    assert not found, "\n".join([f"{name} keeps people out", *found])


def sideways(page: Page) -> int:
    """How far the page reaches to the right."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def barriers(page: Page) -> list[str]:
    """Where axe-core finds WCAG 2.2 AA missed seriously or critically, with the elements concerned."""
    found = AXE.run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:400]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
