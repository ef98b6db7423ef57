"""The register's own PostgreSQL: made on first start, started with the program and stopped with it.

It listens on a unix socket in a 0700 directory only, asks every login for its password (SCRAM), and runs as
another user when the program was started by root, because PostgreSQL refuses root. Who holds the lock
`owner.lock` owns the server and stops it. A process that finds the server running under another holder uses
it and leaves it alone; a server whose holder died is adopted by the next process that starts it.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from .binaries import Binaries, bundled, system_binaries

__all__ = ["Binaries", "Cluster", "ClusterError", "bundled", "system_binaries"]

LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")
AWKWARD = set(",\"'\\\n@")
"""Characters that libpq or postgresql.conf would read as something else in a socket directory."""
ROOT_PLACES = (Path("/var/lib/customer-register"), Path("/var/tmp/customer-register"))
ADMIN = "postgres"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "wal_recycle": "off",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What a statement or an error quotes may be about a person, so the log holds neither.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] %u ",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_file_mode": "0600",
}


class ClusterError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do."""


def quiet(line: str) -> None:
    """Progress that nobody asked for."""


class Cluster:
    """The embedded server of the installation whose files are in `home`.

    `binaries` are other programs than the wheel's; `settings` override postgresql.conf (tests: `{"fsync": "off"}`).
    """

    def __init__(
        self, home: Path, *, binaries: Binaries | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.home = Path(home).absolute()
        self.settings = SETTINGS | dict(settings or {})
        self.account = server_account()
        self._binaries = binaries
        self._place: Path | None = None
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, progress: Callable[[str], None] = quiet) -> None:
        """Run the server; make it first where there is none. Raises ClusterError."""
        self._prepare_place()
        if not self._take_ownership():
            progress("Using the PostgreSQL that another process of this installation runs")
            self._wait(self._accepts, seconds=60, otherwise="the other process did not start PostgreSQL")
            return
        try:
            self._create(progress)
            self._adopt_or_launch(progress)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server if this process owns it, and wait until it has ended."""
        if self._lock is None:
            return
        pid = self._postmaster()
        if pid is not None:
            for how in (signal.SIGINT, signal.SIGQUIT):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
                if self._ended(pid, seconds=30):
                    break
        self._process = None
        self._lock.close()
        self._lock = None

    def running(self) -> bool:
        """Whether a server of this home answers on its socket, whoever started it."""
        return self.exists() and self._accepts()

    def exists(self) -> bool:
        """Whether this home has a database server's data already."""
        return (self.place / "data" / "PG_VERSION").is_file()

    def owned(self) -> bool:
        """Whether this process started (or took over) the server and will stop it."""
        return self._lock is not None

    def remove(self) -> None:
        """Stop the server and delete all its files: for tests and throw-away copies only."""
        self.stop()
        for path in (self.socket_directory, self.place):
            shutil.rmtree(path, ignore_errors=True)
        self._password_file.unlink(missing_ok=True)

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser's URL: for provisioning and backup, never for a web process."""
        return f"postgresql://{ADMIN}:{self._password()}@/{database}?host={quote(str(self.socket_directory), safe='/')}"

    @property
    def place(self) -> Path:
        """Where the server's files are: in the home, or where the server's own user can reach them."""
        if self._place is None:
            self._place = self._find_place()
        return self._place

    @property
    def socket_directory(self) -> Path:
        """The 0700 directory of the socket: stable for a home, short enough for the kernel."""
        name = "register-" + self._identity()
        inside = self.place / name
        fits = len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY and not AWKWARD & set(str(inside))
        return (
            inside if fits else Path("/tmp") / name
        )  # TMPDIR differs between sessions, the address must not

    @property
    def binaries(self) -> Path:
        """The directory of the programs in use (`pg_dump`, `pg_restore` … as well)."""
        return self._programs().folder

    # Where things are

    def _find_place(self) -> Path:
        """As root: the home when the server's user can reach it, else a private directory of this home."""
        inside = self.home / "postgres"
        if self.account is None or (self.home.is_dir() and reachable(self.home, self.account)):
            return inside
        if (inside / "data").exists():
            raise ClusterError(
                f"{inside} exists, but the user {self.account.pw_name} cannot reach it: allow it (chmod o+x)."
            )
        for parent in ROOT_PLACES:
            with contextlib.suppress(OSError):
                parent.mkdir(mode=0o755, parents=True, exist_ok=True)
                if reachable(parent, self.account) and parent.stat().st_uid == 0:
                    return parent / self._identity()
        raise ClusterError(
            "No directory for the database that PostgreSQL's user can reach; set DATABASE_URL instead."
        )

    def _prepare_place(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        for directory in (self.place, self.socket_directory):
            with contextlib.suppress(FileExistsError):
                directory.mkdir(mode=0o700)
                if self.account:
                    os.chown(directory, self.account.pw_uid, self.account.pw_gid)
            found = directory.lstat()
            expected = self.account.pw_uid if self.account else os.getuid()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
                raise ClusterError(
                    f"{directory} must be a directory of mode 0700 that belongs to user {expected}."
                )

    def _identity(self) -> str:
        """A random name of this home, so that no other checkout's directory is ever taken for ours."""
        path = self.home / "postgres.id"
        if not path.is_file():
            self.home.mkdir(parents=True, exist_ok=True)
            write_private(path, secrets.token_hex(6))
        return path.read_text().strip()

    def _programs(self) -> Binaries:
        found = self._binaries or bundled()
        if self.account and not reachable(found.folder / "postgres", self.account):
            return found.copied_to(self.place / f"server-{found.version}")
        return found

    @property
    def _password_file(self) -> Path:
        return self.home / "secrets" / "postgres_superuser"

    def _password(self) -> str:
        if not self._password_file.is_file():
            raise ClusterError(
                f"{self._password_file} is missing: restore it from your backup of the secrets."
            )
        return self._password_file.read_text().strip()

    # First start

    def _create(self, progress: Callable[[str], None]) -> None:
        if self.exists():
            made_by = int((self.place / "data" / "PG_VERSION").read_text())
            if made_by != self._programs().major:
                raise ClusterError(
                    f"The database was made by PostgreSQL {made_by}, the programs are {self._programs().version}: "
                    "restore a backup into a new home, or install the older programs."
                )
            return
        progress("Making the database server (once, takes a few seconds)")
        if not self._password_file.is_file():
            self._password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self._password_file, secrets.token_urlsafe(32))
        unfinished = self.place / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        hint = self.place / "password.new"
        hint.unlink(missing_ok=True)
        write_private(hint, self._password())
        if self.account:
            os.chown(hint, self.account.pw_uid, self.account.pw_gid)
        try:
            self._run(
                "initdb",
                "-D",
                str(unfinished),
                "-U",
                ADMIN,
                "-A",
                "scram-sha-256",
                "-k",
                "-E",
                "UTF8",
                "--pwfile",
                str(hint),
                *self._locale(),
                *(["-N"] if self.settings.get("fsync") == "off" else []),
            )
        finally:
            hint.unlink(missing_ok=True)
        self._write(unfinished / "pg_hba.conf", "local all all scram-sha-256\n")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("include 'register.conf'\n")
        unfinished.rename(self.place / "data")

    def _locale(self) -> list[str]:
        """Code-point order everywhere; letters outside ASCII known where the server can (our sort key does the rest)."""
        if self._programs().major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
        ctype = next((name for name in known if name.lower() in ("c.utf8", "c.utf-8")), "C")
        return ["--locale=C", f"--lc-ctype={ctype}"]

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    # Every start

    def _adopt_or_launch(self, progress: Callable[[str], None]) -> None:
        """Have a server that answers; after a kill -9 the remains of the old one need a moment, so try again."""
        for _attempt in range(40):
            if self._state()[7:8] == ["ready"] and self._accepts():
                progress("Taking over the PostgreSQL that an ended process left running")
            else:
                progress("Starting PostgreSQL")
                self._configure()
                if not self._launch():
                    time.sleep(0.4)
                    continue
            if self._lets_us_in():
                return
        raise ClusterError(
            f"PostgreSQL does not start: see {self.place / 'start.log'} and {self.place / 'log'}"
        )

    def _configure(self) -> None:
        quoted = {name: value.replace("'", "''") for name, value in self.settings.items()}
        quoted["unix_socket_directories"] = '"' + str(self.socket_directory) + '"'
        quoted["log_directory"] = str(self.place / "log").replace("'", "''")
        self._write(
            self.place / "data" / "register.conf", "".join(f"{k} = '{v}'\n" for k, v in quoted.items())
        )

    def _launch(self) -> bool:
        output = self.place / "start.log"
        self._write(output, "")
        with output.open("ab") as file:
            self._process = self._spawn("postgres", "-D", str(self.place / "data"), output=file)
        deadline = time.monotonic() + 120  # a long crash recovery is still a start
        while self._process.poll() is None and time.monotonic() < deadline:
            state = self._state()
            if state[:1] == [str(self._process.pid)] and state[7:8] == ["ready"] and self._accepts():
                return True
            time.sleep(0.01)
        return False

    def _spawn(self, program: str, *arguments: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self.binaries / program), *arguments], cwd=self.place, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, env=SERVER_ENVIRONMENT, preexec_fn=die_with_parent(signal.SIGINT), **as_user(self.account),
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [str(self.binaries / program), *arguments], cwd=self.place, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False, env=SERVER_ENVIRONMENT, **as_user(self.account),
        )  # fmt: skip
        if result.returncode:
            raise ClusterError(f"{program} failed: {(result.stderr or result.stdout).strip()[-600:]}")

    def _lets_us_in(self) -> bool:
        """False when the server we met was just going away."""
        try:
            psycopg.connect(self.admin_url(), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ClusterError(
                    f"The database server refuses the password in {self._password_file}"
                ) from error
            self._process = None
            time.sleep(0.4)
            return False
        return True

    # Looking at a server

    def _take_ownership(self) -> bool:
        if self._lock is not None:
            return True
        file = (self.place / "owner.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._lock = file
        return True

    def _state(self) -> list[str]:
        """The lines of postmaster.pid, which only PostgreSQL itself writes and removes."""
        try:
            return [
                line.strip() for line in (self.place / "data" / "postmaster.pid").read_text().splitlines()
            ]
        except FileNotFoundError:
            return []

    def _postmaster(self) -> int | None:
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        return int(self._state()[0]) if self._state() and self._accepts() else None

    def _accepts(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket_directory / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    def _ended(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                return True
            if self._process is None and self._state()[:1] != [str(pid)]:
                return True
            time.sleep(0.02)
        return False

    def _wait(self, condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise ClusterError(otherwise)
            time.sleep(0.05)


SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def server_account() -> pwd.struct_passwd | None:
    """The user that PostgreSQL runs as when we are root; None when it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ClusterError(
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as."
    )


def as_user(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for subprocess that change to the account."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether the account gets there; asked of the kernel, so that access lists count too."""
    return (
        subprocess.run(["/usr/bin/test", "-x", path], cwd="/", check=False, **as_user(account)).returncode
        == 0
    )


def die_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """Have Linux end the child even when we are killed with -9 (elsewhere the next start adopts it)."""
    if not sys.platform.startswith("linux") or threading.current_thread() is not threading.main_thread():
        return None  # the kernel means the parent thread, which may end long before the process
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(1, int(how), 0, 0, 0)  # PR_SET_PDEATHSIG


def write_private(path: Path, text: str) -> None:
    """A 0600 file, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
