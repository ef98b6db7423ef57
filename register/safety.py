"""What must be right before a process serves anybody; what is not stops the start and says what to do.

Settings are judged by a system check, so every management command refuses them. Web processes and the worker
also ask the database: an old server, a login that may too much, a password nobody asks for, or a schema that is
not this program's.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connections

from register import keys

log = logging.getLogger("register.safety")

OLDEST = {15: 14, 16: 10, 17: 6, 18: 0}
"""Major version: the first minor one without known leaks past row security (CVE-2025-8713, CVE-2024-10976)."""

SHORTEST_KEY = 32
DEFAULT_KEYS = (
    "django-insecure",
    "changeme",
    "change-me",
    "secret",
    "insecure",
    "default",
    "example",
    "password",
)
DEBUG_SWITCHES = ("DEBUG", "DJANGO_DEBUG", "REGISTER_DEBUG")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ENCRYPTED = ("require", "verify-ca", "verify-full")
RETRY_SECONDS = 2.0


class Unsafe(ImproperlyConfigured):
    """The register does not start like this; the text lists what is wrong and what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        lines = "\n".join(f"  ✗ {problem}" for problem in problems)
        super().__init__(
            f"The register refuses to start:\n{lines}\n`manage.py doctor` shows everything at once."
        )


# --- settings and files: no database needed ------------------------------------------------------


@register("safety")
def settings_are_safe(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check: unsafe settings stop every management command."""
    return [Error(problem, id="safety.E001") for problem in settings_problems()]


def settings_problems() -> Iterator[str]:
    """What is unsafe before anything is asked of the database."""
    yield from _debug_problems()
    yield from _demo_problems()
    for name in keys.KEYS:
        if problem := key_problem(keys.read(name) or ""):
            yield f"The secret “{name}” {problem}: delete it and let `make run` make a good one."
    yield from file_problems()
    yield from _address_problems()
    yield from _plain_database_problems()


def _debug_problems() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on: error pages would show secrets and people's data. Set DEBUG = False."
    for name in DEBUG_SWITCHES:
        if os.environ.get(name, "").lower() in ("1", "true", "yes", "on"):
            yield f"{name} is set in the environment: the register has no debug mode. Unset it."


def _demo_problems() -> Iterator[str]:
    """In the demo a password alone opens everything, and the passwords are in the program."""
    if not settings.REGISTER_DEMO:
        return
    if urlsplit(settings.SITE_URL).hostname not in LOOPBACK:
        yield (
            f"REGISTER_DEMO is on and REGISTER_URL is {settings.SITE_URL}: anybody could sign in with the passwords "
            "of the demo. Unset REGISTER_DEMO; to try the demo on this machine, unset REGISTER_URL."
        )
    if not keys.is_made_up():
        yield (
            f"REGISTER_DEMO is on, but {keys.home()} or its database is no demo: people would be seen without a "
            "second factor. Unset REGISTER_DEMO; `make demo` starts the demo in a home of its own."
        )


def key_problem(key: str) -> str:
    """Why a key can be guessed; empty when it cannot."""
    if len(key) < SHORTEST_KEY:
        return f"is shorter than {SHORTEST_KEY} characters"
    if len(set(key)) < 10 or any(word in key.lower() for word in DEFAULT_KEYS):
        return "is a default or a pattern, not random"
    return ""


def file_problems() -> Iterator[str]:
    """Secrets that others on this machine can read."""
    folder = keys.home() / "secrets"
    if folder.is_dir():
        if folder.stat().st_mode & 0o077:
            yield f"Others can look into {folder}: chmod 700 {folder}"
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            if path.stat().st_mode & 0o077:
                yield f"Others can read {path}: chmod 600 {path}, and make that secret anew."
    # systemd's own directory: readable for the service by an access list, which shows as group bits.
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    for path in sorted(Path(given).glob("*")) if given else ():
        if path.stat().st_mode & 0o007:
            yield f"Everybody can read the credential {path}."


def _address_problems() -> Iterator[str]:
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        yield (
            f"REGISTER_URL is {settings.SITE_URL}: passwords and people's data would travel unencrypted. "
            "Put a proxy with TLS before the register and set REGISTER_URL=https://…"
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield "REGISTER_HOSTS allows any host: name the addresses of the register."


def _plain_database_problems() -> Iterator[str]:
    if settings.REGISTER_ALLOW_PLAIN_DATABASE:
        return
    hosts = {host for alias in real_aliases() if (host := unencrypted_host(alias))}
    for host in sorted(hosts):
        yield (
            f"The connection to the database on {host} is not encrypted: add ?sslmode=verify-full&sslrootcert=… "
            "to its URLs, or set REGISTER_ALLOW_PLAIN_DATABASE=1 on a network of your own."
        )


def unencrypted_host(alias: str) -> str:
    """The other machine to which an alias connects without TLS; empty when it is this one, or encrypted."""
    return "" if tls_of(alias) in ENCRYPTED else host_elsewhere(alias)


def host_elsewhere(alias: str) -> str:
    """The other machine on which the database of an alias is; empty when it is this one."""
    host = str(settings.DATABASES[alias].get("HOST") or "")  # type: ignore[attr-defined]
    return "" if host.startswith("/") or host in LOOPBACK else host


def tls_of(alias: str) -> str:
    """How the connection of an alias is encrypted, in libpq's words (sslmode)."""
    options: dict[str, str] = settings.DATABASES[alias].get("OPTIONS", {})  # type: ignore[attr-defined, assignment]
    return options.get("sslmode", "")


def real_aliases() -> list[str]:
    """The aliases this process can use."""
    return [alias for alias in settings.DATABASES if connections[alias].vendor == "postgresql"]


# --- the database --------------------------------------------------------------------------------


def database_problems(aliases: Iterable[str]) -> Iterator[str]:
    """What is unsafe about the server, its schema and these logins. Raises OperationalError without a server."""
    for number, alias in enumerate(aliases):
        with connections[alias].cursor() as cursor:
            if number == 0:
                yield from version_problems(server_version(alias))
                yield from schema_problems(cursor)
            yield from login_problems(cursor, alias)
        if lets_anybody_in(alias):
            yield (
                f"The database lets the login “{alias}” in with a wrong password: set scram-sha-256 instead of "
                "trust or peer in pg_hba.conf and reload the server."
            )


def server_version(alias: str) -> int:
    """As PostgreSQL says it: 150014 for 15.14."""
    connection: Any = connections[alias]
    return int(connection.pg_version)


def version_problems(version: int) -> Iterator[str]:
    """Nothing for a server without known leaks."""
    major, minor = divmod(version, 10_000)
    if major < min(OLDEST) or minor < OLDEST.get(major, 0):
        wanted = ", ".join(f"{major}.{minor}" for major, minor in OLDEST.items())
        yield f"PostgreSQL {major}.{minor} has known leaks: update the server to one of {wanted} or newer."


POWERS = """
SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole,
       EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))
         OR EXISTS (SELECT FROM pg_database d WHERE d.datdba = r.oid AND d.datname = current_database())
  FROM pg_roles r WHERE r.rolname = current_user
"""
POWER_NAMES = (
    "is a superuser",
    "bypasses row security",
    "may create roles",
    "is a member of another role",
    "owns tables or the database",
)


def login_problems(cursor: Any, alias: str) -> Iterator[str]:
    """Powers that no login of a web process or worker has."""
    cursor.execute(POWERS)
    for has, power in zip(cursor.fetchone(), POWER_NAMES, strict=True):
        if has:
            yield (
                f"The login “{alias}” {power}: point {keys.variable('database_' + alias)} to its own login "
                "(`manage.py provision` makes all seven)."
            )


def schema_problems(cursor: Any) -> Iterator[str]:
    """Migrations of this program that the database has not seen, or only begun."""
    cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
    if not cursor.fetchone()[0]:
        yield "The database is empty: run `manage.py migrate`."
        return
    cursor.execute("SELECT app, name FROM django_migrations")
    missing = sorted(migration_names() - set(cursor.fetchall()))
    if missing:
        yield (
            f"{len(missing)} migrations are not applied ({'.'.join(missing[0])} …): the schema is not this "
            "program's. Run `manage.py migrate`."
        )


def migration_names() -> set[tuple[str, str]]:
    """All migrations this program brings, by the names of their files (nothing is imported)."""
    return {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in (Path(app.path) / "migrations").glob("[!_]*.py")
    }


NOT_LIBPQ = (
    "cursor_factory",
    "context",
    "prepare_threshold",
    "server_side_binding",
    "isolation_level",
    "pool",
)


def lets_anybody_in(alias: str) -> bool:
    """Whether the server accepts a wrong password; with a client certificate the password means nothing."""
    given = connections[alias].get_connection_params()
    if given.get("sslcert"):
        return False
    parameters = {name: value for name, value in given.items() if name not in NOT_LIBPQ}
    parameters |= {"password": secrets.token_urlsafe(16), "connect_timeout": 5}
    try:
        psycopg.connect(**parameters).close()
    except psycopg.OperationalError:
        return False
    return True


# --- starting ------------------------------------------------------------------------------------


def refuse() -> None:
    """Raise Unsafe where this process must not serve; OperationalError where the database does not answer."""
    problems = list(settings_problems())
    if not problems:
        aliases = [alias for alias in real_aliases() if alias != "migrate"]
        try:
            problems = list(dict.fromkeys(database_problems(aliases)))
        finally:
            connections.close_all()
    if problems:
        raise Unsafe(problems)


WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Guarded:
    """A WSGI application that serves nothing before `refuse` has found nothing.

    An unsafe installation stops the process at once. A database that does not answer yet does not: until it does,
    everything is answered with 503.
    """

    def __init__(self, application: WSGI) -> None:
        self.application = application
        self.verified = False
        self._lock = threading.Lock()
        self._again_at = 0.0
        self._verify()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not self.verified and not self._try():
            from register.outage import PLAIN, RETRY_AFTER

            start_response(
                "503 Service Unavailable",
                [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", str(RETRY_AFTER))],
            )
            return [PLAIN.encode()]
        return self.application(environ, start_response)

    def _try(self) -> bool:
        """Look again, not more often than every few seconds, and never let an unsafe database be served."""
        with self._lock:
            if not self.verified and time.monotonic() >= self._again_at:
                try:
                    self._verify()
                except Unsafe as error:
                    log.critical("%s", error)
        return self.verified

    def _verify(self) -> None:
        self._again_at = time.monotonic() + RETRY_SECONDS
        try:
            refuse()
        except (OperationalError, InterfaceError):
            log.error("the database does not answer; every page says so until it does")
            return
        self.verified = True
