"""Making the environment: what people see of it, and what they are told when their Python lacks something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster import ROOT

LACKING = "raise SystemExit(1)"
PIP = """
import sys
if "install" in sys.argv:
    assert "--require-hashes" in sys.argv
    for number in range(24):
        print(f"Collecting package-{number}==1.0 (from -r requirements.txt)", flush=True)
    print("Ignoring package-24: markers 'sys_platform' don't match your environment")
    print("Installing collected packages: package-0")
"""
FAILING = (
    PIP
    + """
    sys.exit("ERROR: Could not find a version that satisfies the requirement package-0==1.0")
"""
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of 25 packages, and a Python with neither pip nor ensurepip (`others` shadows its own)."""
    (tmp_path / "bootstrap.py").write_text((ROOT / "bootstrap.py").read_text())
    locked = [f"package-{number}==1.0 \\\n    --hash=sha256:0" for number in range(25)]
    (tmp_path / "requirements.txt").write_text("# locked\n" + "\n".join(locked) + "\n")
    (tmp_path / "others").mkdir()
    for name in ("pip", "ensurepip"):
        (tmp_path / "others" / f"{name}.py").write_text(LACKING)
    return tmp_path


def bootstrap(checkout: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(checkout / "others")}
    command = [sys.executable, str(checkout / "bootstrap.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_installing_shows_how_far_it_is_and_is_done_once(checkout: Path) -> None:
    (checkout / "others" / "pip.py").write_text(PIP)
    done = bootstrap(checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "· Making the environment .venv",
        "· Installing 25 packages of requirements.txt (once; a minute or two)",
        "·   10 of 25 fetched",
        "·   20 of 25 fetched",
        "·   unpacking them",
    ]
    again = bootstrap(checkout)
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize(
    ("module", "text", "told"),
    [
        ("pip", LACKING, "apt-get install python3-venv"),
        ("venv", "raise ImportError", "apt-get install python3-venv"),
        ("pip", FAILING, "the lines above say why"),
    ],
    ids=["no pip", "no venv", "no package"],
)
def test_what_is_missing_is_told_in_a_sentence(checkout: Path, module: str, text: str, told: str) -> None:
    (checkout / "others" / f"{module}.py").write_text(text)
    failed = bootstrap(checkout)
    assert failed.returncode == 1
    assert told in failed.stderr.splitlines()[-1]
    assert "Traceback" not in failed.stderr
    assert ("ERROR: Could not find" in failed.stderr) == (text == FAILING)


def test_a_pip_is_made_where_python_brings_one(checkout: Path) -> None:
    brings = f"import pathlib; pathlib.Path({str(checkout / 'others' / 'pip.py')!r}).write_text({PIP!r})"
    (checkout / "others" / "ensurepip.py").write_text(brings)
    done = bootstrap(checkout)
    assert done.returncode == 0, done.stderr
    assert "20 of 25 fetched" in done.stdout
