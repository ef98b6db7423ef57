"""Makes `.venv` with exactly the locked packages, compiles the translations; does nothing when all is done.

Runs on any Python 3.11+ with pip, also where `python3 -m venv` has no ensurepip (as on a bare Debian).
    python3 bootstrap.py [--dev]
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BASE, DEV = "requirements.txt", "requirements-dev.txt"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever is told so runs an older one
        print("The register needs Python 3.11 or newer; this is " + sys.version.split()[0], file=sys.stderr)
        return 1
    if not usable():
        print("· Making the environment .venv", flush=True)
        venv.create(VENV, with_pip=False, symlinks=True, clear=VENV.exists() and not PYTHON.exists())
    for lock in (BASE, DEV) if "--dev" in arguments else (BASE,):
        if not installed(lock):
            install(lock)
    compile_messages()
    return 0


def usable() -> bool:
    """Whether the environment's Python still runs (the system's may have been replaced by a newer one)."""
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0


def installed(lock: str) -> bool:
    stamp = VENV / f".{lock}.sha256"
    return stamp.is_file() and stamp.read_text() == fingerprint(lock)


def fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def install(lock: str) -> None:
    """The locked files and no others, wheels only, so nothing is compiled and nothing of a package runs."""
    print(f"· Installing {lock} (once; a minute or two)", flush=True)
    options = [
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
    ]
    subprocess.run([*pip(), "install", *options, "-r", str(ROOT / lock)], check=True, cwd=ROOT)
    (VENV / f".{lock}.sha256").write_text(fingerprint(lock))


def pip() -> list[str]:
    """The environment's own pip where it has one, else this Python's pip working on the environment."""
    own = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    if own.returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def compile_messages() -> None:
    """`.po` to `.mo` where the text is newer."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            print(f"· Compiling {source.relative_to(ROOT)}", flush=True)
            command = [PYTHON, "-m", "babel.messages.frontend", "compile", "-i", source, "-o", target]
            subprocess.run([str(part) for part in command], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
