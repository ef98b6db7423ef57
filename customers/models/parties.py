"""Customers, the people who represent them, and the relationship between customer and company."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.inventory import BUSINESS_ID, CONTACT, IDENTITY, PERSON, SOURCE
from customers.models.sources import Source, Sourced
from register.finnish import sort_key
from register.inventory import SELF, personal, plain
from register.models import Language, StatementVersion, User
from register.roles import Access


class Subjects(models.QuerySet[Any]):
    """Customers or people, some of whom may have been erased: their numbers live on where a law keeps rows."""

    def present(self) -> Subjects:
        """Without those who have been erased: what lists, searches and choices offer."""
        return self.filter(erased_on=None)


class Customer(models.Model):
    """A company or a private customer; what billing must know of it and no more."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PRIVATE = "private", _("Private customer")

    about = SELF
    access = Access(
        owner="read add change delete", billing="read", link="read", worker="read add change delete"
    )

    public_id = plain(models.UUIDField(default=uuid.uuid4, unique=True, editable=False))
    kind = plain(models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMPANY))
    name = personal(
        IDENTITY, models.CharField(_("name"), max_length=200), given_by_person=True, identifies=True
    )
    sort_key = personal(IDENTITY, models.TextField(editable=False, db_collation="C"))
    business_id = personal(
        BUSINESS_ID, models.CharField(_("business ID"), max_length=9, blank=True), given_by_person=True
    )
    language = plain(
        models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FINNISH)
    )
    person = plain(
        models.OneToOneField(
            "customers.Person",
            models.PROTECT,
            null=True,
            blank=True,
            related_name="private_customer",
            verbose_name=_("person"),
        )
    )
    created_at = plain(models.DateTimeField(_("entered"), auto_now_add=True))
    erased_on = plain(models.DateField(_("erased"), null=True, editable=False))

    objects = Subjects.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="customer_order"),
            models.Index(fields=["id"], name="customers_erased", condition=Q(erased_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["business_id"],
                condition=~Q(business_id=""),
                name="customer_business_id_once",
                violation_error_message=_("Another customer already has this business ID."),
            ),
            models.CheckConstraint(
                condition=Q(business_id="") | Q(business_id__regex=r"^[0-9]{7}-[0-9]$") | Q(business_id="—"),
                name="customer_business_id_form",
            ),
            models.CheckConstraint(
                condition=Q(kind="private") | Q(person__isnull=True), name="company_is_no_person"
            ),
        ]

    def __str__(self) -> str:
        return f"K{self.pk}"

    @property
    def number(self) -> str:
        """The customer's number as people say it: K1042."""
        return f"K{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("customers:customer", args=[self.pk])

    @property
    def public_name(self) -> str:
        """What may be told to others: a company's name, nothing of a human being."""
        return self.name if self.kind == self.Kind.COMPANY else ""

    def rename(self, name: str) -> list[str]:
        """Set the name and its sort key; returns the fields to save."""
        self.name, self.sort_key = name, sort_key(name)
        return ["name", "sort_key"]

    def named_after(self, person: Person) -> list[str]:
        """A private customer is called like his person and filed under the family name; the fields to save."""
        self.name, self.sort_key = person.full_name, person.sort_key
        return ["name", "sort_key"]

    def mark_erased(self, *, on: date) -> None:
        """Keep the number alone, for good: lists, searches and choices leave it out, and nothing is added."""
        self.erased_on = on
        self.save(update_fields=["erased_on"])


class Tag(models.Model):
    """A word by which the owner groups customers."""

    about = None
    access = Access(owner="read add change delete", worker="read add")

    name = plain(models.CharField(_("tag"), max_length=50, unique=True))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Relationship(Sourced):
    """The customer relationship (*asiakassuhde*): the owner's view of a customer."""

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        ACTIVE = "active", _("Customer")
        FORMER = "former", _("Former customer")

    about = "customer"
    access = Access(owner="read add change delete", worker="read add change delete")

    customer = plain(models.OneToOneField(Customer, models.CASCADE, related_name="relationship"))
    status = plain(
        models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    )
    since = plain(models.DateField(_("customer since"), null=True, blank=True))
    ended_on = plain(models.DateField(_("ended"), null=True, blank=True))
    tags = plain(models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True))

    class Meta:
        verbose_name = _("customer relationship")
        verbose_name_plural = _("customer relationships")
        indexes = [
            models.Index(fields=["status"], name="relationship_status"),
            models.Index(Coalesce("since", date(1, 1, 1)), "customer", name="relationship_since"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(since__isnull=True) | Q(ended_on__gte=F("since")),
                name="relationship_ends_after_start",
                violation_error_message=_("The relationship cannot end before it began."),
            )
        ]

    def __str__(self) -> str:
        return f"K{self.customer_id}"


class Person(models.Model):
    """A human being in the register, with the source of his data and the statement he was shown."""

    about = SELF
    access = Access(owner="read add change delete", link="read", worker="read add change delete")

    public_id = plain(models.UUIDField(default=uuid.uuid4, unique=True, editable=False))
    given_name = personal(
        PERSON,
        models.CharField(_("given name"), max_length=100, blank=True),
        given_by_person=True,
        identifies=True,
    )
    family_name = personal(
        PERSON,
        models.CharField(_("family name"), max_length=100, blank=True),
        given_by_person=True,
        identifies=True,
    )
    sort_key = personal(PERSON, models.TextField(editable=False, db_collation="C"))
    language = plain(
        models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FINNISH)
    )
    source = plain(models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.TOLD))
    source_detail = personal(SOURCE, models.CharField(_("source, more exactly"), max_length=200, blank=True))
    source_on = plain(models.DateField(_("data received"), null=True, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(_("entered"), auto_now_add=True))
    import_run = plain(
        models.ForeignKey("customers.ImportRun", models.SET_NULL, null=True, editable=False, related_name="+")
    )
    statement = plain(
        models.ForeignKey(
            StatementVersion,
            models.PROTECT,
            null=True,
            blank=True,
            related_name="+",
            verbose_name=_("privacy statement shown"),
        )
    )
    statement_shown_on = plain(models.DateField(_("statement shown on"), null=True, blank=True))
    erased_on = plain(models.DateField(_("erased"), null=True, editable=False))

    objects = Subjects.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_order"),
            models.Index(fields=["id"], name="people_erased", condition=Q(erased_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(given_name="") & Q(family_name="")),
                name="person_has_a_name",
                violation_error_message=_("Give at least one name."),
            )
        ]

    def __str__(self) -> str:
        return f"H{self.pk}"

    @property
    def number(self) -> str:
        return f"H{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("customers:person", args=[self.pk])

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def rename(self, *, given_name: str, family_name: str) -> list[str]:
        """Set the names and their sort key; returns the fields to save."""
        self.given_name, self.family_name = given_name, family_name
        self.sort_key = sort_key(f"{family_name} {given_name}".strip())
        return ["given_name", "family_name", "sort_key"]

    def mark_erased(self, *, on: date) -> None:
        """Keep the number alone, for good: lists, searches and choices leave it out, and nothing is added."""
        self.erased_on = on
        self.save(update_fields=["erased_on"])


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def current(self, *, on: date) -> RepresentationQuerySet:
        """Those in force on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on)).filter(
            Q(since__isnull=True) | Q(since__lte=on)
        )


class Representation(Sourced):
    """A person represents a customer, with a title, from and until. Leaving ends it; history stays."""

    about = ("person", "customer")
    access = Access(owner="read add change delete", worker="read add change delete")

    person = plain(models.ForeignKey(Person, models.CASCADE, related_name="representations"))
    customer = plain(models.ForeignKey(Customer, models.CASCADE, related_name="representations"))
    title = personal(CONTACT, models.CharField(_("title"), max_length=100, blank=True), given_by_person=True)
    since = plain(models.DateField(_("from"), null=True, blank=True))
    until = plain(models.DateField(_("until"), null=True, blank=True))
    billing_contact = plain(models.BooleanField(_("billing contact"), default=False))
    primary = plain(models.BooleanField(_("primary contact"), default=False))
    entered_at = plain(models.DateTimeField(_("entered"), auto_now_add=True))

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "customer"],
                condition=Q(until__isnull=True),
                name="represents_once_at_a_time",
                violation_error_message=_("This person already represents the customer."),
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(primary=True, until__isnull=True),
                name="one_primary_contact",
                violation_error_message=_("The customer already has a primary contact."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="representation_ends_after_start",
                violation_error_message=_("The end cannot be before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"H{self.person_id}–K{self.customer_id}"
