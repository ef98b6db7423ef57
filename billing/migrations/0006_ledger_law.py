"""The law of the ledger, held by the database against every login and the tables' owner.

- What is open of a receivable and unallocated of a payment is the sum of the entries: set by a trigger as the
  tables' owner, writable by nobody; never below zero.
- Entries are added, never changed; what a receivable or payment was made with never changes.
- They may be deleted only when bookkeeping's years are over (Kirjanpitolaki 1336/1997 2:10) and nothing is open.
- At commit an issued invoice has its receivable.
- Two rows of one figure and tier are never in force on the same day.
"""

from __future__ import annotations

from django.db import migrations

KEPT = "(make_date(extract(year FROM {day})::int + 6, 12, 31) >= current_date)"

SUMS = """
CREATE FUNCTION billing_sum_up() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE billing_receivable r
       SET open = r.open + s.principal, costs = r.costs + s.costs,
           settled_on = CASE WHEN r.open + s.principal = 0 AND r.costs + s.costs = 0 THEN s.latest END
      FROM (SELECT receivable_id, coalesce(sum(amount) FILTER (WHERE part = 'principal'), 0) AS principal,
                   coalesce(sum(amount) FILTER (WHERE part = 'costs'), 0) AS costs, max("on") AS latest
              FROM added WHERE receivable_id IS NOT NULL GROUP BY receivable_id) s
     WHERE r.invoice_id = s.receivable_id;
    UPDATE billing_payment p SET unallocated = p.unallocated + s.moved
      FROM (SELECT payment_id, sum(amount) AS moved FROM added WHERE payment_id IS NOT NULL GROUP BY payment_id) s
     WHERE p.id = s.payment_id;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_sum_up AFTER INSERT ON billing_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_sum_up();

CREATE FUNCTION billing_begin_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'billing_payment' THEN
        NEW.unallocated := NEW.amount;
    ELSE
        NEW.open := 0;
        NEW.costs := 0;
        NEW.settled_on := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receivable_begins BEFORE INSERT ON billing_receivable
    FOR EACH ROW EXECUTE FUNCTION billing_begin_sums();
CREATE TRIGGER payment_begins BEFORE INSERT ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION billing_begin_sums();
"""
NO_SUMS = """
DROP TRIGGER entries_sum_up ON billing_entry;
DROP FUNCTION billing_sum_up();
DROP TRIGGER receivable_begins ON billing_receivable;
DROP TRIGGER payment_begins ON billing_payment;
DROP FUNCTION billing_begin_sums();
"""

REFUSALS = f"""
CREATE TRIGGER entries_stay BEFORE UPDATE OR TRUNCATE ON billing_entry
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER receivables_stay BEFORE TRUNCATE ON billing_receivable
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER payments_stay BEFORE TRUNCATE ON billing_payment
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();

CREATE FUNCTION billing_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {KEPT.format(day='OLD."on"')} THEN
        RAISE EXCEPTION 'a ledger entry stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER entry_guarded BEFORE DELETE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_guard_entry();

CREATE FUNCTION billing_guard_receivable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.open <> 0 OR OLD.costs <> 0 OR {KEPT.format(day="OLD.issued_on")} THEN
            RAISE EXCEPTION 'a receivable stays' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.invoice_id, NEW.customer_id, NEW.number, NEW.issued_on, NEW.amount)
       IS DISTINCT FROM (OLD.invoice_id, OLD.customer_id, OLD.number, OLD.issued_on, OLD.amount) THEN
        RAISE EXCEPTION 'a receivable is what its invoice says' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receivable_guarded BEFORE UPDATE OR DELETE ON billing_receivable
    FOR EACH ROW EXECUTE FUNCTION billing_guard_receivable();

CREATE FUNCTION billing_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.unallocated <> 0 OR {KEPT.format(day="OLD.booked_on")} THEN
            RAISE EXCEPTION 'a payment stays' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.amount, NEW.paid_on, NEW.booked_on, NEW.source, NEW.account, NEW.archive_id, NEW.reference)
       IS DISTINCT FROM
       (OLD.amount, OLD.paid_on, OLD.booked_on, OLD.source, OLD.account, OLD.archive_id, OLD.reference) THEN
        RAISE EXCEPTION 'a payment is what the bank says' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_guarded BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION billing_guard_payment();
"""
NO_REFUSALS = """
DROP TRIGGER entries_stay ON billing_entry;
DROP TRIGGER receivables_stay ON billing_receivable;
DROP TRIGGER payments_stay ON billing_payment;
DROP TRIGGER entry_guarded ON billing_entry;
DROP FUNCTION billing_guard_entry();
DROP TRIGGER receivable_guarded ON billing_receivable;
DROP FUNCTION billing_guard_receivable();
DROP TRIGGER payment_guarded ON billing_payment;
DROP FUNCTION billing_guard_payment();
"""

# What was issued before there was a ledger.
CATCH_UP = """
INSERT INTO billing_receivable (invoice_id, customer_id, debtor, number, issued_on, due_on, due_basis, amount,
                                open, costs)
SELECT i.id, i.customer_id, CASE c.kind WHEN 'private' THEN 'consumer' ELSE 'business' END, i.number, i.issued_on,
       i.due_on, i.due_basis, i.total, 0, 0
  FROM billing_invoice i JOIN customers_customer c ON c.id = i.customer_id
 WHERE i.number <> '' AND i.kind <> 'credit_note';
INSERT INTO billing_paymentreference (key, receivable_id)
SELECT i.reference, i.id FROM billing_invoice i WHERE i.number <> '' AND i.kind <> 'credit_note';
INSERT INTO billing_entry (kind, part, receivable_id, document_id, amount, "on", reason, entered_by_id, entered_at)
SELECT CASE i.kind WHEN 'credit_note' THEN 'credit' ELSE 'invoice' END, 'principal',
       coalesce(i.original_id, i.id), i.id, i.total, i.issued_on, '', i.issued_by_id, now()
  FROM billing_invoice i WHERE i.number <> '' AND i.total <> 0 ORDER BY i.id;
-- What these rows defer to the commit is looked at now: a table with waiting triggers cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
"""

AT_COMMIT = """
CREATE FUNCTION billing_receivable_is_there() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = NEW.id AND i.number <> '')
       AND NOT EXISTS (SELECT 1 FROM billing_receivable r WHERE r.invoice_id = NEW.id) THEN
        RAISE EXCEPTION 'an issued invoice has its receivable' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoice_has_receivable AFTER UPDATE ON billing_invoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.number <> '' AND NEW.kind <> 'credit_note')
    EXECUTE FUNCTION billing_receivable_is_there();
"""
NOT_AT_COMMIT = """
DROP TRIGGER invoice_has_receivable ON billing_invoice;
DROP FUNCTION billing_receivable_is_there();
"""

RULES = """
CREATE FUNCTION billing_one_rule_a_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_rule'));
    IF EXISTS (SELECT 1 FROM billing_rule r
                WHERE r.code = NEW.code AND r.above = NEW.above AND r.id <> NEW.id
                  AND daterange(r.valid_from, r.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]'))
    THEN
        RAISE EXCEPTION 'two rows of a figure on one day'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'rule_one_a_day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_rule_a_day BEFORE INSERT OR UPDATE ON billing_rule
    FOR EACH ROW EXECUTE FUNCTION billing_one_rule_a_day();
"""
NO_RULES = "DROP TRIGGER one_rule_a_day ON billing_rule; DROP FUNCTION billing_one_rule_a_day();"


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_ledger"), ("customers", "0009_erased")]

    operations = [
        migrations.RunSQL(SUMS, NO_SUMS),
        migrations.RunSQL(REFUSALS, NO_REFUSALS),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
        migrations.RunSQL(AT_COMMIT, NOT_AT_COMMIT),
        migrations.RunSQL(RULES, NO_RULES),
    ]
