"""Booking bank files: each payment once, matched by reference and amount, everything else before a person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client

from billing import debt, figures, ledger, rules
from billing.drafting import Line
from billing.models import (
    BankFile,
    BankRow,
    Entry,
    Invoice,
    Payment,
    PaymentQuestion,
    Rule,
    StatementLine,
)
from register import access
from register.models import Registrar, User
from tests.billing import bills, money
from tests.billing.bankfiles import batch, camt, details, entry, imported, ktl, ktl_event, results
from tests.samples import BANK, sample

TOTAL = Decimal("1088.36")
Status = BankFile.Status


def payments() -> list[tuple[str, str]]:
    """Amount and what is left of each payment, in the order of booking."""
    with access.acting("billing"):
        return [(str(one.amount), str(one.unallocated)) for one in Payment.objects.order_by("pk")]


def reasons() -> list[str]:
    with access.acting("billing"):
        return list(PaymentQuestion.objects.order_by("pk").values_list("reason", flat=True))


@pytest.fixture
def invoice(registrar: Registrar, owner: User, biller: User) -> Invoice:
    return bills.issued(biller, bills.company(owner))


@pytest.fixture
def hundred(registrar: Registrar, owner: User, biller: User) -> Invoice:
    """An invoice of 100,00 €."""
    line = Line(description="Työ", quantity=Decimal(1), unit="kpl", unit_price=Decimal("79.68"))
    made = bills.issued(biller, bills.company(owner), [line])
    assert made.total == Decimal("100.00")
    return made


@pytest.mark.parametrize(
    "written", ["0000 2026 0001 7", "RF85000202600017", "RF85 2026 0001 7", "00000000000202600017"]
)
def test_a_reference_in_any_guise_pays_its_invoice(invoice: Invoice, biller: User, written: str) -> None:
    assert invoice.reference == "202600017"
    file = imported(biller, camt(entry("1088.36", details("1088.36", reference=written, payer="KUUSAMON H"))))
    assert (file.status, results(file)) == (Status.DONE, {"matched": 1})
    assert money.receivable(invoice).open == 0
    assert reasons() == []


@pytest.mark.parametrize("written", ["202600018", "RF86202600017"])
def test_a_wrong_check_digit_goes_to_a_person_and_the_import_succeeds(
    invoice: Invoice, biller: User, written: str
) -> None:
    file = imported(biller, camt(entry("1088.36", details("1088.36", reference=written))))
    assert (file.status, results(file)) == (Status.DONE, {"queued": 1})
    assert reasons() == ["wrong_reference"]
    assert money.receivable(invoice).open == TOTAL


def test_the_banks_demo_list(registrar: Registrar, owner: User, biller: User) -> None:
    content = sample(f"{BANK}/devlab-oy+sepa/nordea-demo-ktl.txt").read_bytes()
    with access.acting("owner", user_id=owner.pk):
        registrar.iban = "FI4819503000000010"
        registrar.save(update_fields=["iban"])
    changed = imported(biller, content.replace(b"0000323240", b"0000323250", 1))
    assert (changed.status, payments()) == (Status.REFUSED, [])
    assert changed.problem == "Line 15: The file says 8602.89, its lines come to 8602.90."
    first = imported(biller, content)
    assert first.counts == {"queued": [11, "8602.89"], "refused": [2, "291.36"]}
    assert (first.account, str(first.first_on), first.total) == ("FI4819503000000010", "2006-03-03", 13)
    assert sum(Decimal(amount) for amount, _left in payments()) == Decimal("8602.89")
    second = imported(biller, content)
    assert results(second) == {"duplicate": 11, "refused": 2}
    assert len(payments()) == 11


def test_part_payment_and_too_much(hundred: Invoice, biller: User) -> None:
    """Scenario 34: 60,00 and 60,00 on 100,00 leave 20,00 to the customer."""
    pay = details("60.00", reference=hundred.reference, payer="KUUSAMON HÖYLÄÄMÖ")
    imported(biller, camt(entry("60.00", pay, archive="A1", day="2026-09-10")))
    assert (money.receivable(hundred).open, reasons()) == (Decimal("40.00"), ["under"])
    imported(biller, camt(entry("60.00", pay, archive="A2", day="2026-09-11")))
    assert money.receivable(hundred).open == 0
    assert payments() == [("60.00", "0.00"), ("60.00", "20.00")]
    assert reasons() == ["under", "over"]
    imported(biller, camt(entry("60.00", pay, archive="A3", day="2026-09-12")))
    assert reasons() == ["under", "over", "double"]


SPECIFICATION = batch(
    details("60.00", reference="202600017", archive="T1"), details("40.00", reference="13", archive="T2")
)
BARE = batch(amount="100.00", count=2)


@pytest.mark.parametrize(
    "order",
    [
        [camt(BARE, kind="053"), camt(SPECIFICATION)],
        [camt(SPECIFICATION), camt(BARE, kind="053")],
        [camt(SPECIFICATION), camt(SPECIFICATION, kind="053"), camt(BARE, kind="053"), camt(SPECIFICATION)],
    ],
)
def test_a_line_and_its_specification_are_booked_once(
    registrar: Registrar, biller: User, order: list[bytes]
) -> None:
    for content in order:
        assert imported(biller, content).status == Status.DONE
    assert payments() == [("60.00", "60.00"), ("40.00", "40.00")]
    with access.acting("billing"):
        assert StatementLine.objects.count() == 1
        assert not StatementLine.objects.waiting().exists()


def test_one_payment_of_two_identifiers_is_one_payment(registrar: Registrar, biller: User) -> None:
    """The statement tells a payment by its line's identifier, the notification by the payment's own."""
    statement = camt(entry("5.00", details("5.00", reference="13"), archive="L1"), kind="053")
    notification = camt(entry("5.00", details("5.00", reference="13", archive="T1"), archive="L1"))
    imported(biller, statement)
    imported(biller, notification)
    assert len(payments()) == 1
    other = entry("7.00", details("7.00", archive="T2"), archive="L2")
    imported(biller, camt(other))
    again = imported(biller, camt(entry("7.00", details("7.00"), archive="L2"), kind="053"))
    assert (results(again), len(payments())) == ({"duplicate": 1}, 2)


def test_a_line_without_specification_waits_for_a_person(registrar: Registrar, biller: User) -> None:
    file = imported(biller, camt(BARE, kind="053"))
    assert results(file) == {"waiting": 1}
    with access.acting("billing"):
        assert StatementLine.objects.waiting().count() == 1
    assert payments() == []


def test_identifiers_used_again_after_a_year_are_other_payments(registrar: Registrar, biller: User) -> None:
    this, next_year = (ktl(ktl_event("5.00", "13", day=day)) for day in ("260915", "270915"))
    assert results(imported(biller, this)) == {"queued": 1}
    assert results(imported(biller, next_year)) == {"queued": 1}
    assert results(imported(biller, next_year)) == {"duplicate": 1}
    assert results(imported(biller, this)) == {"duplicate": 1}
    changed = imported(biller, ktl(ktl_event("6.00", "13")))
    assert (changed.status, len(payments())) == (Status.REFUSED, 2)
    assert "with another amount" in changed.problem


def test_a_payment_told_with_two_booking_days_is_booked_once(registrar: Registrar, biller: User) -> None:
    """A notification on the day it came, the account's statement on the next bank day."""

    def told(day: str, *, reference: str = "13", amount: str = "5.00") -> bytes:
        said = details(amount, reference=reference, archive="2609151950AA123185")
        return camt(entry(amount, said, day=day), kind="053" if day > "2026-09-13" else "054")

    assert results(imported(biller, told("2026-09-13"))) == {"queued": 1}
    assert results(imported(biller, told("2026-09-14"))) == {"duplicate": 1}
    assert len(payments()) == 1
    for other in (
        told("2026-09-15", reference="202600017"),
        told("2026-09-16", amount="6.00"),
        told("2026-10-20"),
    ):
        assert results(imported(biller, other)) == {"queued": 1}
    assert len(payments()) == 4


def test_a_list_and_a_notification_of_one_day_are_booked_once(registrar: Registrar, biller: User) -> None:
    """A company changes from KTL to camt.054, which sets the year before the archive identifier."""
    listed = ktl(ktl_event("5.00", "13", archive="09151950AA123185", day="260915"))
    notified = camt(entry("5.00", details("5.00", reference="13", archive="2609151950AA123185")))
    assert results(imported(biller, listed)) == {"queued": 1}
    assert results(imported(biller, notified)) == {"duplicate": 1}
    other = camt(entry("6.00", details("6.00", reference="13", archive="2609151950AA999999"), archive="L6"))
    assert results(imported(biller, other)) == {"queued": 1}
    assert results(imported(biller, ktl(ktl_event("6.00", "13", archive="09151950AA999999")))) == {
        "duplicate": 1
    }


def test_payments_that_say_the_same_are_told_apart_by_their_place(registrar: Registrar, biller: User) -> None:
    same = details("5.00", reference="13")
    imported(biller, camt(batch(same, same, same)))
    imported(biller, camt(batch(same, same, same)))
    assert len(payments()) == 3


@pytest.mark.parametrize(
    "back",
    [
        camt(
            entry(
                "-1088.36", details("1088.36", archive="T1", returned="AC04"), reversal=True, day="2026-09-20"
            )
        ),
        camt(entry("-1088.36", details("1088.36", reference="202600017"), archive="T9", day="2026-09-20")),
        camt(
            batch(
                details("1088.36", reference="202600017", archive="T1", debit=True),
                amount="-1088.36",
                count=1,
            )
        ),
    ],
)
def test_what_the_bank_takes_back_reopens_the_invoice(invoice: Invoice, biller: User, back: bytes) -> None:
    pay = details("1088.36", reference="202600017", archive="T1", payer="KUUSAMON")
    imported(biller, camt(entry("1088.36", pay)))
    assert money.receivable(invoice).open == 0
    file = imported(biller, back)
    assert results(file) == {"queued": 1}
    assert money.receivable(invoice).open == TOTAL
    assert payments() == [("1088.36", "0.00"), ("-1088.36", "0.00")]
    assert reasons() == ["returned"]
    with access.acting("billing"):
        question = PaymentQuestion.objects.get()
        assert question.original is not None
        assert question.original.archive_id == "T1"
        assert question.payment.customer_id == invoice.customer_id
    imported(biller, back)
    assert len(payments()) == 2


def test_a_correction_in_a_list_takes_its_payment_back(invoice: Invoice, biller: User) -> None:
    imported(biller, ktl(ktl_event("1088.36", "202600017", payer="KUUSAMON")))
    imported(biller, ktl(ktl_event("1088.36", "202600017", correction=True)))
    assert money.receivable(invoice).open == TOTAL


def test_a_correction_of_what_is_unknown_waits(registrar: Registrar, biller: User) -> None:
    imported(biller, ktl(ktl_event("5.00", "13", correction=True)))
    assert (payments(), reasons()) == ([("-5.00", "-5.00")], ["returned"])


def test_several_invoices_less_a_credit_note_in_one_payment(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = bills.company(owner)
    first, second, third = (bills.issued(biller, customer) for _n in range(3))
    bills.credit(biller, third)
    parts = ((first.reference, "1088.36", ""), (second.reference, "1088.36", ""))
    netted = (*parts, (third.reference, "1088.36", ""), (third.reference, "1088.36", "CREN"))
    file = imported(biller, camt(entry("2176.72", details("2176.72", parts=netted))))
    assert results(file) == {"matched": 1}
    assert [money.receivable(one).open for one in (first, second, third)] == [0, 0, 0]
    again = imported(biller, camt(entry("100.00", details("100.00", parts=parts))))
    assert (results(again), reasons()) == ({"queued": 1}, ["several"])


def test_of_a_file_about_several_accounts_ours_is_booked_and_the_others_are_counted(
    registrar: Registrar, biller: User, as_biller: Client
) -> None:
    """A bank may send all accounts of a company in one file."""
    ours = camt(entry("5.00", details("5.00")), kind="053")
    savings = camt(
        entry("7.00", details("7.00"), archive="S1"), entry("8.00", details("8.00"), archive="S2"), kind="053",
        account="FI4819503000000010",
    )  # fmt: skip
    inside = savings[savings.index(b"<Stmt>") : savings.index(b"</Stmt>") + len(b"</Stmt>")]
    both = ours.replace(b"<Stmt>", inside + b"<Stmt>")
    file = imported(biller, both)
    assert (file.status, file.counts["other_account"][0]) == (Status.DONE, 2)
    assert [amount for amount, *_rest in payments()] == ["5.00"]
    assert (
        "2 transactions of other accounts were left out"
        in as_biller.get(f"/billing/bank/files/P{file.pk}/").content.decode()
    )


def test_only_our_account_and_only_customers_payments_are_kept(registrar: Registrar, biller: User) -> None:
    other = imported(biller, camt(entry("5.00", details("5.00")), account="FI4819503000000010"))
    assert (other.status, payments()) == (Status.REFUSED, [])
    assert "not in the registrar's details" in other.problem
    salaries = entry("-900.00", details("900.00", payer="Palkansaaja"), family="ICDT", code="700")
    file = imported(biller, camt(salaries, entry("0.50", family="", code="750 KORKO"), kind="053"))
    assert file.counts == {"left_out": [2, "0"]}
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM billing_bankrow")
        assert cursor.fetchone() == (0,)


def test_messages_are_kept_only_where_somebody_must_decide(invoice: Invoice, biller: User) -> None:
    said = "Salainen viesti 131052-308T"
    imported(
        biller,
        camt(
            entry(
                "1088.36",
                details("1088.36", reference="202600017", message=said, payer="KUUSAMON"),
                archive="1",
            ),
            entry("5.00", details("5.00", message=said), archive="2"),
        ),
    )
    with access.acting("billing"):
        assert list(PaymentQuestion.objects.values_list("message", flat=True)) == [
            "Salainen viesti ******-****"
        ]


def test_names_and_messages_are_kept_as_they_are(registrar: Registrar, biller: User) -> None:
    """Whatever stands in them, they travel to the database as values."""
    odd = """{a,"b"} \\ NULL 'c' ; ${d} å"""
    imported(biller, camt(entry("5.00", details("5.00", payer=odd, message=odd))))
    with access.acting("billing"):
        assert Payment.objects.get().payer_name == odd
        assert PaymentQuestion.objects.get().message == odd


def test_costs_are_met_after_the_principal(hundred: Invoice, biller: User) -> None:
    with access.acting("billing", user_id=biller.pk):
        ledger.post_cost(money.receivable(hundred), Decimal(5), on=bills.TODAY, by=biller)
    pay = details("100.00", reference=hundred.reference)
    imported(biller, camt(entry("100.00", pay, archive="1")))
    assert (money.receivable(hundred).open, money.receivable(hundred).costs) == (0, 5)
    assert reasons() == ["after_reminder"]
    imported(biller, camt(entry("7.00", details("7.00", reference=hundred.reference), archive="2")))
    assert (money.receivable(hundred).costs, payments()[1]) == (0, ("7.00", "2.00"))


def test_costs_are_met_first_where_the_owner_says_so_and_the_statement_tells(
    hundred: Invoice, owner: User, biller: User
) -> None:
    with access.acting("billing", user_id=biller.pk):
        ledger.post_cost(money.receivable(hundred), Decimal(5), on=bills.TODAY, by=biller)
        said = debt.explain(hundred.customer, on=bills.TODAY).order
    assert "first the principal" in said
    with access.acting("owner", user_id=owner.pk):
        for code in (Rule.Code.ALLOCATION_BUSINESS, Rule.Code.ALLOCATION_CONSUMER):
            figures.add(
                code=code, value=Decimal(rules.COSTS_FIRST), valid_from=bills.TODAY, statute="KK 9:5", source="?",
                by=owner,
            )  # fmt: skip
    with access.acting("billing"):
        assert "first the costs" in debt.explain(hundred.customer, on=bills.TODAY).order
    imported(biller, camt(entry("60.00", details("60.00", reference=hundred.reference), archive="1")))
    assert (money.receivable(hundred).open, money.receivable(hundred).costs) == (45, 0)


def test_a_refused_file_leaves_nothing_behind(invoice: Invoice, biller: User) -> None:
    good = entry("1088.36", details("1088.36", reference="202600017"))
    file = imported(biller, camt(good, batch(details("5.00"), amount="6.00", count=2)))
    assert (file.status, file.path, payments()) == (Status.REFUSED, "", [])
    assert "Line" in file.problem
    with access.acting("billing"):
        assert BankRow.objects.count() == 0
        assert Entry.objects.count() == 1
