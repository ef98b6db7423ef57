"""Released work on drafts and invoices: billed once, given back, collected, and invoiced for the owner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from billing import drafting
from billing.models import Invoice, ReleasedAssignment
from customers.models import Assignment
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bills import TODAY


def waiting_jobs() -> list[dict[str, Any]]:
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [{"task": name, "args": args} for name, args in cursor.fetchall()]


def run_jobs() -> None:
    """Do what the queue holds, as the worker does; its arguments are ids and nothing else."""
    import json

    from register.jobs import app

    for job in waiting_jobs():
        args = job["args"] if isinstance(job["args"], dict) else json.loads(job["args"])
        assert set(args) == {"invoice_id", "user_id"}
        app.tasks[job["task"]](**args)


def test_released_work_is_billed_once_and_then_invoiced_for_the_owner(
    owner: User, biller: User, registrar: Registrar
) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_from([work], by=biller, on=TODAY)
        with pytest.raises(drafting.AlreadyTaken) as taken:
            drafting.draft_from([work], by=biller, on=TODAY)
        assert taken.value.invoice_id == invoice.pk
        assert invoice.subject == "Hallin suunnittelu"
        assert invoice.net == Decimal("1016.00")
    bills.issue(biller, invoice)
    run_jobs()
    with access.acting("owner", user_id=owner.pk):
        assert Assignment.objects.get().status == Assignment.Status.INVOICED
        assert ReleasedAssignment.objects.get().invoice.number == "20260001"
    run_jobs()


def test_issuing_by_hand_leaves_no_job(owner: User, biller: User, registrar: Registrar) -> None:
    bills.issued(biller, bills.company(owner))
    assert waiting_jobs() == []


def test_a_discarded_draft_gives_the_released_work_back(
    owner: User, biller: User, registrar: Registrar
) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_from([work], by=biller, on=TODAY)
        assert not ReleasedAssignment.objects.waiting().exists()
        drafting.discard(invoice, by=biller)
        assert ReleasedAssignment.objects.waiting().count() == 1
        assert not Invoice.objects.exists()


def test_one_draft_collects_several_releases_of_one_customer_only(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    one, two = bills.released(owner, customer, title="Yksi"), bills.released(owner, customer, title="Kaksi")
    foreign = bills.released(owner, bills.company(owner, "Toinen Oy", business_id="2345678-0"))
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(drafting.SeveralCustomers):
            drafting.draft_from([one, foreign], by=biller, on=TODAY)
        invoice = drafting.draft_from([one, two], by=biller, on=TODAY)
        assert [row.description for row in invoice.lines.all()] == [
            "Yksi: Suunnittelu",
            "Yksi: Matkat",
            "Kaksi: Suunnittelu",
            "Kaksi: Matkat",
        ]
