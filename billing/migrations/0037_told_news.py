"""What an agency has been told of, thing by thing; until now only the sum of the payments was noted."""

from django.db import migrations

# What had been entered when the agency was last told counts as told.
CATCH_UP = """
INSERT INTO billing_agencytold (receivable_id, step_id, what, key, "on")
SELECT e.receivable_id, s.id, 'entry', e.id, s."on"
  FROM billing_caseitem i JOIN billing_handover h ON h.id = i.handover_id
  JOIN LATERAL (SELECT t.id, t."on", t.at FROM billing_casestep t
                 WHERE t.case_id = i.case_id AND t.kind = 'told' AND t.at >= h.at ORDER BY t.at DESC LIMIT 1) s ON true
  JOIN billing_entry e ON e.receivable_id = i.receivable_id AND e.entered_at BETWEEN h.at AND s.at
 WHERE i.left_on IS NULL AND e.kind IN ('payment', 'credit', 'reversal');
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0036_agencytold")]

    operations = [migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop)]
