"""Makes `.venv` with exactly the locked packages, compiles the translations; does nothing when all is done.

Runs on any Python 3.11+ that has pip or ensurepip: Debian puts each into a package of its own.
    python3 bootstrap.py [--dev]
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BASE, DEV = "requirements.txt", "requirements-dev.txt"
NO_PIP = (
    "This Python has neither pip nor ensurepip: install them first "
    "(Debian, Ubuntu: apt-get install python3-venv; others: python3-pip), then try again."
)
NOT_INSTALLED = (
    "The packages were not installed: the lines above say why. Is the network there? Then try again."
)


class CannotGoOn(Exception):
    """What is missing and what to do, in a sentence."""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever is told so runs an older one
        print("The register needs Python 3.11 or newer; this is " + sys.version.split()[0], file=sys.stderr)
        return 1
    try:
        make(BASE, *[DEV] if "--dev" in arguments else [])
    except CannotGoOn as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    return 0


def make(*locks: str) -> None:
    """What is not there yet. Raises CannotGoOn."""
    if not usable():
        say("Making the environment .venv")
        make_environment()
    for lock in locks:
        if not installed(lock):
            install(lock)
    compile_messages()


def say(line: str) -> None:
    print(f"· {line}", flush=True)


def make_environment() -> None:
    try:
        import venv
    except ImportError:
        raise CannotGoOn(NO_PIP) from None
    venv.create(VENV, with_pip=False, symlinks=True, clear=VENV.exists() and not PYTHON.exists())


def usable() -> bool:
    """Whether the environment's Python still runs (the system's may have been replaced by a newer one)."""
    return PYTHON.exists() and works(str(PYTHON), "-c", "")


def installed(lock: str) -> bool:
    stamp = VENV / f".{lock}.sha256"
    return stamp.is_file() and stamp.read_text() == fingerprint(lock)


def fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def install(lock: str) -> None:
    """The locked files and no others, wheels only, so nothing is compiled and nothing of a package runs."""
    command = [
        *pip(),
        "install",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "-r",
        str(ROOT / lock),
    ]
    packages = len(re.findall(r"^[^\s#]+==", (ROOT / lock).read_text(), re.MULTILINE))
    say(f"Installing {packages} packages of {lock} (once; a minute or two)")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        assert process.stdout is not None
        show_progress(process.stdout, packages)
    if process.returncode:
        raise CannotGoOn(NOT_INSTALLED)
    (VENV / f".{lock}.sha256").write_text(fingerprint(lock))


def show_progress(lines: Iterable[str], packages: int) -> None:
    """A line for every ten packages; pip says "Processing" for local files, "Ignoring" for other systems."""
    met = 0
    for line in lines:
        if line.startswith(("Collecting ", "Processing ", "Ignoring ")):
            met += 1
            if met % 10 == 0:
                say(f"  {met} of {packages} fetched")
        elif line.startswith("Installing collected packages"):
            say("  unpacking them")


def pip() -> list[str]:
    """The environment's own pip where it has one, else this Python's working on it, else a new one."""
    own = [str(PYTHON), "-m", "pip"]
    if works(*own, "--version"):
        return own
    if works(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if works(str(PYTHON), "-m", "ensurepip"):
        return own
    raise CannotGoOn(NO_PIP)


def works(*command: str) -> bool:
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def compile_messages() -> None:
    """`.po` to `.mo` where the text is newer."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            say(f"Compiling {source.relative_to(ROOT)}")
            command = [PYTHON, "-m", "babel.messages.frontend", "compile", "-i", source, "-o", target]
            subprocess.run([str(part) for part in command], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
