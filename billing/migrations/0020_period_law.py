"""What is locked stays locked: the database refuses anything dated on or before the standing lock's day.

Whoever issues or books holds the period open, by a shared advisory lock, until his transaction ends; locking waits
for him, and he who comes later sees the lock. (Kirjanpitolaki 1336/1997 2:7)
"""

from __future__ import annotations

from django.db import migrations

LOCKS = """
CREATE FUNCTION billing_locked_until() RETURNS date LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT max(l.until) FROM billing_periodlock l
     WHERE NOT EXISTS (SELECT FROM billing_periodunlock u WHERE u.lock_id = l.id)
$$;
CREATE FUNCTION billing_require_open(earliest date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('billing_period'));
    IF earliest <= billing_locked_until() THEN
        RAISE EXCEPTION 'the period is locked'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'period_is_locked';
    END IF;
END $$;

CREATE FUNCTION billing_issue_in_open_period() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM billing_require_open(NEW.issued_on);
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_in_open_period AFTER UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.number = '' AND NEW.number <> '') EXECUTE FUNCTION billing_issue_in_open_period();

CREATE FUNCTION billing_enter_in_open_period() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM billing_require_open((SELECT min(a."on") FROM added a));
    RETURN NULL;
END $$;
CREATE TRIGGER entries_in_open_period AFTER INSERT ON billing_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_enter_in_open_period();

CREATE FUNCTION billing_book_in_open_period() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM billing_require_open((SELECT min(a.booked_on) FROM added a));
    RETURN NULL;
END $$;
CREATE TRIGGER payments_in_open_period AFTER INSERT ON billing_payment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_book_in_open_period();

CREATE FUNCTION billing_lock_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_period'));
    RETURN NULL;
END $$;
CREATE TRIGGER period_locked_alone BEFORE INSERT ON billing_periodlock
    FOR EACH STATEMENT EXECUTE FUNCTION billing_lock_alone();
CREATE TRIGGER locks_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_periodlock
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER unlocks_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_periodunlock
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
NO_LOCKS = """
DROP TRIGGER unlocks_stay ON billing_periodunlock;
DROP TRIGGER locks_stay ON billing_periodlock;
DROP TRIGGER period_locked_alone ON billing_periodlock;
DROP FUNCTION billing_lock_alone();
DROP TRIGGER payments_in_open_period ON billing_payment;
DROP FUNCTION billing_book_in_open_period();
DROP TRIGGER entries_in_open_period ON billing_entry;
DROP FUNCTION billing_enter_in_open_period();
DROP TRIGGER invoice_in_open_period ON billing_invoice;
DROP FUNCTION billing_issue_in_open_period();
DROP FUNCTION billing_require_open(date);
DROP FUNCTION billing_locked_until();
"""

ACCOUNTS = (
    ("receivables", "1700"), ("bank", "1910"), ("unallocated", "2850"), ("sales", "3000"), ("vat", "2939"),
    ("loss", "8560"), ("difference", "8570"), ("interest", "9150"), ("fees", "3700"),
)  # fmt: skip
"""As in common Finnish charts; the company's own numbers are entered on the page "Accounts of the journal"."""


def add(apps, schema_editor):
    accounts = apps.get_model("billing", "JournalAccount").objects.using(schema_editor.connection.alias)
    for use, number in ACCOUNTS:
        accounts.create(use=use, number=number)


def remove(apps, schema_editor):
    apps.get_model("billing", "JournalAccount").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0019_periods")]

    operations = [migrations.RunSQL(LOCKS, NO_LOCKS), migrations.RunPython(add, remove)]
