"""What forbids handing a debt to an agency now, in words (Laki saatavien perinnästä 513/1999, 4 b, 4 c and 5 §)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import limitation, reminding, rules
from billing.models import Debtor, Dispute, Hold, Plan, Receivable, Reminder, ReminderItem, Sending


def to_agency(debt: Receivable, *, on: date) -> list[str]:
    """Every reason why a debt may not go to an agency on a day; empty when it may. Raises rules.RuleMissing."""
    found = []
    if not debt.outstanding or debt.due_on >= on:
        found.append(_("nothing of it is open and overdue"))
    if Dispute.objects.standing().filter(receivable=debt).exists():
        found.append(_("the debtor disputes it (4 b §)"))
    if Plan.objects.standing().filter(receivable=debt).exists():
        found.append(_("an instalment plan is in force"))
    holds = Hold.objects.standing(on=on).exclude(kind=Hold.Kind.AGENCY)
    if holds.filter(customer=debt.customer_id).filter(Q(receivable=debt) | Q(receivable=None)).exists():
        found.append(_("a hold is in force"))
    if limitation.time_barred(debt, on=on):
        found.append(_("it is time-barred"))
    return found + _unreminded(debt, on=on)


def _unreminded(debt: Receivable, *, on: date) -> list[str]:
    """A consumer is reminded after the due date, and given time to pay, before a professional asks (5 §)."""
    reminded_on, pay_by = last_reminder(debt), promised(debt)
    if reminded_on is None or pay_by is None:
        return [_("no reminder has been sent after the due date")]
    found = []
    if debt.debtor == Debtor.CONSUMER:
        earliest = reminded_on + timedelta(days=rules.days(rules.Code.AGENCY_WAIT_CONSUMER, on))
        if on < earliest:
            found.append(
                _("the consumer has time until %(day)s after the reminder (5 §)")
                % {"day": date_format(earliest, "SHORT_DATE_FORMAT")}
            )
    own = reminding.own_from(debt.due_on, pay_by, rules.days(rules.Code.REMINDER_GRACE, on))
    if on < own:
        days = {
            "time": date_format(pay_by, "SHORT_DATE_FORMAT"),
            "day": date_format(own, "SHORT_DATE_FORMAT"),
        }
        found.append(
            _("our letter gives time until %(time)s: by our own promise not before %(day)s (4 §)") % days
        )
    return found


def last_reminder(debt: Receivable) -> date | None:
    """The day when the latest reminder left after the due date, of those that did not come back."""
    sent_at = _gone(debt).aggregate(at=Max("sent_at"))["at"]
    sent_on = timezone.localdate(sent_at) if sent_at is not None else None
    return sent_on if sent_on is not None and sent_on > debt.due_on else None


def promised(debt: Receivable) -> date | None:
    """The latest day that our letters about a debt have given for paying."""
    found: date | None = _gone(debt).aggregate(day=Max("reminder__pay_by"))["day"]
    return found


def _gone(debt: Receivable) -> QuerySet[Sending]:
    """The letters about a debt that went and did not come back."""
    return Sending.objects.filter(
        state=Sending.State.SENT,
        reminder__state=Reminder.State.MADE,
        reminder__in=ReminderItem.objects.filter(receivable=debt, dropped="").values("reminder"),
    )
