"""Management commands, and what they say where the register is not set up yet: what is missing, what to do."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import psycopg
from django.core.management import execute_from_command_line
from django.db import OperationalError

from register import doctor, keys
from register.doctor import screen

FREE = ("help", "version", "--help", "-h", "--version")
"""Commands that need no settings."""

LOGINS = {
    "migrate": ("migrate",),
    "prepare": keys.ALIASES,
    "make_demo": keys.ALIASES,
    "grants --apply": ("migrate",),
    "invite": keys.WEB,
    "reset_second_factor": keys.WEB,
    "worker": keys.WORKER,
}
"""Which logins a command cannot do without."""

NO_ANSWER = (
    "The database does not answer. Start it (the embedded one: make run), then try again; "
    "`manage.py doctor` shows everything at once."
)


def main(argv: Sequence[str]) -> int:
    """Run a command; the exit status. What is missing is told in words, not by a traceback."""
    arguments = list(argv[1:])
    if arguments and arguments[0] not in FREE:
        missing = keys.missing()
        if arguments[0] == "doctor" and missing:
            sys.stdout.write(screen.shown(doctor.without_keys(), as_json="--json" in arguments))
            return 1
        if missing or (missing := keys.missing_logins(_logins(arguments))):
            lacking = doctor.lacking(missing)
            print(f"{lacking.subject}: {lacking.text}.\n{lacking.advice}", file=sys.stderr)
            return 1
    try:
        execute_from_command_line(list(argv))
    except OperationalError as error:
        if not _is_absence(error):
            raise
        print(NO_ANSWER, file=sys.stderr)
        return 1
    return 0


def _logins(arguments: Sequence[str]) -> tuple[str, ...]:
    for command, logins in LOGINS.items():
        if arguments[0] == command.split()[0] and set(command.split()) <= set(arguments):
            return logins
    return ()


def _is_absence(error: OperationalError) -> bool:
    """Whether no server was reached; an error of a server has an SQLSTATE."""
    cause = error.__cause__
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None
