"""The register's own PostgreSQL: made on first start, started with the program and stopped with it.

It listens on a unix socket in a 0700 directory only, asks every login for its password (SCRAM), and runs as
another user when the program was started by root, because PostgreSQL refuses root.

Who stops it: the process that holds `owner.lock`, normally the one that started it. A process that finds the
server running under another holder uses it and leaves it alone; a server whose holder died is adopted by the
next one that starts it. With `shared=True` (test runs side by side) the last process to leave stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from .binaries import Binaries, bundled, system_binaries
from .embedded_place import Place
from .os_account import SERVER_ENVIRONMENT, ClusterError, as_user, die_with_parent, reachable, server_account

__all__ = ["Binaries", "Cluster", "ClusterError", "bundled", "system_binaries"]

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


def quiet(line: str) -> None:
    """Progress that nobody asked for."""


class Cluster:
    """The embedded server of the installation whose files are in `home`.

    `binaries` are other programs than the wheel's; `settings` override postgresql.conf (tests: fsync off);
    `shared` lets the server outlive the process that started it for as long as others use it.
    """

    def __init__(
        self,
        home: Path,
        *,
        binaries: Binaries | None = None,
        settings: Mapping[str, str] | None = None,
        shared: bool = False,
    ) -> None:
        self.home = Path(home).absolute()
        self.settings = SETTINGS | dict(settings or {})
        self.account = server_account()
        self.place = Place(self.home, self.account)
        self.shared = shared
        self._given = binaries
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, progress: Callable[[str], None] = quiet) -> None:
        """Run the server; make it first where there is none. Raises ClusterError."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.place.prepare()
        if not self._take_ownership():
            progress("Using the PostgreSQL that another process of this register runs")
            self._wait_for_other()
            return
        try:
            with (self.place.directory / "starting.lock").open("w") as one_at_a_time:
                fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
                self._create(progress)
                self._adopt_or_launch(progress)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server if this process owns it (or is the last to share it); wait until it has ended."""
        if self._lock is None:
            return
        if self.shared and not self._last_user():
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
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket_directory / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    def exists(self) -> bool:
        """Whether this home has a database server's data already."""
        return (self.place.data / "PG_VERSION").is_file()

    def owned(self) -> bool:
        """Whether this process started (or took over) the server and will stop it."""
        return self._lock is not None

    def remove(self) -> None:
        """Stop the server and delete all its files: for tests and throw-away copies only."""
        self.stop()
        self.place.remove()

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser's URL: for provisioning and backup, never for a web process."""
        host = quote(str(self.socket_directory), safe="/")
        return f"postgresql://{ADMIN}:{self.place.password()}@/{database}?host={host}"

    @property
    def socket_directory(self) -> Path:
        """The 0700 directory of the socket: stable for a home, short enough for the kernel."""
        return self.place.socket_directory

    @property
    def binaries(self) -> Path:
        """The directory of the programs in use (`pg_dump`, `pg_restore` … as well)."""
        return self._programs().folder

    def _programs(self) -> Binaries:
        found = self._given or bundled()
        if self.account and not reachable(found.folder / "postgres", self.account):
            return found.copied_to(self.place.directory / f"server-{found.version}")
        return found

    # First start

    def _create(self, progress: Callable[[str], None]) -> None:
        if self.exists():
            self._check_version()
            return
        progress("Making the database server (once, takes a few seconds)")
        self.place.make_password()
        unfinished = self.place.directory / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        hint = self.place.directory / "password.new"
        self.place.write(hint, self.place.password())
        careless = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        try:
            self._run("initdb", "-D", str(unfinished), "-U", ADMIN, "-A", "scram-sha-256", "-k", "-E", "UTF8",
                      "--pwfile", str(hint), *self._locale(), *careless)  # fmt: skip
        finally:
            hint.unlink(missing_ok=True)
        self.place.write(unfinished / "pg_hba.conf", "local all all scram-sha-256")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("include 'register.conf'\n")
        unfinished.rename(self.place.data)

    def _check_version(self) -> None:
        made_by = int((self.place.data / "PG_VERSION").read_text())
        programs = self._programs()
        if made_by != programs.major:
            raise ClusterError(
                f"The database was made by PostgreSQL {made_by}, the programs are {programs.version}: "
                "restore a backup into a new home, or install the older programs."
            )

    def _locale(self) -> list[str]:
        """Code-point order everywhere; Ä known as a letter where possible (the sort key does the rest)."""
        if self._programs().major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
        ctype = next((name for name in known if name.lower() in ("c.utf8", "c.utf-8")), "C")
        return ["--locale=C", f"--lc-ctype={ctype}"]

    # Every start

    def _adopt_or_launch(self, progress: Callable[[str], None]) -> None:
        """Have a server that answers; after a kill -9 the remains of the old one need a moment: try again."""
        progress("Starting PostgreSQL")
        for _attempt in range(40):
            if self._state()[7:8] == ["ready"] and self.running():
                progress("It is running already")
            else:
                self._configure()
                if not self._launch():
                    time.sleep(0.4)
                    continue
            if self._lets_us_in():
                return
        raise ClusterError(f"PostgreSQL does not start: see start.log and log in {self.place.directory}")

    def _configure(self) -> None:
        lines = [f"{name} = {quoted(value)}" for name, value in self.settings.items()]
        lines.append(f"unix_socket_directories = {quoted(chr(34) + str(self.socket_directory) + chr(34))}")
        lines.append(f"log_directory = {quoted(str(self.place.directory / 'log'))}")
        self.place.write(self.place.data / "register.conf", "\n".join(lines))

    def _launch(self) -> bool:
        output = self.place.directory / "start.log"
        self.place.write(output, "")
        with output.open("ab") as file:
            self._process = self._spawn("postgres", "-D", str(self.place.data), output=file)
        deadline = time.monotonic() + 120  # a long crash recovery is still a start
        while self._process.poll() is None and time.monotonic() < deadline:
            state = self._state()
            if state[:1] == [str(self._process.pid)] and state[7:8] == ["ready"] and self.running():
                return True
            time.sleep(0.01)
        return False

    def _spawn(self, program: str, *arguments: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self.binaries / program), *arguments],
            cwd=self.place.directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=SERVER_ENVIRONMENT,
            preexec_fn=None if self.shared else die_with_parent(signal.SIGINT),
            **as_user(self.account),
        )

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.place.directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=SERVER_ENVIRONMENT,
            **as_user(self.account),
        )
        if result.returncode:
            raise ClusterError(f"{program} failed: {(result.stderr or result.stdout).strip()[-600:]}")

    def _lets_us_in(self) -> bool:
        """False when the server we met was just going away."""
        try:
            psycopg.connect(self.admin_url(), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ClusterError(
                    f"The database server refuses the password in {self.place.password_file}"
                ) from error
            self._process = None
            time.sleep(0.4)
            return False
        return True

    # Looking at a server

    def _take_ownership(self) -> bool:
        if self._lock is not None:
            return True
        if self.shared:
            self._lock = (self.place.directory / "users.lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_SH)
            return True
        file = (self.place.directory / "owner.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._lock = file
        return True

    def _last_user(self) -> bool:
        """Whether nobody else shares the server; otherwise we have left it."""
        assert self._lock is not None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            return False
        return True

    def _state(self) -> list[str]:
        """The lines of postmaster.pid, which only PostgreSQL itself writes and removes."""
        try:
            return [line.strip() for line in (self.place.data / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _postmaster(self) -> int | None:
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        state = self._state()
        return int(state[0]) if state and self.running() else None

    def _ended(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                return True
            if self._process is None and self._state()[:1] != [str(pid)]:
                return True
            time.sleep(0.02)
        return False

    def _wait_for_other(self) -> None:
        deadline = time.monotonic() + 60
        while not self.running():
            if time.monotonic() > deadline:
                raise ClusterError(
                    "Another process of this register holds the database but does not start it."
                )
            time.sleep(0.05)


def quoted(value: str) -> str:
    """As postgresql.conf wants it."""
    return "'" + value.replace("'", "''") + "'"
