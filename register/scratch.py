"""Runs management commands on a throw-away register: what the checks need, and nothing of the real one.

python -m register.scratch "check --fail-level WARNING" "grants --check"
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from . import keys, launch, logins
from .embedded import Cluster
from .provision import provision


def main(commands: list[str]) -> int:
    """The number of commands that failed, all of them run on one freshly migrated database."""
    with tempfile.TemporaryDirectory(prefix="register-scratch-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, PostgreSQL's user must get through; the secrets below are 0700
        for name in (*keys.KEYS, *(f"database_{alias}" for alias in keys.ALIASES)):
            os.environ.pop(keys.variable(name), None)
        os.environ["REGISTER_HOME"] = folder
        keys.create_missing()
        cluster = Cluster(home, settings={"fsync": "off", "full_page_writes": "off"})
        try:
            cluster.start()
            logins.store(provision(cluster.admin_url(), logins.DATABASE, own_cluster=True, for_tests=True))
            return sum(run(command) != 0 for command in ("prepare", *commands))
        finally:
            cluster.remove()


def run(command: str) -> int:
    print(f"manage.py {command}", flush=True)
    return subprocess.run(
        [sys.executable, str(launch.ROOT / "manage.py"), *shlex.split(command)], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
