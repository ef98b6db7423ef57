"""Release: the owner hands the lines of a done assignment to billing, as a copy that is billing's.

The assignment itself stays out of billing's reach, also in the database. When the invoice is issued, a job
of the worker's marks the assignment invoiced, because the billing login cannot.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from billing import details
from billing.amounts import ZERO, rounded
from billing.models import ReleasedAssignment, ReleasedLine
from customers import assignments
from customers.models import Assignment
from register import access, subjects
from register.finnish import clean_text
from register.models import User


class NotDone(ValueError):
    """Only done work is billed."""

    def __init__(self) -> None:
        super().__init__(_("Mark the assignment done first; then it can be released for billing."))


class NothingToRelease(ValueError):
    """The assignment has no lines."""

    def __init__(self) -> None:
        super().__init__(_("The assignment has no lines. Add what is charged, or close the assignment."))


class AlreadyReleased(ValueError):
    """The assignment was released before."""

    def __init__(self) -> None:
        super().__init__(_("This assignment has already been released for billing."))


class AlreadyDrafted(ValueError):
    """Billing has taken the lines to a draft or an invoice."""

    def __init__(self) -> None:
        super().__init__(
            _("Billing has already put this on an invoice. Ask the billing person to discard the draft.")
        )


def release(*, assignment: Assignment, by: User, at: datetime, note: str = "") -> ReleasedAssignment:
    """Copy the lines of a done assignment to billing; owner's login.

    Raises NotDone, NothingToRelease, AlreadyReleased, subjects.Erased.
    """
    with access.atomic():
        held = Assignment.objects.select_for_update().get(pk=assignment.pk)
        subjects.must_be_present(held.customer)
        if ReleasedAssignment.objects.filter(assignment=held).exists():
            raise AlreadyReleased
        if held.status != Assignment.Status.DONE:
            raise NotDone
        lines = list(held.lines.all())
        if not lines:
            raise NothingToRelease
        released = ReleasedAssignment.objects.create(
            assignment=held,
            customer_id=held.customer_id,
            title=held.title,
            kind_id=held.kind_id,
            note=clean_text(note, limit=1000),
            done_on=held.done_on,
            net=sum((rounded(line.total) for line in lines), ZERO),
            released_by_id=by.pk,
            released_at=at,
        )
        ReleasedLine.objects.bulk_create(
            ReleasedLine(
                release=released,
                position=position,
                description=line.description or held.title,
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                vat_code=line.vat_code,
                delivered_on=line.delivered_on or held.done_on,
            )
            for position, line in enumerate(lines, start=1)
        )
        details.take_over(held.customer, by=by)
    return released


def withdraw(released: ReleasedAssignment, *, by: User) -> None:
    """Take a release back before billing has taken it. Raises AlreadyDrafted."""
    with access.atomic():
        held = ReleasedAssignment.objects.select_for_update().get(pk=released.pk)
        if held.invoice_id is not None:
            raise AlreadyDrafted
        held.delete()


def mark_invoiced(*, invoice_id: int, on: date, by: User) -> None:
    """Mark the assignments on an issued invoice invoiced; worker's login. Doing it twice changes nothing."""
    taken = ReleasedAssignment.objects.filter(invoice_id=invoice_id).exclude(invoice__number="")
    for released in taken.select_related("assignment"):
        if released.assignment.status == Assignment.Status.DONE:
            assignments.mark_invoiced(released.assignment, on=on, by=by)
