"""Staged rows are written once and changed a few times soon after: room on the page, and one index less."""

import django.db.models.deletion
from django.db import migrations, models

ROOM = "ALTER TABLE customers_importrow SET (fillfactor = 50)"
NO_ROOM = "ALTER TABLE customers_importrow RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_today")]

    operations = [
        migrations.AlterField(
            model_name="importrow",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="customers.importrun",
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("new", "new"),
                    ("match", "already in the register"),
                    ("conflict", "to be looked at"),
                    ("unreadable", "cannot be read"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
