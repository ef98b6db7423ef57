"""`run`, `demo` and `provision`: everything that happens before Django has its settings.

The launcher makes the missing keys, starts the embedded PostgreSQL (unless the register lives on another
server), provisions it once, lets `manage.py prepare` bring the schema up to date, and then keeps the web
server and the background worker alive until Ctrl-C. Each child gets only the logins it needs: never the
migrator's and never the administrator's.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from . import keys, logins, preparation, provision
from .embedded import Cluster, ClusterError
from .keys import WEB, WORKER
from .os_account import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

PASSED_ON = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "CREDENTIALS_DIRECTORY",
    "SSL_CERT_FILE",
)
PASSED_ON_PREFIXES = ("REGISTER_", "EMAIL_", "DJANGO_", "LC_", "PYTHON")


class LaunchError(Exception):
    """The register cannot start; the text says what to do."""


class Stop(BaseException):
    """Somebody asked us to end (Ctrl-C, SIGTERM, a closed terminal)."""


def main(arguments: list[str], demo_shown: Callable[[], bool] | None = None) -> int:
    """`manage.py run|demo|provision …`; returns the exit status.

    `demo_shown` prints who can sign in to the demo; False when its company must be made or renewed first.
    """
    parser = argparse.ArgumentParser(prog="manage.py")
    commands = parser.add_subparsers(dest="command", required=True)
    add_run_arguments(commands.add_parser("run", help="run this register on localhost"))
    add_run_arguments(commands.add_parser("demo", help="run a made-up company to try things on"))
    logins.add_arguments(commands.add_parser("provision", help="make the database logins on a server"))
    options = parser.parse_args(arguments)
    try:
        if options.command == "provision":
            logins.provision_server(options, say)
        else:
            serve(demo=options.command == "demo", port=options.port, demo_shown=demo_shown)
    except (LaunchError, ClusterError, provision.ProvisioningError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    port = int(os.environ.get("PORT") or 8000)
    parser.add_argument("--port", type=int, default=port, help="first port to try (default: $PORT or 8000)")


# Serving


def serve(*, demo: bool, port: int, demo_shown: Callable[[], bool] | None = None) -> None:
    """Run the register until told to stop, and leave nothing running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    started = time.monotonic()
    if os.geteuid() == 0:
        say("Running as root: fine for a trial, for real use give the register a user of its own")
    try:
        if demo:
            choose_demo()
        with database(say, alone=True) as cluster:
            address = listen(port)
            place = f"http://localhost:{address.getsockname()[1]}"
            os.environ.setdefault("REGISTER_URL", place)
            prepare((demo_shown or _never) if demo else _always)
            children = [web(address), worker()]
            try:
                children[0].start()
                wait_for_web(address, children[0])
                children[1].start()  # only now: it would take the processor from what somebody waits for
                say(f"Ready after {time.monotonic() - started:.1f} s: {place}  (Ctrl-C stops everything)")
                supervise(children, cluster)
            finally:
                stop(children)
    except Stop:
        pass
    say("Stopped")


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave something behind
    raise Stop


def _always() -> bool:
    return True


def _never() -> bool:
    return False


def say(line: str) -> None:
    print(f"· {line}", flush=True)


def choose_demo() -> None:
    """The demo has a home of its own below the real one, and never a database somebody pointed us to."""
    os.environ["REGISTER_HOME"] = str(keys.home() / "demo")
    os.environ["REGISTER_DEMO"] = "1"
    for name in (*keys.KEYS, *(f"database_{alias}" for alias in keys.ALIASES)):
        os.environ.pop(keys.variable(name), None)
    keys.mark_made_up()


@contextmanager
def database(progress: Callable[[str], None] = say, *, alone: bool = False) -> Iterator[Cluster | None]:
    """Have the database running inside the block; the embedded one is made, started and stopped as needed.

    `alone` refuses to share the embedded server with another running launcher.
    """
    if made := keys.create_missing():
        progress(f"Made {len(made)} secret keys in {keys.home() / 'secrets'}: keep a copy of that directory")
    cluster = Cluster(keys.home())
    if not logins.is_embedded(cluster):
        _require_all_urls()
        yield None
        return
    cluster.start(progress)
    try:
        if alone and not cluster.owned():
            raise LaunchError(f"This register is running already (home: {keys.home()}): stop that one first.")
        logins.provision_embedded(cluster, progress)
        yield cluster
    finally:
        cluster.stop()


def _require_all_urls() -> None:
    if missing := keys.missing_logins(keys.ALIASES):
        raise LaunchError(
            f"No database URL for {', '.join(map(keys.variable, missing))}.\n"
            "Make all logins with `manage.py provision --admin-url …`."
        )


def listen(port: int) -> socket.socket:
    """A socket on the first free port, which the web server inherits: nobody can take it in between."""
    for candidate in range(port, port + 100):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
        except OSError:
            listener.close()
            continue
        listener.listen(1024)
        if candidate != port:
            say(f"Port {port} is in use; taking {candidate}")
        return listener
    raise LaunchError(f"No free port from {port} on: choose another with PORT=…")


def prepare(shown: Callable[[], bool]) -> None:
    """Schema, grants and, in the demo, the company: by one Django process, unless nothing changed.

    `shown` prints what people need to know; False when it has to be made first.
    """
    if preparation.is_done() and shown():
        return
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "prepare"],
        cwd=ROOT,
        env=environment(keys.ALIASES),
        preexec_fn=die_with_parent(signal.SIGTERM),
        start_new_session=True,
    )
    try:
        status = child.wait()
    except BaseException:
        _end(child, seconds=10)
        raise
    if status:
        raise LaunchError("The database could not be prepared: the lines above say why.")


def environment(aliases: tuple[str, ...], source: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child may know: no other login's URL, no PGPASSWORD, nothing else that it does not need."""
    source = os.environ if source is None else source
    kept = {k: v for k, v in source.items() if k in PASSED_ON or k.startswith(PASSED_ON_PREFIXES)}
    for name in (keys.variable(f"database_{alias}") for alias in aliases):
        if name in source:
            kept[name] = source[name]
    return kept | {"REGISTER_AUDIENCES": ",".join(aliases), "DJANGO_SETTINGS_MODULE": "config.settings"}


# Children


@dataclass
class Child:
    """A program that must be alive as long as the launcher is."""

    name: str
    command: list[str]
    env: dict[str, str]
    files: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.env, pass_fds=self.files, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),
        )  # fmt: skip

    def look_after(self) -> None:
        """Start it again when it has died: at once the first time, then after 1, 2, 4 … 30 seconds."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.failures = 0 if now - self.began > 60 else self.failures + 1
            delay = min(30, 2 ** (self.failures - 2)) if self.failures > 1 else 0
            say(
                f"The {self.name} ended ({self.process.returncode}); starting it again"
                + (f" in {delay} s" if delay else "")
            )
            self.again_at, self.process = now + delay, None
        if self.process is None and now >= self.again_at:
            self.start()


def web(listener: socket.socket) -> Child:
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}",
        "--workers", "2", "--worker-class", "register.serving.Worker", "--threads", "4", "--preload",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    return Child("web server", command, environment(WEB), (listener.fileno(),))


def worker() -> Child:
    return Child("worker", [sys.executable, str(ROOT / "manage.py"), "worker"], environment(WORKER))


def wait_for_web(listener: socket.socket, child: Child) -> None:
    """Until the web server answers a request, whatever the answer."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if child.process is not None and child.process.poll() is not None:
            raise LaunchError("The web server does not start: the lines above say why.")
        try:
            with socket.create_connection(listener.getsockname(), timeout=5) as client:
                client.sendall(b"GET /robots.txt HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if client.recv(1):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise LaunchError("The web server does not answer.")


def supervise(children: list[Child], cluster: Cluster | None) -> None:
    """Until Stop is raised: start again what died, the embedded server too."""
    while True:
        time.sleep(0.5)
        if cluster is not None and not cluster.running():
            say("PostgreSQL ended; starting it again")
            cluster.start(say)
        for child in children:
            child.look_after()


def stop(children: list[Child]) -> None:
    """Ask all to end at once, and wait for each."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        _end(process, seconds=15)


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
