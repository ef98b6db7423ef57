"""Many drafts issued in one go by the worker: what was asked for, each once, without gaps, and why some were not."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing import drafting, invoicing, issuing_many, tasks
from billing.issuing_many import Chosen, Told
from billing.models import Invoice, InvoicePdf, IssuingResult, IssuingRun, Receivable, Sending, Series
from customers.models import Customer
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills
from tests.billing.pages import as_biller, english  # noqa: F401 (fixtures)

SUM = Decimal("1088.36")


@pytest.fixture
def customer(registrar: Registrar, owner: User) -> Customer:
    return bills.company(owner)


def begun(biller: User, drafts: list[Invoice], *, send: bool = False, **facts: Any) -> IssuingRun:
    seen = Told(len(drafts), sum((one.total for one in drafts), Decimal(0)))
    usual: dict[str, Any] = {"seen": seen, "client_key": uuid.uuid4(), "at": bills.NOW}
    with access.acting("billing", user_id=biller.pk):
        chosen = Chosen(ticked=[one.pk for one in drafts])
        return issuing_many.start(chosen, send=send, by=biller, **(usual | facts))


def worked(run: IssuingRun, biller: User) -> list[IssuingResult]:
    tasks.issue_run(run_id=run.pk, user_id=biller.pk)
    with access.acting("billing"):
        run.refresh_from_db()
        return list(run.results.select_related("invoice").order_by("pk"))


def numbers(results: list[IssuingResult]) -> list[str]:
    return [one.invoice.number for one in results]


def ends(count: int) -> list[str]:
    return [f"{n:04d}" for n in range(1, count + 1)]


def test_the_worker_issues_what_was_asked_for_each_with_the_next_number(
    biller: User, customer: Customer
) -> None:
    drafts = [bills.draft(biller, customer) for _ in range(3)]
    left = bills.draft(biller, customer)
    run = begun(biller, drafts)
    assert (run.count, run.finished_at) == (3, None)
    results = worked(run, biller)
    assert run.finished_at is not None
    assert [number[4:] for number in numbers(results)] == ends(3)
    with access.acting("billing"):
        assert Invoice.objects.get(pk=left.pk).is_draft
        assert InvoicePdf.objects.count() == Receivable.objects.count() == 3
        assert set(Receivable.objects.values_list("open", flat=True)) == {SUM}
        assert set(Invoice.objects.issued().values_list("issued_by", flat=True)) == {biller.pk}
        assert Sending.objects.count() == 0
    with access.acting("owner"):
        entry = AuditEntry.objects.get(
            object_pk=str(drafts[0].pk), changes__has_key="snapshot", login__endswith="worker"
        )
    assert entry.actor_id == biller.pk


def test_what_lacks_something_stays_a_draft_with_its_reason_and_takes_no_number(
    owner: User, biller: User, customer: Customer
) -> None:
    nowhere = bills.company(
        owner, "Osoitteeton Oy", business_id="2345678-0", street="", postal_code="", city=""
    )
    drafts = [bills.draft(biller, one) for one in (customer, nowhere, customer)]
    results = worked(begun(biller, drafts), biller)
    assert [bool(one.problem) for one in results] == [False, True, False]
    assert results[1].invoice.is_draft
    assert [results[0].invoice.number[4:], results[2].invoice.number[4:]] == ends(2)
    with access.acting("billing"):
        assert Series.objects.get().last == 2
        assert issuing_many.told(Chosen()) == Told(1, drafts[1].total)


def test_a_doubled_click_and_a_job_done_twice_issue_once(biller: User, customer: Customer) -> None:
    drafts, key = [bills.draft(biller, customer) for _ in range(2)], uuid.uuid4()
    run = begun(biller, drafts, client_key=key)
    assert begun(biller, drafts, client_key=key) == run
    with pytest.raises(issuing_many.NothingToIssue):
        begun(biller, drafts)
    first = numbers(worked(run, biller))
    assert numbers(worked(run, biller)) == first
    with access.acting("billing"):
        assert (IssuingRun.objects.count(), Series.objects.get().last) == (1, 2)


def test_what_a_killed_worker_left_is_taken_up_without_a_gap(
    biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(biller, [bills.draft(biller, customer) for _ in range(3)])
    freeze, calls = invoicing.freeze, list[int]()

    def killed(*arguments: Any, **options: Any) -> None:
        freeze(*arguments, **options)
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(invoicing, "freeze", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.issue_run(run_id=run.pk, user_id=biller.pk)
    with access.acting("billing"):
        assert (Invoice.objects.issued().count(), Series.objects.get().last) == (1, 1)
    with access.acting("worker"):
        assert issuing_many.left_behind(at=bills.NOW + timedelta(minutes=5)) == []
        assert issuing_many.left_behind(at=bills.NOW + timedelta(minutes=11)) == [(run.pk, biller.pk)]
    tasks.issue_left_behind(0)
    with access.acting("billing"):
        run.refresh_from_db()
        assert run.finished_at is not None
        assert sorted(Invoice.objects.values_list("sequence", flat=True)) == [1, 2, 3]


def test_a_fault_nobody_foresaw_stops_no_other(
    biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(biller, [bills.draft(biller, customer) for _ in range(3)])
    freeze, calls = invoicing.freeze, list[int]()

    def faulty(*arguments: Any, **options: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError
        freeze(*arguments, **options)

    monkeypatch.setattr(invoicing, "freeze", faulty)
    results = worked(run, biller)
    assert run.finished_at is not None
    assert [one.invoice.is_draft for one in results] == [False, True, False]
    assert results[1].problem != ""


def test_a_draft_that_has_another_sum_by_now_is_not_issued(biller: User, customer: Customer) -> None:
    drafts = [bills.draft(biller, customer) for _ in range(2)]
    run = begun(biller, drafts)
    with access.acting("billing", user_id=biller.pk):
        facts = drafting.Facts(**{name: getattr(drafts[0], name) for name in drafting.FACTS})
        drafting.revise(drafts[0], facts=facts, lines=[bills.line(price="5000")], by=biller, on=bills.TODAY)
    changed, kept = worked(run, biller)
    assert changed.invoice.is_draft
    assert changed.problem != ""
    assert kept.invoice.number.endswith("0001")


def test_sending_too_is_both_or_neither(owner: User, biller: User, customer: Customer) -> None:
    silent = bills.company(owner, "Postiton Oy", business_id="2345678-0", email="x@y.example")
    with access.acting("owner", user_id=owner.pk):
        silent.billing_details.email = ""
        silent.billing_details.save(update_fields=["email"])
    drafts = [bills.draft(biller, one) for one in (silent, customer)]
    refused, sent = worked(begun(biller, drafts, send=True), biller)
    assert refused.invoice.is_draft
    assert refused.problem != ""
    with access.acting("billing"):
        row = Sending.objects.get()
    assert (row.invoice_id, row.channel, row.asked_by_id) == (sent.invoice_id, "email", biller.pk)


def test_the_worker_cannot_issue_what_nobody_asked_for(biller: User, customer: Customer) -> None:
    """The law of 0046: what draws up drafts by itself cannot issue them."""
    asked, unasked = bills.draft(biller, customer), bills.draft(biller, customer)
    run = begun(biller, [asked])
    with (
        pytest.raises(IntegrityError, match="nobody asked"),
        access.acting("worker", user_id=biller.pk),
    ):
        invoicing.issue(unasked, by=biller, on=bills.TODAY, client_key=uuid.uuid4())
    with access.acting("worker"):
        assert not has_privilege("billing_issuingresult", "INSERT")
        assert not has_privilege("billing_issuingrun", "INSERT")
    assert worked(run, biller)[0].invoice.number != ""


def has_privilege(table: str, privilege: str) -> bool:
    return bool(access.ask("SELECT has_table_privilege(%s, %s)", [table, privilege])[0][0])


def test_a_discarded_draft_leaves_the_run(biller: User, customer: Customer) -> None:
    drafts = [bills.draft(biller, customer) for _ in range(2)]
    run = begun(biller, drafts)
    with access.acting("billing", user_id=biller.pk):
        drafting.discard(drafts[0], by=biller)
    [left] = worked(run, biller)
    assert left.invoice.number != ""
    assert run.finished_at is not None


# --- pages ---------------------------------------------------------------------------------------------


def text(browser: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(address).content.decode()).split())


def hidden(page: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    return found


def test_the_pages_say_what_it_will_do_then_how_far_it_is_and_what_became_of_each(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    nowhere = bills.company(
        owner, "Osoitteeton Oy", business_id="2345678-0", street="", postal_code="", city=""
    )
    drafts = [bills.draft(biller, one) for one in (customer, nowhere)]
    assert "Issue many…" in text(as_biller, "/billing/invoices/?status=draft")
    listed = text(as_biller, "/billing/drafts/")
    assert "2 drafts · 2,176.72" in listed or "2 drafts · 2 176,72" in listed
    nothing = as_biller.post("/billing/drafts/ask/", {})
    assert nothing.status_code == 422
    assert "Tick the drafts" in nothing.content.decode()
    asked = as_biller.post("/billing/drafts/ask/", {"invoice": [one.pk for one in drafts]}).content.decode()
    assert "Issue 2 invoices" in asked
    assert "Issue and send" in asked
    with access.acting("billing"):
        assert Invoice.objects.issued().count() == 0
    answer = as_biller.post("/billing/drafts/issue/", hidden(asked))
    again = as_biller.post("/billing/drafts/issue/", hidden(asked))
    assert answer["Location"] == again["Location"]
    assert "0 / 2" in text(as_biller, answer["Location"])
    with access.acting("billing"):
        run = IssuingRun.objects.get()
    worked(run, biller)
    done = text(as_biller, answer["Location"])
    assert "1 invoice was issued. 1 was not; it is still a draft" in done
    assert "The buyer" in done
    assert "Kuusamon" not in text(as_biller, answer["Location"] + "?show=refused")


def test_all_that_fit_are_those_that_were_there_and_changed_ones_are_shown_anew(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    other = bills.company(owner, "Toinen Oy", business_id="2345678-0")
    drafts = [bills.draft(biller, customer) for _ in range(2)]
    bills.draft(biller, other)
    everybody = {"everybody": "on", "text": "höyläämö", "last": drafts[-1].pk}
    asked = as_biller.post("/billing/drafts/ask/", everybody).content.decode()
    assert "Issue 2 invoices" in asked
    later = bills.draft(biller, customer)
    with access.acting("billing", user_id=biller.pk):
        drafting.discard(drafts[0], by=biller)
    changed = as_biller.post("/billing/drafts/issue/", hidden(asked))
    assert changed.status_code == 422
    assert "have changed meanwhile" in changed.content.decode()
    assert "Issue 1 invoice" in changed.content.decode()
    as_biller.post("/billing/drafts/issue/", hidden(changed.content.decode()))
    with access.acting("billing"):
        [result] = IssuingResult.objects.all()
    assert (result.invoice_id, later.is_draft) == (drafts[1].pk, True)


@pytest.mark.parametrize(("address", "most"), [("/billing/drafts/", 9), ("/billing/drafts/DM{run}/", 9)])
def test_the_lists_cost_the_same_queries_however_many_rows(
    as_biller: Client, owner: User, biller: User, customer: Customer, address: str, most: int
) -> None:
    counts, drafts = [], list[Invoice]()
    for _ in range(2):
        drafts += [bills.draft(biller, customer) for _ in range(3)]
        run = begun(biller, drafts[-3:]) if "DM" in address else None
        with CaptureQueriesContext(connections["billing"]) as queries:
            assert as_biller.get(address.format(run=run and run.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= most, [query["sql"][:120] for query in queries]
