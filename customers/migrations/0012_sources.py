"""Who represents whom has a source of its own, and so has what a file completes of somebody known before."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone

# A tie was hitherto entered with its person, or later by hand; whence the person is known is the best that is known.
AS_THE_PERSON = """
UPDATE customers_representation r
   SET source = p.source, source_detail = p.source_detail, entered_by_id = p.entered_by_id,
       entered_at = p.entered_at, import_run_id = p.import_run_id
  FROM customers_person p WHERE p.id = r.person_id
"""
# Nothing of a source is searched for: the search documents need not be written again.
UNSEARCHED = "ALTER TABLE customers_representation DISABLE TRIGGER searched_update"
SEARCHED = "ALTER TABLE customers_representation ENABLE TRIGGER searched_update"

NOTHING_NEW = """
CREATE TRIGGER person_is_present AFTER INSERT ON customers_completion REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION customers_person_is_present();
CREATE TRIGGER customer_is_present AFTER INSERT ON customers_completion REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION customers_customer_is_present();
"""
NOTHING_NEW_BACK = """
DROP TRIGGER person_is_present ON customers_completion;
DROP TRIGGER customer_is_present ON customers_completion;
"""

SOURCES = [
    ("told", "told by the customer"),
    ("form", "filled in by the customer"),
    ("mail", "from the customer's e-mail"),
    ("card", "business card"),
    ("import", "imported file"),
    ("public", "public company register"),
    ("other", "other"),
]
FIELDS = [
    ("given", "given name"),
    ("family", "family name"),
    ("language", "language"),
    ("company", "company"),
    ("business_id", "business ID"),
    ("tags", "tags"),
]


def _detail() -> models.CharField:
    return models.CharField(blank=True, max_length=200, verbose_name="source, more exactly")


def _of(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        f"customers.{model}",
        django.db.models.deletion.CASCADE,
        blank=True,
        null=True,
        related_name="completions",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_quicker_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "representation",
            "entered_at",
            models.DateTimeField(auto_now_add=True, default=timezone.now, verbose_name="entered"),
            preserve_default=False,
        ),
        migrations.AddField(
            "representation",
            "entered_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.PROTECT,
                editable=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddField(
            "representation",
            "import_run",
            models.ForeignKey(
                "customers.importrun",
                django.db.models.deletion.SET_NULL,
                editable=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddField(
            "representation",
            "source",
            models.CharField(choices=SOURCES, default="told", max_length=10, verbose_name="source"),
        ),
        migrations.AddField("representation", "source_detail", _detail()),
        migrations.RunSQL([UNSEARCHED, AS_THE_PERSON, SEARCHED], migrations.RunSQL.noop),
        migrations.CreateModel(
            "Completion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(choices=FIELDS, max_length=12, verbose_name="value")),
                ("source_detail", _detail()),
                ("at", models.DateTimeField(verbose_name="imported")),
                ("person", _of("person")),
                ("customer", _of("customer")),
                (
                    "import_run",
                    models.ForeignKey(
                        "customers.importrun", django.db.models.deletion.CASCADE, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "value completed from a file",
                "verbose_name_plural": "values completed from files",
                "ordering": ["-at", "field"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(person__isnull=True) ^ Q(customer__isnull=True), name="completion_of_one"
                    ),
                    models.UniqueConstraint(
                        fields=["person", "customer", "field"], nulls_distinct=False, name="completion_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(NOTHING_NEW, NOTHING_NEW_BACK),
    ]
