"""Papers that only issuing, reminding, voiding and handing over fill: in the copy, and kept as the law says."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from billing import collecting, crediting
from billing.models import Handover, InvoicePdf, Receivable, ReminderPdf, Voiding
from register import access, erasure, export
from register.models import Erasure, Registrar, User
from tests import canary
from tests.billing import bills, late

REMINDED, TODAY = date(2026, 3, 30), date(2026, 4, 17)


def encoded(content: Any) -> str:
    return base64.b64encode(bytes(content)).decode()


def test_papers_about_a_debtor_reach_his_copy_and_stay_until_the_laws_day(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = late.invoice(biller, customer)
    slip = bills.issued(biller, customer, on=late.SENT)
    late.reminded(biller, REMINDED)
    with access.acting("billing", user_id=biller.pk):
        crediting.void(slip, by=biller, on=REMINDED, because="zqvoided syy")
        case = collecting.open_case(Receivable.objects.filter(pk=invoice.pk), by=biller, on=TODAY)
        agency = collecting.enter_agency(name="Perintä Oy", number="1680235-8")
        collecting.hand_over(case, agency=agency, by=biller, on=TODAY)
        papers = {
            "billing.InvoicePdf.content": encoded(InvoicePdf.objects.get(invoice=invoice).content),
            "billing.ReminderPdf.content": encoded(ReminderPdf.objects.get().content),
            "billing.Handover.package": encoded(Handover.objects.get().package),
            "billing.Voiding.reason": "zqvoided syy",
            "billing.Invoice.snapshot": "Asiakasrekisterin käyttöönotto",
        }
    assert papers.keys() == canary.ISSUED_ONLY
    with access.acting("owner", user_id=owner.pk):
        told = export.copy_of(customer, by=owner, at=late.noon(TODAY)).json()
    assert [name for name, value in papers.items() if value not in told] == []
    with access.acting("owner", user_id=owner.pk):
        outcome = erasure.erase(customer, by=owner, at=late.noon(TODAY), reason=Erasure.Reason.ASKED)
    assert {one.until for one in outcome.kept} == {date(2032, 12, 31), date(2036, 12, 31)}
    with access.acting("owner"):
        left = {
            "billing.InvoicePdf.content": encoded(InvoicePdf.objects.get(invoice=invoice).content),
            "billing.ReminderPdf.content": encoded(ReminderPdf.objects.get().content),
            "billing.Handover.package": encoded(Handover.objects.get().package),
            "billing.Voiding.reason": Voiding.objects.get().reason,
        }
    assert left.items() <= papers.items()
