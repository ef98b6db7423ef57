"""The law of late interest, held by the database against every login, and the figures it needs.

- A reference rate is fixed for one half-year (Korkolaki 633/1982, 12 §): a row never reaches into the next.
- Higher interest cannot be agreed with a consumer (2 § 2).
- A day of a receivable's interest is invoiced once.
"""

from __future__ import annotations

from datetime import date

from django.db import migrations

INTEREST = "Korkolaki 633/1982"
OWN = "Oma päätös"
FINLEX = "Lain teksti"
MEMORY = "Muistinvarainen, tarkista ennen käyttöönottoa"

# code, value, from, section, where it was read
FIGURES = (
    ("interest_wait", "30", "1983-01-01", f"{INTEREST}, 6 §", FINLEX),
    ("holiday_shift", "1", "1983-01-01", "Velkakirjalaki 622/1947, 5 §", MEMORY),
    ("day_count", "1", "1983-01-01", "Ei säädetty; sama kuin Helsingin kaupungin saatavissa", OWN),
    ("interest_threshold", "10", "1983-01-01", "Ei säädetty", OWN),
    ("allocation_consumer", "1", "1983-01-01", "Laki saatavien perinnästä 513/1999", MEMORY),
    ("allocation_business", "1", "1983-01-01", "Kauppakaari 9:5 §", MEMORY),
    ("limitation_warning", "90", "1983-01-01", "Ei säädetty", OWN),
    ("limitation_alarm", "30", "1983-01-01", "Ei säädetty", OWN),
)

HALF_YEAR = """
ALTER TABLE billing_rule ADD CONSTRAINT rule_reference_rate_half_year CHECK (
    code <> 'reference_rate' OR (
        valid_to IS NOT NULL AND extract(year FROM valid_from) = extract(year FROM valid_to)
        AND (extract(month FROM valid_from) <= 6) = (extract(month FROM valid_to) <= 6)));
"""
NO_HALF_YEAR = "ALTER TABLE billing_rule DROP CONSTRAINT rule_reference_rate_half_year;"

AGREED = """
CREATE FUNCTION billing_agreed_with_business() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = NEW.customer_id AND c.kind = 'private') THEN
        RAISE EXCEPTION 'higher late interest cannot be agreed with a consumer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_rate_not_with_consumer';
    END IF;
    IF NEW.receivable_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM billing_receivable r
            WHERE r.invoice_id = NEW.receivable_id AND r.customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'the receivable is another customer''s' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed_with_business BEFORE INSERT ON billing_agreedrate
    FOR EACH ROW EXECUTE FUNCTION billing_agreed_with_business();
"""
NO_AGREED = """
DROP TRIGGER agreed_with_business ON billing_agreedrate;
DROP FUNCTION billing_agreed_with_business();
"""

ONCE = """
CREATE FUNCTION billing_interest_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_interestperiod'), hashint8(NEW.receivable_id));
    IF EXISTS (SELECT 1 FROM billing_interestperiod p JOIN billing_invoice i ON i.id = p.invoice_id
                WHERE p.receivable_id = NEW.receivable_id AND p.id <> NEW.id
                  AND daterange(p.first, p.last, '[]') && daterange(NEW.first, NEW.last, '[]')
                  AND i.total + coalesce((SELECT sum(n.total) FROM billing_invoice n
                                           WHERE n.original_id = i.id AND n.number <> ''), 0) <> 0) THEN
        RAISE EXCEPTION 'this interest has been invoiced'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'interest_invoiced_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER interest_once BEFORE INSERT ON billing_interestperiod
    FOR EACH ROW EXECUTE FUNCTION billing_interest_once();
CREATE TRIGGER interest_periods_stay BEFORE UPDATE OR TRUNCATE ON billing_interestperiod
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
NO_ONCE = """
DROP TRIGGER interest_periods_stay ON billing_interestperiod;
DROP TRIGGER interest_once ON billing_interestperiod;
DROP FUNCTION billing_interest_once();
"""


def add(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    for code, value, valid_from, statute, source in FIGURES:
        rules.create(
            code=code, value=value, valid_from=date.fromisoformat(valid_from), statute=statute, source=source
        )


def remove(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    rules.filter(code__in=[figure[0] for figure in FIGURES]).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_interest")]

    operations = [
        migrations.RunSQL(HALF_YEAR, NO_HALF_YEAR),
        migrations.RunSQL(AGREED, NO_AGREED),
        migrations.RunSQL(ONCE, NO_ONCE),
        migrations.RunPython(add, remove),
    ]
