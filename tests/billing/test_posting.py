"""Posting by mail: what a mail says, what becomes of each answer of the server, and that it goes once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connections

from billing import afterwards, attaching, handover, posting, sending, tasks
from billing.models import Sending
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills, late
from tests.billing.mailserver import HANG_UP, SILENCE, MailServer, server  # noqa: F401  (a fixture)
from tests.billing.pages import customer  # noqa: F401  (a fixture)
from tests.billing.sendings import AT, State, now, proven, sent


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "fi",
            "Lasku {n}, Esimerkki Oy",
            ["Maksettavaa: 1 088,36 €", "Eräpäivä: 15.9.2026", "Viitenumero: "],
        ),
        ("sv", "Faktura {n}, Esimerkki Oy", ["Att betala: 1 088,36 €", "Förfallodag: 15.9.2026"]),
        ("en", "Invoice {n}, Esimerkki Oy", ["To pay: 1 088,36 €", "Due date: 15.9.2026"]),
    ],
)
def test_a_mail_says_what_the_payer_needs_and_carries_the_very_document(
    biller: User, customer: Customer, server: MailServer, language: str, subject: str, said: list[str]
) -> None:
    invoice = bills.issued(biller, customer, language=language)
    row = sent(biller, invoice)
    posting.deliver(row.pk, at=AT)
    [mail] = server.mails
    assert server.recipients == [mail["To"]] == ["laskut@hoylaamo.example"]
    assert mail["Subject"] == subject.format(n=invoice.number)
    assert mail["From"] == "Esimerkki Oy <laskutus@esimerkki.example>"
    assert mail["Reply-To"] == "owner@example.fi"
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    for line in [*said, "FI21 1234 5600 0007 85"]:
        assert line in text
    assert "Kuusamo" not in text  # neither the buyer nor what was bought
    [paper] = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == (f"{invoice.number}.pdf", "application/pdf")
    with access.acting("billing"):
        assert paper.get_content() == bytes(invoice.pdf.content)
    kept = now(row)
    assert (kept.state, kept.result, kept.sha256) == (State.SENT, "smtp 250 2.0.0", invoice.sha256)
    assert proven(invoice) == AT.date()


def test_files_of_an_invoice_go_with_it_and_a_lost_one_stops_the_mail(
    biller: User, customer: Customer, server: MailServer
) -> None:
    kept, lost = (bills.draft(biller, customer) for _each in range(2))
    for draft in (kept, lost):
        with access.acting("billing", user_id=biller.pk):
            attaching.attach(draft, [ContentFile(b"%PDF-1.7 tunnit", "tuntiraportti.pdf")], by=biller)
    rows = [sent(biller, bills.issue(biller, draft)) for draft in (kept, lost)]
    with access.acting("billing"):
        path = lost.attachments.get().path
    (Path(settings.MEDIA_ROOT) / path).unlink()
    for row in rows:
        posting.deliver(row.pk, at=AT)
    [mail] = server.mails
    _paper, file = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("tuntiraportti.pdf", b"%PDF-1.7 tunnit")
    assert (now(rows[1]).state, now(rows[1]).result) == (State.FAILED, "document")


def test_a_reminder_goes_by_mail_with_the_next_round(biller: User, owner: User, registrar: Registrar,
                                                     server: MailServer) -> None:  # fmt: skip
    late.invoice(biller, late.consumer(owner))
    on = date(2026, 3, 30)
    [letter] = late.made(biller, late.approved(biller, on), on)
    with access.acting("worker"):
        waiting = posting.due(at=late.noon(on))
    for pk in waiting:
        posting.deliver(pk, at=late.noon(on))
    [mail] = server.mails
    assert mail["Subject"] == f"Maksumuistutus {letter}, Esimerkki Oy"
    with access.acting("billing"):
        assert sending.of(letter).get().state == State.SENT


def test_a_reminder_that_failed_keeps_its_fee_while_it_goes_again(
    biller: User, owner: User, registrar: Registrar
) -> None:
    late.invoice(biller, late.consumer(owner))
    on = date(2026, 3, 30)
    [letter] = late.made(biller, late.approved(biller, on), on)
    with access.acting("worker"):
        Sending.objects.filter(reminder=letter).update(state=State.FAILED)
    again = sent(biller, letter, at=late.noon(on))
    with access.acting("worker"):
        Sending.objects.filter(pk=again.pk).update(state=State.HANDING, handed_at=late.noon(on))
        assert afterwards.settle(on=on) == 0
        Sending.objects.filter(pk=again.pk).update(state=State.FAILED)
        assert afterwards.settle(on=on) == 1
    with pytest.raises(sending.FeeWaived):
        sent(biller, letter, at=late.noon(on))


@pytest.mark.parametrize(
    ("says", "state", "result"),
    [
        ({"RCPT": "550 5.1.1 <laskut@hoylaamo.example> unknown"}, State.FAILED, "smtp 550 5.1.1"),
        ({"RCPT": "451 4.7.1 greylisted"}, State.QUEUED, "smtp 451 4.7.1"),
        ({"MAIL": "421 busy"}, State.QUEUED, "smtp 421"),
        ({"DATA": "554 5.3.4 too big"}, State.FAILED, "smtp 554 5.3.4"),
        ({"TEXT": "452 4.3.1 full"}, State.QUEUED, "smtp 452 4.3.1"),
        ({"TEXT": "550 5.7.1 spam"}, State.FAILED, "smtp 550 5.7.1"),
        ({"GREETING": HANG_UP}, State.QUEUED, "no server"),
        ({"GREETING": SILENCE}, State.QUEUED, "no server"),
        ({"RCPT": HANG_UP}, State.QUEUED, "no answer"),
        ({"RCPT": SILENCE}, State.QUEUED, "no answer"),
        ({"TEXT": HANG_UP}, State.HANDING, "no answer"),
        ({"TEXT": SILENCE}, State.HANDING, "no answer"),
    ],
)
def test_each_answer_of_the_server_has_its_end(
    biller: User, customer: Customer, server: MailServer, says: dict[str, str], state: str, result: str
) -> None:
    row, server.says = sent(biller, bills.issued(biller, customer)), says
    posting.deliver(row.pk, at=AT)
    kept = now(row)
    assert (kept.state, kept.result) == (state, result)
    assert "hoylaamo" not in kept.result
    assert kept.invoice is not None
    assert proven(kept.invoice) is None
    if state == State.QUEUED:
        assert kept.try_at == AT + timedelta(minutes=5)
        server.says = {}
        posting.deliver(row.pk, at=kept.try_at)
        assert (now(row).state, len(server.got)) == (State.SENT, 1)
    if state == State.HANDING:
        server.says = {}
        posting.deliver(row.pk, at=AT + timedelta(days=1))
        assert len(server.got) == 1
        with access.acting("billing"):
            assert sending.Sending.objects.in_doubt(at=AT).get().pk == row.pk


def test_a_mail_refused_for_now_is_tried_for_days_and_then_has_failed(
    biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = handover.Outcome(handover.End.LATER, "smtp 451")
    monkeypatch.setattr(handover, "hand_over", lambda mail, may_go: no)
    row, at, tries = sent(biller, bills.issued(biller, customer)), AT, 0
    while (kept := now(row)).state == State.QUEUED:
        at = max(at, kept.try_at or at)
        posting.deliver(row.pk, at=at)
        tries += 1
    assert (kept.state, kept.result, tries) == (State.FAILED, "smtp 451", len(posting.BACK_OFF) + 1)
    assert at - AT < timedelta(days=3)


def test_what_cannot_be_written_fails_alone(
    biller: User, customer: Customer, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [sent(biller, bills.issued(biller, customer)) for _n in range(2)]
    usual = posting.mails.of_invoice

    def written(row: Sending, *arguments: Any, **options: Any) -> Any:
        if row.pk == rows[0].pk:
            raise ValueError
        return usual(row, *arguments, **options)

    monkeypatch.setattr(posting.mails, "of_invoice", written)
    monkeypatch.setattr(tasks.timezone, "now", lambda: AT + sending.AT_ONCE)
    tasks.send_waiting(0)
    assert [(now(row).state, now(row).result) for row in rows] == [
        (State.FAILED, "document"),
        (State.SENT, "smtp 250 2.0.0"),
    ]


class Killed(BaseException):
    """The worker's process ends here."""


def test_a_worker_killed_with_the_mail_in_the_air_leaves_it_in_doubt_for_a_person(
    biller: User, customer: Customer, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = bills.issued(biller, customer)
    row = sent(biller, invoice)

    def die(*_arguments: Any, **_options: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(posting, "_settle", die)
        with pytest.raises(Killed):
            posting.deliver(row.pk, at=AT)
    assert len(server.got) == 1
    later = AT + timedelta(hours=1)
    with access.acting("worker"):
        assert posting.due(at=later) == []
    posting.deliver(row.pk, at=later)
    assert len(server.got) == 1
    with access.acting("billing", user_id=biller.pk):
        assert [one.pk for one in Sending.objects.in_doubt(at=later)] == [row.pk]
        assert not Sending.objects.in_doubt(at=AT + timedelta(minutes=1)).exists()
        with pytest.raises(sending.OnItsWay):
            sending.send(invoice, by=biller, at=later)
        sending.resolve(row, went=True, by=biller, at=later)
    assert (now(row).state, now(row).sent_at) == (State.SENT, AT)


def test_a_worker_killed_before_the_text_leaves_the_mail_waiting(
    biller: User, customer: Customer, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sent(biller, bills.issued(biller, customer))

    def die(*_arguments: Any, **_options: Any) -> bool:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(posting, "_take", die)
        with pytest.raises(Killed):
            posting.deliver(row.pk, at=AT)
    assert (server.got, now(row).state) == ([], State.QUEUED)
    with access.acting("worker"):
        assert posting.due(at=AT + sending.AT_ONCE) == [row.pk]


def test_four_workers_at_once_send_one_mail(biller: User, customer: Customer, server: MailServer) -> None:
    row = sent(biller, bills.issued(biller, customer))

    def work() -> None:
        try:
            posting.deliver(row.pk, at=AT)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert (len(server.got), now(row).state) == (1, State.SENT)


def test_names_cannot_add_headers_or_recipients(
    owner: User, biller: User, customer: Customer, registrar: Registrar, server: MailServer
) -> None:
    with access.acting("owner", user_id=owner.pk):
        registrar.name = "Esimerkki\r\nBcc: a@b.example"
        registrar.save(update_fields=["name"])
    row = sent(biller, bills.issued(biller, customer))
    posting.deliver(row.pk, at=AT)
    [mail] = server.mails
    assert mail["Bcc"] is None
    assert server.recipients == ["laskut@hoylaamo.example"]
