"""Indexes for the list in order of the relationship's beginning, and for assignments found by title."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_import_row_writes")]

    operations = [
        migrations.AddIndex(
            "assignment", GinIndex(fields=["title"], name="assignment_title", opclasses=["gin_trgm_ops"])
        ),
        migrations.AddIndex(
            "relationship",
            models.Index(Coalesce("since", date(1, 1, 1)), models.F("customer"), name="relationship_since"),
        ),
    ]
