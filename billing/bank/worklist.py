"""What waits at the bank: payments to look at, lines without specification, files so far."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from billing.bank.booking import FAILED
from billing.models import BankFile, BankRow, PaymentQuestion, Refund, StatementLine
from billing.worklists import Page
from customers.importing.cells import inert

AT_MOST = 100
LINES = 50
Reason = PaymentQuestion.Reason


def waiting(*, on: date) -> int:
    """How many payments and lines of the account need a decision, counted to a hundred."""
    questions = PaymentQuestion.objects.unsettled().values("pk")[:AT_MOST].count()
    return min(questions + StatementLine.objects.waiting().values("pk")[:AT_MOST].count(), AT_MOST)


def questions(*, reason: str = "", before: int | None = None) -> Page:
    """Payments that a person must look at, the latest first."""
    found = PaymentQuestion.objects.unsettled().select_related("payment__customer").order_by("-payment")
    if reason in Reason.values:
        found = found.filter(reason=reason)
    if before is not None:
        found = found.filter(payment__lt=before)
    return Page.of(found)


def next_question(payment_id: int) -> int | None:
    """The payment to look at after one, by the list's order; those told only for information are passed over."""
    found = PaymentQuestion.objects.unsettled().exclude(reason__in=PaymentQuestion.TOLD)
    after = found.filter(payment__lt=payment_id).order_by("-payment").first()
    following = after or found.exclude(payment=payment_id).order_by("-payment").first()
    return following.pk if following else None


def by_reason() -> list[tuple[str, str, int]]:
    """Each reason that waits, in words, and how often, counted to a hundred in all."""
    some = PaymentQuestion.objects.unsettled().order_by("-payment").values("pk")[:1000]
    counts = dict(
        PaymentQuestion.objects.filter(pk__in=some).order_by().values_list("reason").annotate(n=Count("pk"))
    )
    return [(value, str(label), counts[value]) for value, label in Reason.choices if value in counts]


def lines() -> list[StatementLine]:
    """Lines of the account whose specification has not come, the oldest first."""
    return list(StatementLine.objects.waiting().select_related("told_by").order_by("pk")[:LINES])


def files(*, before: int | None = None) -> Page:
    found = BankFile.objects.order_by("-pk")
    return Page.of(found.filter(pk__lt=before) if before is not None else found, 25)


def rows(file: BankFile, *, result: str = "", after: int = 0) -> tuple[list[BankRow], int | None]:
    """A page of a file's transactions from behind a row on, and the row after which the next page begins."""
    found = file.rows.filter(position__gt=after).select_related("payment__customer").order_by("position")
    if result in BankRow.Result.values:
        found = found.filter(result=result)
    some = list(found[:51])
    return some[:50], some[49].position if len(some) > 50 else None


def report(file: BankFile) -> Iterator[str]:
    """The result of every transaction as CSV, a line at a time; payments are named by their numbers only."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(
        [_("Row"), _("Line"), _("Archive identifier"), _("Booked"), _("Amount"), _("Result"), _("Reason"), _("Payment")]
    )  # fmt: skip
    for row in file.rows.order_by("position").iterator(chunk_size=2000):
        cells = [
            row.position,
            row.line,
            row.archive_id,
            row.booked_on.isoformat(),
            str(row.amount).replace(".", ","),
            row.get_result_display(),
            said(row.reason),
            f"M{row.payment_id}" if row.payment_id else "",
        ]
        yield writer.writerow([inert(str(cell)) if place != 4 else cell for place, cell in enumerate(cells)])


def said(reason: str) -> str:
    """A row's reason in words."""
    if reason == FAILED:
        return _("Failed direct debit")
    return str(Reason(reason).label) if reason in Reason.values else ""


def refunds_under_way() -> list[Refund]:
    """Refunds that are not over, the latest first."""
    states = (Refund.State.PROPOSED, Refund.State.APPROVED, Refund.State.EXPORTED)
    found = Refund.objects.filter(state__in=states).select_related("customer", "payment", "file")
    return list(found.order_by("-pk")[:AT_MOST])


class _Echo:
    """Where csv writes: it hands the line back."""

    def write(self, line: str) -> Any:
        return line
