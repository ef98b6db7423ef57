"""`manage.py bench`: how fast the pages are, compared with two controls measured in the same minutes.

The floor is a bare logged-in Django page; the other control is Django's own admin over plain models
(config.bench.stock). Bare milliseconds say little on a shared machine, ratios to the controls do.

The bench has a home of its own below the real one, with its own server, logins and made-up customers, and never a
database somebody pointed the register to.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from register import keys, launch, logins, provision
from register.embedded import ClusterError

DATABASE = "register_bench"


def main(arguments: list[str]) -> int:
    """`manage.py bench seed|pages|billing …`; returns the exit status."""
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__.partition("\n")[0])
    add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        run(options)
    except (launch.LaunchError, ClusterError, provision.ProvisioningError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True)
    seed = commands.add_parser("seed", help="fill the bench database with made-up customers")
    seed.add_argument("--customers", type=int, default=100_000)
    seed.add_argument("--admin-url", help="make the bench database on this server instead of an embedded one")
    pages = commands.add_parser("pages", help="measure the pages over HTTP")
    pages.add_argument("--rounds", type=int, default=30, help="how often each page is asked for")
    pages.add_argument("--seconds", type=float, default=5, help="how long eight clients ask at once")
    pages.add_argument("--json", type=Path, help="write the figures here as well")
    billing = commands.add_parser("billing", help="measure issuing, bank files, reminders and reports")
    billing.add_argument("--rounds", type=int, default=40, help="how many invoices are issued of each kind")
    billing.add_argument("--json", type=Path, help="write the figures here as well")


def run(options: argparse.Namespace) -> None:
    choose_home()
    if options.what == "seed" and options.admin_url:
        provision_elsewhere(options.admin_url)
    with database():
        from config.bench import billing, pages, seeding

        if options.what == "seed":
            launch.say(f"Making {options.customers:,} customers in {keys.home()}")
            seeding.seed(options.customers, on=date.today(), progress=launch.say)  # noqa: DTZ011
        elif options.what == "billing":
            billing.run(rounds=options.rounds, report_to=options.json)
        else:
            pages.run(rounds=options.rounds, seconds=options.seconds, report_to=options.json)


def choose_home() -> None:
    """A home below the real one, from which no secret of the real register is visible."""
    os.environ["REGISTER_HOME"] = str(keys.home() / "bench")
    os.environ["REGISTER_DEMO"] = "1"  # so that a password alone opens it
    os.environ["REGISTER_URL"] = "http://localhost:8000"
    os.environ.pop("REGISTER_AUDIENCES", None)
    for name in (*keys.KEYS, *(f"database_{alias}" for alias in keys.ALIASES)):
        os.environ.pop(keys.variable(name), None)
    keys.mark_made_up()


def provision_elsewhere(admin_url: str) -> None:
    keys.create_missing()
    passwords = logins.stored_passwords()
    logins.store(provision.provision(admin_url, DATABASE, logins.prefix(), passwords))


@contextmanager
def database() -> Iterator[None]:
    """The bench's database running, and Django set up for it."""
    with launch.database():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        yield
