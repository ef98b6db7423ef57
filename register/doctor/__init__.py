"""`manage.py doctor`: one look at everything that must be right, and what to do where it is not.

It reads with every login, so it runs in the operator's shell with all secrets, never in a web process. It changes
nothing and sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.db import Error, connections

from register import keys


class Level(StrEnum):
    """How much it matters."""

    GOOD = "✓"
    NOTE = "!"
    WRONG = "✗"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, what to do about it."""

    level: Level
    subject: str
    text: str
    advice: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self) | {"level": self.level.name.lower()}


def good(subject: str, text: str) -> Finding:
    return Finding(Level.GOOD, subject, text)


def note(subject: str, text: str, advice: str = "") -> Finding:
    return Finding(Level.NOTE, subject, text, advice)


def wrong(subject: str, text: str, advice: str) -> Finding:
    return Finding(Level.WRONG, subject, text, advice)


def examine() -> list[Finding]:
    """Everything, in the order in which it is shown; a look that fails becomes a finding itself."""
    from register.doctor import database, surroundings

    findings = list(surroundings.installation())
    reachable = list(database.connections_work())
    findings += reachable
    if all(finding.level != Level.WRONG for finding in reachable):
        for look in database.LOOKS:
            findings += _guarded(look)
    for look in surroundings.LOOKS:
        findings += _guarded(look)
    connections.close_all()
    return findings


def without_keys() -> list[Finding]:
    """What can be said before there are settings, which do not load without the keys."""
    from register import safety

    found = [note("Register", f"none is set up here, home {keys.home()}")]
    if (keys.home() / "demo" / "secrets").is_dir():
        advice = f"REGISTER_DEMO=1 REGISTER_HOME={keys.home() / 'demo'} manage.py doctor"
        found.append(note("Register", "the demo has a home of its own", advice))
    found += [
        wrong("Files", *problem.split(": ", 1)) for problem in safety.file_problems() if ": " in problem
    ]
    if logins := keys.missing_logins(keys.ALIASES):
        found.append(wrong("Logins", _missing(logins), ""))
    return [*found, lacking(keys.missing())]


def lacking(names: Sequence[str]) -> Finding:
    """Secrets that no place holds, and how one comes by them."""
    again = f"restore {keys.home() / 'secrets'} from your copy, or set REGISTER_HOME to the register's home"
    advice = f"A new register: make run, or manage.py provision --admin-url …. One that exists: {again}."
    return wrong("Keys" if names[0] in keys.KEYS else "Logins", _missing(names), advice)


def _missing(names: Sequence[str]) -> str:
    logins = "no address of the database" if names[0] not in keys.KEYS else "missing"
    return f"{logins}: {', '.join(keys.variable(name) for name in names)}"


def _guarded(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except Error as error:
        cause = type(error.__cause__ or error).__name__
        subject = (look.__doc__ or look.__name__).partition(".")[0].lower()
        return [
            wrong(subject, f"could not be looked at ({cause})", "Mend what is above first, then look again.")
        ]


def healthy(findings: list[Finding]) -> bool:
    return all(finding.level != Level.WRONG for finding in findings)
