"""`manage.py doctor`: look at everything that must be right; exit status 1 when something is not."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from register import doctor
from register.doctor import Finding, Level

COLOURS = {Level.GOOD: "\x1b[32m", Level.NOTE: "\x1b[33m", Level.WRONG: "\x1b[31m"}


class Command(BaseCommand):
    help = "Look at logins, privileges, schema, secrets, disk, mail and backups; say what to do."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = doctor.examine()
        if options["json"]:
            healthy = doctor.healthy(findings)
            report = {"healthy": healthy, "findings": [finding.as_dict() for finding in findings]}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n" + "\n".join(self._lines(findings)) + "\n")
        if not doctor.healthy(findings):
            sys.exit(1)

    def _lines(self, findings: list[Finding]) -> list[str]:
        lines, shown = [], ""
        for finding in findings:
            subject = finding.subject if finding.subject != shown else ""
            lines.append(f"  {self._mark(finding.level)} {subject:<13} {finding.text}")
            if finding.advice:
                lines.append(f"    {'':<13} → {finding.advice}")
            shown = finding.subject
        wrong = sum(finding.level == Level.WRONG for finding in findings)
        notes = sum(finding.level == Level.NOTE for finding in findings)
        lines += ["", _verdict(wrong, notes)]
        return lines

    def _mark(self, level: Level) -> str:
        colour = self.stdout.isatty() and self.style.SUCCESS("x") != "x"
        return f"{COLOURS[level]}{level}\x1b[0m" if colour else str(level)


def _verdict(wrong: int, notes: int) -> str:
    if wrong:
        return f"  {wrong} to put right" + (f", {notes} to think about" if notes else "") + "."
    return "  All is well" + (f"; {notes} to think about" if notes else "") + "."
