"""What the doctor shows: one screen for people, or JSON for programs."""

from __future__ import annotations

import json

from register import doctor
from register.doctor import Finding, Level

COLOURS = {Level.GOOD: "\x1b[32m", Level.NOTE: "\x1b[33m", Level.WRONG: "\x1b[31m"}


def shown(findings: list[Finding], *, as_json: bool = False, colour: bool = False) -> str:
    """The findings as text that ends with a line feed."""
    if as_json:
        report = {
            "healthy": doctor.healthy(findings),
            "findings": [finding.as_dict() for finding in findings],
        }
        return json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    return "\n" + "\n".join(_lines(findings, colour=colour)) + "\n\n"


def _lines(findings: list[Finding], *, colour: bool) -> list[str]:
    lines, before = [], ""
    for finding in findings:
        subject = finding.subject if finding.subject != before else ""
        mark = f"{COLOURS[finding.level]}{finding.level}\x1b[0m" if colour else str(finding.level)
        lines.append(f"  {mark} {subject:<13} {finding.text}")
        if finding.advice:
            lines.append(f"    {'':<13} → {finding.advice}")
        before = finding.subject
    wrong = sum(finding.level == Level.WRONG for finding in findings)
    notes = sum(finding.level == Level.NOTE for finding in findings)
    return [*lines, "", _verdict(wrong, notes)]


def _verdict(wrong: int, notes: int) -> str:
    if wrong:
        return f"  {wrong} to put right" + (f", {notes} to think about" if notes else "") + "."
    return "  All is well" + (f"; {notes} to think about" if notes else "") + "."
