"""The law of invoices, held by the database against every login and the tables' owner.

- A row is born as a draft. Issuing is the one change that gives it a number, and the number must be the next
  of its series: no gap can be made, not even by SQL typed by hand.
- What was issued, its lines and its PDF are never changed. They may be deleted, whole, only after the day to
  which bookkeeping keeps them (Kirjanpitolaki 1336/1997 2:10), and nothing can be issued with an earlier day.
- At commit an issued document has its PDF, and a series' last number is on a document.
- Two rates of one VAT group are never in force on the same day.
"""

from __future__ import annotations

from django.db import migrations

REFUSAL = """
CREATE FUNCTION billing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% cannot be emptied or rewritten', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoices_stay BEFORE TRUNCATE ON billing_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER lines_stay BEFORE TRUNCATE ON billing_invoiceline
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER pdfs_stay BEFORE UPDATE OR TRUNCATE ON billing_invoicepdf
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER series_stay BEFORE DELETE OR TRUNCATE ON billing_series
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
NO_REFUSAL = """
DROP TRIGGER invoices_stay ON billing_invoice;
DROP TRIGGER lines_stay ON billing_invoiceline;
DROP TRIGGER pdfs_stay ON billing_invoicepdf;
DROP TRIGGER series_stay ON billing_series;
DROP FUNCTION billing_refuse();
"""

KEPT_LONG_ENOUGH = """
ALTER TABLE billing_invoice ADD CONSTRAINT issued_is_kept_by_law
    CHECK (number = '' OR kept_until >= (make_date(extract(year FROM issued_on)::int, 12, 31)
                                         + interval '6 years')::date);
"""
NOT_KEPT = "ALTER TABLE billing_invoice DROP CONSTRAINT issued_is_kept_by_law;"

INVOICE = """
CREATE FUNCTION billing_guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.number <> '' THEN
            RAISE EXCEPTION 'an invoice begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.number <> '' THEN
        IF TG_OP = 'DELETE' AND OLD.kept_until < current_date THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'an issued invoice cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.number <> '' THEN
        SELECT s.last INTO taken FROM billing_series s
         WHERE s.id = NEW.series_id AND s.kind = NEW.kind AND s.year = extract(year FROM NEW.issued_on);
        IF taken IS NULL OR NEW.sequence IS NULL OR taken < NEW.sequence OR (NEW.sequence > 1 AND NOT EXISTS (
               SELECT 1 FROM billing_invoice i
                WHERE i.series_id = NEW.series_id AND i.sequence = NEW.sequence - 1)) THEN
            RAISE EXCEPTION 'not the next number of its series' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.issued_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_guarded BEFORE INSERT OR UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_guard_invoice();
"""
NO_INVOICE = "DROP TRIGGER invoice_guarded ON billing_invoice; DROP FUNCTION billing_guard_invoice();"

PARTS = """
-- As the tables' owner: locking the invoice asks for more than a login needs that may only delete drafts.
CREATE FUNCTION billing_guard_line() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent bigint;
    issued text;
    until date;
BEGIN
    FOREACH parent IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.invoice_id]
                                       WHEN 'DELETE' THEN ARRAY[OLD.invoice_id]
                                       ELSE ARRAY[OLD.invoice_id, NEW.invoice_id] END LOOP
        SELECT i.number, i.kept_until INTO issued, until FROM billing_invoice i WHERE i.id = parent FOR SHARE;
        IF issued <> '' AND NOT (TG_OP = 'DELETE' AND until < current_date) THEN
            RAISE EXCEPTION 'the lines of an issued invoice cannot be changed'
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER line_guarded BEFORE INSERT OR UPDATE OR DELETE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_guard_line();

ALTER TABLE billing_invoicepdf ADD CONSTRAINT pdf_fingerprint
    CHECK (sha256 = encode(sha256(content), 'hex'));
CREATE FUNCTION billing_guard_pdf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM billing_invoice i
                        WHERE i.id = NEW.invoice_id AND i.number <> '' AND i.sha256 = NEW.sha256) THEN
            RAISE EXCEPTION 'not the PDF of an issued invoice' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = OLD.invoice_id AND i.kept_until >= current_date) THEN
        RAISE EXCEPTION 'the PDF of an issued invoice cannot be removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER pdf_guarded BEFORE INSERT OR DELETE ON billing_invoicepdf
    FOR EACH ROW EXECUTE FUNCTION billing_guard_pdf();
"""
NO_PARTS = """
DROP TRIGGER line_guarded ON billing_invoiceline;
DROP FUNCTION billing_guard_line();
DROP TRIGGER pdf_guarded ON billing_invoicepdf;
DROP FUNCTION billing_guard_pdf();
ALTER TABLE billing_invoicepdf DROP CONSTRAINT pdf_fingerprint;
"""

AT_COMMIT = """
CREATE FUNCTION billing_pdf_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = NEW.id AND i.number <> '')
       AND NOT EXISTS (SELECT 1 FROM billing_invoicepdf p WHERE p.invoice_id = NEW.id) THEN
        RAISE EXCEPTION 'an issued invoice has its PDF' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoice_has_pdf AFTER UPDATE ON billing_invoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.number <> '')
    EXECUTE FUNCTION billing_pdf_is_there();

CREATE FUNCTION billing_series_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last < OLD.last OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year THEN
        RAISE EXCEPTION 'a number series only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER series_grows BEFORE UPDATE ON billing_series
    FOR EACH ROW EXECUTE FUNCTION billing_series_grows();

CREATE FUNCTION billing_last_number_is_used() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reached integer := (SELECT s.last FROM billing_series s WHERE s.id = NEW.id);
BEGIN
    IF reached <> 0 AND NOT EXISTS (
           SELECT 1 FROM billing_invoice i WHERE i.series_id = NEW.id AND i.sequence = reached) THEN
        RAISE EXCEPTION 'the last number of a series is on a document' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER series_without_gap AFTER INSERT OR UPDATE ON billing_series
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_last_number_is_used();
"""
NOT_AT_COMMIT = """
DROP TRIGGER invoice_has_pdf ON billing_invoice;
DROP FUNCTION billing_pdf_is_there();
DROP TRIGGER series_grows ON billing_series;
DROP FUNCTION billing_series_grows();
DROP TRIGGER series_without_gap ON billing_series;
DROP FUNCTION billing_last_number_is_used();
"""

RATES = """
CREATE FUNCTION billing_one_rate_a_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_vatrate'));
    IF EXISTS (SELECT 1 FROM billing_vatrate r
                WHERE r.code = NEW.code AND r.id <> NEW.id
                  AND daterange(r.valid_from, r.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]'))
    THEN
        RAISE EXCEPTION 'two rates of a VAT group on one day'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'vat_rate_one_a_day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_rate_a_day BEFORE INSERT OR UPDATE ON billing_vatrate
    FOR EACH ROW EXECUTE FUNCTION billing_one_rate_a_day();
"""
NO_RATES = "DROP TRIGGER one_rate_a_day ON billing_vatrate; DROP FUNCTION billing_one_rate_a_day();"


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSAL, NO_REFUSAL),
        migrations.RunSQL(KEPT_LONG_ENOUGH, NOT_KEPT),
        migrations.RunSQL(INVOICE, NO_INVOICE),
        migrations.RunSQL(PARTS, NO_PARTS),
        migrations.RunSQL(AT_COMMIT, NOT_AT_COMMIT),
        migrations.RunSQL(RATES, NO_RATES),
    ]
