"""The embedded PostgreSQL: real servers in throw-away homes."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from register import embedded_place
from register.embedded import Cluster, ClusterError, bundled
from register.embedded_place import LONGEST_SOCKET_DIRECTORY
from register.os_account import as_user
from tests.cluster import system_programs

ROOT = Path(__file__).resolve().parents[2]
FAST = {"fsync": "off"}
IS_ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
"""What root must do differently. An ordinary user has no such case: his whole suite runs on a server run as himself."""


@pytest.fixture
def room() -> Iterator[Path]:
    """A directory that every user may enter (pytest's own is private to its user)."""
    path = Path(tempfile.mkdtemp(prefix="register-room-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cluster(room: Path) -> Iterator[Cluster]:
    cluster = Cluster(room / "a home" / "var", settings=FAST)
    yield cluster
    cluster.remove()


def answer(cluster: Cluster, query: str) -> object:
    with psycopg.connect(cluster.admin_url()) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def test_a_cluster_is_made_started_used_stopped_and_quickly_started_again(cluster: Cluster) -> None:
    lines: list[str] = []
    cluster.start(lines.append)
    assert lines == ["Making the database server (once, takes a few seconds)", "Starting PostgreSQL"]
    assert cluster.running()
    assert cluster.owned()
    with psycopg.connect(cluster.admin_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Ääkkönen' AS word")
    cluster.stop()
    assert not cluster.running()
    assert not cluster.owned()

    began = time.monotonic()
    cluster.start()
    assert time.monotonic() - began < 1
    assert answer(cluster, "SELECT lower(word) FROM kept") == "ääkkönen"


def test_it_has_checksums_utf8_no_tcp_and_a_log_without_statements(cluster: Cluster) -> None:
    cluster.start()
    for name, value in {
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "listen_addresses": "",
        "password_encryption": "scram-sha-256",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_min_messages": "log",
        "wal_recycle": "off",
    }.items():
        assert answer(cluster, f"SELECT current_setting('{name}')") == value, name
    with psycopg.connect(cluster.admin_url()) as connection, pytest.raises(psycopg.errors.UndefinedColumn):
        connection.execute("SELECT canary_4711")
    logs = [path.read_text() for path in (cluster.place.directory / "log").iterdir()]
    assert any("ready to accept connections" in text for text in logs)
    assert not any("canary_4711" in text for text in logs)


def test_every_login_needs_its_password(cluster: Cluster) -> None:
    cluster.start()
    assert answer(cluster, "SELECT 1") == 1
    wrong = cluster.admin_url().replace(cluster.place.password(), "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    without = cluster.admin_url().replace(":" + cluster.place.password(), "")
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(without)
    rules = (cluster.place.data / "pg_hba.conf").read_text().split()
    assert rules == ["local", "all", "all", "scram-sha-256"]


def test_password_and_directories_are_private(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.place.password_file.stat().st_mode & 0o777 == 0o600
    assert cluster.place.password_file.stat().st_uid == os.getuid()
    assert len(cluster.place.password()) >= 40
    assert cluster.place.directory.stat().st_mode & 0o777 == 0o700
    assert cluster.socket_directory.stat().st_mode & 0o777 == 0o700


def test_it_starts_again_after_the_server_was_killed(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.admin_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(int((cluster.place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    cluster.start()
    assert answer(cluster, "SELECT one FROM kept") == 1


HOLDER = """
import sys, time
from pathlib import Path
from register.embedded import Cluster
cluster = Cluster(Path(sys.argv[1]), settings={"fsync": "off"})
cluster.start()
print("ready", flush=True)
sys.stdin.readline()
cluster.stop()
"""


def holder(home: Path) -> subprocess.Popen[str]:
    """Another process that runs the server of `home` until a line arrives."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, home],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_it_starts_again_after_its_program_was_killed_and_is_then_ours_to_stop(cluster: Cluster) -> None:
    process = holder(cluster.home)
    assert cluster.running()
    process.kill()
    process.communicate()
    cluster.start()
    assert cluster.owned()
    assert answer(cluster, "SELECT 1") == 1
    cluster.stop()
    assert not cluster.running()


def test_a_server_that_another_process_runs_is_used_and_left_running(cluster: Cluster) -> None:
    process = holder(cluster.home)
    cluster.start()
    assert not cluster.owned()
    assert answer(cluster, "SELECT 1") == 1
    cluster.stop()
    assert cluster.running()
    process.communicate("end\n")
    assert process.returncode == 0
    assert not cluster.running()


def test_the_last_of_those_who_share_a_server_stops_it(room: Path) -> None:
    first, second = (Cluster(room / "var", settings=FAST, shared=True) for _ in range(2))
    try:
        first.start()
        second.start()
        first.stop()
        assert second.running()
        assert answer(second, "SELECT 1") == 1
        second.stop()
        assert not second.running()
    finally:
        second.remove()


def test_a_path_too_long_for_a_socket_gets_a_short_private_directory(room: Path) -> None:
    home = room / ("a rather long name, with a comma " * 3) / "var"
    cluster = Cluster(home, settings=FAST)
    try:
        cluster.start()
        assert len(os.fsencode(cluster.socket_directory)) <= LONGEST_SOCKET_DIRECTORY
        assert home not in cluster.socket_directory.parents
        assert cluster.socket_directory.stat().st_mode & 0o777 == 0o700
        assert Cluster(home).socket_directory == cluster.socket_directory
        assert answer(cluster, "SELECT 1") == 1
    finally:
        cluster.remove()
    assert not cluster.socket_directory.exists()


def test_a_foreign_directory_in_the_place_of_the_socket_is_refused(cluster: Cluster) -> None:
    cluster.place.prepare()
    cluster.socket_directory.chmod(0o777)
    with pytest.raises(ClusterError, match="must be a directory of mode 0700"):
        cluster.start()


def test_data_of_another_major_version_is_refused_with_what_to_do(cluster: Cluster) -> None:
    cluster.place.prepare()
    cluster.place.data.mkdir()
    (cluster.place.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(ClusterError, match=r"made by PostgreSQL 14.*restore a backup"):
        cluster.start()


@root_only
def test_as_root_the_server_runs_as_another_user(cluster: Cluster) -> None:
    cluster.start()
    pid = (cluster.place.data / "postmaster.pid").read_text().split()[0]
    uid = int(
        next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("Uid")).split()[
            1
        ]
    )
    assert uid == (cluster.account and cluster.account.pw_uid)
    assert uid != 0


@root_only
def test_as_root_a_home_and_programs_that_the_server_cannot_reach_move_to_where_it_can(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_place, "ROOT_PLACES", (room / "lib",))
    private = room / "private"
    private.mkdir(mode=0o700)
    tree = bundled().copied_to(private / "wheel")
    hidden = type(tree)(tree.folder, tree.version, tuple(sorted((private / "wheel").iterdir())))
    cluster = Cluster(private / "checkout" / "var", settings=FAST, binaries=hidden)
    try:
        cluster.start()
        assert cluster.place.directory.parent == room / "lib"
        assert private not in cluster.binaries.parents
        assert answer(cluster, "SELECT 1") == 1
        assert Cluster(private / "checkout" / "var").socket_directory == cluster.socket_directory
        assert Cluster(private / "other" / "var").socket_directory != cluster.socket_directory
    finally:
        cluster.remove()


@root_only
def test_an_ordinary_user_runs_it_as_himself(room: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    programs = bundled().copied_to(room / "server")
    (room / "his").mkdir()
    os.chown(room / "his", nobody.pw_uid, nobody.pw_gid)

    def run() -> None:
        cluster = Cluster(room / "his" / "var", settings=FAST, binaries=programs)
        assert cluster.account is None
        cluster.start()
        assert answer(cluster, "SELECT current_user") == "postgres"
        assert (cluster.place.data / "PG_VERSION").stat().st_uid == nobody.pw_uid
        cluster.stop()
        assert not cluster.running()

    assert in_child(run, nobody) == ""
    assert (room / "his" / "var" / "postgres" / "data" / "PG_VERSION").read_text() == "18\n"


def in_child(what: Callable[[], None], account: pwd.struct_passwd) -> str:
    """Run it as the account in a fork, as he may not reach our Python; the traceback, or nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        error = ""
        try:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            what()
        except BaseException:  # noqa: BLE001 - told to the parent
            error = traceback.format_exc()
        os.write(writer, error.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        error = file.read()
    os.waitpid(child, 0)
    return error


def test_the_same_class_runs_the_systems_postgresql(room: Path) -> None:
    programs = system_programs()
    cluster = Cluster(room / "var", settings=FAST, binaries=programs)
    try:
        cluster.start()
        assert answer(cluster, "SELECT current_setting('server_version_num')::int / 10000") == programs.major
        assert answer(cluster, "SELECT lower('ÅÄÖ')") == "åäö"
    finally:
        cluster.remove()


def test_without_root_no_user_is_changed() -> None:
    assert as_user(None) == {}
