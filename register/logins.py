"""The logins of this installation's database: made on its own server or on any other, their URLs kept in its home.

`manage.py provision` does it by hand, the launcher on the embedded server's first start; the SQL is provision's.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from . import keys, provision
from .embedded import Cluster

DATABASE = "register"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    text = (
        "URL of a superuser or a login with CREATEROLE and CREATEDB (--print-sql uses only its address); "
        "without it the embedded server is meant"
    )
    parser.add_argument("--admin-url", help=text)
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--prefix", default=prefix(), help="how role names begin")
    parser.add_argument(
        "--print-sql", action="store_true", help="print a script for psql instead of connecting"
    )
    parser.add_argument(
        "--fix-roles", action="store_true", help="new passwords for all logins, attributes set again"
    )
    parser.add_argument("--for-tests", action="store_true", help="let the migrator create test databases")


def provision_server(options: argparse.Namespace, progress: Callable[[str], None]) -> None:
    """Make the logins on any server and store their URLs in this home (or only print the SQL)."""
    keys.create_missing()
    if options.admin_url is None:
        provision_own_server(options, progress)
        return
    passwords = {} if options.fix_roles else stored_passwords()
    if options.print_sql:
        passwords = {alias: passwords.get(alias) or provision.new_password() for alias in keys.ALIASES}
        store(provision.urls(options.admin_url, options.database, options.prefix, passwords))
        print(
            provision.provisioning_sql(
                options.database, options.prefix, passwords, for_tests=options.for_tests
            )
        )
        return
    store(
        provision.provision(
            options.admin_url, options.database, options.prefix, passwords, for_tests=options.for_tests
        )
    )
    progress(
        f"Seven logins work on “{options.database}”; their URLs are in {keys.home() / 'secrets'}. "
        "Next: manage.py prepare"
    )
    if options.prefix != prefix():
        progress(f"Set REGISTER_ROLE_PREFIX={options.prefix} wherever the register runs.")


def provision_own_server(options: argparse.Namespace, progress: Callable[[str], None]) -> None:
    """The same on the embedded server, which is started for the while if it does not run."""
    cluster = Cluster(keys.home())
    if options.print_sql or not is_embedded(cluster):
        raise provision.ProvisioningError("Which server? Name an administrator's address with --admin-url …")
    cluster.start(progress)
    try:
        passwords = {} if options.fix_roles else stored_passwords()
        store(
            provision.provision(
                cluster.admin_url(),
                DATABASE,
                prefix(),
                passwords,
                for_tests=options.for_tests,
                own_cluster=True,
            )
        )
    finally:
        cluster.stop()
    progress(
        "Seven logins work on the embedded server."
        + (" Start the register again." if options.fix_roles else "")
    )


def provision_embedded(cluster: Cluster, progress: Callable[[str], None]) -> None:
    """Make logins and database on first start; follow a home that was moved."""
    urls = {alias: keys.read(f"database_{alias}") for alias in keys.ALIASES}
    if all(url and _host(url) == cluster.socket_directory for url in urls.values()):
        return
    progress("Making the database logins")
    store(provision.provision(cluster.admin_url(), DATABASE, prefix(), stored_passwords(), own_cluster=True))


def is_embedded(cluster: Cluster) -> bool:
    """Whether this installation's database is our own server and not one that DATABASE_URL names."""
    url = keys.read("database_migrate")
    return url is None or _host(url).name == cluster.socket_directory.name


def _host(url: str) -> Path:
    return Path(str(conninfo_to_dict(url).get("host") or ""))


def prefix() -> str:
    """How our role names begin: as the settings read it."""
    return os.environ.get("REGISTER_ROLE_PREFIX") or "register"


def stored_passwords() -> dict[str, str]:
    """Passwords of the URLs we know already, so that provisioning again keeps running processes connected."""
    found = {alias: keys.read(f"database_{alias}") for alias in keys.ALIASES}
    return {alias: str(conninfo_to_dict(url)["password"]) for alias, url in found.items() if url}


def store(urls: Mapping[str, str]) -> None:
    for alias in keys.ALIASES:  # the migrator's last: its presence says that the others are there
        keys.write(f"database_{alias}", urls[alias])
