"""Customers and people who were erased say so; lists, searches and choices leave them out."""

from __future__ import annotations

from django.db import migrations, models

# Earlier erasures put a dash where no sort key of a name can have one.
MARK_EARLIER = """
UPDATE customers_customer SET erased_on = current_date WHERE sort_key = '—';
UPDATE customers_person SET erased_on = current_date WHERE sort_key = '—';
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_numbers_of_four_digits")]

    operations = [
        migrations.AddField(
            "customer", "erased_on", models.DateField(editable=False, null=True, verbose_name="erased")
        ),
        migrations.AddField(
            "person", "erased_on", models.DateField(editable=False, null=True, verbose_name="erased")
        ),
        migrations.RunSQL(MARK_EARLIER, migrations.RunSQL.noop),
    ]
