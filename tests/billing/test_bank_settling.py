"""What people decide about payments, and money going back."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import etree

from billing import ledger
from billing.bank import matching, refunds, settling
from billing.drafting import Line
from billing.models import (
    BankFile,
    Entry,
    Invoice,
    Payment,
    PaymentQuestion,
    Receivable,
    Refund,
    StatementLine,
)
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills, money
from tests.billing.bankfiles import batch, camt, details, entry, imported
from tests.samples import BANK, sample

ON, AT = bills.TODAY, bills.NOW
PAYEE = "FI4819503000000010"


@pytest.fixture
def customer(registrar: Registrar, owner: User) -> Customer:
    return bills.company(owner)


def owing(biller: User, customer: Customer, net: str) -> Invoice:
    line = Line(description="Työ", quantity=Decimal(1), unit="kpl", unit_price=Decimal(net))
    return bills.issued(biller, customer, [line])


def came(biller: User, amount: str, **facts: object) -> Payment:
    """A payment of the bank, as booking leaves it."""
    imported(biller, camt(entry(amount, details(amount, **facts), archive=uuid.uuid4().hex[:20])))  # type: ignore[arg-type]
    with access.acting("billing"):
        return Payment.objects.latest("pk")


def settle(biller: User, payment: Payment, *shares: tuple[Invoice, str], **facts: object) -> None:
    with access.acting("billing", user_id=biller.pk):
        meant = {invoice.pk: Decimal(amount) for invoice, amount in shares}
        settling.allocate(payment, meant, by=biller, at=AT, on=ON, **facts)  # type: ignore[arg-type]


def proposed(payment: Payment, message: str = "") -> list[tuple[list[str], str]]:
    with access.acting("billing"):
        found = matching.proposals(payment, message=message, on=ON)
        return [([str(one) for one, _amount in p.shares], str(p.reason)) for p in found]


def test_proposals_say_why(owner: User, biller: User, customer: Customer) -> None:
    small, large = owing(biller, customer, "100.00"), owing(biller, customer, "200.00")
    other = owing(biller, bills.company(owner, "Toinen Oy", business_id="1680235-8"), "100.00")
    named = came(biller, "125.50", payer="KUUSAMON HÖYLÄÄMÖ OY")
    assert proposed(named)[0] == ([small.number], "The amount and the customer fit")
    assert ([other.number], "The amount fits") in proposed(named)
    both = came(biller, "376.50", payer="Höyläämö Kuusamon")
    assert proposed(both)[0] == ([small.number, large.number], "Open invoices that add up to it")
    told = came(biller, "251.00", message=f"laskun {large.number} maksu")
    assert proposed(told, f"laskun {large.number} maksu")[0] == (
        [large.number],
        "Its number stands in the message",
    )
    slip = came(biller, "125.50", reference=small.reference[:-1] + str((int(small.reference[-1]) + 1) % 10))
    assert proposed(slip)[0] == ([small.number], "One slip in the reference number")
    rounded = came(biller, "125.00", payer="Kuusamon Höyläämö")
    assert proposed(rounded)[0] == ([small.number], "All but a small difference, which is written off")


def test_one_payment_is_split_and_a_difference_written_off(biller: User, customer: Customer) -> None:
    first, second = owing(biller, customer, "100.00"), owing(biller, customer, "200.00")
    payment = came(biller, "376.00", payer="X")
    with pytest.raises(ledger.NotSoMuch):
        settle(biller, payment, (first, "200.00"))
    with pytest.raises(settling.NothingChosen):
        settle(biller, payment)
    settle(biller, payment, (first, "125.50"), (second, "250.50"), write_off=True)
    assert [money.receivable(one).open for one in (first, second)] == [0, 0]
    with access.acting("billing"):
        assert Entry.objects.get(kind="difference").amount == Decimal("-0.50")
        question = PaymentQuestion.objects.get()
        assert (question.outcome, question.message, question.settled_by_id) == ("matched", "", biller.pk)


def test_more_than_the_limit_is_not_written_off(biller: User, customer: Customer) -> None:
    invoice, payment = owing(biller, customer, "100.00"), came(biller, "124.49", payer="X")
    settle(biller, payment, (invoice, "124.49"), write_off=True)
    assert money.receivable(invoice).open == Decimal("1.01")


def test_an_allocation_is_taken_back_with_a_reason(biller: User, customer: Customer) -> None:
    invoice, payment = owing(biller, customer, "100.00"), came(biller, "125.50", payer="X")
    settle(biller, payment, (invoice, "125.50"))
    with access.acting("billing", user_id=biller.pk):
        met = Entry.objects.get(payment=payment)
        with pytest.raises(settling.NoReason):
            settling.take_back(met, by=biller, at=AT, on=ON, reason=" ")
        settling.take_back(met, by=biller, at=AT, on=ON, reason="Väärä lasku")
        assert PaymentQuestion.objects.unsettled().get().reason == "taken_back"
    assert money.receivable(invoice).open == Decimal("125.50")


def test_a_customers_credit_meets_another_invoice_only_with_consent(biller: User, customer: Customer) -> None:
    payment = came(biller, "50.00", payer="X")
    with access.acting("billing", user_id=biller.pk):
        settling.leave_as_credit(payment, customer, by=biller, at=AT)
        assert not PaymentQuestion.objects.unsettled().exists()
    invoice = owing(biller, customer, "100.00")
    with pytest.raises(settling.NoConsent):
        settle(biller, payment, (invoice, "50.00"))
    settle(biller, payment, (invoice, "50.00"), consent="Sovittu puhelimessa 1.9.2026")
    with access.acting("billing"):
        assert Entry.objects.get(payment=payment).reason == "Sovittu puhelimessa 1.9.2026"


def test_what_is_not_ours_leaves_the_ledger(biller: User, customer: Customer) -> None:
    payment = came(biller, "50.00", payer="X")
    with access.acting("billing", user_id=biller.pk):
        settling.not_ours(payment, by=biller, at=AT, on=ON, reason="Pankki palauttaa")
        with pytest.raises(settling.NothingLeft):
            settling.not_ours(payment, by=biller, at=AT, on=ON, reason="Pankki palauttaa")
        assert Payment.objects.get(pk=payment.pk).unallocated == 0


def test_a_payment_by_hand_is_entered_once(biller: User, customer: Customer) -> None:
    key = uuid.uuid4()
    for _time in range(2):
        with access.acting("billing", user_id=biller.pk):
            settling.record_by_hand(
                amount=Decimal(20), paid_on=ON, payer_name="Käteinen", client_key=key, by=biller, at=AT
            )
    with access.acting("billing"):
        assert Payment.objects.count() == PaymentQuestion.objects.count() == 1


def test_a_bare_line_is_booked_as_one_sum_and_its_specification_adds_nothing(
    biller: User, customer: Customer
) -> None:
    imported(biller, camt(batch(amount="100.00", count=2), kind="053"))
    with access.acting("billing", user_id=biller.pk):
        line = StatementLine.objects.waiting().get()
        payment = settling.book_line(line, by=biller, at=AT)
        assert (payment.unallocated, payment.question.reason) == (Decimal(100), "no_reference")
        with pytest.raises(settling.AlreadyDecided):
            settling.dismiss_line(line, by=biller, at=AT)
    late = imported(biller, camt(batch(details("60.00", archive="1"), details("40.00", archive="2"))))
    assert late.counts == {"duplicate": [2, "100.00"]}


# --- paying back -----------------------------------------------------------------------------------------


def approved(biller: User, payment: Payment, amount: str) -> Refund:
    with access.acting("billing", user_id=biller.pk):
        assert payment in refunds.due()
        refund = refunds.propose(
            payment,
            amount=Decimal(amount),
            iban="FI48 1950 3000 0000 10",
            payee_name="Kuusamon Höyläämö Oy",
            message="Palautus, lasku 20260001",
            by=biller,
            at=AT,
        )
        refunds.approve(refund, by=biller, at=AT)
    return refund


def exported(biller: User, *chosen: Refund, version: str = "03") -> tuple[str, bytes]:
    """The exported file's message identifier and content."""
    with access.acting("billing", user_id=biller.pk):
        file = refunds.export(
            chosen, execute_on=ON + timedelta(days=1), by=biller, at=AT, on=ON, version=version
        )
        return file.message_id, refunds.content(file)


def left(payment: Payment) -> Decimal:
    with access.acting("billing"):
        return Payment.objects.get(pk=payment.pk).unallocated


@pytest.fixture
def overpaid(biller: User, customer: Customer) -> Payment:
    """20,00 € too much."""
    invoice = owing(biller, customer, "100.00")
    return came(biller, "145.50", reference=invoice.reference, payer="Kuusamon")


def test_too_much_goes_back_by_a_file_that_fits_the_schema(biller: User, overpaid: Payment) -> None:
    message_id, content = exported(biller, approved(biller, overpaid, "20.00"))
    schema = etree.XMLSchema(etree.parse(sample(f"{BANK}/kajala+django-jbank/pain.001.001.03.xsd")))
    document = etree.fromstring(content)
    schema.assertValid(document)
    said = {
        name: document.findtext(f".//{{*}}{name}") for name in ("NbOfTxs", "CtrlSum", "InstdAmt", "Ustrd")
    }
    assert said == {
        "NbOfTxs": "1", "CtrlSum": "20.00", "InstdAmt": "20.00", "Ustrd": "Palautus, lasku 20260001",
    }  # fmt: skip
    assert [one.text for one in document.iterfind(".//{*}IBAN")] == ["FI2112345600000785", PAYEE]
    assert message_id.encode() in content
    assert left(overpaid) == 0


def answer(message_id: str, status: str, refund: Refund | None = None, reason: str = "AC04") -> bytes:
    one = ""
    if refund is not None:
        one = (
            f"<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>{refund.end_to_end_id}</OrgnlEndToEndId>"
            f"<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
        )
    return (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>"
        f"{one}</CstmrPmtStsRpt></Document>"
    ).encode()


def test_the_banks_answer_closes_or_undoes_a_refund(
    biller: User, customer: Customer, overpaid: Payment
) -> None:
    other = came(biller, "30.00", payer="X")
    with access.acting("billing", user_id=biller.pk):
        settling.leave_as_credit(other, customer, by=biller, at=AT)
    first, second = approved(biller, overpaid, "20.00"), approved(biller, other, "30.00")
    message_id, content = exported(biller, first, second, version="09")
    assert b"<Dt>2026-09-02</Dt>" in content
    assert imported(biller, answer(message_id, "ACTC")).counts == {}
    assert imported(biller, answer(message_id, "PART", first)).counts == {"rejected": [1, ""]}
    assert (left(overpaid), left(other)) == (Decimal("20.00"), 0)
    assert imported(biller, answer(message_id, "ACCP")).counts == {"accepted": [1, ""]}
    with access.acting("billing"):
        assert list(Refund.objects.order_by("pk").values_list("state", "iban", "code")) == [
            ("rejected", "", "AC04"),
            ("accepted", "", "ACCP"),
        ]
        assert overpaid in refunds.due()
        file = Refund.objects.latest("pk").file
        assert file is not None
        with pytest.raises(refunds.NoLongerKept):
            refunds.content(file)
    stranger = imported(biller, sample(f"{BANK}/nnarhinen+corporate.js/pain.002.001.03-3.xml").read_bytes())
    assert (stranger.status, "not made here" in stranger.problem) == (BankFile.Status.REFUSED, True)


def test_a_refund_is_refused_where_it_could_go_wrong(biller: User, overpaid: Payment) -> None:
    facts = {"payee_name": "X", "message": "x", "by": biller, "at": AT}
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(refunds.WrongAccount):
            refunds.propose(overpaid, amount=Decimal(1), iban="FI2112345600000786", **facts)
        with pytest.raises(refunds.NotSoMuchLeft):
            refunds.propose(overpaid, amount=Decimal("20.01"), iban=PAYEE, **facts)
        refund = refunds.propose(overpaid, amount=Decimal(20), iban=PAYEE, **facts)
        with pytest.raises(refunds.NotSo):
            refunds.propose(overpaid, amount=Decimal(20), iban=PAYEE, **facts)
        with pytest.raises(refunds.NothingToExport):
            refunds.export([refund], execute_on=date(2026, 9, 2), by=biller, at=AT, on=ON)
        refunds.cancel(refund, by=biller, at=AT)
        assert Refund.objects.get().iban == ""
        with pytest.raises(refunds.NotSo):
            refunds.approve(refund, by=biller, at=AT)
        assert Receivable.objects.count() == 1
