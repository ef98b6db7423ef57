"""Where data came from: the columns of every row whose values somebody told, filled in or imported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.inventory import SOURCE
from register.inventory import personal, plain
from register.models import User


class Source(models.TextChoices):
    """How data came to the register."""

    TOLD = "told", _("told by the customer")
    FORM = "form", _("filled in by the customer")
    MAIL = "mail", _("from the customer's e-mail")
    CARD = "card", _("business card")
    IMPORT = "import", _("imported file")
    PUBLIC = "public", _("public company register")
    OTHER = "other", _("other")


class Sourced(models.Model):
    """A row that says where it came from, by whom it was entered, and by which import if by one."""

    source = plain(models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.TOLD))
    source_detail = personal(SOURCE, models.CharField(_("source, more exactly"), max_length=200, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    import_run = plain(
        models.ForeignKey("customers.ImportRun", models.SET_NULL, null=True, editable=False, related_name="+")
    )

    class Meta:
        abstract = True

    def now_from(self, source: str, detail: str) -> list[str]:
        """Say anew where it came from, an import being left behind by another source; the fields to save."""
        if (source, detail) == (self.source, self.source_detail):
            return []
        self.source, self.source_detail, self.import_run_id = source, detail, None
        return ["source", "source_detail", "import_run"]
