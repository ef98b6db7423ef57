"""The company chooses which reference numbers its invoices carry."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0007_retention")]

    operations = [
        migrations.AddField(
            model_name="registrar",
            name="reference_form",
            field=models.CharField(
                choices=[
                    ("national", "Finnish reference number for everybody"),
                    ("rf_abroad", "RF for customers abroad, Finnish for others"),
                    ("rf", "RF for everybody"),
                ],
                default="rf_abroad",
                max_length=10,
                verbose_name="reference numbers on invoices",
            ),
        )
    ]
