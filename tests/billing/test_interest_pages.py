"""The pages of interest, agreed rates, limits and the statement of a debt, as the billing person uses them."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pypdf
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import charging, debt, disputes, ledger
from billing.models import Entry, Invoice, LimitationEvent
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills, money, owed

UNTIL = "2026-06-30"
INTEREST = "/billing/customers/K{}/interest/"


def test_from_the_customer_to_an_issued_interest_invoice(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "20000.00", due=date(2026, 1, 15))
    address = INTEREST.format(company.pk)
    page = as_biller.get(address).content.decode()
    assert "The reference rate is missing for 2026-H2" in page
    assert f"?until={UNTIL}" in page
    assert "Issue the interest invoice" not in page
    page = as_biller.get(f"{address}?until={UNTIL}").content.decode()
    assert "955.07" in page
    assert "Issue the interest invoice" in page
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found
    posted = {"key": found[1], "until": UNTIL, "receivable": [claim.pk]}
    answer = as_biller.post(f"{address}invoice/", posted)
    assert as_biller.post(f"{address}invoice/", posted)["Location"] == answer["Location"]
    page = as_biller.get(answer["Location"]).content.decode()
    assert f"V{timezone.localdate().year}0001" in page
    assert "No interest to invoice" in as_biller.get(f"{address}?until={UNTIL}").content.decode()
    refused = as_biller.post(f"{address}invoice/", posted | {"key": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "There is no interest to invoice" in refused.content.decode()
    with access.acting("billing"):
        assert Invoice.objects.filter(kind="interest").count() == 1


def test_a_reckoning_as_csv_holds_each_segment(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2023, 6, 15))
    money.paid(biller, claim.invoice, "1000.00", on=date(2023, 7, 31))
    answer = as_biller.get(f"/billing/invoices/D{claim.pk}/interest.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="20230001-')
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[1:] == [
        "20230001;2023-06-15;2023-06-16;2023-06-30;15;1000,00;2,5000;7,0000;9,5000;365;3,904110;"
        "Korkolaki 633/1982, 12 § | Korkolaki 633/1982, 4 §;final",
        "20230001;2023-06-15;2023-07-01;2023-07-31;31;1000,00;4,0000;7,0000;11,0000;365;9,342466;"
        "Korkolaki 633/1982, 12 § | Korkolaki 633/1982, 4 §;final",
    ]
    assert as_biller.get(f"/billing/customers/K{claim.customer_id}/interest.csv").content == answer.content
    page = as_biller.get(f"/billing/invoices/D{claim.pk}/interest/").content.decode()
    assert "13.25" in page
    assert "3.9041" in page


def test_an_agreed_rate_is_entered_and_ended_but_not_for_consumers(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    company, ada = bills.company(owner), owed.consumer(owner)
    posted = {"rate": "16", "valid_from": "2026-01-01", "agreement": "Puitesopimus"}
    assert as_biller.post(INTEREST.format(company.pk) + "agree/", posted).status_code == 302
    page = as_biller.get(INTEREST.format(company.pk)).content.decode()
    assert "Puitesopimus" in page
    refused = as_biller.post(INTEREST.format(ada.pk) + "agree/", posted)
    assert refused.status_code == 422
    assert "With a consumer" in refused.content.decode()
    assert "Puitesopimus" in refused.content.decode()
    assert "Enter an agreed rate" not in as_biller.get(INTEREST.format(ada.pk)).content.decode()
    claim = owed.owed(biller, company, "1000.00", due=date(2026, 3, 2))
    one = f"/billing/invoices/D{claim.pk}/interest/"
    assert (
        as_biller.post(one + "agree/", {"rate": "20", "agreement": "Tilausvahvistus 77"}).status_code == 302
    )
    assert as_biller.post(one + "agree/", {"rate": "0", "agreement": "Ei korkoa"}).status_code == 422
    assert "20 %" in as_biller.get(one + "?until=2026-06-30").content.decode()
    page = as_biller.get(INTEREST.format(company.pk)).content.decode()
    endings = re.findall(r"/billing/agreed-rates/\d+/end/", page)
    assert len(endings) == 2
    for address in endings:
        as_biller.post(address)
    assert "End today" not in as_biller.get(INTEREST.format(company.pk)).content.decode()
    # The rate of the one invoice is gone; what was invoiced while the general one held keeps it.
    assert "16 %" in as_biller.get(one + "?until=2026-06-30").content.decode()


def test_an_interruption_moves_the_limit_and_can_be_removed(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    today = timezone.localdate()
    due = today - timedelta(days=3 * 365 - 20)
    claim = owed.owed(biller, bills.company(owner), "1000.00", due=due)
    listed = as_biller.get("/billing/limits/").content.decode()
    assert claim.number in listed
    assert "days left" in listed
    page = f"/billing/invoices/D{claim.pk}/interest/"
    wrong = as_biller.post(page, {"kind": "acknowledgement", "on": today.isoformat(), "evidence": ""})
    assert wrong.status_code == 422
    as_biller.post(page, {"kind": "acknowledgement", "on": today.isoformat(), "evidence": "Kirje 1.2."})
    assert claim.number not in as_biller.get("/billing/limits/").content.decode()
    assert "Kirje 1.2." in as_biller.get(page).content.decode()
    with access.acting("billing"):
        event = LimitationEvent.objects.get()
    as_biller.post(f"/billing/interruptions/{event.pk}/remove/")
    assert claim.number in as_biller.get("/billing/limits/").content.decode()


def test_the_statement_names_every_figure_and_its_rule(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "5000.00", due=date(2026, 1, 15))
    money.paid(biller, claim.invoice, "2000.00", on=date(2026, 2, 15))
    with access.acting("billing", user_id=biller.pk):
        charging.claim_compensation(money.held(claim), on=date(2026, 3, 1), by=biller)
        disputes.enter(
            money.held(claim), amount=Decimal(100), since=date(2026, 2, 1), ground="quality", note="",
            on=date(2026, 3, 1), by=biller,
        )  # fmt: skip
        statement = debt.explain(company, on=date(2026, 6, 30))
    assert (statement.principal, statement.costs) == (3000, 40)
    assert statement.interest == Decimal("161.10")  # 31 days on 5 000 and 135 on 3 000 at 10,5 %
    assert statement.total == Decimal("3201.10")
    page = as_biller.get(f"/billing/customers/K{company.pk}/debt/").content.decode()
    paper = as_biller.get(f"/billing/customers/K{company.pk}/debt.pdf")
    assert paper["Content-Type"] == "application/pdf"
    text = text_of(paper.content)
    for words in ("10 e §", "Korkolaki 633/1982, 4 a §", "2026-H2"):
        assert words in page
        assert words in text
    assert "Disputed" in page
    assert "Riitautettu" in text
    assert "Rules" not in text  # the debtor is not told where the register's owner adds a rate
    assert "5 000,00 €" in text
    with access.acting("owner"):
        assert AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS, page="billing debt").count() == 2


def test_a_statement_of_hundreds_of_entries_takes_no_more_queries(
    registrar: Registrar, owner: User, biller: User, as_biller: Client
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "5000.00", due=date(2026, 1, 15))
    address = f"/billing/customers/K{company.pk}/debt/"
    as_biller.get(address)
    with CaptureQueriesContext(connections["billing"]) as few:
        as_biller.get(address)
    owed.owed(biller, company, "100.00", due=date(2026, 2, 15))
    with access.acting("billing", user_id=biller.pk):
        for nth in range(150):
            on = date(2026, 1, 20) + timedelta(days=nth)
            ledger.write_off(claim, Decimal("1.00"), on=on, by=biller, kind=Entry.Kind.DIFFERENCE)
    with CaptureQueriesContext(connections["billing"]) as many:
        page = as_biller.get(address).content.decode()
    assert page.count("Small difference") == 150
    assert len(many) == len(few)
    paper = as_biller.get(f"/billing/customers/K{company.pk}/debt.pdf").content
    assert len(pypdf.PdfReader(BytesIO(paper)).pages) > 5


def test_nobody_else_sees_them(
    registrar: Registrar, owner: User, biller: User, as_owner: Client, stranger: Client
) -> None:
    claim = owed.owed(biller, bills.company(owner), "5000.00", due=date(2026, 1, 15))
    for address in (
        f"/billing/customers/K{claim.customer_id}/debt/",
        f"/billing/customers/K{claim.customer_id}/debt.pdf",
        INTEREST.format(claim.customer_id),
        f"/billing/invoices/D{claim.pk}/interest/",
        "/billing/limits/",
        "/billing/rules/",
    ):
        assert as_owner.get(address).status_code == 200
        assert stranger.get(address).status_code in (302, 404)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
