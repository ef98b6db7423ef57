"""The latest invoices and a month's sums from one index: no look at the whole table, no sorting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_vat_rates")]

    operations = [
        migrations.RemoveIndex(model_name="invoice", name="invoice_issued"),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                fields=["issued_on", "id"],
                include=["kind", "net"],
                condition=models.Q(("number", ""), _negated=True),
                name="invoice_by_day",
            ),
        ),
    ]
