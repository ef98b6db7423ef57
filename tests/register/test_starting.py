"""A start as a person makes it, with `manage.py demo` and `manage.py run`, from nothing to the last process gone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from register.embedded import Cluster
from tests.hostile import forms_in_pages

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0
"""A second start takes less."""
TICKS = os.sysconf("SC_CLK_TCK")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
"""What a start leaves running is known from /proc alone. Linux is what the register runs on, and what CI is."""


class Running:
    """`manage.py demo` or `manage.py run` in a process of its own, on a port that is free."""

    def __init__(self, command: str, home: Path) -> None:
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("REGISTER_", "DATABASE_", "PYTEST_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", command, "--port", "0"],
            cwd=ROOT,
            env=environment | {"REGISTER_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.children: set[int] = set()
        self.idle_before = idle_seconds()

    def wait_for(self, words: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError("It ended with: " + "".join(self.lines[-20:]))

    def wait_until_ready(self) -> float:
        """Until it serves; returns how long that took.

        By its own word; but where others kept the machine busy all the while, the processor's time counts.
        """
        found = re.search(r"Ready after ([\d.]+) s: (http://localhost:\d+) ", self.wait_for("Ready after"))
        assert found is not None
        seconds, self.url = float(found[1]), found[2]
        busy = idle_seconds() - self.idle_before < 0.2 * seconds
        self.children = descendants(self.process.pid)
        assert len(self.children) >= 5  # PostgreSQL and its helpers, gunicorn and its workers, the worker
        return sum(map(used_seconds, {self.process.pid} | self.children)) if busy else seconds

    def told(self, what: str) -> list[str]:
        """The words after the line's title, of what it printed for people."""
        line = next(line for line in self.lines if line.strip().startswith(what))
        return line.strip().removeprefix(what).split()

    def end(self, how: signal.Signals) -> str:
        """End it, and see that nothing it started is left; returns what it said meanwhile."""
        self.process.send_signal(how)
        said = self.process.communicate(timeout=40)[0]
        assert still_alive(self.children) == set()
        return said


def idle_seconds() -> float:
    """How long the machine's processors have had nothing to do, all together."""
    return sum(map(int, Path("/proc/stat").read_text().split()[4:6])) / TICKS


def used_seconds(pid: int) -> float:
    """The processor's time that a process and its ended children have used."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / TICKS


def descendants(pid: int) -> set[int]:
    """Process ids of all children, theirs too."""
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child} | descendants(child)
    return found


def still_alive(pids: set[int]) -> set[int]:
    """Those that run after a while (a zombie has ended; only its parent has not asked yet)."""
    deadline = time.monotonic() + 20
    while (left := {pid for pid in pids if runs(pid)}) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def environment_of(pid: int) -> bytes:
    """What a process was started with; nothing when it has just ended (PostgreSQL's helpers come and go)."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def secret_of(home: Path, name: str) -> str:
    return (home / "secrets" / name).read_text().strip()


class Starts:
    """Starts of one home; whatever still runs is ended after the test."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.all: list[Running] = []

    def start(self, command: str) -> Running:
        self.all.append(Running(command, self.home))
        return self.all[-1]


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    starts = Starts(tmp_path / "var")
    yield starts
    for each in starts.all:
        if each.process.poll() is None:
            each.process.terminate()
            each.process.communicate(timeout=40)
    for home in (starts.home, starts.home / "demo"):
        if home.is_dir():
            Cluster(home).remove()


class Browser:
    """Somebody who keeps cookies and follows redirects."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, url: str, sent: list[tuple[str, str]] | None = None) -> tuple[str, str]:
        """The address at which one arrives, and the page there."""
        with self._opener.open(url, data=None if sent is None else urlencode(sent).encode()) as answer:
            return answer.url, answer.read().decode()

    def sign_in(self, site: str, email: str, password: str) -> tuple[str, str]:
        _url, page = self.open(site + "/accounts/login/")
        form = next(
            form for form in forms_in_pages.read(page, "/accounts/login/") if "password" in form.typed
        )
        return self.open(site + form.action, form.sent(login=email, password=password))


def both_links_open(running: Running) -> None:
    [stop], [own] = running.told("a customer stops mailings"), running.told("a customer opens his own data")
    assert stop.startswith(running.url + "/u/")
    assert own.startswith(running.url + "/my/")
    assert '<form method="post"' in Browser().open(stop)[1]
    assert "Väinö Öhman-Ääkkönen" in Browser().open(own)[1]


def nobody_knows_more_than_his_own_logins(running: Running, home: Path) -> None:
    migrator = secret_of(home, "database_migrate")
    known = {child: environment_of(child) for child in running.children}
    assert any(b"REGISTER_AUDIENCES=default,owner,billing,link,audit" in text for text in known.values())
    assert any(b"REGISTER_AUDIENCES=worker,audit,default" in text for text in known.values())
    for secret in (secret_of(home, "postgres_superuser"), migrator, migrator.split(":")[2].split("@")[0]):
        assert len(secret) > 40
        assert not any(secret.encode() in text for text in known.values())


def test_the_demo_starts_from_nothing_lets_people_in_and_starts_again_in_five_seconds(starts: Starts) -> None:
    first = starts.start("demo")
    first.wait_until_ready()
    assert any("Making the demo company" in line for line in first.lines)  # it tells what it does meanwhile
    for who, door in (("register owner", "/register/"), ("billing person", "/billing/")):
        email, password = first.told(who)
        url, page = Browser().sign_in(first.url, email, password)
        assert url.startswith(first.url + door)
        assert "Muotoilutoimisto Tuuli Oy" in page
    both_links_open(first)
    said = first.end(signal.SIGINT)
    assert first.process.returncode == 0
    assert said.rstrip().endswith("Stopped")

    best = SECONDS
    for _attempt in range(3):  # the machine may be busy with other things: the best counts
        again = starts.start("demo")
        best = min(best, again.wait_until_ready())
        assert not any("Making" in line for line in again.lines)
        if best < SECONDS:
            break
        again.end(signal.SIGINT)
    assert best < SECONDS
    assert again.url != first.url
    both_links_open(again)
    again.end(signal.SIGINT)


def test_an_empty_register_says_how_to_begin_and_leaves_nothing_behind_even_when_killed(
    starts: Starts,
) -> None:
    first = starts.start("run")
    first.wait_until_ready()
    assert any("Making the database logins" in line for line in first.lines)
    nobody_knows_more_than_his_own_logins(first, starts.home)
    setup = next(line.strip() for line in first.lines if "/setup/" in line)
    assert setup.startswith(first.url)
    assert "register owner, who sees everything" in Browser().open(setup + "?lang=en")[1]
    with pytest.raises(HTTPError) as answer:
        Browser().open(first.url + "/there-is-no-such-page")
    assert answer.value.code == 404

    refused = starts.start("run")
    refused.wait_for("running already")
    assert refused.process.wait(20) == 1
    first.end(signal.SIGKILL)

    second = starts.start("run")
    second.wait_until_ready()
    assert not any("Making" in line for line in second.lines)
    assert any("/setup/" in line for line in second.lines)
    second.end(signal.SIGINT)
