"""The law of sendings: what was on its way is evidence, and moves only forward.

A sending keeps its document, channel, address and hour. What was handed over is never queued again except from
`handing` (the server said no); sent becomes returned only; failed, returned and cancelled stay as they are.
"""

from __future__ import annotations

from django.db import migrations

LAW = """
CREATE FUNCTION billing_guard_sending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.customer_id, NEW.invoice_id, NEW.reminder_id, NEW.run_id, NEW.channel, NEW.address, NEW.sha256, NEW.queued_at)
       IS DISTINCT FROM
       (OLD.customer_id, OLD.invoice_id, OLD.reminder_id, OLD.run_id, OLD.channel, OLD.address, OLD.sha256, OLD.queued_at) THEN
        RAISE EXCEPTION 'a sending is what was asked for' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state IN ('failed', 'bounced', 'cancelled')
                                   OR (OLD.state = 'sent' AND NEW.state <> 'bounced')) THEN
        RAISE EXCEPTION 'what became of a sending stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sending_guarded BEFORE UPDATE ON billing_sending
    FOR EACH ROW EXECUTE FUNCTION billing_guard_sending();
CREATE TRIGGER sendings_stay BEFORE TRUNCATE ON billing_sending
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
NO_LAW = """
DROP TRIGGER sendings_stay ON billing_sending;
DROP TRIGGER sending_guarded ON billing_sending;
DROP FUNCTION billing_guard_sending();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0021_sending")]

    operations = [migrations.RunSQL(LAW, NO_LAW)]
