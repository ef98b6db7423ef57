"""Which debts of a case an agency has: later ones go by a handover of their own."""

import django.db.models.deletion
from django.db import migrations, models

# A debt that came into the case later has no hold of the agency's.
CATCH_UP = """
UPDATE billing_caseitem i SET handover_id = h.id
  FROM billing_handover h JOIN billing_collectioncase c ON c.id = h.case_id
 WHERE i.case_id = c.id AND c.stage = 'agency' AND h.recalled_on IS NULL AND i.left_on IS NULL
   AND EXISTS (SELECT FROM billing_hold o WHERE o.receivable_id = i.receivable_id AND o.kind = 'agency'
                  AND NOT EXISTS (SELECT FROM billing_lifting l WHERE l.hold_id = o.id));
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0030_agencies_money_law")]

    operations = [
        migrations.RemoveConstraint(model_name="handover", name="one_handover_at_a_time"),
        migrations.AddField(
            model_name="caseitem",
            name="handover",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="billing.handover",
            ),
        ),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
    ]
