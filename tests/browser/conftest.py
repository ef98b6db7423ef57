"""Chromium, the running register, and its visitors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from register.models import User
from register.roles import Role
from tests.browser import running
from tests.browser.running import Site
from tests.browser.visitors import DESKTOP, PHONE, Visitors
from tests.conftest import PASSWORD

QUIET = (
    "--no-sandbox",  # Chromium's own sandbox does not start for root, as whom CI may run
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


def chromium_path() -> str:
    """The system's Chromium. Without one the tests are skipped, and on CI they fail.

    The quick start promises the tests to machines on which nobody may install a browser; so the reason is loud.
    """
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return found
    reason = (
        "NO BROWSER: install Chromium (Debian: apt-get install chromium) to test what people see and press"
    )
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for all journeys; each visitor has a profile of his own."""
    path = chromium_path()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, from which Django would refuse its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the running register's own files."""
    return tmp_path_factory.mktemp("register")


@pytest.fixture(scope="package")
def site(django_db_setup: None, chromium: Browser, home: Path) -> Iterator[Site]:
    """The running register."""
    with running.served(home) as site:
        yield site


@pytest.fixture
def worker(site: Site, home: Path, database: None) -> Iterator[None]:
    """The background worker beside it, for the journeys that wait for its work."""
    for mail in site.mails.iterdir():
        mail.unlink()
    with running.worked(home, site):
        yield


@pytest.fixture
def visitors(chromium: Browser, site: Site, database: None) -> Iterator[Visitors]:
    """Browsers as people have them; at the end none of them may have complained in its console."""
    visitors = Visitors(chromium, site.url)
    yield visitors
    visitors.leave()
    assert visitors.complaints == []


@pytest.fixture
def desktop(visitors: Visitors) -> Page:
    """Somebody at a desk."""
    return visitors.arrive(DESKTOP)


@pytest.fixture
def phone(visitors: Visitors) -> Page:
    """Somebody with a telephone."""
    return visitors.arrive(PHONE)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def customer(request: Any, visitors: Visitors) -> Page:
    """A customer's browser: each journey is made at a desk and on a telephone."""
    return visitors.arrive(request.param)


@pytest.fixture
def owner(database: None) -> User:
    """The register owner, who speaks English and can sign in."""
    return member("owner@example.fi", "Olga Omistaja", Role.OWNER)


@pytest.fixture
def biller(database: None) -> User:
    """The billing person, likewise."""
    return member("biller@example.fi", "Lasse Laskuttaja", Role.BILLING)


@pytest.fixture
def at_work(visitors: Visitors) -> Callable[..., Page]:
    """A browser in which a member of the staff is signed in already: `at_work(owner)`."""

    def sit_down(user: User, size: Any = DESKTOP, **options: Any) -> Page:
        page = visitors.arrive(size, **options)
        visitors.signed_in(page, user)
        return page

    return sit_down


def member(email: str, name: str, role: str) -> User:
    return User.objects.create_user(email, role=role, password=PASSWORD, name=name, language="en")
