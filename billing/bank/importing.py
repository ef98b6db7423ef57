"""A bank file from its upload to its result: recognised, read, booked whole or not at all.

Everything happens in one transaction, so that a sum that does not agree at the end of a file leaves nothing behind;
how far it is, is told through a second connection.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import Any

import schwifty
from django.core.files.uploadedfile import UploadedFile
from django.db import connections
from django.utils.translation import gettext_lazy as _

from billing import locking
from billing.bank import correcting, files, pairing, recognising, refunds
from billing.bank.booking import AT_A_TIME, Booking
from billing.bank.transactions import Unreadable, line_of_text
from billing.models import BankFile, Payment, PaymentQuestion
from register import access, ahead, audit
from register.models import AuditEntry, Registrar, User

log = logging.getLogger("register.bank")

LOCK = 719_054
SMALL = 512 * 1024
"""Bytes of a file that is imported while its sender waits."""

OTHERS = "other_account"
"""How many transactions of a file were left out because they are another account's."""

Status = BankFile.Status


class TooLarge(ValueError):
    """The file is larger than any bank sends."""

    def __init__(self) -> None:
        super().__init__(_("The file is too large. Fetch fewer days at a time from the bank."))


class NoAccount(Unreadable):
    """The registrar's details name no account."""

    def __init__(self) -> None:
        super().__init__(_("The registrar's bank account is missing. The register owner enters it first."))


class OtherAccount(Unreadable):
    """The file tells of accounts that are not ours, and of none that is."""

    def __init__(self, line: int) -> None:
        super().__init__(_("The file is about an account that is not in the registrar's details."), line)


def receive(upload: UploadedFile, *, by: User, at: datetime) -> BankFile:
    """Take a file in; `run` imports it. Raises TooLarge, and WrongFormat with a hint for any other file."""
    if (upload.size or 0) > recognising.MAX_BYTES:
        raise TooLarge
    kind = recognising.recognise(upload.read(recognising.HEAD))
    upload.seek(0)
    path, digest = files.keep(upload.chunks())
    return BankFile.objects.create(
        format=kind,
        file_name=line_of_text(upload.name, 200) or str(kind.label),
        sha256=digest,
        path=path,
        uploaded_by=by,
        uploaded_at=at,
    )


def is_done_at_once(file: BankFile) -> bool:
    """A small file is; and an answer to refunds, which the billing login alone may write down."""
    return file.format == BankFile.Format.ANSWER or files.absolute(file.path).stat().st_size <= SMALL


def run(file_id: int, *, at: datetime, on: date, telling: bool = False) -> None:
    """Import a file that waits, in the acting transaction; one that does not wait is left alone.

    Raises Unreadable or FileGone; then the caller says so by `refuse`.
    """
    if not _take_lock(file_id):
        return
    file = BankFile.objects.get(pk=file_id)
    if not file.is_open:
        return
    if file.format == BankFile.Format.ANSWER:
        _take_answer(file, at=at, on=on)
    else:
        _book(file, at=at, on=on, telling=telling)


def _take_answer(file: BankFile, *, at: datetime, on: date) -> None:
    with files.open_again(file) as source:
        counts = refunds.take_answer(source, by=User(pk=file.uploaded_by_id), at=at, on=on)
    files.forget_after_commit(file.path)
    BankFile.objects.filter(pk=file.pk).update(
        status=Status.DONE,
        done_at=at,
        path="",
        total=sum(counts.values()),
        counts={state: [number, ""] for state, number in counts.items() if number},
    )


def _book(file: BankFile, *, at: datetime, on: date, telling: bool) -> None:
    accounts = our_accounts()
    booking = Booking(file, at=at, on=on)
    days: set[date] = set()
    seen: set[str] = set()
    others: list[int] = []
    with files.open_again(file) as source, _teller(file.pk, telling) as tell:
        size = os.fstat(source.fileno()).st_size or 1
        told = pairing.rows(recognising.items(source, file.format))
        with closing(ahead.in_lists(told, AT_A_TIME)) as lists:
            for told_next in lists:
                rows = [row for row in told_next if row.line.account in accounts]
                if len(rows) < len(told_next):
                    others.extend(row.line.line for row in told_next if row.line.account not in accounts)
                days.update(row.line.booked_on for row in rows)
                seen.update(row.line.account for row in rows)
                booking.take(rows)
                tell(source.tell() * 100 // size)
        if others and not seen:
            raise OtherAccount(others[0])
        booking.counts.update({OTHERS: len(others)} if others else {})
        for payment_id, related in booking.corrections:
            correcting.correct(Payment.objects.get(pk=payment_id), related=related, on=on)
    _finish(file, booking, days, seen, at)


def refuse(file_id: int, problem: str) -> None:
    """Say that nothing of a file was booked, and why; the file is not kept."""
    file = BankFile.objects.get(pk=file_id)
    if file.is_open:
        files.forget_after_commit(file.path)
        file.status, file.problem, file.path = Status.REFUSED, problem[:300], ""
        file.save(update_fields=["status", "problem", "path"])


def forget_messages(*, before: datetime) -> int:
    """Drop payers' messages that have waited since before a moment."""
    old = PaymentQuestion.objects.filter(raised_at__lt=before).exclude(message="")
    return old.update(message="")


def said_of(error: Exception) -> str:
    """What staff are told of an error; the words of others may hold personal data and are kept back."""
    if isinstance(error, Unreadable):
        return str(error)
    if locking.is_refusal(error):
        return str(
            _(
                "The file has bookings of a locked period. The register owner takes the lock off, or the file waits."
            )
        )
    log.error("a bank file failed: %s", type(error).__name__)
    if isinstance(error, files.FileGone):
        return str(_("The file is not kept any more. Upload it again."))
    return str(_("Something went wrong and nothing was booked. Try again; if it repeats, tell the owner."))


def our_accounts() -> set[str]:
    """The accounts of the registrar's details. Raises NoAccount."""
    registrar = Registrar.objects.first()
    if registrar is None or not registrar.iban:
        raise NoAccount
    return {str(schwifty.IBAN(registrar.iban, allow_invalid=True))}


def _finish(file: BankFile, booking: Booking, days: set[date], seen: set[str], at: datetime) -> None:
    files.forget_after_commit(file.path)
    counts = {result: [number, str(booking.sums.get(result, 0))] for result, number in booking.counts.items()}
    BankFile.objects.filter(pk=file.pk).update(
        status=Status.DONE, done_at=at, path="", handled=100, total=booking.position, counts=counts,
        account=seen.pop() if len(seen) == 1 else "", first_on=min(days, default=None),
        last_on=max(days, default=None),
    )  # fmt: skip
    audit.record(
        AuditEntry.Action.CREATE,
        Payment,
        page="bank file",
        details={"file": str(file), "counts": dict(booking.counts)},
    )


def _take_lock(file_id: int) -> bool:
    """This file is nobody else's, and no other bank file is booked at the same time."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, file_id])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    return True


@contextmanager
def _teller(file_id: int, telling: bool) -> Iterator[Callable[[int], None]]:
    """Tells how far the file is through a connection of its own, each time at once."""
    if not telling:
        yield lambda _percent: None
        return
    connection: Any = connections[access.alias()].copy()
    try:
        with connection.cursor() as cursor:

            def tell(percent: int) -> None:
                cursor.execute(
                    "UPDATE billing_bankfile SET handled = %s, status = 'running' "
                    "WHERE id = %s AND status IN ('queued', 'running')",
                    [min(percent, 99), file_id],
                )

            yield tell
    finally:
        connection.close()
