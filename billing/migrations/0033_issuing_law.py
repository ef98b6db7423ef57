"""The law of issuing many: a login that may not ask issues only what somebody asked for.

The worker draws up drafts by itself (recurring, collective) and may add no issuing run. So a draft gets a number
through its login only while it stands, not refused, in a run that a person's login has added.
"""

from __future__ import annotations

from django.db import migrations

LAW = """
CREATE FUNCTION billing_issued_when_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT has_table_privilege('billing_issuingresult', 'INSERT') AND NOT EXISTS (
           SELECT 1 FROM billing_issuingresult r WHERE r.invoice_id = NEW.id AND r.problem = '') THEN
        RAISE EXCEPTION 'nobody asked for this invoice to be issued' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_asked_for BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.number = '' AND NEW.number <> '')
    EXECUTE FUNCTION billing_issued_when_asked();
"""
NO_LAW = """
DROP TRIGGER invoice_asked_for ON billing_invoice;
DROP FUNCTION billing_issued_when_asked();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0032_issuing_many")]

    operations = [migrations.RunSQL(LAW, NO_LAW)]
