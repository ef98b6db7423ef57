"""The servers that are measured: started as the launcher starts them, how soon they answer, what memory they hold."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.bench.wire import Browser
from register import keys, launch


@contextmanager
def served(application: str, environment: dict[str, str], *, workers: int = 2) -> Iterator[tuple[int, Any]]:
    """gunicorn as the launcher starts it, on a free port; the port and the process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{listener.fileno()}",
                "--workers", str(workers), "--worker-class", "register.serving.Worker", "--threads", "4", "--preload",
                "--keep-alive", "30", "--no-control-socket", "--log-level", "warning",
            ],
            cwd=launch.ROOT, env=environment | {"REGISTER_AUDIENCES": ",".join(keys.WEB)},
            pass_fds=(listener.fileno(),), stdin=subprocess.DEVNULL,
            preexec_fn=launch.die_with_parent(signal.SIGTERM),
        )  # fmt: skip
        port = listener.getsockname()[1]
    try:
        _wait(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise launch.LaunchError("The web server does not start: the lines above say why.")
        try:
            Browser(port).get("/robots.txt")
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise launch.LaunchError("The web server does not answer.")


def cold_start(environment: dict[str, str]) -> float:
    """Seconds from nothing to the first answer of one web process, compiled as after its first start; best of three."""
    compiled = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _try in range(3):
        began = time.monotonic()
        with served("config.wsgi", compiled, workers=1):
            times.append(time.monotonic() - began)
    return min(times)


def resident(pid: int) -> float:
    """MiB of memory of a gunicorn and its workers, what they share counted once."""
    children = [
        child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()
    ]
    total = 0
    for process in [str(pid), *children]:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total / 1024
