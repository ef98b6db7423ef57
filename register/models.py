"""The core's tables: user accounts, the registrar, the audit, security events, the context key."""

from __future__ import annotations

from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register.inventory import SELF, Declared, personal, plain
from register.kinds import STAFF
from register.roles import Access, Role


class Language(models.TextChoices):
    """The languages of the interface and of what is sent to customers."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")


class UserManager(BaseUserManager["User"]):
    """Accounts by e-mail address."""

    def create_user(self, email: str, *, role: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), role=role, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A personal account of the staff, with one role."""

    about = SELF
    access = Access(default="read add change")
    audited = False

    email = personal(STAFF, models.EmailField(_("e-mail"), max_length=254))
    name = personal(STAFF, models.CharField(_("name"), max_length=200, blank=True))
    role = plain(models.CharField(_("role"), max_length=10, choices=Role.choices))
    language = plain(
        models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FINNISH)
    )
    is_active = plain(models.BooleanField(_("may sign in"), default=True))
    invited_by = plain(models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+"))
    joined_at = plain(models.DateTimeField(_("joined"), default=timezone.now))
    closed_at = plain(models.DateTimeField(_("closed"), null=True, blank=True))
    password = personal(STAFF, models.CharField(_("password"), max_length=128))
    last_login = personal(STAFF, models.DateTimeField(_("last sign-in"), null=True, blank=True))

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user account")
        verbose_name_plural = _("user accounts")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="user_email_once",
                condition=~Q(email=""),
                violation_error_message=_("There is already an account with this e-mail."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return f"U{self.pk}"

    @property
    def is_owner(self) -> bool:
        return self.is_active and self.role == Role.OWNER

    @property
    def is_staff(self) -> bool:
        """The admin shell is for the register owner."""
        return self.is_owner

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, permission: str, target: object = None) -> bool:
        return self.is_owner

    def has_perms(self, permissions: Any, target: object = None) -> bool:
        return self.is_owner

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_owner


class ReferenceForm(models.TextChoices):
    """Which references the company's invoices carry: the Finnish *viitenumero* or an RF reference (ISO 11649)."""

    NATIONAL = "national", _("Finnish reference number for everybody")
    RF_ABROAD = "rf_abroad", _("RF for customers abroad, Finnish for others")
    RF = "rf", _("RF for everybody")


class Registrar(models.Model):
    """The company that keeps the register (*rekisterinpitäjä*): one row, entered once."""

    about = None
    access = Access(
        default="read", owner="read add change", billing="read", link="read", audit="", worker="read"
    )

    name = plain(models.CharField(_("company"), max_length=200))
    business_id = plain(models.CharField(_("business ID"), max_length=9))
    street = plain(models.CharField(_("street address"), max_length=200))
    postal_code = plain(models.CharField(_("postal code"), max_length=12))
    city = plain(models.CharField(_("town"), max_length=100))
    website = plain(models.CharField(_("website"), max_length=200, blank=True))
    contact_person = plain(models.CharField(_("contact person"), max_length=200))
    contact_email = plain(models.EmailField(_("contact e-mail"), max_length=254))
    phone = plain(models.CharField(_("phone"), max_length=40, blank=True))
    register_name_fi = plain(models.CharField(_("name of the register in Finnish"), max_length=200))
    register_name_sv = plain(models.CharField(_("name of the register in Swedish"), max_length=200))
    register_name_en = plain(models.CharField(_("name of the register in English"), max_length=200))
    financial_year_end_month = plain(
        models.PositiveSmallIntegerField(
            _("financial year ends, month"),
            default=12,
            validators=[MinValueValidator(1), MaxValueValidator(12)],
        )
    )
    financial_year_end_day = plain(
        models.PositiveSmallIntegerField(
            _("financial year ends, day"),
            default=31,
            validators=[MinValueValidator(1), MaxValueValidator(31)],
        )
    )
    iban = plain(models.CharField(_("bank account (IBAN)"), max_length=34))
    bic = plain(models.CharField(_("bank (BIC)"), max_length=11, blank=True))
    vat_registered = plain(models.BooleanField(_("in the VAT register"), default=True))
    reference_form = plain(
        models.CharField(
            _("reference numbers on invoices"),
            max_length=10,
            choices=ReferenceForm.choices,
            default=ReferenceForm.RF_ABROAD,
        )
    )
    einvoice_address = plain(models.CharField(_("e-invoice address"), max_length=35, blank=True))
    einvoice_operator = plain(models.CharField(_("e-invoice operator"), max_length=35, blank=True))
    only = plain(models.BooleanField(default=True, editable=False, unique=True))

    class Meta:
        verbose_name = _("registrar")
        verbose_name_plural = _("registrar")
        constraints = [models.CheckConstraint(condition=Q(only=True), name="one_registrar")]

    def __str__(self) -> str:
        return self.name


class StatementVersion(models.Model):
    """The privacy statement as it was published, in three languages, with the day it came into force."""

    about = None
    access = Access(owner="read add", link="read", worker="read")
    audited = False

    published_on = plain(models.DateField(_("in force from")))
    fi = plain(models.TextField(_("in Finnish")))
    sv = plain(models.TextField(_("in Swedish")))
    en = plain(models.TextField(_("in English")))
    sha256 = plain(models.CharField(max_length=64, unique=True))
    created_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("privacy statement")
        verbose_name_plural = _("privacy statements")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"V{self.pk}"


class AuditEntries(LogEntryManager):
    """Gives each recorded write the numbers of the people and customers it is about."""

    def log_create(self, instance: models.Model, force_log: bool = False, **fields: Any) -> Any:
        from register import audit

        fields.setdefault("numbers", audit.numbers_of(instance))
        return super().log_create(instance, force_log, **fields)

    def log_m2m_changes(
        self, changed_queryset: Any, instance: models.Model, operation: str, field_name: str, **fields: Any
    ) -> Any:
        from register import audit

        rows = [instance, *changed_queryset]
        fields.setdefault("numbers", [number for row in rows for number in audit.numbers_of(row)])
        return super().log_m2m_changes(changed_queryset, instance, operation, field_name, **fields)


class AuditEntry(AbstractLogEntry):
    """Who did or read what. Append-only; `actor`, `login`, `reason` and the time are stamped by the database."""

    about = None
    access = Access(owner="read add", billing="add", link="add", audit="add", worker="add", default="add")
    audited = False

    page = models.CharField(_("page"), max_length=100, blank=True)
    numbers = ArrayField(models.CharField(max_length=40), verbose_name=_("numbers"), default=list, blank=True)
    login = models.CharField(_("database login"), max_length=63, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = AuditEntries()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-timestamp"]
        get_latest_by = "timestamp"
        indexes = [GinIndex(fields=["numbers"], name="audit_numbers")]

    def __str__(self) -> str:
        return f"A{self.pk}"


class SecurityEvent(models.Model):
    """Something that should not happen: a refusal by the database, a forged signature, a wrong door, too many tries.

    Written by doors.record_event.
    """

    class What(models.TextChoices):
        DENIED = "denied", _("the database refused access")
        WRONG_DOOR = "wrong_door", _("a page of another role was asked for")
        FORGED = "forged", _("a forged or expired signature")
        LIMIT = "limit", _("too many attempts")
        SIGN_IN = "sign_in", _("sign-in failed")

    about = None
    access = Access(owner="read", audit="add", default="add")
    audited = False

    what = plain(models.CharField(_("what"), max_length=20, choices=What.choices))
    at = plain(models.DateTimeField(_("time"), default=timezone.now, db_index=True))
    user = plain(models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+"))
    login = plain(models.CharField(_("database login"), max_length=63, blank=True))
    view = plain(models.CharField(_("view"), max_length=200, blank=True))
    details = plain(models.CharField(_("details"), max_length=300, blank=True))

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"S{self.pk}"


class ContextKey(models.Model):
    """The key by which the database verifies who acts; readable for the verifying function only."""

    about = None
    access = Access()
    audited = False

    inner = plain(models.BinaryField())
    outer = plain(models.BinaryField())
    only = plain(models.BooleanField(default=True, editable=False, unique=True))

    def __str__(self) -> str:
        return "context key"


def _declare_inherited_audit_fields() -> None:
    """The audit's inherited fields are declared here: they hold ids, field names and masks only."""
    for field in AuditEntry._meta.local_fields:
        if not hasattr(field, "declared"):
            field.declared = Declared(None)  # type: ignore[attr-defined]


_declare_inherited_audit_fields()


from register.accounts.models import Invitation, Session, SetupLink  # noqa: E402
from register.oversight.models import Erasure  # noqa: E402

__all__ = [
    "AuditEntry",
    "ContextKey",
    "Erasure",
    "Invitation",
    "Language",
    "ReferenceForm",
    "Registrar",
    "SecurityEvent",
    "Session",
    "SetupLink",
    "StatementVersion",
    "User",
]
