"""One search document per customer and per person: a declared copy, kept by database triggers (customers.search)."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from customers.inventory import SEARCHED
from customers.models.parties import Customer, Person
from register.inventory import personal, plain
from register.roles import Access


class SearchDocument(models.Model):
    """Every word by which a customer or person can be found, folded, one fact a line."""

    about = ("customer", "person")
    access = Access(owner="read add change delete", worker="read add change delete")
    audited = False

    customer = plain(
        models.OneToOneField(Customer, models.CASCADE, null=True, related_name="search_document")
    )
    person = plain(models.OneToOneField(Person, models.CASCADE, null=True, related_name="search_document"))
    text = personal(SEARCHED, models.TextField())

    class Meta:
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="search_trigrams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(customer__isnull=True), name="search_document_of_one"
            )
        ]

    def __str__(self) -> str:
        return f"D{self.pk}"


class SearchPending(models.Model):
    """Whose document a bulk act still has to write, by transaction; empty between transactions."""

    about = None
    access = Access(owner="read add delete", worker="read add delete")
    audited = False

    transaction = plain(models.BigIntegerField(db_index=True))
    customer_number = plain(models.BigIntegerField(null=True))
    person_number = plain(models.BigIntegerField(null=True))

    def __str__(self) -> str:
        return f"W{self.pk}"
