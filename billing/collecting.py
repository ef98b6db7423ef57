"""Collection (*perintä*): a case is opened for a debtor, handed to an agency, recalled, closed.

What an agency gets is frozen and is the record of the disclosure. What it reports is booked like any other payment
(billing.remitting settles it); what it must hear of is in billing.agency_news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing import agency_package, case_steps, ledger, obstacles
from billing.amounts import ZERO
from billing.models import (
    Agency,
    AgencyInterest,
    AgencyReport,
    CaseItem,
    CaseStep,
    CollectionCase,
    Entry,
    Handover,
    Hold,
    Lifting,
    Payment,
    Receivable,
)
from customers.models import Customer
from register import access
from register.finnish import WrongBusinessId, business_id, clean_line
from register.models import User

Stage, Outcome, Step = CollectionCase.Stage, CollectionCase.Outcome, CaseStep.Kind


class NothingToCollect(ValueError):
    """No debt is open and past its due date."""

    def __init__(self) -> None:
        super().__init__(_("Choose invoices that are open and past their due date."))


class SeveralDebtors(ValueError):
    """A case has one debtor."""

    def __init__(self) -> None:
        super().__init__(_("One case has one debtor. Choose invoices of one customer."))


class NotYet(ValueError):
    """Something forbids handing over now; `reasons` say what, by invoice."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class WrongStage(ValueError):
    """The case is not where this can be done."""

    def __init__(self) -> None:
        super().__init__(_("This cannot be done at the case's present stage. Open the case again and look."))


class GoneOn(ValueError):
    """A step has been taken since the case was looked at, maybe this very one."""

    def __init__(self) -> None:
        super().__init__(_("The case has gone on meanwhile. Look at its steps and book what is missing."))


class StillOpen(ValueError):
    """A case with open debts is not paid."""

    def __init__(self) -> None:
        super().__init__(_("Something is still open. Give it up as a credit loss or withdraw the case."))


class ReportedTooMuch(ledger.NotSoMuch):
    """More than is open of one debt."""

    def __init__(self, receivable: Receivable, part: str, left: Decimal) -> None:
        self.receivable, self.part = receivable, part
        words = {"number": receivable.number, "open": f"{left:.2f}".replace(".", ",")}
        ValueError.__init__(self, _("Of invoice %(number)s only %(open)s € is open.") % words)


class NothingReported(ledger.NotSoMuch):
    """No sum was written."""

    def __init__(self) -> None:
        ValueError.__init__(self, _("Write what the agency has got, for one debt at least."))


class WrongAgency(ValueError):
    """The agency's details cannot be right."""

    def __init__(self) -> None:
        super().__init__(_("Write the agency's name and its business ID, for example 0112038-9."))


@dataclass(frozen=True)
class Reported:
    """What an agency says it has got for one debt, in euros: principal, costs and late interest."""

    receivable: Receivable
    principal: Decimal = ZERO
    costs: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def sum(self) -> Decimal:
        return self.principal + self.costs + self.interest


# --- agencies ------------------------------------------------------------------------------------------


def enter_agency(*, name: str, number: str, contact: str = "") -> Agency:
    """Add an agency. Raises WrongAgency."""
    name = clean_line(name)
    try:
        number = business_id(number)
    except WrongBusinessId:
        raise WrongAgency from None
    if not name:
        raise WrongAgency
    return Agency.objects.get_or_create(
        name=name, defaults={"business_id": number, "contact": clean_line(contact)}
    )[0]


# --- the case ------------------------------------------------------------------------------------------


def open_case(receivables: Iterable[Receivable], *, by: User, on: date) -> CollectionCase:
    """Open a case for overdue debts of one customer, or add them to his open one.

    Raises NothingToCollect, SeveralDebtors.
    """
    with access.atomic():
        held = list(
            Receivable.objects.select_for_update(of=("self",))
            .overdue(on=on)
            .filter(pk__in=[one.pk for one in receivables])
            .select_related("customer")
            .order_by("pk")
        )
        if not held:
            raise NothingToCollect
        if len({one.customer_id for one in held}) > 1:
            raise SeveralDebtors
        case = _case_of(held[0].customer, by=by, on=on)
        here = set(case.items.filter(left_on=None).values_list("receivable", flat=True))
        new = [one for one in held if one.pk not in here]
        CaseItem.objects.bulk_create(CaseItem(case=case, receivable=one, added_on=on) for one in new)
        for one in new:
            case_steps.write(case, Step.ADDED, on=on, by=by, amount=one.outstanding)
        return case


def hand_over(case: CollectionCase, *, agency: Agency, by: User, on: date) -> Handover:
    """Give the case to an agency; the package is kept as it was given. Raises WrongStage, NotYet."""
    with access.atomic():
        held = locked(case, Stage.OWN)
        debts = list(open_debts(held))
        reasons = [reason for debt in debts for reason in _why_not(debt, on=on)]
        if not debts:
            reasons = [str(_("Nothing is open in the case."))]
        if reasons:
            raise NotYet(reasons)
        _move(held, Stage.AGENCY, agency=agency)
        return _give(held, debts, agency=agency, by=by, on=on)


def hand_over_more(case: CollectionCase, *, by: User, on: date) -> Handover:
    """Give the case's agency those later debts that may go now, in a package of their own.

    Raises WrongStage, NotYet when none may.
    """
    with access.atomic():
        held = locked(case, Stage.AGENCY)
        assert held.agency is not None
        why = {debt: _why_not(debt, on=on) for debt in still_ours(held)}
        debts = [debt for debt, reasons in why.items() if not reasons]
        if not debts:
            reasons = [reason for some in why.values() for reason in some]
            raise NotYet(reasons or [str(_("Nothing is open in the case."))])
        return _give(held, debts, agency=held.agency, by=by, on=on)


def _why_not(debt: Receivable, *, on: date) -> list[str]:
    return [f"{debt.number}: {reason}" for reason in obstacles.to_agency(debt, on=on)]


def _give(
    held: CollectionCase, debts: Sequence[Receivable], *, agency: Agency, by: User, on: date
) -> Handover:
    package = agency_package.build(held, debts, agency=agency, on=on)
    given = Handover.objects.create(
        case=held,
        agency=agency,
        on=on,
        principal=package.principal,
        costs=package.costs,
        interest=package.interest,
        package=package.content,
        by_id=by.pk,
    )
    held.items.filter(left_on=None, receivable__in=debts).update(handover=given)
    _hold_reminders(held, debts, by=by, on=on)
    case_steps.write(held, Step.HANDED_OVER, on=on, by=by, amount=package.principal + package.costs)
    return given


def report(
    case: CollectionCase, reported: Sequence[Reported], *, by: User, on: date, paid_on: date, seen: int
) -> Payment:
    """Book what the agency says it has got, once: `seen` is the key of the case's last step that its reader saw.

    Raises GoneOn, WrongStage, NothingReported, ReportedTooMuch.
    """
    with access.atomic():
        held = locked(case, Stage.AGENCY)
        if last_step(held) != seen:
            raise GoneOn
        total = sum((one.sum for one in reported), ZERO)
        if total <= 0:
            raise NothingReported
        payment = Payment.objects.create(
            customer_id=held.customer_id,
            source=Payment.Source.AGENCY,
            amount=total,
            paid_on=paid_on,
            booked_on=on,
            entered_by_id=by.pk,
        )
        assert held.agency is not None
        AgencyReport.objects.create(payment=payment, agency=held.agency)
        for one in reported:
            for amount, part in ((one.principal, ledger.Part.PRINCIPAL), (one.costs, ledger.Part.COSTS)):
                if amount:
                    _allocate(payment, one.receivable, amount, on=paid_on, by=by, part=part)
            if one.interest:
                _got_interest(payment, one, until=paid_on, by=by)
        case_steps.write(held, Step.REPORTED, on=on, by=by, amount=total)
        return payment


def _allocate(
    payment: Payment, receivable: Receivable, amount: Decimal, *, on: date, by: User, part: str
) -> None:
    try:
        ledger.allocate(payment, receivable, amount, on=on, by=by, part=part)
    except ledger.NotSoMuch:
        held = ledger.hold(receivable.pk)
        left = held.open if part == ledger.Part.PRINCIPAL else held.costs
        raise ReportedTooMuch(receivable, part, left) from None


def _got_interest(payment: Payment, one: Reported, *, until: date, by: User) -> None:
    """Interest is income when it is got; what ran until then is not asked for again."""
    entry = ledger.move(
        payment, one.interest, kind=Entry.Kind.INTEREST, on=until, by=by, reason=one.receivable.number
    )
    AgencyInterest.objects.create(receivable=one.receivable, entry=entry, until=until)


def last_step(case: CollectionCase) -> int:
    """The key of the latest step of a case."""
    return case.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def recall(case: CollectionCase, *, reason: str, by: User, on: date) -> None:
    """Take the case back from the agency. Raises WrongStage."""
    with access.atomic():
        held = locked(case, Stage.AGENCY)
        for given in held.handovers.filter(recalled_on=None):
            given.recalled_on = on
            given.save(update_fields=["recalled_on"])
        held.items.filter(left_on=None).update(handover=None)
        _lift_holds(held, by=by, on=on)
        _move(held, Stage.OWN)
        case_steps.write(held, Step.RECALLED, on=on, by=by, reason=reason)


def close(case: CollectionCase, *, outcome: str, by: User, on: date, reason: str = "") -> None:
    """End a case; with an agency, it is recalled first. Raises StillOpen, WrongStage."""
    with access.atomic():
        held = CollectionCase.objects.select_for_update().get(pk=case.pk)
        if held.stage == Stage.CLOSED:
            raise WrongStage
        if outcome != Outcome.WITHDRAWN and open_debts(held).exists():
            raise StillOpen
        if held.stage == Stage.AGENCY:
            recall(held, reason=reason, by=by, on=on)
            held.refresh_from_db()
        held.items.filter(left_on=None).update(left_on=on)
        held.stage, held.outcome, held.closed_on = Stage.CLOSED, outcome, on
        held.save(update_fields=["stage", "outcome", "closed_on"])
        case_steps.write(held, Step.CLOSED, on=on, by=by, reason=reason)


# --- debts --------------------------------------------------------------------------------------------


def open_debts(case: CollectionCase) -> QuerySet[Receivable]:
    """The case's debts of which something is open."""
    return _open(case)


def with_agency(case: CollectionCase) -> QuerySet[Receivable]:
    """Those of them that the agency has."""
    return _open(case, case_items__handover__isnull=False)


def still_ours(case: CollectionCase) -> QuerySet[Receivable]:
    """Those that the agency has not: added, or open again, after the others were handed over."""
    return _open(case, case_items__handover__isnull=True)


def _open(case: CollectionCase, **item: bool) -> QuerySet[Receivable]:
    return (
        Receivable.objects.unpaid()
        .filter(case_items__case=case, case_items__left_on=None, **item)
        .select_related("invoice", "customer")
        .order_by("due_on", "pk")
    )


# --- steps ---------------------------------------------------------------------------------------------


def _case_of(customer: Customer, *, by: User, on: date) -> CollectionCase:
    found = CollectionCase.objects.select_for_update().filter(customer=customer, closed_on=None).first()
    if found is not None:
        return found
    case = CollectionCase.objects.create(customer=customer, opened_on=on)
    case_steps.write(case, Step.OPENED, on=on, by=by)
    return case


def _hold_reminders(case: CollectionCase, debts: Iterable[Receivable], *, by: User, on: date) -> None:
    """While the agency collects, we remind of nothing it has."""
    Hold.objects.bulk_create(
        Hold(
            customer_id=case.customer_id,
            receivable=debt,
            kind=Hold.Kind.AGENCY,
            since=on,
            entered_by_id=by.pk,
        )
        for debt in debts
    )


def _lift_holds(case: CollectionCase, *, by: User, on: date) -> None:
    debts = case.items.values("receivable")
    held = Hold.objects.filter(receivable__in=debts, kind=Hold.Kind.AGENCY, lifting__isnull=True)
    Lifting.objects.bulk_create(Lifting(hold=hold, on=on, entered_by_id=by.pk) for hold in held)


def locked(case: CollectionCase, stage: str) -> CollectionCase:
    """The case, locked until the transaction ends. Raises WrongStage."""
    held = CollectionCase.objects.select_for_update(of=("self",)).select_related("customer").get(pk=case.pk)
    if held.stage != stage:
        raise WrongStage
    return held


def _move(case: CollectionCase, stage: str, *, agency: Agency | None = None) -> None:
    case.stage, case.agency = stage, agency
    case.save(update_fields=["stage", "agency"])
