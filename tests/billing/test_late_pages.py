"""The pages of late payment through real requests."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import Dispute, Hold, Plan, Receivable, Reminder, ReminderRun
from billing.views import doors
from customers.models import Customer
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills, late, money
from tests.billing.pages import as_biller, english  # noqa: F401  (two fixtures)

TODAY = date(2026, 3, 30)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "today", lambda: TODAY)
    monkeypatch.setattr(doors, "now", lambda: late.noon(TODAY))


@pytest.fixture
def customer(owner: User, registrar: Registrar) -> Customer:
    return late.consumer(owner)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_the_due_list_says_what_is_lawful_and_why(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    late.invoice(biller, customer)
    late.invoice(biller, customer, sent=None)
    late.invoice(biller, customer, on=date(2026, 3, 14), sent=date(2026, 3, 14))
    page = words(as_biller.get("/billing/overdue/").content.decode())
    assert "Reminder, fee 5.00" in page
    assert "the due date and 14 d" in page
    assert "513/1999, 10 a §" in page
    assert "not proven that the invoice was sent" in page
    assert re.search(r"Owed in total 3,?265.08", page)


def test_reminders_are_approved_on_the_page_and_the_run_tells_what_became_of_them(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    invoice = late.invoice(biller, customer)
    page = as_biller.get("/billing/reminders/").content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert key
    nobody = as_biller.post("/billing/reminders/approve/", {"key": key[1]})
    assert nobody.status_code == 422
    assert "Tick the customers" in nobody.content.decode()
    answer = as_biller.post("/billing/reminders/approve/", {"key": key[1], "customer": customer.pk})
    assert answer.status_code == 302
    assert "being made" in as_biller.get(answer["Location"]).content.decode()
    with access.acting("billing"):
        run = ReminderRun.objects.get()
    [letter] = late.made(biller, run, TODAY)
    done = words(as_biller.get(answer["Location"]).content.decode())
    assert "1 letter was handled" in done
    assert "E-mail: Waiting" in done
    paper = as_biller.get(f"/billing/reminders/MU{letter.pk}/pdf/")
    assert paper.content.startswith(b"%PDF-")
    assert "sandbox" in paper["Content-Security-Policy"]
    assert "Why it was lawful" in as_biller.get(f"/billing/invoices/D{invoice.pk}/late/").content.decode()
    everybody = {"key": str(uuid.uuid4()), "everybody": "on"}
    assert "Letters 0" in words(as_biller.post("/billing/reminders/approve/", everybody).content.decode())
    again = as_biller.post("/billing/reminders/approve/", everybody | {"seen": "1"})
    assert again.status_code == 422
    assert "No reminder may go" in again.content.decode()


def test_decisions_are_taken_on_forms_and_refusals_lose_nothing(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    invoice = late.invoice(biller, customer)
    base = f"/billing/invoices/D{invoice.pk}/late/"
    wrong = {
        "dispute/": {"amount": "9999", "since": "2026-03-20", "ground": "amount", "note": "Laskettu väärin"},
        "extend/": {"due_on": "2026-03-01", "fee": "", "note": "Puhelimessa", "interest_runs": "on"},
        "plan/": {"count": "3", "first_on": "2026-03-01", "fee": "", "note": "Puhelimessa"},
        "hold/": {"kind": "free", "until": "", "note": "Lomautus"},
    }
    for act, data in wrong.items():
        answer = as_biller.post(base + act, data)
        assert answer.status_code == 422, act
        assert data["note"] in answer.content.decode(), act
        assert "errorlist" in answer.content.decode(), act
    right = [
        ("dispute/", wrong["dispute/"] | {"amount": "88,36"}),
        ("hold/", wrong["hold/"] | {"until": "2026-04-30"}),
        ("plan/", wrong["plan/"] | {"first_on": "2026-05-15"}),
    ]
    for act, data in right:
        assert as_biller.post(base + act, data)["Location"] == base, act
    with access.acting("billing"):
        dispute, hold, plan = Dispute.objects.get(), Hold.objects.get(), Plan.objects.get()
    assert (
        as_biller.post(base + f"dispute/{dispute.pk}/", {"outcome": "settled", "note": ""}).status_code == 302
    )
    as_biller.post(f"/billing/customers/K{customer.pk}/hold/{hold.pk}/lift/")
    refused = as_biller.post(base + f"plan/{plan.pk}/revive/", follow=True)
    assert "No instalment is late" in refused.content.decode()
    as_biller.post(base + f"plan/{plan.pk}/end/")
    page = words(as_biller.get(base).content.decode())
    for said in ("Settled", "lifted", "Cancelled by agreement", "Reminder, fee 5.00"):
        assert said in page, said


def test_costs_are_claimed_and_waived_on_the_page(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    base = f"/billing/invoices/D{invoice.pk}/late/"
    as_biller.post(base + "compensation/")
    assert money.receivable(invoice).costs == 40
    refused = as_biller.post(base + "compensation/", follow=True)
    assert "claimed once" in refused.content.decode()
    with access.acting("billing"):
        charge = Receivable.objects.get().charges.get()
    as_biller.post(base + f"waive/{charge.pk}/", {"reason": "goodwill"})
    assert money.receivable(invoice).costs == 0


def test_the_switch_is_shown_before_it_is_made(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    company = bills.company(owner)
    invoice = late.invoice(biller, company)
    address = f"/billing/customers/K{company.pk}/debtor/"
    shown = words(as_biller.post(address, {"debtor": "consumer", "show": "1"}).content.decode())
    assert "at most 12.00" in shown
    assert "at most 5.00" in shown
    assert "7 percentage points" in shown
    assert money.receivable(invoice).debtor == "business"
    as_biller.post(address, {"debtor": "consumer", "save": "1"})
    assert money.receivable(invoice).debtor == "consumer"


def test_each_page_records_the_read_and_strangers_rows_are_not_found(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    invoice = late.invoice(biller, customer)
    other = late.invoice(biller, bills.company(owner))
    [letter] = late.reminded(biller, TODAY, customers=[customer.pk])
    base = f"/billing/invoices/D{invoice.pk}/late/"
    with access.acting("billing"):
        charge = letter.items.get().charge_id
    pages = [
        "/billing/overdue/", base, *(base + act for act in ("dispute/", "extend/", "plan/", "hold/")),
        f"/billing/reminders/MA{letter.run_id}/", f"/billing/reminders/MU{letter.pk}/pdf/",
        f"/billing/customers/K{customer.pk}/debtor/", f"/billing/customers/K{customer.pk}/hold/",
        base + f"waive/{charge}/",
    ]  # fmt: skip
    for address in pages:
        with access.acting("owner"):
            before = reads(customer)
        answer = as_biller.get(address)
        assert answer.status_code == 200, address
        assert "no-store" in answer["Cache-Control"], address
        with access.acting("owner"):
            assert reads(customer) == before + 1, address
    assert as_biller.get(f"/billing/invoices/D{other.pk}/late/waive/{charge}/").status_code == 404


def reads(customer: Customer) -> int:
    shown = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS, numbers__contains=[customer.number])
    return shown.count()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/billing/overdue/", 16),
        ("/billing/overdue/?show=ready&debtor=consumer", 16),
        ("/billing/reminders/", 17),
        ("/billing/customers/K{customer}/", 22),
        ("/billing/invoices/D{invoice}/late/", 26),
    ],
)
def test_pages_cost_the_same_queries_however_many_debts(
    as_biller: Client, owner: User, biller: User, customer: Customer, address: str, most: int
) -> None:
    counts = []
    for _round in range(2):
        invoices = [late.invoice(biller, customer) for _n in range(3)]
        where = address.format(customer=customer.pk, invoice=invoices[-1].pk)
        with CaptureQueriesContext(connections["billing"]) as queries:
            assert as_biller.get(where).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= most, [query["sql"][:90] for query in queries]


def test_the_list_goes_on_by_key_and_shows_every_debt_once(
    as_biller: Client, owner: User, biller: User, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing import overdue

    monkeypatch.setattr(overdue, "PAGE", 2)
    monkeypatch.setattr(overdue, "LOOKED_AT", 2)
    made = [late.invoice(biller, customer, on=late.SENT + timedelta(days=n % 2)).pk for n in range(5)]
    for show, there in (("ready", made[::2]), ("waiting", made[1::2])):
        seen, address = [], f"/billing/overdue/?show={show}"
        while address:
            page = as_biller.get(address)
            seen += [debt.receivable.pk for debt in page.context["page"].rows]
            following = page.context["page"].following
            address = f"/billing/overdue/?show={show}&after={following}" if following else ""
        assert sorted(seen) == sorted(there)


def test_addresses_made_by_hand_meet_no_error(as_biller: Client, customer: Customer) -> None:
    for address in (
        "/billing/overdue/?after=x&show=%00&debtor='",
        "/billing/overdue/?show=ready&after=99999999",
        "/billing/overdue/?show=held",
        "/billing/overdue/?show=planned",
        "/billing/reminders/?after=-1",
    ):
        assert as_biller.get(address).status_code == 200, address
    for address in ("/billing/invoices/D0/late/", "/billing/reminders/MA0/", "/billing/reminders/MU0/pdf/"):
        assert as_biller.get(address).status_code == 404, address
    with access.acting("billing"):
        assert not Reminder.objects.exists()
