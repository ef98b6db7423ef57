"""Where the embedded server's files are, and the secrets of its home.

As root, PostgreSQL runs as another user, who must reach the data, the socket and the programs. So the files
are in the home when that user gets there, and in a private directory of their own when he does not (a
checkout below /root, say).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import stat
from pathlib import Path

from .os_account import ClusterError, reachable

LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")
AWKWARD = set(",\"'\\\n@")
"""Characters that libpq or postgresql.conf would read as something else in a socket directory."""
# In both, ours is a 0700 directory with a random name, whose owner is checked before each use.
ROOT_PLACES = (Path("/var/lib/customer-register"), Path("/var/tmp/customer-register"))  # noqa: S108
SHORT_PLACE = Path("/tmp")  # noqa: S108 - TMPDIR differs between sessions, the socket's address must not


class Place:
    """The files of one home's server; `account` is the user it runs as, None for ourselves."""

    def __init__(self, home: Path, account: pwd.struct_passwd | None) -> None:
        self.home = home
        self.account = account
        self.directory = self._find_directory()
        self.data = self.directory / "data"
        self.socket_directory = self._find_socket_directory()
        self.password_file = home / "secrets" / "postgres_superuser"

    def _find_directory(self) -> Path:
        inside = self.home / "postgres"
        if self.account is None:
            return inside
        self.home.mkdir(parents=True, exist_ok=True)
        if reachable(self.home, self.account):
            return inside
        if (inside / "data").exists():
            raise ClusterError(
                f"{inside} exists, but user {self.account.pw_name} cannot reach it: chmod o+x its parents."
            )
        for parent in ROOT_PLACES:
            with contextlib.suppress(OSError):
                parent.mkdir(mode=0o755, parents=True, exist_ok=True)
                if reachable(parent, self.account) and parent.stat().st_uid == 0:
                    return parent / self._identity()
        raise ClusterError(
            "PostgreSQL's user can reach no directory for the database; set DATABASE_URL instead."
        )

    def _find_socket_directory(self) -> Path:
        name = "register-" + self._identity()
        inside = self.directory / name
        fits = len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY and not AWKWARD & set(str(inside))
        return inside if fits else SHORT_PLACE / name

    def _identity(self) -> str:
        """A random name of this home, so that no other checkout's directory is ever taken for ours."""
        path = self.home / "postgres.id"
        if not path.is_file():
            self.home.mkdir(parents=True, exist_ok=True)
            write_private(path, secrets.token_hex(6))
        return path.read_text().strip()

    def prepare(self) -> None:
        """Make the two directories; ClusterError when one of them is not private or somebody else's."""
        expected = self.account.pw_uid if self.account else os.getuid()
        for directory in (self.directory, self.socket_directory):
            with contextlib.suppress(FileExistsError):
                directory.mkdir(mode=0o700)
                self.hand_over(directory)
            found = directory.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
                raise ClusterError(
                    f"{directory} must be a directory of mode 0700 that belongs to user {expected}."
                )

    def write(self, path: Path, text: str) -> None:
        """A 0600 file for the server to read."""
        path.unlink(missing_ok=True)
        write_private(path, text)
        self.hand_over(path)

    def hand_over(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def password(self) -> str:
        """The superuser's."""
        if not self.password_file.is_file():
            raise ClusterError(f"{self.password_file} is missing: restore it from your copy of the secrets.")
        return self.password_file.read_text().strip()

    def make_password(self) -> None:
        if not self.password_file.is_file():
            self.password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self.password_file, secrets.token_urlsafe(32))

    def remove(self) -> None:
        for path in (self.socket_directory, self.directory):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.password_file, self.home / "postgres.id"):
            path.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """A 0600 file, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
