"""Sending: by which channel, what is refused, and what the ledger keeps of it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError
from procrastinate.contrib.django.models import ProcrastinateJob

from billing import posting, sending, sending_many, tasks
from billing.models import Invoice, Sending
from customers.models import Customer
from register import access
from register.models import User
from tests.billing import bills
from tests.billing.mailserver import MailServer, server  # noqa: F401  (a fixture)
from tests.billing.pages import customer  # noqa: F401  (a fixture)
from tests.billing.sendings import AT, State, now, proven, sent


def test_each_channel_asks_for_its_address(owner: User, biller: User, customer: Customer) -> None:
    invoice = bills.issued(biller, customer)
    for channel in ("e_invoice",):
        with pytest.raises(sending.AddressMissing):
            sent(biller, invoice, channel=channel)
    letter = sent(biller, invoice, channel="paper")
    assert letter.address == "Kuusamon Höyläämo Oy\nSahantie 7\n93600 Kuusamo".replace("Höyläämo", "Höyläämö")
    with pytest.raises(sending.OnItsWay):
        sent(biller, invoice)
    with access.acting("billing", user_id=biller.pk):
        sending.cancel(letter, by=biller, at=AT)
        with pytest.raises(sending.NotSendable):
            sending.send(bills_draft(biller, customer), by=biller, at=AT)
    e_customer = bills.company(
        owner, "Verkkolasku Oy", business_id="2345678-0", channel="e_invoice", email="",
        einvoice_address="003723456780", einvoice_operator="003721291126",
    )  # fmt: skip
    assert sent(biller, bills.issued(biller, e_customer)).address == "003723456780 003721291126"


def bills_draft(biller: User, customer: Customer) -> Invoice:
    from billing import drafting

    return drafting.draft_by_hand(customer, by=biller, on=bills.TODAY, lines=bills.CONSULTING)


def test_jobs_hold_a_number_and_nothing_else(biller: User, customer: Customer) -> None:
    row = sent(biller, bills.issued(biller, customer))
    with access.acting("worker"):
        job = ProcrastinateJob.objects.get(task_name="billing.tasks.send_mail")
    assert job.args == {"sending_id": row.pk}


def test_letters_are_marked_posted_on_their_day_and_not_tomorrow(biller: User, customer: Customer) -> None:
    invoice = bills.issued(biller, customer)
    row = sent(biller, invoice, channel="paper", at=AT + timedelta(days=2))
    at = AT + timedelta(days=3)
    with access.acting("billing", user_id=biller.pk):
        for wrong in (bills.TODAY - timedelta(days=1), at.date() + timedelta(days=1)):
            with pytest.raises(sending.WrongDay):
                sending.mark_sent([row.pk], channel="paper", on=wrong, by=biller, at=at)
        assert sending.mark_sent([row.pk], channel="email", on=at.date(), by=biller, at=at) == 0
        assert sending.mark_sent([row.pk], channel="paper", on=bills.TODAY, by=biller, at=at) == 1
        assert sending.mark_sent([row.pk], channel="paper", on=at.date(), by=biller, at=at) == 0
    assert proven(invoice) == bills.TODAY


def test_what_came_back_was_not_sent_and_what_goes_again_counts_from_then(
    biller: User, customer: Customer, server: MailServer
) -> None:
    invoice = bills.issued(biller, customer)
    row = sent(biller, invoice)
    posting.deliver(row.pk, at=AT)
    assert proven(invoice) == bills.TODAY
    later = AT + timedelta(days=4)
    with access.acting("billing", user_id=biller.pk):
        sending.bounced(row, result="told", by=biller, at=later)
        assert sending.sent_on(invoice) is None
        assert list(sending_many.unsent(on=later.date())) == [invoice]
        with pytest.raises(sending.NotAsItWas):
            sending.bounced(row, result="told", by=biller, at=later)
        sending.send_otherwise(invoice, on=later.date(), how="toimistolla", by=biller, at=later)
        assert not sending_many.unsent(on=later.date()).exists()
        [found] = sending.with_first_sent(Invoice.objects.issued())
        assert found.first_sent_at == later
    assert proven(invoice) == later.date()


def test_the_database_keeps_what_was_sent(biller: User, customer: Customer) -> None:
    row = sent(biller, bills.issued(biller, customer))
    for alias, change in (
        ("billing", {"address": "x@y.example"}),
        ("migrate", {"sha256": "0" * 64}),
        ("migrate", {"state": State.SENT}),
    ):
        with pytest.raises(DatabaseError), access.acting(alias):
            Sending.objects.filter(pk=row.pk).update(**change)
    with access.acting("billing", user_id=biller.pk):
        sending.cancel(row, by=biller, at=AT)
    with pytest.raises(DatabaseError), access.acting("migrate"):
        Sending.objects.filter(pk=row.pk).update(state=State.QUEUED)
    assert now(row).state == State.CANCELLED


def test_many_are_sent_in_one_go_each_by_its_channel_once(
    owner: User, biller: User, customer: Customer, server: MailServer
) -> None:
    paper = bills.company(owner, "Paperi Oy", business_id="2345678-0", channel="paper", email="")
    nobody = bills.company(owner, "Katuva Oy", business_id="0201256-6")
    made = [bills.issued(biller, one) for one in (customer, customer, paper, nobody)]
    with access.acting("owner", user_id=owner.pk):
        from billing.models import BillingDetails

        BillingDetails.objects.filter(customer=nobody).update(email="")
    already = sent(biller, made[1])
    key = uuid.uuid4()
    with access.acting("billing", user_id=biller.pk):
        run = sending_many.send_many(invoices=None, client_key=key, by=biller, at=AT)
        assert sending_many.send_many(invoices=None, client_key=key, by=biller, at=AT) == run
        got = {row.invoice_id: (row.channel, row.state, row.result) for row in run.sendings.all()}
    assert got == {
        made[0].pk: ("email", State.QUEUED, ""),
        made[2].pk: ("paper", State.QUEUED, ""),
        made[3].pk: ("email", State.FAILED, "address"),
    }
    tasks.send_run(run.pk)
    assert [mail["Subject"] for mail in server.mails] == [f"Lasku {made[0].number}, Esimerkki Oy"]
    assert now(already).state == State.QUEUED
    with access.acting("billing", user_id=biller.pk), pytest.raises(sending_many.NothingToSend):
        sending_many.send_many(invoices=[made[0].pk], client_key=uuid.uuid4(), by=biller, at=AT)
