"""What an agency is given says only what is so: letters that went, fees that are asked, money that came."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

from billing import afterwards, charging, ledger
from billing.models import Charge, Handover, Reminder, ReminderPdf, Waiver
from register import access
from register.models import Registrar, User
from tests.billing import agencies, late, money

FIRST = date(2026, 3, 20)


def told(handover: Handover) -> tuple[dict[str, Any], list[str]]:
    """The debt as the package tells it, and the package's files."""
    with access.acting("billing"):
        handover.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(bytes(handover.package))) as archive:
        [debt] = json.loads(archive.read("perinta.json"))["debts"]
        return debt, archive.namelist()


def test_a_letter_that_came_back_is_neither_listed_nor_included(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = agencies.overdue(owner, biller)
    [first] = late.made(biller, late.approved(biller, FIRST), FIRST)
    late.gone(first, FIRST, state="bounced")
    with access.acting("worker"):
        assert ReminderPdf.objects.filter(reminder=first).exists()
        assert afterwards.settle(on=FIRST) == 1
        assert Waiver.objects.count() == 1
    [second] = late.reminded(biller, agencies.REMINDED)
    debt, files = told(agencies.given(biller, agencies.case_of(biller, invoice)))
    with access.acting("billing"):
        assert Reminder.objects.filter(state="made").count() == 2
    assert [one["on"] for one in debt["reminders"]] == ["2026-03-30"]
    [reminder] = debt["reminders"]
    assert (reminder["sent_on"], reminder["channel"], reminder["fee"]) == ("2026-03-30", "email", "12.00")
    assert reminder["sha256"] == second.sha256
    assert [name for name in files if name.startswith("muistutukset/")] == [f"muistutukset/{second}.pdf"]
    assert debt["payments"] == []
    assert [(one["kind"], one["amount"]) for one in debt["charges"]] == [("reminder", "12.00")]


def test_a_waived_fee_of_a_letter_that_went_is_not_asked_by_the_agency(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = agencies.overdue(owner, biller)
    late.reminded(biller, agencies.REMINDED)
    with access.acting("billing", user_id=biller.pk):
        charging.waive(Charge.objects.get(), reason="goodwill", on=agencies.TODAY, by=biller)
    debt, files = told(agencies.given(biller, agencies.case_of(biller, invoice)))
    assert (debt["costs"], debt["charges"], debt["payments"]) == ("0.00", [], [])
    assert [one["fee"] for one in debt["reminders"]] == ["0.00"]
    assert len([name for name in files if name.startswith("muistutukset/")]) == 1


def test_payments_that_stand_credits_and_differences_are_told_apart(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = agencies.overdue(owner, biller)
    late.reminded(biller, agencies.REMINDED)
    wrong = money.paid(biller, invoice, "500.00", on=agencies.REMINDED)
    money.paid(biller, invoice, "88.36", on=agencies.REMINDED)
    with access.acting("billing", user_id=biller.pk):
        ledger.take_back(wrong, on=agencies.TODAY, by=biller)
        held = money.receivable(invoice)
        ledger.write_off(held, Decimal("0.50"), on=agencies.TODAY, by=biller, kind="difference")
    debt, _files = told(agencies.given(biller, agencies.case_of(biller, invoice)))
    assert [one["amount"] for one in debt["payments"]] == ["88.36"]
    assert [one["amount"] for one in debt["written_off"]] == ["0.50"]
    assert debt["principal"] == "999.50"
