"""A payment begins with what the ledger has of it already, so that many may be written with their entries before them.

Written the other way round each payment is written twice, with all its indexes.
"""

from __future__ import annotations

from django.db import migrations

BEGIN = """
CREATE OR REPLACE FUNCTION billing_begin_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'billing_payment' THEN
        NEW.unallocated := NEW.amount{entries};
    ELSE
        NEW.open := 0;
        NEW.costs := 0;
        NEW.settled_on := NULL;
    END IF;
    RETURN NEW;
END $$;
"""
ENTRIES = """
            + coalesce((SELECT sum(e.amount) FROM billing_entry e WHERE e.payment_id = NEW.id), 0)"""

KEYS = """
CREATE FUNCTION billing_payment_keys(number int) RETURNS SETOF bigint LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT nextval(pg_get_serial_sequence('billing_payment', 'id')) FROM generate_series(1, number)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0038_losses_are_steps")]

    operations = [
        migrations.RunSQL(BEGIN.format(entries=ENTRIES), BEGIN.format(entries="")),
        migrations.RunSQL(KEYS, "DROP FUNCTION billing_payment_keys(int);"),
    ]
