"""Late interest agreed with a business (*sovittu viivästyskorko*): entered, ended, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing import ledger
from billing.models import AgreedRate, Debtor, Receivable
from customers.models import Customer
from register import access
from register.finnish import clean_line
from register.models import User


class NotWithConsumer(ValueError):
    """Against a consumer more than the Act's interest is void (Korkolaki 633/1982, 2 § 2)."""

    def __init__(self) -> None:
        super().__init__(_("With a consumer no other interest than the law's can be agreed (Korkolaki 2 §)."))


class AgreementIncomplete(ValueError):
    """A rate without its agreement, or one that is none."""

    def __init__(self) -> None:
        super().__init__(_("Write where the rate was agreed; it is above 0 and below 100 percent."))


def agree(
    customer: Customer,
    *,
    rate: Decimal,
    valid_from: date,
    agreement: str,
    by: User,
    receivable: Receivable | None = None,
) -> AgreedRate:
    """Enter the rate, in percent a year, of what is invoiced from a day on, or of one receivable.

    The general rate in force before ends on the day before. Raises NotWithConsumer, AgreementIncomplete.
    """
    agreement = clean_line(agreement, limit=200)
    if ledger.debtor_of(customer) == Debtor.CONSUMER:
        raise NotWithConsumer
    if not agreement or not 0 < rate < 100:
        raise AgreementIncomplete
    with access.atomic():
        if receivable is None:
            before = AgreedRate.objects.filter(
                customer=customer, receivable=None, valid_to=None, valid_from__lt=valid_from
            )
            for row in before.select_for_update():
                row.valid_to = valid_from - timedelta(days=1)
                row.save(update_fields=["valid_to"])
        return AgreedRate.objects.create(
            customer=customer,
            receivable=receivable,
            rate=rate,
            valid_from=valid_from,
            agreement=agreement,
            entered_by_id=by.pk,
        )


def end(row: AgreedRate, *, on: date, by: User) -> None:
    """Let an agreed rate end: what is invoiced later bears the law's interest.

    A rate of one receivable, or one that has not begun, is removed.
    """
    with access.atomic():
        if row.receivable_id is not None or on < row.valid_from:
            row.delete()
        else:
            row.valid_to = on
            row.save(update_fields=["valid_to"])


def in_force(customer: Customer, *, on: date) -> AgreedRate | None:
    """The rate that was agreed for what is invoiced to a customer on a day."""
    rows = AgreedRate.objects.filter(customer=customer, receivable=None, valid_from__lte=on)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("-valid_from", "-pk").first()


def of(customer: Customer) -> QuerySet[AgreedRate]:
    """A customer's agreed rates, the latest first."""
    return AgreedRate.objects.filter(customer=customer).select_related("receivable")
