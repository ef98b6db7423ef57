"""The pages of sending through real requests."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from billing import mails, outgoing, posting
from billing.models import Invoice, Sending, SendingRun
from billing.views import doors
from customers.models import Customer
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills, mailserver
from tests.billing.pages import as_biller, customer, english  # noqa: F401  (three fixtures)
from tests.billing.sendings import State, now, sent

E_INVOICE = {"channel": "e_invoice", "email": "", "einvoice_address": "003723456780",
             "einvoice_operator": "003721291126"}  # fmt: skip


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "today", lambda: bills.TODAY)
    monkeypatch.setattr(doors, "now", lambda: bills.NOW)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def text(as_biller: Client, address: str) -> str:
    return words(as_biller.get(address).content.decode())


def key_of(as_biller: Client, address: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', as_biller.get(address).content.decode())
    assert found
    return found[1]


def sendings() -> list[Sending]:
    with access.acting("billing"):
        return list(Sending.objects.select_related("invoice").order_by("pk"))


def gone(biller: User, invoice: Invoice) -> Sending:
    """An invoice that went by mail."""
    row = sent(biller, invoice)
    with mailserver.running():
        posting.deliver(row.pk, at=bills.NOW)
    return row


def test_issue_and_send_is_one_step_and_happens_once(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    draft = bills.draft(biller, customer)
    address = f"/billing/invoices/D{draft.pk}/issue/"
    key = key_of(as_biller, address)
    for _twice in range(2):
        assert as_biller.post(address, {"key": key, "send": "1"}).status_code == 302
    [row] = sendings()
    assert (row.state, row.invoice_id) == (State.QUEUED, draft.pk)
    page = text(as_biller, f"/billing/invoices/D{draft.pk}/")
    assert "is on its way" in page
    assert "laskut@hoylaamo.example" in page
    assert row.sha256[:16] in page


def test_without_an_address_nothing_is_issued(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    from billing.models import BillingDetails

    with access.acting("owner", user_id=owner.pk):
        BillingDetails.objects.filter(customer=customer).update(email="")
    draft = bills.draft(biller, customer)
    address = f"/billing/invoices/D{draft.pk}/issue/"
    answer = as_biller.post(address, {"key": key_of(as_biller, address), "send": "1"}, follow=True)
    assert "no valid e-mail address" in answer.content.decode()
    with access.acting("billing"):
        assert Invoice.objects.get(pk=draft.pk).is_draft
    assert sendings() == []


def test_the_invoice_page_sends_again_by_another_channel_and_takes_what_was_given_by_hand(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = bills.issued(biller, customer)
    base = f"/billing/invoices/D{invoice.pk}/"
    as_biller.post(base + "send/", {"channel": "paper"})
    refused = as_biller.post(base + "send/", {"channel": ""}, follow=True)
    assert "on its way already" in refused.content.decode()
    [row] = sendings()
    as_biller.post(f"/billing/sendings/L{row.pk}/cancel/", {"invoice": "1"})
    tomorrow = (bills.TODAY + timedelta(days=1)).isoformat()
    wrong = as_biller.post(base + "sent/", {"on": tomorrow, "how": "toimistolla"})
    assert wrong.status_code == 422
    assert "toimistolla" in wrong.content.decode()
    assert (
        as_biller.post(base + "sent/", {"on": bills.TODAY.isoformat(), "how": "toimistolla"})["Location"]
        == base
    )
    assert [(row.channel, row.state) for row in sendings()] == [("paper", "cancelled"), ("hand", "sent")]
    assert "toimistolla" in text(as_biller, base)


def test_many_are_sent_on_the_page_with_progress_and_a_result(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    paper = bills.company(owner, "Paperi Oy", business_id="2345678-0", channel="paper", email="")
    made = [bills.issued(biller, one) for one in (customer, paper)]
    address = "/billing/sendings/unsent/"
    assert as_biller.post(address, {"key": key_of(as_biller, address)}).status_code == 422
    answer = as_biller.post(address, {"key": key_of(as_biller, address), "invoice": [one.pk for one in made]})
    assert "The mails are on their way 1 / 2" in text(as_biller, answer["Location"])
    with access.acting("billing"):
        run = SendingRun.objects.get()
    from billing import tasks

    with mailserver.running() as server:
        tasks.send_run(run.pk)
    assert len(server.got) == 1
    done = text(as_biller, answer["Location"])
    assert "2 invoices were handled." in done
    assert "1 waits for your hands" in done
    assert "Everything has been sent" in text(as_biller, address)


def test_letters_are_printed_together_and_marked_posted(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    invoices = [bills.issued(biller, customer) for _n in range(2)]
    rows = [sent(biller, one, channel="paper") for one in invoices]
    ticked = {"sending": [row.pk for row in rows]}
    paper = as_biller.post("/billing/sendings/letters/pdf/", ticked)
    pages = PdfReader(io.BytesIO(paper.content)).pages
    assert [invoice.number in page.extract_text() for invoice, page in zip(invoices, pages, strict=True)] == [
        True
    ] * 2
    both = as_biller.post("/billing/sendings/letters/pdf/", ticked | {"two_sided": "on"})
    assert len(PdfReader(io.BytesIO(both.content)).pages) == 4
    assert "sandbox" in paper["Content-Security-Policy"]
    assert [now(row).state for row in rows] == [State.QUEUED] * 2
    assert as_biller.post("/billing/sendings/letters/", ticked | {"on": "2026-08-01"}).status_code == 422
    as_biller.post("/billing/sendings/letters/", ticked | {"on": bills.TODAY.isoformat()})
    assert [now(row).state for row in rows] == [State.SENT] * 2
    assert "No letter waits" in text(as_biller, "/billing/sendings/letters/")


def test_e_invoices_are_downloaded_for_the_operator_and_confirmed(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner, **E_INVOICE)
    rows = [sent(biller, bills.issued(biller, customer)) for _n in range(2)]
    files, ticked = "/billing/sendings/e-invoices/files/", {"sending": [row.pk for row in rows]}
    refused = as_biller.post(files, ticked, follow=True)
    assert "Your own e-invoice address or operator is missing" in refused.content.decode()
    with access.acting("owner", user_id=owner.pk):
        registrar.einvoice_address, registrar.einvoice_operator = "003723456780", "003721291126"
        registrar.save(update_fields=["einvoice_address", "einvoice_operator"])
    several = zipfile.ZipFile(io.BytesIO(as_biller.post(files, ticked).content))
    assert len(several.namelist()) == 2
    assert all(b"<Finvoice" in several.read(name) for name in several.namelist())
    one = as_biller.post(files, {"sending": rows[0].pk})
    assert one["Content-Type"] == "application/xml"
    assert b"1088,36" in one.content
    assert [now(row).state for row in rows] == [State.QUEUED] * 2
    as_biller.post("/billing/sendings/e-invoices/", ticked | {"on": bills.TODAY.isoformat()})
    assert [now(row).state for row in rows] == [State.SENT] * 2


def report(message_id: str, *, action: str = "failed", headers_only: bool = False) -> bytes:
    """A delivery report as a mail server writes it."""
    original = "text/rfc822-headers" if headers_only else "message/rfc822"
    return (
        "From: MAILER-DAEMON@posti.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; posti.example\r\n\r\n"
        f"Final-Recipient: rfc822; laskut@hoylaamo.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: {original}\r\n\r\nMessage-ID: {message_id}\r\nSubject: Lasku\r\n\r\n--b--\r\n"
    ).encode()


def test_a_report_that_came_back_marks_the_right_sending(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    rows = [gone(biller, bills.issued(biller, customer)) for _n in range(2)]
    with override_from():
        ids = [mails.message_id(row) for row in rows]
    forged = re.sub(r"\.[0-9a-f]{24}@", "." + "0" * 24 + "@", ids[0])
    for raw, said in (
        (b"Hello", "no delivery report"),
        (report(ids[0], action="delayed"), "does not say that delivery failed"),
        (report("<x@y.example>"), "No sending of the register fits"),
        (report(forged), "No sending of the register fits"),
    ):
        answer = as_biller.post("/billing/sendings/returned/", {"text": raw.decode()})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert [now(row).state for row in rows] == [State.SENT] * 2
    as_biller.post("/billing/sendings/returned/", {"text": report(ids[0], headers_only=True).decode()})
    file = SimpleUploadedFile("back.eml", report(ids[1]))
    as_biller.post("/billing/sendings/returned/", {"file": file})
    assert [(now(row).state, now(row).result) for row in rows] == [(State.BOUNCED, "smtp 5.1.1")] * 2
    page = text(as_biller, "/billing/sendings/?show=wrong")
    assert page.count("Returned by the recipient") == 2
    as_biller.post(f"/billing/sendings/L{rows[0].pk}/again/")
    assert text(as_biller, "/billing/sendings/?show=wrong").count("Returned by the recipient") == 1


def override_from() -> object:
    from django.test import override_settings

    return override_settings(DEFAULT_FROM_EMAIL="laskutus@esimerkki.example")


def test_a_mail_in_doubt_is_decided_on_the_page(as_biller: Client, biller: User, customer: Customer) -> None:
    row = sent(biller, bills.issued(biller, customer))
    with mailserver.running() as server:
        server.says = {"TEXT": mailserver.HANG_UP}
        posting.deliver(row.pk, at=bills.NOW)
    assert "In doubt" in text(as_biller, "/billing/sendings/?show=doubt")
    as_biller.post(f"/billing/sendings/L{row.pk}/resolve/", {})
    assert now(row).state == State.FAILED
    as_biller.post(f"/billing/sendings/L{row.pk}/again/")
    again = as_biller.post(f"/billing/sendings/L{row.pk}/resolve/", {"went": "1"}, follow=True)
    assert "state has changed" in again.content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/billing/sendings/", 12),
        ("/billing/sendings/?show=wrong&channel=email", 12),
        ("/billing/sendings/unsent/", 6),
        ("/billing/sendings/letters/", 6),
        ("/billing/sendings/e-invoices/", 6),
    ],
)
def test_lists_cost_the_same_queries_however_long(
    as_biller: Client, biller: User, customer: Customer, address: str, most: int
) -> None:
    counts = []
    for _round in range(2):
        for channel in ("paper", "email"):
            sent(biller, bills.issued(biller, customer), channel=channel)
        bills.issued(biller, customer)
        with CaptureQueriesContext(connections["billing"]) as queries:
            assert as_biller.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= most, [query["sql"][:90] for query in queries]


def test_the_list_goes_on_by_key_records_the_read_and_meets_odd_addresses(
    as_biller: Client, biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "PER_PAGE", 2)
    rows = [sent(biller, bills.issued(biller, customer), channel="paper").pk for _n in range(5)]
    seen, address = [], "/billing/sendings/?show=waiting"
    while address:
        page = as_biller.get(address)
        seen += [row.pk for row in page.context["page"].rows]
        following = page.context["page"].following
        address = f"/billing/sendings/?show=waiting&before={following}" if following else ""
    assert seen == rows[::-1]
    with access.acting("owner"):
        shown = AuditEntry.objects.filter(
            action=AuditEntry.Action.ACCESS, numbers__contains=[customer.number]
        )
        assert shown.count() == 3
    for odd in ("?before=x&show=%00&channel='", "unsent/?after=99999999", "letters/?after=-1", "?show=sent"):
        assert as_biller.get("/billing/sendings/" + odd).status_code == 200, odd
    for unknown in ("LM0/", "L0/again/"):
        assert as_biller.post("/billing/sendings/" + unknown).status_code in (404, 405), unknown
    with access.acting("billing"):
        assert outgoing.waiting(on=bills.TODAY) == 5
