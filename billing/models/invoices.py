"""Invoices and credit notes: drafts, and what was issued and nobody can change (migration 0002_law)."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO, VatCategory
from billing.inventory import BOOKED, BOOKED_DOCUMENT, INVOICE
from billing.models.details import DEFAULT_PAYMENT_DAYS, DueBasis
from billing.models.grounds import VatGround
from billing.pdf import Kind
from customers.models import AssignmentKind, Customer, VatCode
from register.inventory import personal, plain
from register.models import Language, User
from register.roles import Access


class Series(models.Model):
    """The running numbers of one kind of document in one year; `last` grows by one, and only by issuing."""

    about = None
    access = Access(
        owner="read",
        billing="read add change",
        worker="read add change",
        columns={"billing": ("last",), "worker": ("last",)},
    )
    audited = False

    kind = plain(models.CharField(_("kind"), max_length=12, choices=Kind.choices))
    year = plain(models.PositiveSmallIntegerField(_("year")))
    last = plain(models.PositiveIntegerField(_("last number"), default=0))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="one_series_a_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def drafts(self) -> InvoiceQuerySet:
        return self.filter(number="")

    def issued(self) -> InvoiceQuerySet:
        return self.exclude(number="")

    def invoices(self) -> InvoiceQuerySet:
        return self.filter(kind=Kind.INVOICE)

    def credited(self) -> InvoiceQuerySet:
        """Invoices of which credit notes have taken back everything."""
        notes = Invoice.objects.issued().filter(original__isnull=False).order_by().values("original")
        whole = notes.annotate(back=Sum("total")).filter(back=-F("original__total"))
        return self.filter(pk__in=whole.values("original"))

    def issued_between(self, first: date, last: date) -> InvoiceQuerySet:
        return self.issued().filter(issued_on__gte=first, issued_on__lte=last)


WORDS = ("subject", "buyer_reference", "order_number", "note", "vat_reason", "discount_reason", "snapshot")
"""What of an issued document may be emptied, and only when its years are over."""

FROZEN = (
    "number", "reference", "series", "sequence", "issued_on", "due_on", "net", "vat", "total", "issued_by",
    "client_key", "snapshot", "sha256", "kept_until",
)  # fmt: skip
"""What issuing writes on a draft."""

COUNTED = ("vat_rate", "vat_category", "net", "vat")
"""What issuing writes on a line."""


class Invoice(models.Model):
    """An invoice or credit note. Without a number it is a draft; with one it is evidence.

    `draft_key` is the form's key from which the draft was made, `client_key` the one that issued it: a form
    sent twice makes one draft and takes one number.
    """

    about = "customer"
    kept_from = "issued_on"
    shell = BOOKED_DOCUMENT
    access = Access(
        owner="read change delete",
        billing="read add change delete",
        worker="read add change delete",
        columns={"owner": WORDS, "worker": tuple(dict.fromkeys((*WORDS, *FROZEN)))},
    )

    kind = plain(models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.INVOICE))
    customer = plain(
        models.ForeignKey(Customer, models.PROTECT, related_name="invoices", verbose_name=_("customer"))
    )
    language = plain(
        models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FINNISH)
    )
    subject = personal(INVOICE, models.CharField(_("subject"), max_length=200, blank=True))
    buyer_reference = personal(
        INVOICE, models.CharField(_("customer's reference"), max_length=100, blank=True)
    )
    order_number = personal(INVOICE, models.CharField(_("order number"), max_length=100, blank=True))
    note = personal(INVOICE, models.TextField(_("text on the invoice"), blank=True))
    vat_reason = personal(INVOICE, models.CharField(_("why no VAT is charged"), max_length=200, blank=True))
    payment_days = plain(
        models.PositiveSmallIntegerField(_("payment time, days"), default=DEFAULT_PAYMENT_DAYS)
    )
    due_basis = plain(
        models.CharField(
            _("the due date is"), max_length=12, choices=DueBasis.choices, default=DueBasis.INVOICE
        )
    )
    prices_include_vat = plain(models.BooleanField(_("prices include VAT"), default=False))
    vat_ground = plain(
        models.ForeignKey(
            VatGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("VAT ground")
        )
    )
    discount_percent = plain(
        models.DecimalField(_("discount on the total, %"), max_digits=5, decimal_places=2, default=ZERO)
    )
    discount_amount = plain(
        models.DecimalField(_("discount on the total, €"), max_digits=14, decimal_places=2, default=ZERO)
    )
    discount_reason = personal(
        INVOICE, models.CharField(_("what the discount is for"), max_length=100, blank=True)
    )
    net = plain(models.DecimalField(_("without VAT"), max_digits=14, decimal_places=2, default=0))
    vat = plain(models.DecimalField(_("VAT"), max_digits=14, decimal_places=2, default=0))
    total = plain(models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=0))
    original = plain(
        models.ForeignKey(
            "self",
            models.PROTECT,
            null=True,
            editable=False,
            related_name="credit_notes",
            verbose_name=_("credited invoice"),
        )
    )
    draft_key = plain(models.UUIDField(unique=True, editable=False, default=uuid.uuid4))
    drafted_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    drafted_at = plain(models.DateTimeField(_("drawn up"), auto_now_add=True))

    number = plain(models.CharField(_("number"), max_length=20, blank=True, editable=False))
    series = plain(
        models.ForeignKey(Series, models.PROTECT, null=True, editable=False, related_name="invoices")
    )
    sequence = plain(models.PositiveIntegerField(null=True, editable=False))
    reference = plain(models.CharField(_("reference number"), max_length=25, blank=True, editable=False))
    issued_on = plain(models.DateField(_("date"), null=True, editable=False))
    due_on = plain(models.DateField(_("due"), null=True, editable=False))
    issued_at = plain(models.DateTimeField(_("issued"), null=True, editable=False))
    issued_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    client_key = plain(models.UUIDField(unique=True, null=True, editable=False))
    snapshot = personal(INVOICE, models.JSONField(null=True, editable=False))
    sha256 = plain(models.CharField(_("fingerprint of the PDF"), max_length=64, blank=True, editable=False))
    kept_until = plain(models.DateField(_("kept until"), null=True, editable=False))

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            models.Index(fields=["customer", "-id"], name="invoice_of_customer"),
            models.Index(fields=["-id"], condition=Q(number=""), name="invoice_drafts"),
            models.Index(
                fields=["issued_on", "id"],
                include=["kind", "net"],
                condition=~Q(number=""),
                name="invoice_by_day",
            ),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="invoice_reference"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="invoice_number_once_in_series"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="invoice_number_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="invoice_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    number="",
                    series__isnull=True,
                    sequence__isnull=True,
                    reference="",
                    issued_on__isnull=True,
                    issued_at__isnull=True,
                    snapshot__isnull=True,
                    sha256="",
                )
                | Q(
                    ~Q(number=""),
                    series__isnull=False,
                    sequence__gte=1,
                    issued_on__isnull=False,
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                    client_key__isnull=False,
                    snapshot__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    kept_until__isnull=False,
                ),
                name="invoice_draft_or_issued",
            ),
            models.CheckConstraint(
                condition=Q(number="")
                | Q(kind=Kind.CREDIT_NOTE)
                | Q(~Q(reference=""), due_on__gte=F("issued_on")),
                name="issued_invoice_can_be_paid",
            ),
            models.CheckConstraint(
                condition=Q(~Q(kind=Kind.CREDIT_NOTE), original__isnull=True)
                | Q(kind=Kind.CREDIT_NOTE, original__isnull=False),
                name="credit_note_names_the_invoice",
            ),
            models.CheckConstraint(condition=Q(payment_days__lte=180), name="invoice_payment_days_sensible"),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100)
                & (Q(discount_percent=0) | Q(discount_amount=0))
                & (Q(discount_amount__gte=0) | Q(kind=Kind.CREDIT_NOTE)),
                name="invoice_discount_sensible",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"D{self.pk}"

    @property
    def is_draft(self) -> bool:
        return not self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == Kind.CREDIT_NOTE

    @property
    def is_stripped(self) -> bool:
        """Whether its years are over and only what the ledger needs is left of it."""
        return self.snapshot is not None and "format" not in self.snapshot


class InvoiceLine(models.Model):
    """What is charged. Rate, category and amounts are counted anew until the invoice is issued.

    `neutral` is what papers and e-invoices say instead of the description; `kind` is for the owner's reports, and
    no paper says it; `credits` is, on a credit note, the place of the original's line.
    """

    about = "invoice__customer"
    kept_from = "invoice__issued_on"
    shell = BOOKED
    access = Access(
        owner="read change delete",
        billing="read add change delete",
        worker="read add change delete",
        columns={"owner": ("description", "neutral"), "worker": ("description", "neutral", *COUNTED)},
    )
    audited = False

    invoice = plain(models.ForeignKey(Invoice, models.CASCADE, related_name="lines"))
    position = plain(models.PositiveSmallIntegerField(_("order")))
    description = personal(INVOICE, models.CharField(_("description"), max_length=300))
    neutral = personal(INVOICE, models.CharField(_("printed instead"), max_length=300, blank=True))
    quantity = plain(models.DecimalField(_("quantity"), max_digits=12, decimal_places=3))
    unit = plain(models.CharField(_("unit"), max_length=20, blank=True))
    unit_price = plain(models.DecimalField(_("unit price"), max_digits=14, decimal_places=4))
    discount_percent = plain(models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0))
    vat_code = plain(models.CharField(_("VAT"), max_length=10, choices=VatCode.choices))
    delivered_on = plain(models.DateField(_("delivered"), null=True, blank=True))
    kind = plain(
        models.ForeignKey(
            AssignmentKind,
            models.PROTECT,
            null=True,
            blank=True,
            related_name="+",
            verbose_name=_("kind"),
        )
    )
    vat_rate = plain(models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2))
    vat_category = plain(models.CharField(max_length=2, choices=VatCategory.choices))
    net = plain(models.DecimalField(_("without VAT"), max_digits=14, decimal_places=2))
    vat = plain(models.DecimalField(_("VAT"), max_digits=14, decimal_places=2))
    credits = plain(models.PositiveSmallIntegerField(_("credited line"), null=True, editable=False))

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_place_once"),
            models.CheckConstraint(condition=~Q(quantity=0), name="invoice_line_has_quantity"),
        ]

    def __str__(self) -> str:
        return f"D{self.invoice_id}.{self.position}"

    @property
    def printed(self) -> str:
        """What everybody outside reads."""
        return self.neutral or self.description


class InvoicePdf(models.Model):
    """The document as it was issued, byte for byte."""

    about = "invoice__customer"
    kept_from = "invoice__issued_on"
    access = Access(owner="read delete", billing="read add", worker="read add delete")
    audited = False

    invoice = plain(models.OneToOneField(Invoice, models.PROTECT, primary_key=True, related_name="pdf"))
    content = personal(INVOICE, models.BinaryField())
    sha256 = plain(models.CharField(max_length=64))

    class Meta:
        verbose_name = _("invoice as PDF")
        verbose_name_plural = _("invoices as PDF")

    def __str__(self) -> str:
        return f"D{self.invoice_id}"
