"""The programs of the register as `manage.py run` starts them, over the database of this test process."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from register import keys, launch


@dataclass(frozen=True)
class Site:
    """The register in the browser's eyes: its address, and the folder into which its mails go."""

    url: str
    mails: Path

    def newest_mail(self, to: str, *, after: int = 0) -> str:
        """The body of the next mail to somebody, once the worker has sent it; `after` so many earlier ones."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = self.mail_to(to)
            if len(found) > after:
                return found[after]
            time.sleep(0.1)
        raise AssertionError(
            f"the worker sent {len(self.mail_to(to))} mails, more than {after} were expected"
        )

    def mail_to(self, address: str) -> list[str]:
        """The bodies of all mails to an address so far, oldest first."""
        found = []
        for path in sorted(self.mails.glob("*"), key=lambda path: path.stat().st_mtime_ns):
            for part in re.split(rb"^-{79}\n", path.read_bytes(), flags=re.MULTILINE):
                mail = message_from_bytes(part.lstrip(b"\n"), policy=policy.default)
                if mail["To"] == address:
                    body = mail.get_body(("plain",))
                    found.append(str(body.get_content()) if body else "")
        return found


@contextmanager
def served(home: Path) -> Iterator[Site]:
    """The web server on a free port, by the command of `manage.py run`, until the block ends."""
    mails = home / "mails"
    mails.mkdir()
    listener = launch.listen(18000 + os.getpid() % 2000)
    site = Site(f"http://localhost:{listener.getsockname()[1]}", mails)
    with surroundings(home, site):
        server = launch.web(listener)
    server.start()
    try:
        launch.wait_for_web(listener, server)
        yield site
    finally:
        launch.stop([server])
        listener.close()


@contextmanager
def worked(home: Path, site: Site) -> Iterator[None]:
    """The background worker, until the block ends."""
    with surroundings(home, site):
        worker = launch.worker()
    worker.start()
    try:
        yield
    finally:
        launch.stop([worker])


@contextmanager
def surroundings(home: Path, site: Site) -> Iterator[None]:
    """The environment from which the launcher takes what its children may know."""
    given = {name: keys.read(name) or "" for name in keys.KEYS}
    given |= {f"database_{alias}": own_database(alias) for alias in keys.ALIASES}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(keys.variable(name), value)
        patch.setenv("REGISTER_HOME", str(home))
        patch.setenv("REGISTER_URL", site.url)
        patch.setenv("REGISTER_SMTP_URL", f"filemail:///{site.mails}")
        patch.delenv("REGISTER_EMAIL_BACKEND")
        yield


def own_database(alias: str) -> str:
    """The URL of a login for the database of this test process."""
    url = keys.read(f"database_{alias}")
    assert url is not None
    return urlunsplit(urlsplit(url)._replace(path="/" + os.environ["REGISTER_TEST_DATABASE"]))
