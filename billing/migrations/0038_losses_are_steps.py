"""Credit losses are steps of a case; those that were booked before become so."""

from django.db import migrations, models


# Those taken back are left out: the step of taking back would be missing.
CATCH_UP = """
INSERT INTO billing_casestep (case_id, kind, "on", amount, reason, by_id, at)
SELECT i.case_id, 'loss', l."on", l.amount, r.number, l.by_id, l.at
  FROM billing_creditloss l JOIN billing_receivable r ON r.invoice_id = l.receivable_id
  JOIN billing_caseitem i ON i.receivable_id = l.receivable_id AND l."on" >= i.added_on
   AND (i.left_on IS NULL OR l."on" <= i.left_on)
 WHERE NOT EXISTS (SELECT FROM billing_entry e WHERE e.reverses_id = l.entry_id) ORDER BY l.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0037_told_news"),
    ]

    operations = [
        migrations.AlterField(
            model_name="casestep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("added", "Debt added"),
                    ("handed_over", "Handed to the agency"),
                    ("reported", "Payment reported by the agency"),
                    ("paid_here", "Payment here, to be told to the agency"),
                    ("told", "Told to the agency"),
                    ("recalled", "Recalled from the agency"),
                    ("loss", "Credit loss"),
                    ("loss_back", "Credit loss taken back"),
                    ("closed", "Closed"),
                ],
                max_length=12,
                verbose_name="step",
            ),
        ),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
    ]
