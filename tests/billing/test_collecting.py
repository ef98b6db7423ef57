"""Collection: what may go to an agency and when, what it gets, what comes back."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connections
from django.test import Client

from billing import agency_news, collecting, ledger, obstacles
from billing.models import (
    Agency,
    CaseStep,
    CollectionCase,
    Dispute,
    Handover,
    Hold,
    Invoice,
    Receivable,
)
from customers.models import EmailAddress, Interaction
from register import access
from register.models import Registrar, User
from tests import cast
from tests.billing import bills, late, money
from tests.billing.agencies import REMINDED, TODAY, case_of, given, overdue

ISSUED, DUE = late.SENT, late.DUE


def why_not(invoice: Invoice, on: date) -> str:
    with access.acting("billing"):
        return " ".join(obstacles.to_agency(Receivable.objects.get(pk=invoice.pk), on=on))


# --- when ----------------------------------------------------------------------------------------------


def test_a_consumer_is_reminded_and_given_fourteen_days_before_an_agency_asks(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller, consumer=True)
    assert "no reminder" in why_not(invoice, TODAY)
    late.reminded(biller, REMINDED)
    assert "5 §" in why_not(invoice, REMINDED + timedelta(days=13))
    assert "5 §" not in why_not(invoice, REMINDED + timedelta(days=14))
    assert "4 §" in why_not(invoice, TODAY - timedelta(days=1))
    assert why_not(invoice, TODAY) == ""
    case = case_of(biller, invoice)
    with pytest.raises(collecting.NotYet):
        given(biller, case, on=TODAY - timedelta(days=1))
    with access.acting("billing"):
        assert CollectionCase.objects.get().stage == "own"
        assert not Handover.objects.exists()
    assert given(biller, case).principal == invoice.total


def test_the_wait_counts_from_the_day_when_the_reminder_left(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller, consumer=True)
    [letter] = late.reminded(biller, REMINDED)
    late.gone(letter, REMINDED + timedelta(days=5))
    assert "5 §" in why_not(invoice, REMINDED + timedelta(days=18))
    assert why_not(invoice, REMINDED + timedelta(days=19)) == ""


def test_what_is_disputed_held_paid_or_never_reminded_does_not_go(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller)
    assert "no reminder" in why_not(invoice, TODAY)
    late.reminded(biller, REMINDED)
    assert why_not(invoice, TODAY) == ""
    with access.acting("billing", user_id=biller.pk):
        Dispute.objects.create(
            receivable_id=invoice.pk,
            amount=invoice.total,
            since=TODAY,
            ground="quality",
            entered_by_id=biller.pk,
        )
    assert "4 b §" in why_not(invoice, TODAY)
    with access.acting("billing", user_id=biller.pk):
        Hold.objects.create(
            customer_id=invoice.customer_id, kind="court", since=TODAY, entered_by_id=biller.pk
        )
    assert "hold" in why_not(invoice, TODAY)
    money.paid(biller, invoice, str(invoice.total), on=TODAY)
    costs = money.receivable(invoice).costs
    assert costs
    assert "nothing of it is open" not in why_not(invoice, TODAY)
    money.paid(biller, invoice, str(costs), on=TODAY, part="costs")
    assert "nothing of it is open" in why_not(invoice, TODAY)
    assert "time-barred" not in why_not(invoice, TODAY)
    assert "time-barred" in why_not(invoice, date(2030, 5, 1))


def test_a_case_with_a_debt_of_which_only_costs_are_left_goes_whole(
    registrar: Registrar, owner: User, biller: User
) -> None:
    paid = overdue(owner, biller)
    unpaid = late.invoice(biller, paid.customer)
    late.reminded(biller, REMINDED)
    case = case_of(biller, paid, unpaid)
    money.paid(biller, paid, str(paid.total), on=TODAY)
    costs = money.receivable(paid).costs
    package = given(biller, case)
    assert costs > 0
    assert package.principal == unpaid.total
    assert package.costs == costs + money.receivable(unpaid).costs


# --- what ----------------------------------------------------------------------------------------------


def test_the_package_holds_what_collecting_needs_and_nothing_else(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller)
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Salainen", represents=invoice.customer)
        EmailAddress.objects.create(person=ada, address="ada.salainen@hoylaamo.example")
        cast.entry(customer=invoice.customer, people=[ada], text="Luottamuksellinen muistio")
        assert Interaction.objects.filter(text__contains="muistio").exists()
    late.reminded(biller, REMINDED)
    money.paid(biller, invoice, "88.36", on=date(2026, 4, 1))
    handover = given(biller, case_of(biller, invoice))
    assert (handover.principal, handover.costs) == (Decimal("1000.00"), Decimal("12.00"))
    with access.acting("billing"):
        handover.refresh_from_db()
    assert handover.sha256 == hashlib.sha256(bytes(handover.package)).hexdigest()
    with zipfile.ZipFile(io.BytesIO(bytes(handover.package))) as archive:
        told = json.loads(archive.read("perinta.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert f"laskut/{invoice.number}.pdf" in archive.namelist()
    [debt] = told["debts"]
    assert told["debtor"]["name"] == "Kuusamon Höyläämö Oy"
    assert (debt["principal"], debt["costs"], debt["due_on"]) == ("1000.00", "12.00", "2026-03-16")
    assert [one["on"] for one in debt["reminders"]] == ["2026-03-30"]
    assert [one["amount"] for one in debt["payments"]] == ["88.36"]
    assert "1088,36" in everything.decode("utf-8", "replace")
    for secret in ("Salainen", "muistio", "laskut@hoylaamo", "ada."):
        assert secret.encode() not in everything


def test_a_handover_stays_as_it_was_given(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = overdue(owner, biller)
    late.reminded(biller, REMINDED)
    given(biller, case_of(biller, invoice))
    for login in ("billing", "owner", "worker", "migrate"):
        for attempt in (
            "UPDATE billing_handover SET principal = 1",
            "UPDATE billing_casestep SET reason = 'x'",
            "UPDATE billing_handover SET package = '', sha256 = encode(sha256(''), 'hex')",
        ):
            with pytest.raises(DatabaseError), access.acting(login), connections[login].cursor() as cursor:
                cursor.execute(attempt)


# --- with the agency and back --------------------------------------------------------------------------


def test_money_here_and_there_is_booked_once_and_told(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller)
    late.reminded(biller, REMINDED)
    case = case_of(biller, invoice)
    given(biller, case)
    with access.acting("billing"):
        assert Hold.objects.standing(on=TODAY).filter(kind="agency").count() == 1
    money.paid(biller, invoice, "100.00", on=TODAY)
    with access.acting("billing", user_id=biller.pk):
        [news] = agency_news.untold(case)
        assert news.amount == 100
        agency_news.tell(case, [news.id], by=biller, on=TODAY)
        assert agency_news.untold(case) == []
        row = collecting.Reported(money.held(invoice), principal=Decimal("988.36"), costs=Decimal(12))
        with pytest.raises(ledger.NotSoMuch):
            collecting.report(
                case,
                [collecting.Reported(money.held(invoice), principal=Decimal("988.37"))],
                by=biller, on=TODAY, paid_on=TODAY, seen=collecting.last_step(case),
            )  # fmt: skip
        collecting.report(case, [row], by=biller, on=TODAY, paid_on=TODAY, seen=collecting.last_step(case))
        assert agency_news.untold(case) == []
        collecting.close(case, outcome="paid", by=biller, on=TODAY)
        assert money.held(invoice).open == 0
        assert not Hold.objects.standing(on=TODAY).exists()
        assert list(CaseStep.objects.values_list("kind", flat=True)) == [
            "opened", "added", "handed_over", "told", "reported", "recalled", "closed",
        ]  # fmt: skip


def test_a_recalled_case_can_go_again_and_an_open_one_is_not_paid(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller)
    late.reminded(biller, REMINDED)
    case = case_of(biller, invoice)
    given(biller, case)
    with access.acting("billing", user_id=biller.pk):
        collecting.recall(case, reason="Sovittu", by=biller, on=TODAY)
        with pytest.raises(collecting.WrongStage):
            collecting.recall(case, reason="Sovittu", by=biller, on=TODAY)
        with pytest.raises(collecting.StillOpen):
            collecting.close(case, outcome="paid", by=biller, on=TODAY)
    assert given(biller, case, on=TODAY + timedelta(days=1)).case == case
    with access.acting("billing"):
        assert Handover.objects.count() == 2


def test_debts_of_one_debtor_are_one_case(registrar: Registrar, owner: User, biller: User) -> None:
    first, other = overdue(owner, biller), overdue(owner, biller, consumer=True)
    second = bills.issued(biller, first.customer, on=ISSUED)
    with pytest.raises(collecting.SeveralDebtors):
        case_of(biller, first, other)
    with pytest.raises(collecting.NothingToCollect):
        case_of(biller, first, on=DUE)
    assert case_of(biller, first) == case_of(biller, first, second)
    with access.acting("billing"):
        assert CollectionCase.objects.get().items.count() == 2


# --- pages ---------------------------------------------------------------------------------------------


def test_a_case_goes_its_way_in_the_browser(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = overdue(owner, biller)
    late.reminded(biller, REMINDED)
    assert invoice.number in as_biller.get("/billing/collection/candidates/").content.decode()
    page = as_biller.post("/billing/collection/open/", {"debt": [invoice.pk]})["Location"]
    assert "No agency" in as_biller.get(page).content.decode()
    assert as_biller.post("/billing/collection/agencies/", {"name": "", "number": "1"}).status_code == 422
    as_biller.post("/billing/collection/agencies/", {"name": "Perintä Oy", "number": "1680235-8"})
    with access.acting("billing"):
        to = Agency.objects.get()
    as_biller.post(f"{page}hand-over/", {"agency": to.pk})
    with access.acting("billing"):
        handover = Handover.objects.get()
    answer = as_biller.get(f"{page}packages/{handover.pk}/")
    assert answer.content == bytes(handover.package)
    assert "attachment" in answer["Content-Disposition"]
    with access.acting("billing"):
        seen = collecting.last_step(handover.case)
    form = {"paid_on": "2026-04-20", "seen": seen, f"principal_{invoice.pk}": "x"}
    assert as_biller.post(f"{page}report/", form).status_code == 422
    form |= {f"principal_{invoice.pk}": "88,36", f"costs_{invoice.pk}": "12"}
    as_biller.post(f"{page}report/", form)
    assert "gone on meanwhile" in as_biller.post(f"{page}report/", form).content.decode()
    with access.acting("billing"):
        assert (money.held(invoice).open, money.held(invoice).costs) == (1000, 0)
        seen = collecting.last_step(handover.case)
    as_biller.post(f"{page}report/", form | {"seen": seen, f"principal_{invoice.pk}": "1 000"})
    assert "gone on" not in as_biller.get(page).content.decode()
    with access.acting("billing"):
        assert money.held(invoice).costs == 0
    as_biller.post(
        f"{page}report/",
        {"paid_on": "2026-04-20", "seen": seen, f"principal_{invoice.pk}": "1 000"},
    )
    assert "Nothing is open" in as_biller.get(page).content.decode()
    as_biller.post(f"{page}close/", {"outcome": "paid", "reason": ""})
    shown = as_biller.get("/billing/collection/?stage=closed").content.decode()
    assert "Perintä Oy" in shown or "Paid" in shown
    assert as_biller.get(f"/billing/invoices/D{invoice.pk}/loss/").status_code == 200


def test_the_list_of_cases_asks_few_questions(
    as_biller: Client, registrar: Registrar, owner: User, biller: User, django_assert_max_num_queries: object
) -> None:
    for number in range(3):
        invoice = bills.issued(biller, bills.company(owner, f"Yritys {number} Oy", business_id=""), on=ISSUED)
        case_of(biller, invoice)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connections["billing"]) as queries:
        assert "Yritys 2" in as_biller.get("/billing/collection/").content.decode()
    assert len([one for one in queries if "billing_" in one["sql"]]) == 1
