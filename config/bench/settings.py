"""The register's own settings with the bench's one page more."""

from __future__ import annotations

from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE, TEMPLATES

MIDDLEWARE = ["config.bench.counting.QueryCount", *MIDDLEWARE]
ROOT_URLCONF = "config.bench.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]  # type: ignore[misc]
