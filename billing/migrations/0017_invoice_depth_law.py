"""The law of what came to invoices: files frozen with them, credits within the original, voided numbers that stay.

- Files are added to and taken from drafts only.
- All credit notes of an invoice together take back no more than it charged.
- The record of a voided number names the credit note that took the whole invoice back, and is never changed.
- Two grounds of one name are never in force on the same day.
"""

from __future__ import annotations

from django.db import migrations

FILES = """
CREATE FUNCTION billing_guard_file() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    issued text;
    until date;
BEGIN
    SELECT i.number, i.kept_until INTO issued, until FROM billing_invoice i
     WHERE i.id = CASE TG_OP WHEN 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END FOR SHARE;
    IF issued <> '' AND NOT (TG_OP = 'DELETE' AND until < current_date) THEN
        RAISE EXCEPTION 'the files of an issued invoice cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER file_guarded BEFORE INSERT OR DELETE ON billing_invoiceattachment
    FOR EACH ROW EXECUTE FUNCTION billing_guard_file();
CREATE TRIGGER files_stay BEFORE UPDATE OR TRUNCATE ON billing_invoiceattachment
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
NO_FILES = """
DROP TRIGGER file_guarded ON billing_invoiceattachment;
DROP TRIGGER files_stay ON billing_invoiceattachment;
DROP FUNCTION billing_guard_file();
"""

# As the tables' owner: the original is locked, so that two credit notes of one invoice wait for each other.
CREDITS = """
CREATE FUNCTION billing_credits_within() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    charged numeric;
    back numeric;
BEGIN
    SELECT i.total INTO charged FROM billing_invoice i
     WHERE i.id = NEW.original_id AND i.number <> '' AND i.kind <> 'credit_note' FOR NO KEY UPDATE;
    SELECT sum(n.total) INTO back FROM billing_invoice n WHERE n.original_id = NEW.original_id AND n.number <> '';
    IF charged IS NULL OR NEW.total > 0 OR charged + back < 0 THEN
        RAISE EXCEPTION 'credit notes take back no more than was charged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credits_within AFTER UPDATE ON billing_invoice
    FOR EACH ROW WHEN (NEW.kind = 'credit_note' AND NEW.number <> '') EXECUTE FUNCTION billing_credits_within();
"""
NO_CREDITS = "DROP TRIGGER credits_within ON billing_invoice; DROP FUNCTION billing_credits_within();"

VOIDINGS = """
CREATE FUNCTION billing_guard_voiding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = OLD.invoice_id AND i.kept_until >= current_date) THEN
            RAISE EXCEPTION 'the record of a voided number cannot be removed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM billing_invoice n JOIN billing_invoice i ON i.id = n.original_id
                    WHERE n.id = NEW.note_id AND i.id = NEW.invoice_id AND n.number <> '' AND n.total = -i.total)
       OR EXISTS (SELECT 1 FROM billing_sending s WHERE s.invoice_id = NEW.invoice_id AND s.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION 'only what was credited in full before it was sent is voided'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER voiding_guarded BEFORE INSERT OR DELETE ON billing_voiding
    FOR EACH ROW EXECUTE FUNCTION billing_guard_voiding();
CREATE TRIGGER voidings_stay BEFORE UPDATE OR TRUNCATE ON billing_voiding
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
NO_VOIDINGS = """
DROP TRIGGER voiding_guarded ON billing_voiding;
DROP TRIGGER voidings_stay ON billing_voiding;
DROP FUNCTION billing_guard_voiding();
"""

GROUNDS = """
CREATE FUNCTION billing_one_ground_a_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_vatground'));
    IF EXISTS (SELECT 1 FROM billing_vatground g
                WHERE g.category = NEW.category AND g.name = NEW.name AND g.id <> NEW.id
                  AND daterange(g.valid_from, g.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]'))
    THEN
        RAISE EXCEPTION 'two grounds of one name on one day'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'vat_ground_one_a_day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_ground_a_day BEFORE INSERT OR UPDATE ON billing_vatground
    FOR EACH ROW EXECUTE FUNCTION billing_one_ground_a_day();
"""
NO_GROUNDS = "DROP TRIGGER one_ground_a_day ON billing_vatground; DROP FUNCTION billing_one_ground_a_day();"


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_invoice_depth")]

    operations = [
        migrations.RunSQL(FILES, NO_FILES),
        migrations.RunSQL(CREDITS, NO_CREDITS),
        migrations.RunSQL(VOIDINGS, NO_VOIDINGS),
        migrations.RunSQL(GROUNDS, NO_GROUNDS),
    ]
