"""What billing shows on the owner's pages: the release of an assignment, a customer's billing."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing import details, figures, worklists
from billing.models import ReleasedAssignment
from customers.models import Assignment, Customer
from customers.panels import Panel
from register.models import User

LATEST = 5


def release(assignment: Assignment, by: User) -> Panel | None:
    """The button that releases done work, or what has become of the release."""
    released = ReleasedAssignment.objects.filter(assignment=assignment).select_related("invoice").first()
    if released is None and assignment.status != Assignment.Status.DONE:
        return None
    return Panel("billing/release_panel.html", {"assignment": assignment, "released": released})


def customer(subject: Customer, by: User) -> Panel:
    """A customer's latest invoices and what they come to."""
    context: dict[str, Any] = {
        "customer": subject,
        "details": details.of(subject),
        "latest": worklists.invoices(customer=subject).rows[:LATEST],
        "billed": worklists.billed(subject),
    }
    return Panel("billing/customer_panel.html", context)


def waiting(day: date, by: User) -> Panel | None:
    """How much done work has been released and not yet billed."""
    count = ReleasedAssignment.objects.waiting().count()
    return Panel("billing/waiting_panel.html", {"count": count}) if count else None


def rules(day: date, by: User) -> Panel | None:
    """What is missing from the dated figures or ends soon."""
    found = figures.warnings(on=day)
    return Panel("billing/rules_panel.html", {"warnings": found}) if found else None
