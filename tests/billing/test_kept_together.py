"""What belongs together is kept together: the youngest paper decides, what is open holds everything, figures add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connections, models
from django.test.utils import CaptureQueriesContext

from billing import collecting, crediting, disputes, ledger
from billing.models import (
    BankRow,
    CaseItem,
    CaseStep,
    CollectionCase,
    CreditLoss,
    Dispute,
    Entry,
    Extension,
    Handover,
    Hold,
    InterestPeriod,
    Invoice,
    Lifting,
    LimitationEvent,
    Payment,
    PaymentQuestion,
    Plan,
    PlanEnd,
    Receivable,
    Refund,
    Reminder,
    ReminderItem,
    Resolution,
    Sending,
    Voiding,
)
from customers.models import Customer
from register import access, erasure, inventory, subjects
from register.models import Registrar, User
from tests import canary, factories
from tests.billing import bills, late, money, nights
from tests.billing.nights import erased, settled, until


def test_a_younger_payment_keeps_its_invoice(registrar: Registrar, owner: User, biller: User) -> None:
    customer = late.consumer(owner)
    young = settled(biller, customer, on=date(2024, 12, 30), paid_on=date(2025, 1, 15))
    old = settled(biller, customer, on=date(2024, 12, 30))
    assert until(erased(owner, customer)) == {date(2031, 12, 31), date(2035, 12, 31)}
    nights.run(date(2031, 1, 1))
    assert nights.whole() == {str(young)} != {str(old)}
    nights.run(date(2032, 1, 1))
    assert nights.whole() == set()


def test_a_credit_note_of_a_later_year_keeps_what_it_takes_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = bills.issued(biller, customer, on=date(2024, 12, 30))
    note = bills.credit(biller, invoice, on=date(2025, 2, 3))
    erased(owner, customer)
    nights.run(date(2031, 1, 1))
    assert nights.whole() == {str(invoice), str(note)}
    nights.run(date(2032, 1, 1))
    assert nights.whole() == set()
    nights.run(date(2035, 1, 1))
    assert nights.left()["Invoice"] == 2
    nights.run(date(2036, 1, 1))
    assert set(nights.left().values()) == {0}


def test_an_open_debt_is_kept_with_its_papers_until_it_is_settled(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = late.invoice(biller, customer, on=date(2024, 5, 2), sent=date(2024, 5, 2))
    outcome = erased(owner, customer)
    assert all(one.open for one in outcome.kept)
    nights.run(date(2031, 1, 1))
    assert nights.whole() == {str(invoice)}
    with access.acting("billing", user_id=biller.pk):
        ledger.write_off(
            Receivable.objects.get(pk=invoice.pk), invoice.total, on=date(2026, 9, 1), by=biller,
            kind=Entry.Kind.WRITE_OFF, reason="zqreason",
        )  # fmt: skip
    nights.run(date(2032, 12, 31))
    assert nights.whole() == {str(invoice)}
    assert canary.in_database(["zqreason"]) != {}
    nights.run(date(2033, 1, 1))
    assert nights.whole() == set()
    assert canary.in_database(["zqreason"]) == {}


def test_an_open_case_and_a_younger_letter_keep_the_debts_in_them(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = late.invoice(biller, customer)
    late.reminded(biller, date(2026, 3, 30))
    with access.acting("billing", user_id=biller.pk):
        case = collecting.open_case(Receivable.objects.filter(pk=invoice.pk), by=biller, on=date(2026, 4, 13))
        disputes.enter(
            Receivable.objects.get(pk=invoice.pk), amount=Decimal(10), since=date(2026, 4, 1),
            ground=Dispute.Ground.PAID, by=biller, note="zqnote", on=date(2026, 4, 13),
        )  # fmt: skip
    held = money.receivable(invoice)
    money.paid(biller, invoice, str(held.open), on=date(2026, 4, 20))
    if held.costs:
        money.paid(biller, invoice, str(held.costs), on=date(2026, 4, 20), part=ledger.Part.COSTS)
    erased(owner, customer)
    nights.run(date(2033, 1, 1))
    assert nights.whole() == {str(invoice)}
    with access.acting("billing", user_id=biller.pk):
        case.refresh_from_db()
        assert case.closed_on is None
        collecting.close(
            case, outcome=CollectionCase.Outcome.PAID, by=biller, on=date(2027, 2, 1), reason="zqreason"
        )
    nights.run(date(2033, 12, 31))
    assert nights.whole() == {str(invoice)}
    assert canary.in_database(["zqnote", "zqreason"]).keys() == {"zqnote", "zqreason"}
    nights.run(date(2034, 1, 1))
    assert nights.whole() == set()
    assert canary.in_database(["zqnote", "zqreason", "Yksityinen"]) == {}
    with access.acting("owner"):
        assert not Reminder.objects.exists()
        assert not Sending.objects.exists()
        assert CollectionCase.objects.exists()
    nights.run(date(2037, 12, 31))
    assert nights.left()["Invoice"] == 1
    nights.run(date(2038, 1, 1))
    assert set(nights.left().values()) == {0}
    with access.acting("owner"):
        assert not CollectionCase.objects.exists()


def test_a_voided_number_keeps_its_record_without_its_reason_as_long_as_the_ledger(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = bills.issued(biller, customer, on=date(2024, 12, 30))
    with access.acting("billing", user_id=biller.pk):
        crediting.void(invoice, by=biller, on=date(2025, 1, 2), because="zqvoided")
    erased(owner, customer)
    nights.run(date(2031, 12, 31))
    assert canary.in_database(["zqvoided"]) != {}
    nights.run(date(2032, 1, 1))
    assert canary.in_database(["zqvoided"]) == {}
    with access.acting("owner"):
        assert Voiding.objects.get().reason == ""
    nights.run(date(2036, 1, 1))
    with access.acting("owner"):
        assert not Voiding.objects.exists()
    assert set(nights.left().values()) == {0}


def test_money_that_was_never_given_back_keeps_its_payers_name(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    payment = money.payment(biller, "60.00", on=date(2024, 5, 2), payer_name="zqpayer", customer=customer)
    erased(owner, customer)
    nights.run(date(2040, 1, 1))
    assert canary.in_database(["zqpayer"]) != {}
    with access.acting("billing", user_id=biller.pk):
        Entry.objects.create(
            kind=Entry.Kind.REFUND,
            payment=payment,
            amount=-payment.amount,
            on=date(2026, 9, 1),
            entered_by_id=biller.pk,
        )
    nights.run(date(2040, 1, 2))
    assert canary.in_database(["zqpayer"]) == {}
    assert nights.left()["Payment"] == 0


def test_a_payment_for_two_keeps_its_figures_with_the_customer_who_stays(
    registrar: Registrar, owner: User, biller: User
) -> None:
    gone, present = late.consumer(owner), bills.company(owner)
    mine, theirs = (bills.issued(biller, one, on=date(2024, 5, 2)) for one in (gone, present))
    payment = money.payment(
        biller, str(mine.total + theirs.total), on=date(2024, 5, 20), payer_name="zqpayer"
    )
    with access.acting("billing", user_id=biller.pk):
        for invoice in (mine, theirs):
            ledger.allocate(
                payment, Receivable.objects.get(pk=invoice.pk), invoice.total, on=date(2024, 5, 20), by=biller
            )
    erased(owner, gone)
    nights.run(date(2035, 1, 1))
    assert canary.in_database(["zqpayer", "Yksityinen"]) == {}
    assert nights.left() == {"Invoice": 2, "InvoicePdf": 1, "Receivable": 2, "Entry": 4, "Payment": 1}
    assert nights.whole() == {str(theirs)}
    erased(owner, present, on=date(2026, 7, 1))
    nights.run(date(2035, 1, 2))
    assert set(nights.left().values()) == {0}


def test_whatever_hangs_on_an_invoice_goes_in_its_time(
    registrar: Registrar, owner: User, biller: User
) -> None:
    """A row in every table that leads to a receivable or payment, with canaries in all texts."""
    customer = late.consumer(owner)
    invoice = settled(biller, customer, on=date(2024, 5, 2))
    with access.acting("migrate"):
        known: dict[type[models.Model], models.Model] = {
            Customer: Customer.objects.get(pk=customer.pk),
            Invoice: Invoice.objects.get(pk=invoice.pk),
            Receivable: Receivable.objects.get(pk=invoice.pk),
            Payment: Payment.objects.get(),
            Entry: Entry.objects.get(kind=Entry.Kind.PAYMENT),
        }
        for model in HANGING:
            keys = {
                f.name: known[f.related_model] for f in model._meta.local_fields if f.related_model in known
            }
            given = keys if model is not Refund else keys | {"entry": None}
            known[model] = factories.build(model, canary.text_of("zqhang"), **given)
    assert canary.in_database(["zqhang"]) != {}
    assert len(tables_about(customer)) > len(HANGING)
    erased(owner, customer)
    nights.run(date(2032, 12, 31))
    assert len(canary.in_database(["zqhang"])["zqhang"]) > 5
    nights.run(date(2033, 1, 1))
    assert canary.in_database(["zqhang", "Yksityinen"]) == {}
    assert tables_about(customer) == {
        "Invoice", "InvoiceLine", "Receivable", "PaymentReference", "Payment", "Entry", "CollectionCase", "CaseItem",
        "CreditLoss", "InterestPeriod", "BankRow", "PaymentQuestion",
    }  # fmt: skip
    nights.run(date(2036, 12, 31))
    assert "Entry" in tables_about(customer)
    nights.run(date(2037, 1, 1))
    assert tables_about(customer) == set()


HANGING: tuple[type[models.Model], ...] = (
    Sending, Plan, PlanEnd, Extension, Hold, Lifting, Dispute, Resolution, LimitationEvent, CollectionCase, CaseItem,
    CaseStep, Handover, CreditLoss, InterestPeriod, BankRow, PaymentQuestion, Refund, Reminder, ReminderItem,
)  # fmt: skip


def tables_about(customer: Customer) -> set[str]:
    """Billing's tables with rows that lead to a customer."""
    with access.acting("owner"):
        return {
            entry.model.__name__
            for entry in inventory.entries()
            if entry.model._meta.app_label == "billing" and subjects.rows(entry, [customer]).exists()
        }


def test_many_invoices_ask_no_more_of_the_database_than_few(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer, asked = late.consumer(owner), []
    for _time in range(2):
        for month in (1, 2):
            settled(biller, customer, on=date(2024, month, 2))
        with access.acting("owner", user_id=owner.pk), CaptureQueriesContext(connections["owner"]) as queries:
            erasure.plan(Customer.objects.get(pk=customer.pk), on=date(2026, 6, 1))
        asked.append(len(queries))
        settled(biller, customer, on=date(2024, 3, 1))
    assert asked[0] == asked[1] < 150
