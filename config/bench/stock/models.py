"""Plain models with the same data: one table of customers, one of messages, one of invoices."""

from __future__ import annotations

from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=200, db_index=True)
    business_id = models.CharField(max_length=9, blank=True)
    email = models.CharField(max_length=320, blank=True, db_index=True)
    phone = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "stock"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"K{self.pk}"


class Message(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    at = models.DateTimeField()
    subject = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        app_label = "stock"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Y{self.pk}"


class Invoice(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    number = models.CharField(max_length=20)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    open = models.DecimalField(max_digits=14, decimal_places=2)
    due_on = models.DateField(db_index=True)

    class Meta:
        app_label = "stock"
        ordering = ["due_on"]

    def __str__(self) -> str:
        return self.number
