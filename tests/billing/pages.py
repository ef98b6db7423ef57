"""Billing's pages as tests look at them: in English, with a customer, and a draft's form."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from billing.models import Invoice
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def as_biller(as_biller: Client) -> Client:
    as_biller.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return as_biller


@pytest.fixture
def customer(owner: User, registrar: Registrar) -> Customer:
    return bills.company(owner)


def key() -> str:
    return str(uuid.uuid4())


def fields(**changed: Any) -> dict[str, Any]:
    """A draft's form with one line, as a browser sends it."""
    return {
        "subject": "",
        "language": "fi",
        "buyer_reference": "",
        "order_number": "",
        "payment_days": "14",
        "due_basis": "invoice_only",
        "vat_reason": "",
        "note": "",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "Työ",
        "lines-0-quantity": "2",
        "lines-0-unit": "h",
        "lines-0-unit_price": "50,00",
        "lines-0-discount_percent": "",
        "lines-0-vat_code": "standard",
        "lines-0-delivered_on": "",
        "lines-1-description": "",
        "lines-1-quantity": "1",
        "lines-1-unit": "h",
        "lines-1-unit_price": "",
        "lines-1-vat_code": "standard",
    } | changed


def url(invoice: Invoice, act: str = "") -> str:
    return f"/billing/invoices/D{invoice.pk}/{act}"


def stored(invoice: Invoice) -> Invoice:
    with access.acting("billing"):
        return Invoice.objects.get(pk=invoice.pk)
