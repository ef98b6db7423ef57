"""Steps, packages and losses are added and never changed; a handover may only be marked as recalled."""

from __future__ import annotations

from django.db import migrations

STAY = """
CREATE TRIGGER steps_stay BEFORE UPDATE OR TRUNCATE ON billing_casestep
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER losses_stay BEFORE UPDATE OR TRUNCATE ON billing_creditloss
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();

ALTER TABLE billing_handover ADD CONSTRAINT handover_fingerprint CHECK (sha256 = encode(sha256(package), 'hex'));
CREATE FUNCTION billing_guard_handover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'recalled_on' <> to_jsonb(OLD) - 'recalled_on' OR OLD.recalled_on IS NOT NULL THEN
        RAISE EXCEPTION 'what was handed over stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_guarded BEFORE UPDATE ON billing_handover
    FOR EACH ROW EXECUTE FUNCTION billing_guard_handover();
"""
FREE = """
DROP TRIGGER steps_stay ON billing_casestep;
DROP TRIGGER losses_stay ON billing_creditloss;
ALTER TABLE billing_handover DROP CONSTRAINT handover_fingerprint;
DROP TRIGGER handover_guarded ON billing_handover;
DROP FUNCTION billing_guard_handover();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_collection")]

    operations = [migrations.RunSQL(STAY, FREE)]
