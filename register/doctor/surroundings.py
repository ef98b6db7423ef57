"""The doctor's look at what surrounds the database: secrets, settings, disk, mail relay, backups."""

from __future__ import annotations

import os
import shutil
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from register import keys, safety
from register.doctor import Finding, good, note, wrong

MAIL_SECONDS = 5
OLD_BACKUP = timedelta(hours=36)
GIB = 1024**3


def installation() -> Iterator[Finding]:
    """What this is, and whether its settings are safe."""
    what = "a made-up company (demo)" if settings.REGISTER_DEMO else "a real register"
    yield good("Register", f"{what} at {settings.SITE_URL}, home {keys.home()}")
    problems = list(safety.settings_problems())
    if not problems:
        yield good("Settings", "safe: no debug mode, good keys, private files")
    for problem in problems:
        text, _, advice = problem.partition(": ")
        yield wrong("Settings", text, advice)
    if not settings.HTTPS and not settings.REGISTER_DEMO:
        yield note(
            "Settings",
            "pages are served without TLS, for this machine only",
            "For other machines: a proxy with TLS and REGISTER_URL=https://… (docs/operations.md).",
        )
    if os.geteuid() == 0:
        yield note(
            "Settings", "this runs as root", "Give the register a user of its own (docs/operations.md)."
        )
    yield from _databases_without_proof()


def _databases_without_proof() -> Iterator[Finding]:
    for alias in safety.real_aliases():
        host = safety.host_elsewhere(alias)
        if host and safety.tls_of(alias) != "verify-full":
            advice = "Add sslmode=verify-full and sslrootcert=… to the database URLs."
            yield note("Settings", f"the certificate of the database on {host} is not checked", advice)
            return


def disk() -> Iterator[Finding]:
    """Disk space."""
    usage = shutil.disk_usage(keys.home())
    text = f"{usage.free / GIB:.1f} GiB free of {usage.total / GIB:.0f}"
    if usage.free < GIB // 2:
        yield wrong("Disk", text, "Make room at once: PostgreSQL stops when it cannot write.")
    elif usage.free < 2 * GIB or usage.free < usage.total * 0.05:
        yield note("Disk", text, "Make room soon.")
    else:
        yield good("Disk", text)


def mail() -> Iterator[Finding]:
    """Mail relay."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield note(
            "Mail", f"goes nowhere ({settings.EMAIL_BACKEND.rsplit('.', 2)[-2]})", "Set REGISTER_SMTP_URL."
        )
        return
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        encrypted = _greet()
    except (OSError, smtplib.SMTPException) as error:
        advice = "Check REGISTER_SMTP_URL, the relay, and the way to it."
        yield (note if settings.REGISTER_DEMO else wrong)(
            "Mail", f"{place} does not answer ({type(error).__name__})", advice
        )
        return
    if encrypted or settings.EMAIL_HOST in safety.LOOPBACK:
        yield good("Mail", f"{place} answers")
    else:
        yield note("Mail", f"{place} answers, but without TLS", "Use smtp+tls:// in REGISTER_SMTP_URL.")


def _greet() -> bool:
    """Say EHLO to the relay and leave again; whether the connection was encrypted. Nothing is sent."""
    context = ssl.create_default_context()
    client: Any = (
        smtplib.SMTP_SSL(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_SECONDS, context=context)
        if settings.EMAIL_USE_SSL
        else smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_SECONDS)
    )
    with suppress(smtplib.SMTPServerDisconnected), client:
        client.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            client.starttls(context=context)
            client.ehlo()
    return bool(settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS)


def backup() -> Iterator[Finding]:
    """Last backup."""
    folder = os.environ.get("REGISTER_BACKUP_DIR")
    if not folder:
        if settings.REGISTER_DEMO:
            yield good("Backup", "a made-up company needs none")
            return
        advice = "docs/operations.md, “Backup”, says how; then set REGISTER_BACKUP_DIR."
        yield note("Backup", "no backup known", advice)
        return
    files = [path for path in Path(folder).glob("*") if path.is_file() and path.stat().st_size]
    if not files:
        yield wrong("Backup", f"there is none in {folder}", "Make one now (docs/operations.md, “Backup”).")
        return
    last = datetime.fromtimestamp(max(path.stat().st_mtime for path in files), UTC)
    age = datetime.now(UTC) - last
    hours = int(age.total_seconds() // 3600)
    text = f"the last one is {hours} h old" if hours < 72 else f"the last one is {hours // 24} days old"
    if age > OLD_BACKUP:
        yield wrong("Backup", text, f"See why no new one came to {folder}.")
    else:
        yield good("Backup", text)


LOOKS: tuple[Any, ...] = (disk, mail, backup)
