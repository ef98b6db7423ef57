"""Collection costs: charged by a row of the rules, waived with a reason, both in the ledger for good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import ledger, reminding, standing
from billing.models import Charge, Debtor, Entry, Receivable, Rule, Waiver
from billing.reminding import Facts
from billing.rules import Code, Rules
from register import access
from register.models import User

Kind, Reason = Charge.Kind, Waiver.Reason


class AlreadyWaived(ValueError):
    """The cost is not asked any more."""

    def __init__(self) -> None:
        super().__init__(_("This cost has been waived already."))


class AskTheAgency(ValueError):
    """The law caps this fee, but the table does not know the figure."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The highest fee of a business debtor is not in the table, so none can be charged. "
                "Ask the collection agency; the register owner adds the figure on the page “Rules”."
            )
        )


def claim_compensation(receivable: Receivable, *, on: date, by: User) -> Charge:
    """The standard compensation of a late business debt (10 e §). Raises reminding.NotAllowed, RuleMissing."""
    with access.atomic():
        held, known = ledger.hold(receivable.pk), standing.rules()
        facts = standing.debt(held, on=on, known=known).facts
        rule, adds = reminding.compensation(facts, on=on, rules=known)
        return _charge(held, Kind.COMPENSATION, rule, rule.value, posted=adds, on=on, by=by)


def charge(
    receivable: Receivable, facts: Facts, *, kind: str, rule: Rule, amount: Decimal, on: date, by: User | None
) -> Charge:
    """A lawful cost of a held receivable; what a claimed compensation covers is not posted."""
    return _charge(receivable, kind, rule, amount, posted=reminding.posted(amount, facts), on=on, by=by)


def charge_again(
    receivable: Receivable, was: Charge, *, rule: Rule, amount: Decimal, on: date, by: User
) -> Charge:
    """What is lawful of a cost that is about to be waived: of the same kind and day, booked on another."""
    entry = ledger.post_cost(receivable, amount, on=on, by=by)
    return Charge.objects.create(
        receivable=receivable,
        kind=was.kind,
        rule=rule,
        amount=amount,
        posted=amount,
        entry=entry,
        on=was.on,
        entered_by_id=by.pk,
    )


def agreement_fee(receivable: Receivable, kind: str, *, on: date) -> Rule:
    """The rule of the highest fee for more time or a plan. Raises AskTheAgency, RuleMissing."""
    consumer = receivable.debtor == Debtor.CONSUMER
    codes = {
        (Kind.EXTENSION, True): Code.EXTENSION_FEE_CONSUMER,
        (Kind.EXTENSION, False): Code.EXTENSION_FEE_BUSINESS,
        (Kind.PLAN, True): Code.PLAN_FEE_CONSUMER,
        (Kind.PLAN, False): Code.PLAN_FEE_BUSINESS,
    }
    code = codes[Kind(kind), consumer]
    known = Rules([code])
    if not consumer and not known.tiers(code, on):
        raise AskTheAgency
    return known.row(code, on, principal=receivable.open)


def waive(charged: Charge, *, reason: str, on: date, by: User | None) -> Waiver:
    """Ask a cost no more. What was paid of it already becomes the customer's credit. Raises AlreadyWaived.

    What a credit loss or a small difference took off before is not taken off again.
    """
    with access.atomic():
        held = ledger.hold(charged.receivable_id)
        if Waiver.objects.filter(charge=charged).exists():
            raise AlreadyWaived
        entry = None
        if charged.posted:
            ledger.free(held, charged.posted - held.costs, on=on, by=by, part=Entry.Part.COSTS)
            held.refresh_from_db(fields=["costs"])
            asked = min(charged.posted, held.costs)
            if asked:
                entry = ledger.post_cost(held, -asked, on=on, by=by, kind=Entry.Kind.WAIVER)
        return Waiver.objects.create(
            charge=charged, entry=entry, reason=reason, on=on, entered_by_id=by.pk if by else None
        )


def _charge(
    held: Receivable,
    kind: str,
    rule: Rule,
    amount: Decimal,
    *,
    posted: Decimal,
    on: date,
    by: User | None,
) -> Charge:
    entry = ledger.post_cost(held, posted, on=on, by=by) if posted else None
    return Charge.objects.create(
        receivable=held,
        kind=kind,
        rule=rule,
        amount=amount,
        posted=posted,
        entry=entry,
        on=on,
        entered_by_id=by.pk if by else None,
    )
