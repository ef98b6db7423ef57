"""The register's web process with the bench's settings."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "config.bench.settings"

from config.wsgi import application

__all__ = ["application"]
