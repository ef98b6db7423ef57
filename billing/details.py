"""Billing details of a customer: entered and corrected by the owner or the billing person."""

from __future__ import annotations

import re
from typing import Any

import stdnum.eu.vat
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError

from billing import ledger
from billing.models import BillingDetails, Debtor
from customers import addresses
from customers.models import Customer, EmailAddress, PostalAddress
from register import access, subjects
from register.finnish import WrongBusinessId, business_id, clean_line
from register.models import User

Channel = BillingDetails.Channel
FIELDS = (
    "channel", "email", "attention", "street", "postal_code", "city", "country", "einvoice_address",
    "einvoice_operator", "vat_id", "buyer_reference", "payment_days", "due_basis",
)  # fmt: skip
OPERATORS = (
    ("003721291126", "Maventa"),
    ("003723327487", "Apix"),
    ("NDEAFIHH", "Nordea"),
    ("OKOYFIHH", "OP"),
    ("DABAFIHH", "Danske Bank"),
)
"""Usual e-invoice operators in Finland; any other may be written."""

POSTAL_FIRST = {"billing": 0, "postal": 1, "visiting": 2}


class DetailWrong(ValueError):
    """One detail cannot be right; `field` says which."""

    def __init__(self, field: str, reason: Any) -> None:
        self.field = field
        super().__init__(reason)


def of(customer: Customer) -> BillingDetails:
    """The customer's billing details; empty ones, not yet stored, when nobody has entered any."""
    found = BillingDetails.objects.filter(customer=customer).first()
    return found or BillingDetails(customer=customer)


def record(customer: Customer, *, by: User, **facts: Any) -> BillingDetails:
    """Enter or correct a customer's billing details: `facts` are all of FIELDS.

    Raises DetailWrong, subjects.Erased.
    """
    subjects.must_be_present(customer)
    with access.atomic():
        found = BillingDetails.objects.select_for_update().filter(customer=customer).first()
        details = found or BillingDetails(customer=customer)
        for name, value in _checked(facts).items():
            setattr(details, name, value)
        if found is None:
            details.save()
        else:
            details.save(update_fields=FIELDS)
    return details


def treat_as(customer: Customer, debtor: Debtor) -> None:
    """Remember whom collection law sees in a customer: his next invoices are such a debtor's."""
    with access.atomic():
        details = BillingDetails.objects.select_for_update().filter(customer=customer).first()
        details = details or BillingDetails(customer=customer)
        details.debtor = "" if debtor == ledger.by_kind(customer) else debtor
        if details.pk is None:
            details.save()
        else:
            details.save(update_fields=["debtor"])
        customer.billing_details = details


def take_over(customer: Customer, *, by: User) -> None:
    """Give a customer without billing details those that the owner's register knows; owner's login only.

    The billing person sees none of the register's contact details, only this copy.
    """
    found = BillingDetails.objects.filter(customer=customer).first()
    only_treated = found is not None and bool(found.debtor) and not (found.email or found.address)
    if found is not None and not only_treated:
        return
    facts: dict[str, Any] = {}
    postal = _postal(customer)
    if postal is not None:
        facts |= {name: getattr(postal, name) for name in ("street", "postal_code", "city", "country")}
    billing_contact = (
        customer.representations.filter(billing_contact=True, until__isnull=True)
        .select_related("person")
        .first()
    )
    if billing_contact is not None:
        facts["attention"] = billing_contact.person.full_name
    email = _email(customer, billing_contact)
    if email:
        facts |= {"email": email, "channel": Channel.EMAIL}
    BillingDetails.objects.update_or_create(customer=customer, defaults=facts)


def usual_einvoice_address(customer: Customer) -> str:
    """The OVT code of a Finnish company, which is its e-invoice address as a rule; else empty."""
    try:
        return "0037" + business_id(customer.business_id).replace("-", "")
    except WrongBusinessId:
        return ""


# --- what the register knows ---------------------------------------------------------------------------


def _postal(customer: Customer) -> PostalAddress | None:
    rows = PostalAddress.objects.current().filter(customer=customer)  # type: ignore[attr-defined]
    if customer.person_id:
        rows = rows | PostalAddress.objects.current().filter(person_id=customer.person_id)  # type: ignore[attr-defined]
    return min(rows, key=lambda row: (POSTAL_FIRST[row.kind], not row.primary, row.pk), default=None)


def _email(customer: Customer, contact: Any) -> str:
    """The customer's own billing address, else its billing contact's or the private customer's own."""
    emails = EmailAddress.objects.current().order_by("-primary", "id")  # type: ignore[attr-defined]
    found = emails.filter(customer=customer, kind=EmailAddress.Kind.BILLING).first()
    person_id = contact.person_id if contact is not None else customer.person_id
    if found is None and person_id:
        found = emails.filter(person_id=person_id).first()
    return found.address if found is not None else ""


# --- checks --------------------------------------------------------------------------------------------


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    limits = {field.name: field.max_length or 0 for field in BillingDetails._meta.local_fields}
    clean: dict[str, Any] = {
        name: clean_line(value, limit=limits[name]) if isinstance(value, str) else value
        for name, value in facts.items()
        if name in FIELDS
    }
    clean["country"] = clean.get("country") or "FI"
    clean["email"] = _checked_email(clean["email"])
    clean["vat_id"] = _checked_vat_id(clean["vat_id"])
    clean["einvoice_address"] = _checked_einvoice(clean["einvoice_address"])
    clean["einvoice_operator"] = clean["einvoice_operator"].replace(" ", "").upper()
    if (
        clean["country"] == "FI"
        and clean["postal_code"]
        and not re.fullmatch("[0-9]{5}", clean["postal_code"])
    ):
        raise DetailWrong("postal_code", _("A Finnish postal code has five digits."))
    if not 0 <= clean["payment_days"] <= 180:
        raise DetailWrong("payment_days", _("The payment time is between 0 and 180 days."))
    _require_channel(clean)
    return clean


def _require_channel(clean: dict[str, Any]) -> None:
    if clean["channel"] == Channel.EMAIL and not clean["email"]:
        raise DetailWrong("email", _("Invoices go by e-mail, so write the address."))
    if clean["channel"] == Channel.E_INVOICE:
        if not clean["einvoice_address"]:
            raise DetailWrong("einvoice_address", _("Invoices go as e-invoices, so write the address."))
        if not clean["einvoice_operator"]:
            raise DetailWrong("einvoice_operator", _("Invoices go as e-invoices, so write the operator."))


def _checked_email(text: str) -> str:
    if not text:
        return ""
    try:
        return addresses.parse(text).as_typed
    except addresses.WrongAddress as wrong:
        raise DetailWrong("email", str(wrong)) from None


def _checked_vat_id(text: str) -> str:
    if not text:
        return ""
    compact = re.sub(r"[\s.-]", "", text).upper()
    try:
        return str(stdnum.eu.vat.validate(compact))
    except ValidationError:
        raise DetailWrong(
            "vat_id", _("This is not a VAT number of an EU country. A Finnish one is FI and eight digits.")
        ) from None


def _checked_einvoice(text: str) -> str:
    """OVT codes are checked to the digit; IBANs and Peppol addresses by their form only."""
    compact = text.replace(" ", "").upper()
    if compact and not re.fullmatch(r"[0-9A-Z:.-]{4,35}", compact):
        raise DetailWrong(
            "einvoice_address", _("An e-invoice address has letters and digits, for example 003723456780.")
        )
    if compact.startswith("0037"):
        number = compact[4:12]
        try:
            business_id(f"{number[:7]}-{number[7:]}")
        except WrongBusinessId:
            raise DetailWrong(
                "einvoice_address",
                _("An OVT code is 0037 and the business ID without the hyphen; this one is mistyped."),
            ) from None
    return compact
