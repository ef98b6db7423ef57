"""Ways to reach a person or a customer: several of each, typed, dated, one primary. An address is not a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.inventory import CONTACT
from customers.models.parties import Customer, Person
from customers.models.sources import Sourced
from register.inventory import personal, plain
from register.roles import Access

OWNER_ONLY = Access(owner="read add change delete", link="read", worker="read add change delete")


class ContactQuerySet(models.QuerySet[Any]):
    def current(self) -> ContactQuerySet:
        """Those still in use."""
        return self.filter(ended_on__isnull=True)


class ContactDetail(Sourced):
    """What all contact details share: whose, since when, whether primary, and where it came from."""

    about: Any = ("person", "customer")
    access = OWNER_ONLY

    person = plain(
        models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="%(class)s_set")
    )
    customer = plain(
        models.ForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="%(class)s_set")
    )
    primary = plain(models.BooleanField(_("primary"), default=False))
    since = plain(models.DateField(_("from"), null=True, blank=True))
    ended_on = plain(models.DateField(_("until"), null=True, blank=True))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    objects = ContactQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-primary", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(customer__isnull=True), name="%(class)s_of_one"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(primary=True, ended_on__isnull=True, person__isnull=False),
                name="%(class)s_one_primary_of_person",
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(primary=True, ended_on__isnull=True, customer__isnull=False),
                name="%(class)s_one_primary_of_customer",
            ),
        ]

    def end(self, *, on: date) -> None:
        """Stop using this detail without forgetting it."""
        self.ended_on, self.primary = on, False
        self.save(update_fields=["ended_on", "primary"])


class EmailAddress(ContactDetail):
    """An e-mail address as typed and in canonical form (customers.addresses); two people may share one."""

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        HOME = "home", _("home")
        BILLING = "billing", _("billing")
        OTHER = "other", _("other")

    kind = plain(models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.WORK))
    address = personal(
        CONTACT, models.CharField(_("e-mail"), max_length=320), given_by_person=True, identifies=True
    )
    canonical = personal(
        CONTACT, models.CharField(max_length=320, editable=False, db_index=True), identifies=True
    )

    class Meta(ContactDetail.Meta):
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")

    def __str__(self) -> str:
        return f"E{self.pk}"


class PhoneNumber(ContactDetail):
    """A phone number as typed, and in E.164 where it can be read (customers.phones)."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        WORK = "work", _("work")
        HOME = "home", _("home")
        OTHER = "other", _("other")

    kind = plain(models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.MOBILE))
    number = personal(
        CONTACT, models.CharField(_("phone"), max_length=60), given_by_person=True, identifies=True
    )
    e164 = personal(
        CONTACT, models.CharField(max_length=20, blank=True, editable=False, db_index=True), identifies=True
    )

    class Meta(ContactDetail.Meta):
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")

    def __str__(self) -> str:
        return f"P{self.pk}"


class PostalAddress(ContactDetail):
    """A visiting, postal or billing address."""

    class Kind(models.TextChoices):
        POSTAL = "postal", _("postal address")
        VISITING = "visiting", _("visiting address")
        BILLING = "billing", _("billing address")

    kind = plain(models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.POSTAL))
    street = personal(
        CONTACT,
        models.CharField(_("street address"), max_length=200, blank=True),
        given_by_person=True,
        identifies=True,
    )
    postal_code = personal(
        CONTACT, models.CharField(_("postal code"), max_length=12, blank=True), given_by_person=True
    )
    city = personal(CONTACT, models.CharField(_("town"), max_length=100, blank=True), given_by_person=True)
    country = personal(
        CONTACT, models.CharField(_("country"), max_length=60, blank=True, default="FI"), given_by_person=True
    )

    class Meta(ContactDetail.Meta):
        verbose_name = _("postal address")
        verbose_name_plural = _("postal addresses")

    def __str__(self) -> str:
        return f"O{self.pk}"
