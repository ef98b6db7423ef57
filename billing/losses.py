"""Credit losses (*luottotappio*): a debt is given up in the books, with the VAT that may be taken off (AVL 78 §).

The claim may live on: when money comes after all, the loss is taken back first, so that the books and the VAT follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing import case_steps, ledger
from billing.amounts import ZERO, rounded
from billing.models import CaseStep, CreditLoss, Entry, Invoice, Receivable
from billing.pdf import InvoiceDocument
from register import access
from register.models import User

Reason, Kind, Step = CreditLoss.Reason, Entry.Kind, CaseStep.Kind


class OpenHasChanged(ValueError):
    """Another sum is open than the one that was looked at."""

    def __init__(self) -> None:
        super().__init__(_("What is open has changed meanwhile. Look at the sum, then book the loss."))


class CostsAreNotAlone(ValueError):
    """Principal is open besides the costs, or no costs are."""

    def __init__(self) -> None:
        super().__init__(_("Costs are given up by themselves only where nothing else is open."))


class NothingOpen(ValueError):
    """Nothing of the principal is open."""

    def __init__(self) -> None:
        super().__init__(_("Nothing of this invoice is open, so there is nothing to give up."))


def write_off(
    receivable: Receivable,
    *,
    reason: str,
    by: User,
    on: date,
    amount: Decimal | None = None,
    claim_lives: bool = True,
    was_open: Decimal | None = None,
) -> CreditLoss:
    """Give up the open principal, or a part of it in euros, and the open costs with all of it.

    A time-barred claim is over whatever was asked. `was_open`: the principal that whoever decides has seen open.
    Raises NothingOpen, OpenHasChanged, ledger.NotSoMuch.
    """
    with access.atomic():
        held = ledger.hold(receivable.pk)
        if held.open and was_open not in (None, held.open):
            raise OpenHasChanged
        lost = held.open if amount is None else amount
        if not held.open:
            raise NothingOpen
        entry = ledger.write_off(held, lost, on=on, by=by, reason=str(Reason(reason).label))
        if amount is None and held.costs:
            ledger.write_off(held, held.costs, on=on, by=by, kind=Kind.WAIVER, part=ledger.Part.COSTS)
        per_rate = vat_of(held.invoice, lost)
        case_steps.write_of(held, Step.LOSS, on=on, by=by, amount=lost, why=str(Reason(reason).label))
        return CreditLoss.objects.create(
            receivable=held,
            entry=entry,
            reason=reason,
            amount=lost,
            vat=sum((Decimal(row["vat"]) for row in per_rate), ZERO),
            per_rate=per_rate,
            claim_lives=claim_lives and reason != Reason.TIME_BARRED,
            on=on,
            by_id=by.pk,
        )


def give_up_costs(receivable: Receivable, *, by: User, on: date, because: str = "") -> Entry:
    """Ask no more for costs of which the principal is paid or credited. No VAT is in them. Raises CostsAreNotAlone.

    What was paid of them stays paid.
    """
    with access.atomic():
        held = ledger.hold(receivable.pk)
        if held.open or not held.costs:
            raise CostsAreNotAlone
        return ledger.write_off(
            held, held.costs, on=on, by=by, kind=Kind.WAIVER, part=ledger.Part.COSTS, reason=because
        )


def standing(receivables: Iterable[int]) -> QuerySet[CreditLoss]:
    """The losses of some receivables that have not been taken back, the latest first."""
    rows = CreditLoss.objects.filter(receivable__in=receivables, entry__reversed_by__isnull=True)
    return rows.order_by("-pk")


def take_back(loss: CreditLoss, *, by: User, on: date) -> None:
    """The money came after all: what was lost is open again. Raises ledger.AlreadyTakenBack."""
    with access.atomic():
        ledger.take_back(loss.entry, on=on, by=by, reason=str(_("Credit loss taken back")))
        _write_back(loss, by=by, on=on)


def _write_back(loss: CreditLoss, *, by: User, on: date) -> None:
    words = str(Reason(loss.reason).label)
    case_steps.write_of(loss.receivable, Step.LOSS_BACK, on=on, by=by, amount=loss.amount, why=words)


def reopen(note: Invoice, *, by: User) -> None:
    """Before an invoice is credited: what a loss or a small difference has taken off is credited first.

    The latest goes first; what the credit note leaves of it is given up again, so that the money paid stays where
    it is as long as it can.
    """
    assert note.issued_on is not None
    held, on = ledger.hold(note.original_id), note.issued_on
    short = -note.total - held.open
    off = held.entries.filter(kind__in=(Kind.WRITE_OFF, Kind.DIFFERENCE), part=ledger.Part.PRINCIPAL)
    for entry in off.filter(reversed_by__isnull=True).order_by("-on", "-pk"):
        if short <= ZERO:
            return
        ledger.take_back(entry, on=on, by=by, reason=str(_("Credited")))
        for loss in CreditLoss.objects.filter(entry=entry).select_related("receivable"):
            _write_back(loss, by=by, on=on)
        spare = max(-entry.amount - short, ZERO)
        short += entry.amount
        if spare:
            _give_up_again(entry, held, spare, by=by, on=on)


def _give_up_again(entry: Entry, held: Receivable, amount: Decimal, *, by: User, on: date) -> None:
    loss = CreditLoss.objects.filter(entry=entry).first()
    if loss is None:
        ledger.write_off(held, amount, on=on, by=by, kind=entry.kind, reason=entry.reason)
    else:
        write_off(held, reason=loss.reason, by=by, on=on, amount=amount, claim_lives=loss.claim_lives)


def vat_of(invoice: Invoice, lost: Decimal) -> list[dict[str, Any]]:
    """How a loss of so many euros falls on the invoice's VAT rates: rate in percent, net and VAT in euros, as text."""
    if not invoice.snapshot:
        return []
    lines = InvoiceDocument.from_json(invoice.snapshot).vat_lines
    fallen = shares(lost, [(line.net, line.vat) for line in lines])
    return [
        {"rate": f"{line.vat_rate:f}", "net": f"{net:f}", "vat": f"{vat:f}"}
        for line, (net, vat) in zip(lines, fallen, strict=True)
    ]


def shares(lost: Decimal, lines: Sequence[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """How a loss falls on lines of net and VAT: net and VAT of each share, by what the lines come to.

    Together they are the loss to the cent: each share is what the lines up to it come to, less those before.
    """
    total = sum((net + vat for net, vat in lines), ZERO)
    found, reached, told = [], ZERO, ZERO
    for net, vat in lines:
        reached += net + vat
        gross = (rounded(lost * reached / total) if total else ZERO) - told
        told += gross
        of_vat = rounded(gross * vat / (net + vat)) if net + vat else ZERO
        found.append((gross - of_vat, of_vat))
    return found
