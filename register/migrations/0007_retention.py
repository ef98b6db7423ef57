"""Erasures know the first day on which something that a law keeps may go; the database says itself which day it is.

Erasures done before learn their day from their answers.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

DUE = """
UPDATE register_erasure e
   SET due_on = (SELECT min((k ->> 'until')::date) + 1 FROM jsonb_array_elements(e.answer -> 'kept') AS k);
"""

TODAY = """
CREATE FUNCTION register_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Europe/Helsinki')::date
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0006_einvoice")]

    operations = [
        migrations.AddField(
            "erasure", "due_on", models.DateField(editable=False, null=True, verbose_name="next to be erased")
        ),
        migrations.AlterField(
            "erasure",
            "reason",
            models.CharField(
                choices=[
                    ("asked", "the person asked for it"),
                    ("objected", "the person objected to the use of his data"),
                    ("not_needed", "the data is not needed any more"),
                    ("unlawful", "the data should not have been in the register"),
                    ("time_up", "the time for which the law keeps it is over"),
                ],
                max_length=20,
                verbose_name="reason",
            ),
        ),
        migrations.RemoveConstraint("erasure", "erasure_reason_known"),
        migrations.AddConstraint(
            "erasure",
            models.CheckConstraint(
                condition=Q(reason__in=["asked", "objected", "not_needed", "unlawful", "time_up"]),
                name="erasure_reason_known",
            ),
        ),
        migrations.AddIndex(
            "erasure",
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="erasure_due"),
        ),
        migrations.RunSQL(DUE, migrations.RunSQL.noop),
        migrations.RunSQL(TODAY, "DROP FUNCTION register_today();"),
    ]
