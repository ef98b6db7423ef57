"""Accounts for what agencies got, reports for the payments that were reported before, and what stays as it was.

A settlement is taken back by the entry that takes its own back; a report only learns by which it was settled.
"""

from __future__ import annotations

from django.db import migrations

ACCOUNTS = (("agency", "1780"), ("agency_fees", "8550"))
"""As in common Finnish charts; the company's own numbers are entered on the page "Accounts of the journal"."""

# The agency is that of the latest handover before the report.
CATCH_UP = """
INSERT INTO billing_agencyreport (payment_id, agency_id)
SELECT DISTINCT ON (p.id) p.id, h.agency_id
  FROM billing_payment p JOIN billing_collectioncase c ON c.customer_id = p.customer_id
  JOIN billing_handover h ON h.case_id = c.id AND h.at <= p.entered_at
 WHERE p.source = 'agency' ORDER BY p.id, h.at DESC;
SET CONSTRAINTS ALL IMMEDIATE;
"""
STAY = """
CREATE TRIGGER settlements_stay BEFORE UPDATE OR TRUNCATE ON billing_agencysettlement
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER agency_interest_stays BEFORE UPDATE OR TRUNCATE ON billing_agencyinterest
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();

CREATE FUNCTION billing_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.payment_id, NEW.agency_id) IS DISTINCT FROM (OLD.payment_id, OLD.agency_id) THEN
        RAISE EXCEPTION 'a report is what the agency said' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_guarded BEFORE UPDATE ON billing_agencyreport
    FOR EACH ROW EXECUTE FUNCTION billing_guard_report();
"""
FREE = """
DROP TRIGGER settlements_stay ON billing_agencysettlement;
DROP TRIGGER agency_interest_stays ON billing_agencyinterest;
DROP TRIGGER report_guarded ON billing_agencyreport;
DROP FUNCTION billing_guard_report();
"""


def add(apps, schema_editor):
    accounts = apps.get_model("billing", "JournalAccount").objects.using(schema_editor.connection.alias)
    for use, number in ACCOUNTS:
        accounts.create(use=use, number=number)


def remove(apps, schema_editor):
    accounts = apps.get_model("billing", "JournalAccount").objects.using(schema_editor.connection.alias)
    accounts.filter(use__in=[use for use, _number in ACCOUNTS]).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0029_agencies_money")]

    operations = [
        migrations.RunPython(add, remove),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
        migrations.RunSQL(STAY, FREE),
    ]
