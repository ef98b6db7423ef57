"""Who presses twice, at once, or in two tabs takes one number and makes one draft; a failure takes none."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connections

from billing import crediting, drafting, invoicing, pdf
from billing.models import Invoice, InvoicePdf, Series
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bills import TODAY


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment, each through connections of its own; answers or errors, in order."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place: int) -> None:
        try:
            start.wait()
            answers[place] = acts[place]()
        except Exception as error:  # noqa: BLE001
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_key_twice_takes_one_number(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    key = uuid.uuid4()
    first = bills.issue(biller, invoice, client_key=key)
    again = bills.issue(biller, invoice, client_key=key)
    assert (first.number, again.number) == ("20260001", "20260001")
    with access.acting("billing"):
        assert Series.objects.get().last == 1
        assert InvoicePdf.objects.count() == 1


def test_another_key_for_an_issued_invoice_and_another_invoice_for_a_used_key_are_refused(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer, key = bills.company(owner), uuid.uuid4()
    invoice = bills.issue(biller, bills.draft(biller, customer), client_key=key)
    with pytest.raises(drafting.AlreadyIssued, match="20260001"):
        bills.issue(biller, invoice)
    with pytest.raises(invoicing.KeyUsed):
        bills.issue(biller, bills.draft(biller, customer), client_key=key)
    with access.acting("billing"):
        assert Series.objects.get().last == 1


def test_a_form_sent_twice_makes_one_draft(owner: User, biller: User, registrar: Registrar) -> None:
    customer, key = bills.company(owner), uuid.uuid4()
    with access.acting("billing", user_id=biller.pk):
        one = drafting.draft_by_hand(customer, by=biller, on=TODAY, draft_key=key)
        other = drafting.draft_by_hand(customer, by=biller, on=TODAY, draft_key=key)
        assert one == other
        assert Invoice.objects.count() == 1


def test_fifty_issue_at_once_ten_fail_and_forty_numbers_follow_each_other(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = bills.company(owner)
    drafts = [bills.draft(biller, customer) for _ in range(50)]
    doomed = {invoice.pk for invoice in drafts[::5]}
    freeze = invoicing.freeze

    def fail_after_the_number(held: Invoice, *arguments: Any, **options: Any) -> None:
        freeze(held, *arguments, **options)
        if held.pk in doomed:
            raise OSError

    monkeypatch.setattr(invoicing, "freeze", fail_after_the_number)
    answers = at_once([partial(bills.issue, biller, invoice) for invoice in drafts])
    failed = {
        invoice.pk for invoice, answer in zip(drafts, answers, strict=True) if isinstance(answer, OSError)
    }
    assert failed == doomed
    assert sum(isinstance(answer, Invoice) for answer in answers) == 40
    with access.acting("billing"):
        numbers = sorted(Invoice.objects.issued().values_list("number", flat=True))
        assert Invoice.objects.drafts().count() == 10
        assert Series.objects.get().last == 40
    assert numbers == [f"2026{n:04d}" for n in range(1, 41)]


def test_a_button_pressed_eight_times_at_once_takes_one_number(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice, key = bills.draft(biller, bills.company(owner)), uuid.uuid4()
    answers = at_once([lambda: bills.issue(biller, invoice, client_key=key)] * 8)
    assert [answer.number for answer in answers] == ["20260001"] * 8


def test_two_tabs_issue_one_invoice_once(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    answers = at_once([lambda: bills.issue(biller, invoice)] * 6)
    assert sum(isinstance(answer, Invoice) for answer in answers) == 1
    assert sum(isinstance(answer, drafting.AlreadyIssued) for answer in answers) == 5
    with access.acting("billing"):
        assert Series.objects.get().last == 1


def test_work_taken_by_two_at_once_is_on_one_draft(owner: User, biller: User, registrar: Registrar) -> None:
    work = bills.released(owner, bills.company(owner))

    def take() -> Invoice:
        with access.acting("billing", user_id=biller.pk):
            return drafting.draft_from([work], by=biller, on=TODAY)

    answers = at_once([take] * 4)
    assert sum(isinstance(answer, Invoice) for answer in answers) == 1
    assert sum(isinstance(answer, drafting.AlreadyTaken) for answer in answers) == 3


def test_one_form_sent_by_two_at_once_makes_one_draft_and_one_credit_note(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer, key = bills.company(owner), uuid.uuid4()
    invoice = bills.issued(biller, customer)

    def draft() -> Invoice:
        with access.acting("billing", user_id=biller.pk):
            return drafting.draft_by_hand(customer, by=biller, on=TODAY, draft_key=key)

    def credit() -> Invoice:
        with access.acting("billing", user_id=biller.pk):
            return crediting.credit(invoice, by=biller, on=TODAY, because="Virhe", client_key=key)

    assert len({answer.pk for answer in at_once([draft] * 4)}) == 1
    assert {answer.number for answer in at_once([credit] * 4)} == {"H20260001"}


def test_a_failing_pdf_takes_no_number(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = bills.draft(biller, bills.company(owner))

    def fail(*arguments: Any) -> bytes:
        [document, *_] = arguments
        assert document.number == "20260001"
        raise pdf.NotTypeset

    monkeypatch.setattr(pdf, "render", fail)
    with pytest.raises(pdf.NotTypeset):
        bills.issue(biller, invoice)
    monkeypatch.undo()
    with access.acting("billing"):
        assert not Series.objects.exists()
        assert Invoice.objects.get().is_draft
    assert bills.issue(biller, invoice).number == "20260001"
