"""The dated table of billing's and collection's figures: rates, fees, caps, waiting times, terms.

Nothing of these stands in code. Rows are added and ended, never rewritten; those that came with the program stay.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.dated import Dated, DatedQuerySet
from register.inventory import plain
from register.roles import Access


class Rule(Dated):
    """One figure from one day to another, with its section of the law and where it was read.

    `above` makes tiers: the row counts for a principal of more than so many euros (0: any).
    """

    class Code(models.TextChoices):
        REFERENCE_RATE = "reference_rate", _("Reference rate of the Bank of Finland, %")
        MARGIN_GENERAL = "margin_general", _("Late interest above the reference rate, %")
        MARGIN_COMMERCIAL = (
            "margin_commercial",
            _("Late interest above the reference rate, business buyer, %"),
        )
        INTEREST_WAIT = "interest_wait", _("Interest without an agreed due date, days after sending")
        HOLIDAY_SHIFT = "holiday_shift", _("A due date on a holiday")
        DAY_COUNT = "day_count", _("Days of a year in late interest")
        INTEREST_THRESHOLD = "interest_threshold", _("Interest is invoiced from, €")
        ALLOCATION_CONSUMER = "allocation_consumer", _("What a payment covers first, consumer")
        ALLOCATION_BUSINESS = "allocation_business", _("What a payment covers first, business")
        REMINDER_FEE_CONSUMER = "reminder_fee_consumer", _("Highest reminder fee, consumer, €")
        REMINDER_FEE_BUSINESS = "reminder_fee_business", _("Highest reminder fee, business, €")
        REMINDER_WAIT_CONSUMER = "reminder_wait_consumer", _("First fee after the due date, consumer, days")
        REMINDER_WAIT_BUSINESS = "reminder_wait_business", _("First fee after the due date, business, days")
        REMINDER_NOTICE_CONSUMER = (
            "reminder_notice_consumer",
            _("Invoice sent before the due date for a fee, consumer, days"),
        )
        REMINDER_INTERVAL_CONSUMER = "reminder_interval_consumer", _("Between fees, consumer, days")
        REMINDER_INTERVAL_BUSINESS = "reminder_interval_business", _("Between fees, business, days")
        REMINDER_GRACE = "reminder_grace", _("Bank days for payments on their way, before a reminder")
        REMINDER_TIME = "reminder_time", _("Time to pay that a reminder gives, days")
        COMPENSATION_BUSINESS = "compensation_business", _("Standard compensation, business, €")
        COST_CAP_CONSUMER = "cost_cap_consumer", _("All collection costs at most, consumer, €")
        COST_CAP_BUSINESS = "cost_cap_business", _("All collection costs at most, business, €")
        AGENCY_DEMAND_CONSUMER = "agency_demand_consumer", _("Agency's demand, consumer, €")
        AGENCY_DEMAND_BUSINESS = "agency_demand_business", _("Agency's demand, business, €")
        AGENCY_WAIT_CONSUMER = "agency_wait_consumer", _("Reminder before an agency, consumer, days")
        EXTENSION_FEE_CONSUMER = "extension_fee_consumer", _("Fee for more time, consumer, €")
        EXTENSION_FEE_DAYS = "extension_fee_days", _("A fee for more time needs at least so much more, days")
        EXTENSION_FEE_BUSINESS = "extension_fee_business", _("Fee for more time, business, €")
        PLAN_FEE_CONSUMER = "plan_fee_consumer", _("Fee for an instalment plan, consumer, €")
        PLAN_FEE_BUSINESS = "plan_fee_business", _("Fee for an instalment plan, business, €")
        PAYMENT_DAYS_BUSINESS = "payment_days_business", _("Longest term unless agreed, business, days")
        LIMITATION = "limitation", _("A debt is time-barred after, years")
        LIMITATION_JUDGMENT = "limitation_judgment", _("A judgment debt is time-barred after, years")
        LIMITATION_FINAL = (
            "limitation_final",
            _("A natural person's debt ends from the due date after, years"),
        )
        LIMITATION_TITLE = (
            "limitation_title",
            _("A natural person's debt ends from the enforcement title after, years"),
        )
        LIMITATION_WARNING = "limitation_warning", _("Warning before a debt is time-barred, days")
        LIMITATION_ALARM = "limitation_alarm", _("Last warning before a debt is time-barred, days")
        KEEP_VOUCHERS = "keep_vouchers", _("Vouchers are kept, years")
        KEEP_BOOKS = "keep_books", _("Ledgers and financial statements are kept, years")
        SMALL_DIFFERENCE = "small_difference", _("Smallest debt that is followed up: less is written off, €")

    about = None
    access = Access(
        owner="read add change delete", billing="read", worker="read", columns={"owner": ("valid_to",)}
    )

    code = plain(models.CharField(_("figure"), max_length=30, choices=Code.choices))
    above = plain(
        models.DecimalField(_("for a principal above, €"), max_digits=14, decimal_places=2, default=0)
    )
    value = plain(models.DecimalField(_("value"), max_digits=12, decimal_places=4))

    objects = DatedQuerySet["Rule"].as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["code", "above", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0, above__gte=0), name="rule_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"
