"""Assignments (*toimeksianto*): from offer to invoice, by lawful steps, each with its date.

offer → agreed → in progress → done → invoiced → closed. An offer may be closed when nothing comes of it,
agreed work when it is called off, done work when nothing is billed. A step taken by mistake is taken back
until the assignment has been invoiced. Billing copies the lines when the owner releases them; nothing
here knows of invoices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from customers import attachments, kinds
from customers.models import Assignment, AssignmentLine, Customer, Person, VatCode
from register import access, subjects
from register.finnish import clean_line, clean_text
from register.models import User

Status = Assignment.Status
CENT = Decimal("0.01")
UNDER_WAY = (Status.AGREED, Status.IN_PROGRESS)
OPEN = (Status.OFFER, *UNDER_WAY, Status.DONE)


class UnlawfulStep(ValueError):
    """The assignment is not in a state from which this step can be taken."""

    def __init__(self) -> None:
        super().__init__(
            _("This step is not possible now. Look at the assignment's present state and try again.")
        )


class LinesAreFixed(ValueError):
    """The lines have gone to billing."""

    def __init__(self) -> None:
        super().__init__(_("The assignment has been invoiced, so its lines can no longer be changed."))


class TitleMissing(ValueError):
    """Nothing is left of the title."""

    def __init__(self) -> None:
        super().__init__(_("Write what the assignment is."))


class ContactOfAnother(ValueError):
    """The contact person does not represent the customer."""

    def __init__(self) -> None:
        super().__init__(_("The contact person does not represent this customer."))


@dataclass(frozen=True)
class Line:
    """One line as entered: euros without VAT."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = "h"
    vat_code: str = VatCode.STANDARD
    delivered_on: date | None = None


# --- opening and correcting --------------------------------------------------------------------------


def offer(
    *,
    customer: Customer,
    title: str,
    by: User,
    on: date,
    description: str = "",
    contact: Person | None = None,
    kind: str = "",
    due_on: date | None = None,
    lines: Iterable[Line] = (),
    files: Iterable[File] = (),
) -> Assignment:
    """Open an assignment as an offer made on a day; `kind` is a word, an old one or a new one.

    Raises TitleMissing, ContactOfAnother, attachments.Refused, subjects.Erased.
    """
    subjects.must_be_present(customer, contact)
    _must_represent(contact, customer)
    with access.atomic():
        assignment = Assignment.objects.create(
            customer=customer,
            contact=contact,
            kind=kinds.named(kind),
            title=_title(title),
            description=clean_text(description),
            status=Status.OFFER,
            offered_on=on,
            due_on=due_on,
            entered_by_id=by.pk,
        )
        set_lines(assignment, lines, by=by)
        attachments.store(files, of=assignment, by=by)
    return assignment


def correct(
    assignment: Assignment,
    *,
    title: str,
    description: str,
    contact: Person | None,
    kind: str,
    due_on: date | None,
    by: User,
) -> None:
    """Correct the facts. Raises TitleMissing, ContactOfAnother, subjects.Erased."""
    subjects.must_be_present(assignment.customer, contact)
    if contact != assignment.contact:
        _must_represent(contact, assignment.customer)
    assignment.title, assignment.description = _title(title), clean_text(description)
    assignment.contact, assignment.due_on = contact, due_on
    with access.atomic():
        assignment.kind = kinds.named(kind)
        assignment.save(update_fields=["title", "description", "contact", "kind", "due_on"])


def set_lines(assignment: Assignment, lines: Iterable[Line], *, by: User) -> None:
    """Put these lines in the place of the assignment's lines. Raises LinesAreFixed, subjects.Erased."""
    subjects.must_be_present(assignment.customer)
    lines = list(lines)
    with access.atomic():
        if _locked(assignment).status not in OPEN:
            raise LinesAreFixed
        kept = list(assignment.lines.all())
        for position, line in enumerate(lines, start=1):
            row = kept.pop(0) if kept else AssignmentLine(assignment=assignment)
            _write_line(row, position, line)
        for row in kept:
            row.delete()


def remove(assignment: Assignment, *, by: User) -> None:
    """Delete an assignment entered by mistake, with lines and files. Raises LinesAreFixed once invoiced."""
    with access.atomic():
        if _locked(assignment).status not in OPEN:
            raise LinesAreFixed
        attachments.remove_all(of=assignment)
        assignment.delete()


def totals(lines: Sequence[AssignmentLine]) -> Decimal:
    """Euros without VAT, each line rounded to the cent as invoices round."""
    return sum((amount(line) for line in lines), Decimal("0.00"))


def amount(line: AssignmentLine) -> Decimal:
    """One line in euros and cents without VAT."""
    return line.total.quantize(CENT, rounding=ROUND_HALF_UP)


def _write_line(row: AssignmentLine, position: int, line: Line) -> None:
    row.position, row.description = position, clean_line(line.description, limit=300)
    row.quantity, row.unit, row.unit_price = line.quantity, clean_line(line.unit, limit=20), line.unit_price
    row.vat_code, row.delivered_on = line.vat_code, line.delivered_on
    if row.pk is None:
        row.save()
        return
    fields = ["position", "description", "quantity", "unit", "unit_price", "vat_code", "delivered_on"]
    row.save(update_fields=fields)


def _title(text: str) -> str:
    title = clean_line(text)
    if not title:
        raise TitleMissing
    return title


def _must_represent(contact: Person | None, customer: Customer) -> None:
    if contact is None or contact.pk == customer.person_id:
        return
    if not customer.representations.filter(person=contact).exists():
        raise ContactOfAnother


# --- steps -------------------------------------------------------------------------------------------


def agree(assignment: Assignment, *, on: date, by: User) -> None:
    """The customer accepted the offer."""
    _step(assignment, {Status.OFFER}, Status.AGREED, "agreed_on", on)


def start(assignment: Assignment, *, on: date, by: User) -> None:
    """The work began."""
    _step(assignment, {Status.AGREED}, Status.IN_PROGRESS, "started_on", on)


def finish(assignment: Assignment, *, on: date, by: User) -> None:
    """The work is done; small work may be done as soon as it is agreed."""
    _step(assignment, {Status.AGREED, Status.IN_PROGRESS}, Status.DONE, "done_on", on)


def mark_invoiced(assignment: Assignment, *, on: date, by: User) -> None:
    """Billing took the lines; from now on they cannot be changed. The invoice bears the day."""
    _step(assignment, {Status.DONE}, Status.INVOICED, "", on)


def close(assignment: Assignment, *, on: date, by: User) -> None:
    """Nothing more will be done: paid, declined, called off, or nothing to bill."""
    _step(
        assignment,
        {Status.OFFER, Status.AGREED, Status.IN_PROGRESS, Status.DONE, Status.INVOICED},
        Status.CLOSED,
        "closed_on",
        on,
    )


def take_back(assignment: Assignment, *, by: User) -> None:
    """Undo the last step, taken by mistake; its date is cleared. Not after the assignment was invoiced."""
    with access.atomic():
        _locked(assignment)
        step = step_to_take_back(assignment)
        if step is None:
            raise UnlawfulStep
        column, assignment.status = step
        setattr(assignment, column, None)
        assignment.save(update_fields=["status", column])


def step_to_take_back(assignment: Assignment) -> tuple[str, str] | None:
    """The date that would be cleared and the state to which the assignment would return."""
    if assignment.status == Status.AGREED:
        return "agreed_on", Status.OFFER
    if assignment.status == Status.IN_PROGRESS:
        return "started_on", Status.AGREED
    if assignment.status == Status.DONE:
        return "done_on", Status.IN_PROGRESS if assignment.started_on else Status.AGREED
    return None


STEPS = {"agree": agree, "start": start, "finish": finish, "close": close}
"""The owner's own steps by the names their buttons send; invoicing is billing's."""


def next_steps(assignment: Assignment) -> list[str]:
    """Names of the steps that can be taken now, the usual one first."""
    return {
        Status.OFFER: ["agree", "close"],
        Status.AGREED: ["start", "finish", "close"],
        Status.IN_PROGRESS: ["finish", "close"],
        Status.DONE: ["close"],
        Status.INVOICED: ["close"],
        Status.CLOSED: [],
    }[Status(assignment.status)]


def _step(assignment: Assignment, lawful: set[Status], to: Status, column: str, on: date) -> None:
    with access.atomic():
        if _locked(assignment).status not in lawful:
            raise UnlawfulStep
        assignment.status = to
        fields = ["status"]
        if column:
            setattr(assignment, column, on)
            fields.append(column)
        assignment.save(update_fields=fields)


def _locked(assignment: Assignment) -> Assignment:
    """The assignment with its present state, held until the transaction ends."""
    assignment.status = (
        Assignment.objects.select_for_update().values_list("status", flat=True).get(pk=assignment.pk)
    )
    return assignment
