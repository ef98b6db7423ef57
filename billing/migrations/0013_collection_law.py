"""Steps, packages and losses are added and never changed; a handover may only be marked as recalled.

The database takes a package's fingerprint itself.
"""

from __future__ import annotations

from django.db import migrations

STAY = """
CREATE TRIGGER steps_stay BEFORE UPDATE OR TRUNCATE ON billing_casestep
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER losses_stay BEFORE UPDATE OR TRUNCATE ON billing_creditloss
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();

CREATE FUNCTION billing_guard_handover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.sha256 := encode(sha256(NEW.package), 'hex');
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - 'recalled_on' <> to_jsonb(OLD) - 'recalled_on' OR OLD.recalled_on IS NOT NULL THEN
        RAISE EXCEPTION 'what was handed over stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_guarded BEFORE INSERT OR UPDATE ON billing_handover
    FOR EACH ROW EXECUTE FUNCTION billing_guard_handover();
"""
FREE = """
DROP TRIGGER steps_stay ON billing_casestep;
DROP TRIGGER losses_stay ON billing_creditloss;
DROP TRIGGER handover_guarded ON billing_handover;
DROP FUNCTION billing_guard_handover();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_collection")]

    operations = [migrations.RunSQL(STAY, FREE)]
