"""The operating-system user PostgreSQL runs as: ourselves, or another one when we are root."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class ClusterError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do."""


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
