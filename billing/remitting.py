"""An agency passes on what it got (*tilitys*): its transfer meets its reports, less the fee that it kept.

What an agency reports is booked when it reports it, against an account of its own and not the bank's. The transfer
comes with the bank's file like any money; here a person says which reports it settles, and that account is even again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing import ledger
from billing.amounts import ZERO
from billing.bank import settling
from billing.models import Agency, AgencyReport, AgencySettlement, Entry, Payment, PaymentQuestion
from customers.templatetags.contacts import euros
from register import access
from register.finnish import clean_line
from register.models import User

Kind, Outcome, Reason = Entry.Kind, PaymentQuestion.Outcome, PaymentQuestion.Reason


MOST = 300
"""Reports that a page shows at once."""


class NoReports(ValueError):
    """None was chosen, or somebody has settled one of them meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _("Choose the reports that the transfer settles; those settled already are not here.")
        )


class SeveralAgencies(ValueError):
    """One transfer is one agency's."""

    def __init__(self) -> None:
        super().__init__(_("One transfer settles the reports of one agency."))


class AlreadySettled(ValueError):
    """The money of the report has come."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The agency's transfer has settled this report. Take the settlement back on the transfer's page first."
            )
        )


class DoesNotAddUp(ValueError):
    """Reports less the fee are not what came."""

    def __init__(self, *, reported: Decimal, came: Decimal, fee: Decimal) -> None:
        words = {"reported": euros(reported), "came": euros(came), "fee": euros(fee)}
        if reported < came:
            text = _(
                "The reports come to %(reported)s and the transfer to %(came)s. Book first, on the page of its case, "
                "what the agency has got and not reported yet."
            )
        else:
            text = _(
                "The reports come to %(reported)s, the transfer to %(came)s and the fee to %(fee)s. "
                "The reports less the fee must be what came."
            )
        super().__init__(text % words)


@dataclass(frozen=True)
class Waiting:
    """An agency's reports that no transfer has settled, and their sum in euros."""

    agency: Agency
    reports: list[Any]

    @property
    def sum(self) -> Decimal:
        return sum((report.left for report in self.reports), ZERO)


def waiting() -> list[Waiting]:
    """What agencies have reported and not passed on, the oldest first; `left` of a report is its euros."""
    found: dict[Agency, list[Any]] = {}
    rows = _unsettled().select_related("agency", "payment__customer").order_by("agency__name", "pk")[:MOST]
    for report in rows:
        found.setdefault(report.agency, []).append(report)
    return [Waiting(agency, reports) for agency, reports in found.items()]


def _unsettled() -> QuerySet[Any]:
    """With what is `left` of each: what turned out to be wrong in a report was withdrawn."""
    kind = Coalesce(F("reverses__kind"), F("kind"))
    rows = Entry.objects.filter(payment=OuterRef("payment")).annotate(was=kind).filter(was=Kind.SETTLEMENT)
    withdrawn = Subquery(rows.order_by().values("payment").annotate(sum=Sum("amount")).values("sum"))
    left = F("payment__amount") + Coalesce(withdrawn, ZERO)
    return AgencyReport.objects.filter(settlement=None).annotate(left=left).exclude(left=0)


def settle(
    payment: Payment, reports: Collection[int], *, fee: Decimal, by: User, at: datetime, on: date
) -> AgencySettlement:
    """Let what is left of a transfer meet an agency's reports, less the fee in euros that it kept.

    Raises NoReports, SeveralAgencies, DoesNotAddUp, settling.NothingLeft.
    """
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if held.unallocated <= 0 or held.source == Payment.Source.AGENCY:
            raise settling.NothingLeft
        chosen = list(_unsettled().filter(pk__in=reports).select_for_update(of=("self",)))
        if not chosen or len(chosen) < len(set(reports)):
            raise NoReports
        if len({report.agency_id for report in chosen}) > 1:
            raise SeveralAgencies
        reported = sum((report.left for report in chosen), ZERO)
        if reported - fee != held.unallocated:
            raise DoesNotAddUp(reported=reported, came=held.unallocated, fee=fee)
        named = {"reports": ", ".join(map(str, chosen)), "fee": euros(fee)}
        why = gettext("Reports %(reports)s, fee %(fee)s") % named
        entry = ledger.move(held, held.unallocated, kind=Kind.SETTLEMENT, on=on, by=by, reason=why)
        made = AgencySettlement.objects.create(
            agency_id=chosen[0].agency_id, payment=held, entry=entry, fee=fee, on=entry.on
        )
        for report in chosen:
            report.settlement = made
            report.save(update_fields=["settlement"])
        settling.settle(held, Outcome.MATCHED, by=by, at=at)
        return made


def take_back(entry: Entry, *, by: User, at: datetime, on: date, reason: str) -> None:
    """A settlement, or the withdrawal of a report, was wrong: the money waits for a person again.

    Raises settling.NoReason, ledger.AlreadyTakenBack.
    """
    reason = clean_line(reason, limit=200)
    if not reason:
        raise settling.NoReason
    assert entry.payment is not None
    with access.atomic():
        ledger.take_back(entry, on=on, by=by, reason=reason)
        for report in AgencyReport.objects.filter(settlement__entry=entry).select_for_update(of=("self",)):
            report.settlement = None
            report.save(update_fields=["settlement"])
        settling.ask(entry.payment, Reason.TAKEN_BACK, at=at)


def withdraw(payment: Payment, *, by: User, at: datetime, on: date, reason: str) -> None:
    """The agency has not got what is left of its report after all. Raises AlreadySettled, settling's."""
    reason = clean_line(reason, limit=200)
    if not reason:
        raise settling.NoReason
    with access.atomic():
        report = AgencyReport.objects.select_for_update(of=("self",)).get(payment=payment)
        if report.settlement_id is not None:
            raise AlreadySettled
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if held.unallocated <= 0:
            raise settling.NothingLeft
        ledger.move(held, held.unallocated, kind=Kind.SETTLEMENT, on=on, by=by, reason=reason)
        settling.settle(held, Outcome.NOT_OURS, by=by, at=at)
