"""Reminders on their way: the letter is made, its fees are charged, the sending asked for."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import DatabaseError
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import (
    charging,
    details,
    documents,
    interest_invoicing,
    ledger,
    references,
    reminding,
    rules,
    standing,
)
from billing.amounts import ZERO
from billing.models import (
    BillingDetails,
    Charge,
    Debtor,
    Receivable,
    Reminder,
    ReminderItem,
    ReminderPdf,
    ReminderRun,
    Sending,
)
from billing.pdf import Language, NotTypeset, Party
from billing.pdf.letter import Letter, LetterDebt, render
from billing.proposals import reckoning
from billing.rules import Code, RuleMissing
from billing.standing import Debt
from register import access
from register.models import Registrar, User

log = logging.getLogger("billing.reminders")

Channel, State = BillingDetails.Channel, Reminder.State
LEFT_BEHIND = timedelta(hours=1)
"""After so long an approved letter that nobody has made is made by the hourly job."""


# --- the worker ----------------------------------------------------------------------------------------


def waiting(run_id: int) -> list[int]:
    """The reminders of a run that have not been made yet."""
    rows = Reminder.objects.filter(run=run_id, state=State.APPROVED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def left_behind(*, at: datetime) -> list[tuple[int, int]]:
    """Approved letters that a stopped worker has left, with who approved them."""
    rows = Reminder.objects.filter(state=State.APPROVED, run__approved_at__lt=at - LEFT_BEHIND)
    return list(rows.order_by("pk").values_list("pk", "run__approved_by"))


def finish(run_id: int, *, at: datetime) -> None:
    """Say that a run has nothing left to make."""
    run = ReminderRun.objects.get(pk=run_id)
    run.done_at = at
    run.save(update_fields=["done_at"])


def close(*, at: datetime) -> None:
    """Finish runs of which nothing is left to make, whoever made it."""
    open_runs = ReminderRun.objects.filter(done_at__isnull=True)
    for run_id in open_runs.exclude(reminders__state=State.APPROVED).values_list("pk", flat=True):
        finish(run_id, at=at)


def make(reminder_id: int, *, at: datetime, by: User) -> None:
    """Make one approved letter, whole or not at all; a debt of which none may go any more is left out.

    Doing it twice changes nothing. What stops the letter is kept as its problem.
    """
    try:
        with access.atomic():
            reminder = Reminder.objects.select_for_update().get(pk=reminder_id)
            if reminder.state == State.APPROVED:
                _make(reminder, at=at, by=by)
    except (NotTypeset, RuleMissing, documents.RegistrarMissing, DatabaseError) as problem:
        log.warning("reminder %s could not be made: %s", reminder_id, type(problem).__name__)
        told = isinstance(problem, RuleMissing | documents.RegistrarMissing)
        said = str(problem) if told else _("The letter could not be made. Tell the register owner.")
        with access.atomic():
            _drop(Reminder.objects.select_for_update().get(pk=reminder_id), said)


@dataclass
class _Demanded:
    """A debt of the letter with its item, its judged state and what its fee adds."""

    item: ReminderItem
    debt: Debt
    charge: Charge | None = None


def _make(reminder: Reminder, *, at: datetime, by: User) -> None:
    on = timezone.localdate(at)
    known = details.of(reminder.customer)
    where = _address(known)
    if where is None:
        _drop(reminder, _("The customer has neither an e-mail address nor a postal address for invoices."))
        return
    demanded = _judged(reminder, on)
    if not demanded:
        _drop(reminder, _("None of the debts may be reminded of any more."))
        return
    interest = interest_invoicing.uninvoiced([one.debt.receivable for one in demanded], until=on)
    for one in demanded:
        reckoned = interest[one.debt.receivable.pk]
        one.item.interest = reckoned.amount if reckoned.is_final else None
        _charge(one, on=on, by=by)
    pay_by = on + timedelta(days=rules.days(Code.REMINDER_TIME, on))
    letter = _letter(reminder, demanded, known, on=on, pay_by=pay_by)
    paper = render(letter)
    reminder.document, reminder.sha256 = letter.as_json(), hashlib.sha256(paper).hexdigest()
    reminder.state, reminder.pay_by, reminder.made_at = State.MADE, pay_by, at
    reminder.save(update_fields=["state", "pay_by", "made_at", "document", "sha256"])
    ReminderPdf.objects.create(reminder=reminder, content=paper, sha256=reminder.sha256)
    Sending.objects.create(
        customer=reminder.customer,
        reminder=reminder,
        channel=where[0],
        address=where[1],
        sha256=reminder.sha256,
        queued_at=at,
        asked_by_id=reminder.run.approved_by_id,
    )


def _judged(reminder: Reminder, on: date) -> list[_Demanded]:
    """The debts of which a reminder may still go, with the lawful fee of this day; the others are left out."""
    items = list(reminder.items.select_related("receivable").order_by("receivable"))
    held = [ledger.hold(item.receivable_id) for item in items]
    known, demanded = standing.rules(), list[_Demanded]()
    for item, debt in zip(items, standing.debts(held, on=on, known=known, without=reminder), strict=True):
        fee = min(item.fee, debt.fee)
        try:
            reminding.check(debt.facts, fee=fee, on=on, rules=known)
        except reminding.NotAllowed as refused:
            item.dropped, item.fee, item.fee_rule = str(refused)[:300], ZERO, None
            item.save(update_fields=["dropped", "fee", "fee_rule"])
            continue
        item.principal, item.costs = debt.facts.undisputed, debt.receivable.costs
        item.fee, item.fee_rule = fee, debt.step.rule if fee else None
        item.why = reckoning(debt)
        demanded.append(_Demanded(item, debt))
    return demanded


def _charge(one: _Demanded, *, on: date, by: User) -> None:
    item = one.item
    if item.fee:
        assert item.fee_rule is not None
        one.charge = charging.charge(
            one.debt.receivable,
            one.debt.facts,
            kind=Charge.Kind.REMINDER,
            rule=item.fee_rule,
            amount=item.fee,
            on=on,
            by=by,
        )
    item.charge = one.charge
    item.save(update_fields=["principal", "costs", "interest", "fee", "fee_rule", "charge", "why"])


def _drop(reminder: Reminder, problem: str) -> None:
    reminder.state, reminder.problem = State.DROPPED, problem[:300]
    reminder.save(update_fields=["state", "problem"])


# --- the letter ----------------------------------------------------------------------------------------


def _letter(
    reminder: Reminder, demanded: list[_Demanded], known: BillingDetails, *, on: date, pay_by: date
) -> Letter:
    seller = documents.registrar()
    statutes = {one.item.fee_rule.statute for one in demanded if one.item.fee_rule is not None}
    return Letter(
        level=reminder.level,
        language=Language(reminder.language),
        number=str(reminder),
        on=on,
        pay_by=pay_by,
        seller=_seller(seller),
        buyer=Party(
            name=reminder.customer.name,
            address=known.address,
            contact_person=known.attention,
            customer_number=reminder.customer.number,
        ),
        account=documents.account(seller),
        consumer=any(one.debt.facts.debtor == Debtor.CONSUMER for one in demanded),
        debts=tuple(_debt(one) for one in demanded),
        statute="; ".join(sorted(statutes)),
        compensation=any(one.debt.facts.compensation for one in demanded),
        credit=reminder.customer.payments.filter(unallocated__gt=0).aggregate(
            sum=Coalesce(Sum("unallocated"), ZERO)
        )["sum"],
    )


def _seller(seller: Registrar) -> Party:
    return Party(
        name=seller.name,
        address=(seller.street, f"{seller.postal_code} {seller.city}".strip()),
        business_id=seller.business_id,
        email=seller.contact_email,
        phone=seller.phone,
        website=seller.website,
    )


def _debt(one: _Demanded) -> LetterDebt:
    facts, receivable = one.debt.facts, one.debt.receivable
    return LetterDebt(
        number=receivable.number,
        issued_on=receivable.issued_on,
        due_on=facts.due_on,
        principal=one.item.principal,
        costs=ZERO if facts.instalment else one.item.costs,
        fee=one.charge.posted if one.charge else ZERO,
        reference=_reference(receivable, facts.instalment),
        disputed=facts.disputed,
        interest=one.item.interest,
        instalment=facts.instalment,
    )


def _reference(receivable: Receivable, instalment: int | None) -> str:
    """The reference number by which the payment finds the debt: the late instalment's, or the invoice's."""
    keys = receivable.references.all()
    if instalment is not None:
        keys = keys.filter(instalment__number=instalment, instalment__plan__ending__isnull=True)
    else:
        keys = keys.filter(instalment__isnull=True)
    key, invoiced = keys.order_by("pk").values_list("key", "receivable__invoice__reference")[0]
    return references.like(key, invoiced)


def _address(known: BillingDetails) -> tuple[str, str] | None:
    """By what and where a letter goes to the debtor himself: by e-mail where invoices do, else on paper."""
    if known.channel == Channel.EMAIL and known.email:
        return Channel.EMAIL, known.email
    if known.address:
        lines = [text for text in (known.customer.name, known.attention, *known.address) if text]
        return Channel.PAPER, "\n".join(lines)
    return (Channel.EMAIL, known.email) if known.email else None
