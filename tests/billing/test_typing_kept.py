"""What was typed stays on the page when it is refused, with the message where it belongs."""

from __future__ import annotations

import re
import uuid
from datetime import date
from decimal import Decimal

from django.test import Client

from billing import collecting
from billing.models import Invoice, Payment, PeriodLock
from register import access
from register.models import Registrar, User
from tests.billing import agencies, bills, late, money


def test_an_agencys_report_with_one_wrong_sum_keeps_the_others_and_names_the_invoice(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    first = agencies.overdue(owner, biller)
    second = late.invoice(biller, first.customer)
    late.reminded(biller, agencies.REMINDED)
    case = agencies.case_of(biller, first, second)
    agencies.given(biller, case)
    url = f"/billing/collection/P{case.pk}/report/"
    with access.acting("billing"):
        seen = collecting.last_step(case)
    form = {
        "paid_on": "20.4.2026",
        "seen": f"{seen}",
        f"principal_{first.pk}": "123,45",
        f"interest_{first.pk}": "1,50",
        f"principal_{second.pk}": "9999,00",
    }
    refused = as_biller.post(url, form)
    shown = refused.content.decode()
    assert refused.status_code == 422
    for typed in ("123,45", "1,50", "9999,00"):
        assert f'value="{typed}"' in shown
    cell = shown[shown.index(f'id="id_principal_{second.pk}"') :]
    assert f"Of invoice {second.number} only 1088,36 € is open." in cell[: cell.index("</td>")]
    with access.acting("billing"):
        assert not Payment.objects.filter(source="agency").exists()
    later = as_biller.post(url, form | {"paid_on": "1.1.2099"})
    assert "cannot be in the future" in later.content.decode()
    nothing = as_biller.post(url, {"paid_on": "20.4.2026", "seen": f"{seen}"})
    assert "Write what the agency has got" in nothing.content.decode()
    assert as_biller.post(url, form | {f"principal_{second.pk}": ""}).status_code == 302
    with access.acting("billing"):
        assert Payment.objects.get(source="agency").amount == money.receivable(first).amount - (
            money.receivable(first).open
        ) + Decimal("1.50")


def test_a_report_on_a_case_that_went_on_is_shown_again_with_its_sums(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    with access.acting("billing"):
        seen = collecting.last_step(case)
    url = f"/billing/collection/P{case.pk}/report/"
    form = {"paid_on": "20.4.2026", "seen": f"{seen}", f"principal_{invoice.pk}": "10,00"}
    assert as_biller.post(url, form).status_code == 302
    again = as_biller.post(url, form)
    shown = again.content.decode()
    assert again.status_code == 422
    assert "gone on meanwhile" in shown
    assert 'value="10,00"' in shown
    [fresh] = re.findall(r'name="seen" value="(\d+)"', shown)
    with access.acting("billing"):
        assert int(fresh) == collecting.last_step(case) > seen


def test_a_credit_that_a_lock_refuses_keeps_its_reason_and_quantities(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        PeriodLock.objects.create(until=date(2099, 12, 31), locked_by_id=biller.pk)
    url = f"/billing/invoices/D{invoice.pk}/credit/"
    form = {"key": f"{uuid.uuid4()}", "because": "Tunnit laskettu väärin"}
    for button, typed in (("part", {"line-1": "1,5"}), ("all", {}), ("void", {})):
        refused = as_biller.post(url, form | typed | {button: "1"})
        shown = refused.content.decode()
        assert refused.status_code == 422
        assert "Tunnit laskettu väärin" in shown
        assert "locked" in shown
        assert ('value="1,5"' in shown) == (button == "part")
    with access.acting("billing"):
        assert not Invoice.objects.filter(original=invoice).exists()
