"""The bank's pages through real requests: what they do, refuse and cost."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing import tasks
from billing.bank import importing
from billing.drafting import Line
from billing.models import BankFile, Invoice, Payment, PaymentQuestion, Refund, StatementLine
from customers.models import Customer
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills, money
from tests.billing.bankfiles import batch, camt, details, entry, imported
from tests.billing.pages import as_biller, customer, english  # noqa: F401  (three fixtures)

HOME = "/billing/bank/"


@pytest.fixture
def invoice(biller: User, customer: Customer) -> Invoice:
    line = Line(description="Työ", quantity=Decimal(1), unit="kpl", unit_price=Decimal(100))
    return bills.issued(biller, customer, [line])


def upload(client: Client, content: bytes, name: str = "tiliote.xml") -> HttpResponse:
    return client.post(HOME, {"file": SimpleUploadedFile(name, content)})


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def latest() -> Payment:
    with access.acting("billing"):
        return Payment.objects.latest("pk")


def test_from_the_upload_to_the_next_payment(as_biller: Client, invoice: Invoice) -> None:
    first = details("5.00", payer="Tuntematon Ö", message="mikä tämä on?", archive="1")
    second = details("125.50", payer="KUUSAMON HÖYLÄÄMÖ", archive="2")
    answer = upload(as_biller, camt(batch(first, second)))
    assert answer.status_code == 302
    result = page(as_biller, answer["Location"])
    assert "To be looked at" in result
    assert "Download the list" in result
    queue = page(as_biller, "/billing/bank/payments/")
    assert "Tuntematon Ö" in queue
    payment = latest()
    address = f"/billing/bank/payments/M{payment.pk}/"
    shown = page(as_biller, address)
    assert "The amount and the customer fit" in shown
    typed = {"act": "allocate", f"share-{invoice.pk}": "125,51"}
    refused = as_biller.post(f"{address}?q={invoice.number}", typed)
    assert refused.status_code == 422
    assert "more than is open" in refused.content.decode()
    assert 'value="125,51"' in refused.content.decode()
    done = as_biller.post(address, {"act": "allocate", f"share-{invoice.pk}": "125,50"})
    with access.acting("billing"):
        other = Payment.objects.order_by("pk")[0]
    assert done["Location"] == f"/billing/bank/payments/M{other.pk}/"
    assert money.receivable(invoice).open == 0
    rest = page(as_biller, done["Location"])
    assert "mikä tämä on?" in rest
    for reason in ("x" * 201, "a\0b", ""):
        refused = as_biller.post(done["Location"], {"act": "not_ours", "reason": reason})
        assert refused.status_code in (400, 422)
    last = as_biller.post(done["Location"], {"act": "not_ours", "reason": "Pankki palauttaa"})
    assert last["Location"] == "/billing/bank/payments/"
    assert "Nothing to look at" in page(as_biller, last["Location"])
    with access.acting("billing"):
        assert not PaymentQuestion.objects.exclude(message="").exists()


def test_reading_a_payment_is_recorded(as_biller: Client, invoice: Invoice, biller: User) -> None:
    imported(biller, camt(entry("125.50", details("125.50", reference=invoice.reference, payer="Toinen"))))
    page(as_biller, f"/billing/bank/payments/M{latest().pk}/")
    with access.acting("owner"):
        read = AuditEntry.objects.filter(page="bank payment").values_list("numbers", flat=True)
        assert [f"K{invoice.customer_id}"] in list(read)
        assert [f"M{latest().pk}"] in list(read)


def test_other_files_are_refused_with_a_hint_and_nothing_stays(
    as_biller: Client, registrar: Registrar
) -> None:
    before = set(importing.files.absolute("bank").glob("*"))
    answer = upload(as_biller, b"T00322100" + b"0" * 300)
    assert answer.status_code == 422
    assert "TITO" in answer.content.decode()
    assert as_biller.post(HOME, {}).status_code == 422
    with access.acting("billing"):
        assert BankFile.objects.count() == 0
    broken = upload(as_biller, camt(batch(details("5.00"), amount="6.00")))
    assert "lines come to 5.00" in page(as_biller, broken["Location"])
    assert set(importing.files.absolute("bank").glob("*")) == before


def test_a_large_file_is_imported_by_the_worker(
    as_biller: Client, registrar: Registrar, biller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SMALL", 0)
    answer = upload(as_biller, camt(entry("5.00", details("5.00"))))
    assert "Waiting for its turn" in page(as_biller, answer["Location"])
    with access.acting("billing"):
        file = BankFile.objects.get()
    assert as_biller.post(f"{answer['Location']}again/").status_code == 302
    for _run in range(2):
        tasks.import_bank_file(file.pk, biller.pk)
    assert f">M{latest().pk}</a>" in page(as_biller, answer["Location"])
    with access.acting("billing"):
        assert (BankFile.objects.get().status, Payment.objects.count()) == ("done", 1)
    broken = upload(as_biller, camt(batch(details("5.00"), amount="6.00")))
    with access.acting("billing"):
        tasks_file = BankFile.objects.latest("pk")
    tasks.import_bank_file(tasks_file.pk, biller.pk)
    assert "lines come to" in page(as_biller, broken["Location"])


def test_the_list_of_results_is_inert_in_a_spreadsheet(as_biller: Client, registrar: Registrar) -> None:
    answer = upload(as_biller, camt(entry("5.00", details("5.00", archive="=1+1"))))
    content = as_biller.get(f"{answer['Location']}csv/").content.decode()
    assert "'=1+1" in content
    assert ";5,00;To be looked at;No reference number;M" in content


def test_a_refund_goes_from_the_payment_to_the_file(
    as_biller: Client, invoice: Invoice, biller: User
) -> None:
    pay = details("145.50", reference=invoice.reference, payer="Kuusamon")
    imported(biller, camt(entry("145.50", pay)))
    address = f"/billing/bank/payments/M{latest().pk}/"
    facts = {"act": "refund", "amount": "20,00", "payee_name": "Kuusamon Höyläämö", "message": "Palautus"}
    wrong = as_biller.post(address, facts | {"iban": "FI2112345600000786"})
    assert (wrong.status_code, "mistyped" in wrong.content.decode()) == (422, True)
    assert as_biller.post(address, facts | {"iban": "FI48 1950 3000 0000 10"}).status_code == 302
    assert "To be approved" in page(as_biller, "/billing/bank/refunds/")
    with access.acting("billing"):
        refund = Refund.objects.get()
    as_biller.post(f"/billing/bank/refunds/PAL{refund.pk}/", {"approve": ""})
    found = re.search(r'name="execute_on" value="([0-9-]+)"', page(as_biller, "/billing/bank/refunds/"))
    assert found
    made = {"refund": refund.pk, "execute_on": found[1], "version": "03"}
    assert as_biller.post("/billing/bank/refunds/", made).status_code == 302
    assert as_biller.post("/billing/bank/refunds/", made).status_code == 422
    with access.acting("billing"):
        file = Refund.objects.get().file
    assert file is not None
    content = as_biller.post(f"/billing/bank/refunds/files/{file.pk}/").content
    assert b"FI4819503000000010" in content
    said = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>'
        f"<OrgnlMsgId>{file.message_id}</OrgnlMsgId><GrpSts>ACCP</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt>"
    )
    long = said.encode() + b" " * importing.SMALL + b"</Document>"
    assert upload(as_biller, long, "vastaus.xml").status_code == 302
    with access.acting("billing"):
        assert BankFile.objects.latest("pk").status == "done"
        assert Refund.objects.get().state == "accepted"


def test_lines_and_told_payments_are_settled_from_the_list(
    as_biller: Client, invoice: Invoice, biller: User
) -> None:
    bare = [batch(amount="9.00", count=2, archive=name) for name in ("L1", "L2")]
    part = entry("25.50", details("25.50", reference=invoice.reference), archive="P")
    imported(biller, camt(*bare, part, kind="053"))
    assert "Lines that wait" in page(as_biller, "/billing/bank/payments/")
    with access.acting("billing"):
        first, second = StatementLine.objects.order_by("pk")
    as_biller.post(f"/billing/bank/lines/R{second.pk}/", {"dismiss": ""})
    booked = as_biller.post(f"/billing/bank/lines/R{first.pk}/", {"book": ""})
    assert "No reference number" in page(as_biller, booked["Location"])
    with access.acting("billing"):
        told = PaymentQuestion.objects.get(reason="under")
    as_biller.post("/billing/bank/payments/seen/", {"payment": told.pk})
    with access.acting("billing"):
        assert PaymentQuestion.objects.unsettled().get().reason == "no_reference"


def test_what_the_bank_took_back_is_found_by_a_person(
    as_biller: Client, invoice: Invoice, biller: User
) -> None:
    imported(biller, camt(entry("125.50", details("125.50", reference=invoice.reference), archive="T1")))
    paid = latest()
    imported(biller, camt(entry("-125.50", details("125.50", archive="X9"), archive="X9")))
    address = f"/billing/bank/payments/M{latest().pk}/"
    assert "not known here" in page(as_biller, address)
    assert as_biller.post(address, {"act": "original", "original": "M999999"}).status_code == 422
    assert as_biller.post(address, {"act": "original", "original": str(paid)}).status_code == 302
    assert money.receivable(invoice).open == Decimal("125.50")
    assert "is open again" in page(as_biller, address)
    assert as_biller.post(address, {"act": "seen"}).status_code == 302


def test_a_payment_by_hand_meets_its_invoice(as_biller: Client, invoice: Invoice) -> None:
    form = page(as_biller, "/billing/bank/payments/new/")
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', form)
    assert found
    facts = {"key": found[1], "amount": "25,50", "paid_on": "2026-09-01", "payer_name": ""}
    first, second = (as_biller.post("/billing/bank/payments/new/", facts) for _time in range(2))
    assert first["Location"] == second["Location"]
    future = as_biller.post("/billing/bank/payments/new/", facts | {"paid_on": "2199-01-01"})
    assert future.status_code == 422
    found_page = page(as_biller, f"{first['Location']}?q=kuusamon")
    assert invoice.number in found_page
    as_biller.post(first["Location"], {"act": "allocate", f"share-{invoice.pk}": "25,50"})
    assert money.receivable(invoice).open == 100
    with access.acting("billing"):
        met = Payment.objects.get().entries.get()
    as_biller.post(first["Location"], {"act": "take_back", "entry": met.pk, "reason": "Väärä"})
    assert money.receivable(invoice).open == Decimal("125.50")
    with access.acting("billing"):
        undone = Payment.objects.get().entries.latest("pk")
    assert undone.kind == "reversal"
    again = as_biller.post(first["Location"], {"act": "take_back", "entry": undone.pk, "reason": "Väärä"})
    assert again.status_code == 404
    assert money.receivable(invoice).open == Decimal("125.50")
    credit = as_biller.post(first["Location"], {"act": "credit", "customer": f"K{invoice.customer_id}"})
    assert credit.status_code == 302
    nobody = as_biller.post(first["Location"], {"act": "credit", "customer": "K999999"})
    assert nobody.status_code == 422


@pytest.mark.parametrize(
    ("address", "most"), [("/billing/bank/payments/", 22), (HOME, 20), ("/billing/bank/refunds/", 22)]
)
def test_lists_cost_the_same_for_many_rows(
    as_biller: Client, invoice: Invoice, biller: User, address: str, most: int
) -> None:
    many = [
        details("1.00", reference=invoice.reference, archive=f"A{n}", payer="Joku muu") for n in range(130)
    ]
    imported(biller, camt(batch(*many)))
    page(as_biller, address)
    with CaptureQueriesContext(connections["billing"]) as queries:
        page(as_biller, address)
    assert len(queries) <= most, [query["sql"][:120] for query in queries]
