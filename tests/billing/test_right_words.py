"""The queue's words: an instalment met exactly is no question, and money for a credited invoice did not come twice."""

from __future__ import annotations

from decimal import Decimal

from billing import agreements
from billing.models import BankFile, Instalment, Invoice, PaymentQuestion
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money
from tests.billing.bankfiles import camt, details, entry, imported
from tests.billing.late import DUE

DAY = "2026-04-29"


def planned(owner: User, biller: User) -> tuple[Invoice, list[Instalment]]:
    """A consumer's invoice of 1 088,36 € in three: 362,78, 362,78 and 362,80 €."""
    invoice = late.invoice(biller, late.consumer(owner))
    with access.acting("billing", user_id=biller.pk):
        plan = agreements.plan(
            money.receivable(invoice), days=agreements.monthly(DUE.replace(month=5), 3), on=DUE, by=biller
        )
        return invoice, list(plan.instalments.select_related("reference").order_by("number"))


def came(biller: User, *paid: tuple[str, str], payer: str = "Aino") -> BankFile:
    """A bank file with payments of so much under such references."""
    entries = [
        entry(amount, details(amount, reference=key, payer=payer, archive=f"Z{place}{key}"), day=DAY)
        for place, (amount, key) in enumerate(paid)
    ]
    return imported(biller, camt(*entries))


def asked() -> list[str]:
    with access.acting("billing"):
        return list(PaymentQuestion.objects.order_by("pk").values_list("reason", flat=True))


def test_an_instalment_met_exactly_raises_no_question(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, parts = planned(owner, biller)
    came(biller, *[(str(one.amount), one.reference.key) for one in parts[:2]])
    assert asked() == []
    assert money.receivable(invoice).open == parts[2].amount


def test_just_what_is_left_of_an_instalment_is_exact_and_less_is_too_little(
    registrar: Registrar, owner: User, biller: User
) -> None:
    _invoice, parts = planned(owner, biller)
    key = parts[0].reference.key
    came(biller, ("100.00", key))
    assert asked() == ["under"]
    came(biller, (str(parts[0].amount - 100), key))
    assert asked() == ["under"]


def test_instalments_under_the_invoices_own_reference_or_out_of_turn_are_exact(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, parts = planned(owner, biller)
    came(biller, (str(parts[0].amount + parts[1].amount), invoice.reference))
    assert asked() == []
    _other, more = planned(owner, biller)
    came(biller, (str(more[2].amount), more[2].reference.key))
    assert asked() == []


def test_a_stranger_who_pays_an_instalment_is_told_of(
    registrar: Registrar, owner: User, biller: User
) -> None:
    _invoice, parts = planned(owner, biller)
    came(biller, (str(parts[0].amount), parts[0].reference.key), payer="Matti Meikäläinen")
    assert asked() == ["payer_differs"]


def test_without_a_plan_in_force_a_part_is_too_little(
    registrar: Registrar, owner: User, biller: User
) -> None:
    _invoice, parts = planned(owner, biller)
    with access.acting("billing", user_id=biller.pk):
        agreements.cancel(parts[0].plan, on=DUE, by=biller)
    came(biller, (str(parts[0].amount), parts[0].reference.key))
    assert asked() == ["under"]


def test_money_for_a_credited_invoice_says_that_it_was_credited(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    credited, paid = bills.issued(biller, company), bills.issued(biller, company)
    bills.credit(biller, credited)
    money.paid(biller, paid, str(paid.total))
    came(biller, ("1088.36", credited.reference), ("1088.36", paid.reference), payer="KUUSAMON")
    assert asked() == ["credited", "double"]
    with access.acting("billing"):
        question = PaymentQuestion.objects.order_by("pk")[0]
        assert question.payment.unallocated == Decimal("1088.36")
        assert question.payment.customer_id == company.pk
