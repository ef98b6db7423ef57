"""A letter that waits is judged again before it goes: what it says must still be so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from billing import afterwards, agreements, disputes, holds, posting, sending
from billing.models import Invoice, Reminder, Sending, Waiver
from register import access
from register.models import Registrar, User
from tests.billing import agencies, bills, late, money

ON = date(2026, 3, 30)
NEXT = ON + timedelta(days=1)
Act = Callable[[User, Invoice], object]


def waiting(owner: User, biller: User, **details: str) -> tuple[Invoice, Reminder]:
    """A company's invoice whose reminder, with its fee of 12 €, has been made and waits to go."""
    invoice = late.invoice(biller, bills.company(owner, **details))
    [letter] = late.made(biller, late.approved(biller, ON), ON)
    assert money.receivable(invoice).costs == 12
    return invoice, letter


def on_paper(owner: User, biller: User) -> tuple[Invoice, Reminder]:
    return waiting(owner, biller, channel="paper", email="")


def of(letter: Reminder) -> Sending:
    with access.acting("billing"):
        return Sending.objects.select_related("reminder").get(reminder=letter)


def disputed(biller: User, invoice: Invoice, amount: Decimal | None = None) -> None:
    with access.acting("billing", user_id=biller.pk):
        disputes.enter(money.receivable(invoice), amount=amount, since=ON, ground="quality", on=ON, by=biller)


def held(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        holds.place(invoice.customer, kind="quiet", until=None, note="", on=ON, by=biller)


def extended(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        agreements.extend(
            money.receivable(invoice), due_on=date(2026, 5, 4), interest_runs=True, on=ON, by=biller
        )


WHY: dict[str, tuple[Act, str]] = {
    "disputed": (disputed, "disputed"),
    "disputed in part": (lambda by, one: disputed(by, one, Decimal(100)), "disputed"),
    "held": (held, "quiet"),
    "paid": (lambda by, one: money.paid(by, one, "1088.36", on=ON), "paid"),
    "paid in part": (lambda by, one: money.paid(by, one, "1000.00", on=ON), "sum"),
    "credited": (lambda by, one: bills.credit(by, one, on=ON), "paid"),
    "given more time": (extended, "time"),
}


@pytest.mark.parametrize("why", WHY)
def test_a_letter_whose_debt_is_not_as_it_says_is_called_back_without_its_fee(
    registrar: Registrar, owner: User, biller: User, why: str
) -> None:
    invoice, letter = on_paper(owner, biller)
    other = late.invoice(biller, bills.company(owner, "Toinen Oy", business_id=""))
    late.made(biller, late.approved(biller, ON), ON)
    with access.acting("worker"):
        assert afterwards.call_back(at=late.noon(NEXT)) == 0
    act, code = WHY[why]
    act(biller, invoice)
    with access.acting("worker"):
        assert afterwards.call_back(at=late.noon(NEXT)) == 1
        assert afterwards.settle(on=NEXT) == 0
    row = of(letter)
    assert (row.state, row.result) == ("cancelled", f"back:{code}")
    assert (money.receivable(invoice).costs, money.receivable(other).costs) == (0, 12)
    with access.acting("billing", user_id=biller.pk):
        assert Waiver.objects.get().reason == ("credited" if why == "credited" else "not_sent")
        with pytest.raises(sending.FeeWaived):
            sending.send_again(row, by=biller, at=late.noon(NEXT))


def test_a_letter_that_an_agency_has_taken_over_does_not_go(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = agencies.overdue(owner, biller)
    late.reminded(biller, ON)
    case = agencies.case_of(biller, invoice)
    [second] = late.made(biller, late.approved(biller, agencies.TODAY), agencies.TODAY)
    assert of(second).state == "queued"
    agencies.given(biller, case)
    with access.acting("worker"):
        afterwards.call_back(at=late.noon(agencies.TODAY))
    assert of(second).result == "back:agency"


def test_a_letter_is_not_marked_posted_when_its_debt_is_disputed(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, letter = on_paper(owner, biller)
    disputed(biller, invoice)
    row = of(letter)
    with access.acting("billing", user_id=biller.pk):
        marked = sending.mark_sent([row.pk], channel="paper", on=NEXT, by=biller, at=late.noon(NEXT))
    assert marked == 0
    assert of(letter).state == "cancelled"
    assert money.receivable(invoice).costs == 0


def test_a_mail_that_waits_for_another_try_is_judged_before_it_goes(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, letter = waiting(owner, biller)
    row = of(letter)
    assert row.channel == "email"
    with access.acting("worker"):
        Sending.objects.filter(pk=row.pk).update(attempts=1, try_at=late.noon(NEXT))
        assert posting.due(at=late.noon(NEXT)) == [row.pk]
    disputed(biller, invoice)
    posting.deliver(row.pk, at=late.noon(NEXT))
    assert mail.outbox == []
    assert (of(letter).state, of(letter).result) == ("cancelled", "back:disputed")
    assert money.receivable(invoice).costs == 0


def test_a_mail_whose_debt_stands_goes(registrar: Registrar, owner: User, biller: User) -> None:
    invoice, letter = waiting(owner, biller)
    posting.deliver(of(letter).pk, at=late.noon(NEXT))
    assert [len(mail.outbox), of(letter).state] == [1, "sent"]
    assert money.receivable(invoice).costs == 12


def test_a_letter_that_came_back_is_not_sent_again_with_an_old_sum(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, letter = on_paper(owner, biller)
    late.gone(letter, ON, "bounced")
    money.paid(biller, invoice, "1000.00", on=ON)
    with access.acting("billing", user_id=biller.pk), pytest.raises(afterwards.Outdated, match="another sum"):
        sending.send_again(of(letter), by=biller, at=late.noon(NEXT))


def test_the_print_queue_says_which_letter_was_called_back_and_why(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, letter = on_paper(owner, biller)
    row = of(letter)
    assert as_biller.post("/billing/sendings/letters/pdf/", {"sending": [row.pk]})["Content-Type"] == (
        "application/pdf"
    )
    disputed(biller, invoice)
    answer = as_biller.post("/billing/sendings/letters/pdf/", {"sending": [row.pk]}, follow=True)
    shown = answer.content.decode()
    assert f"Do not post {letter}. Called back before it went: Disputed." in shown
    assert "Nothing was printed" in shown
    assert of(letter).state == "cancelled"
    assert "Called back before it went: Disputed." in as_biller.get("/billing/sendings/").content.decode()


def test_posting_says_which_letter_must_not_be_posted(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    _invoice, letter = on_paper(owner, biller)
    other = late.invoice(biller, bills.company(owner, "Toinen Oy", business_id="", channel="paper", email=""))
    [second] = late.made(biller, late.approved(biller, ON), ON)
    money.paid(biller, _invoice, "1000.00", on=ON)
    form = {"sending": [of(letter).pk, of(second).pk], "on": f"{NEXT}"}
    shown = as_biller.post("/billing/sendings/letters/", form, follow=True).content.decode()
    assert f"Do not post {letter}. Called back before it went: another sum is owed by now." in shown
    assert "1 document is marked as sent" in shown
    assert (of(letter).state, of(second).state) == ("cancelled", "sent")
    assert money.receivable(other).costs == 12
