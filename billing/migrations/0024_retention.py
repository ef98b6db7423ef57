"""The law of what is erased when its years are over (Kirjanpitolaki 1336/1997 2:10).

- Vouchers keep six years from the end of the year in which the financial year ended. Then texts, snapshots, papers,
  letters and cases may go; of an issued document its numbers, days and sums stay, and are never changed.
- Books keep ten years from the end of the financial year. Only then may documents, receivables, payments and entries
  be deleted.
- Which day it is, the database says itself (`register_today`): no login can bring its own clock.
"""

from __future__ import annotations

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

DAYS = """
CREATE FUNCTION billing_vouchers_over(day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT make_date(extract(year FROM day)::int + 6, 12, 31) < register_today()
$$;

-- As register.categories.Statute reckons it.
CREATE FUNCTION billing_books_over(day date) RETURNS boolean LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    months integer;
    days integer;
    begins date;
    ends date;
BEGIN
    SELECT r.financial_year_end_month, r.financial_year_end_day INTO months, days
      FROM register_registrar r ORDER BY r.id LIMIT 1;
    begins := make_date(extract(year FROM day)::int, coalesce(months, 12), 1);
    FOR following IN 0..1 LOOP
        ends := least((begins + make_interval(years => following))::date + coalesce(days, 31) - 1,
                      (begins + make_interval(years => following, months => 1))::date - 1);
        EXIT WHEN day <= ends;
    END LOOP;
    RETURN (ends + interval '10 years')::date < register_today();
END $$;
"""
NO_DAYS = """
DROP FUNCTION billing_books_over(date);
DROP FUNCTION billing_vouchers_over(date);
"""

EMPTYING = """
-- Whether an update does nothing but empty some of the named columns.
CREATE FUNCTION billing_only_empties(was jsonb, becomes jsonb, VARIADIC names text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT was - names = becomes - names AND NOT EXISTS (
        SELECT FROM unnest(names) AS n (name)
         WHERE was -> n.name IS DISTINCT FROM becomes -> n.name AND coalesce(becomes ->> n.name, '') <> '')
$$;
-- What is left of a document's snapshot: what it came to at each VAT rate (billing.inventory.figures).
CREATE FUNCTION billing_figures(snapshot jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('vat_lines', coalesce(jsonb_agg(jsonb_build_object(
               'vat_category', l.line -> 'vat_category', 'vat_rate', l.line -> 'vat_rate',
               'net', l.line -> 'net', 'vat', l.line -> 'vat') ORDER BY l.place), '[]'))
      FROM jsonb_array_elements(snapshot -> 'vat_lines') WITH ORDINALITY AS l (line, place)
$$;
"""
NO_EMPTYING = """
DROP FUNCTION billing_figures(jsonb);
DROP FUNCTION billing_only_empties(jsonb, jsonb, text[]);
"""

INVOICE = """
CREATE OR REPLACE FUNCTION billing_guard_invoice() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
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
        {over}
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
"""
OVER = """
        IF OLD.kept_until < register_today() THEN
            IF TG_OP = 'DELETE' AND billing_books_over(OLD.issued_on) THEN
                RETURN OLD;
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.snapshot IN (OLD.snapshot, billing_figures(OLD.snapshot))
               AND billing_only_empties(to_jsonb(OLD) - 'snapshot', to_jsonb(NEW) - 'snapshot', 'subject',
                       'buyer_reference', 'order_number', 'note', 'vat_reason', 'discount_reason') THEN
                RETURN NEW;
            END IF;
        END IF;"""
WAS_OVER = """
        IF TG_OP = 'DELETE' AND OLD.kept_until < current_date THEN
            RETURN OLD;
        END IF;"""

LINE = """
CREATE OR REPLACE FUNCTION billing_guard_line() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent bigint;
    issued text;
    until date;
    day date;
BEGIN
    FOREACH parent IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.invoice_id]
                                       WHEN 'DELETE' THEN ARRAY[OLD.invoice_id]
                                       ELSE ARRAY[OLD.invoice_id, NEW.invoice_id] END LOOP
        SELECT i.number, i.kept_until, i.issued_on INTO issued, until, day
          FROM billing_invoice i WHERE i.id = parent FOR SHARE;
        CONTINUE WHEN coalesce(issued, '') = '';
        IF {stays} THEN
            RAISE EXCEPTION 'the lines of an issued invoice cannot be changed'
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
LINE_STAYS = """until >= register_today() OR TG_OP = 'INSERT'
           OR (TG_OP = 'DELETE' AND NOT billing_books_over(day))
           OR (TG_OP = 'UPDATE'
               AND NOT billing_only_empties(to_jsonb(OLD), to_jsonb(NEW), 'description', 'neutral'))"""
LINE_STAYED = "NOT (TG_OP = 'DELETE' AND until < current_date)"

PDF = """
CREATE OR REPLACE FUNCTION billing_guard_pdf() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM billing_invoice i
                        WHERE i.id = NEW.invoice_id AND i.number <> '' AND i.sha256 = NEW.sha256) THEN
            RAISE EXCEPTION 'not the PDF of an issued invoice' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = OLD.invoice_id AND i.kept_until >= {today}) THEN
        RAISE EXCEPTION 'the PDF of an issued invoice cannot be removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE OR REPLACE FUNCTION billing_pdf_is_there() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = NEW.id AND i.number <> '' {whole})
       AND NOT EXISTS (SELECT 1 FROM billing_invoicepdf p WHERE p.invoice_id = NEW.id) THEN
        RAISE EXCEPTION 'an issued invoice has its PDF' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""
WHOLE = "AND NOT (i.kept_until < register_today() AND i.snapshot = billing_figures(i.snapshot))"

FILE = """
CREATE OR REPLACE FUNCTION billing_guard_file() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    issued text;
    until date;
BEGIN
    SELECT i.number, i.kept_until INTO issued, until FROM billing_invoice i
     WHERE i.id = CASE TG_OP WHEN 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END FOR SHARE;
    IF issued <> '' AND NOT (TG_OP = 'DELETE' AND until < {today}) THEN
        RAISE EXCEPTION 'the files of an issued invoice cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

VOIDING = """
CREATE OR REPLACE FUNCTION billing_guard_voiding() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    {stays}
    IF NOT EXISTS (SELECT 1 FROM billing_invoice n JOIN billing_invoice i ON i.id = n.original_id
                    WHERE n.id = NEW.note_id AND i.id = NEW.invoice_id AND n.number <> '' AND n.total = -i.total)
       OR EXISTS (SELECT 1 FROM billing_sending s WHERE s.invoice_id = NEW.invoice_id AND s.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION 'only what was credited in full before it was sent is voided'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
VOIDING_STAYS = """
    IF TG_OP <> 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = OLD.invoice_id AND i.kept_until < register_today()
                          AND CASE TG_OP WHEN 'DELETE' THEN billing_books_over(i.issued_on)
                              ELSE billing_only_empties(to_jsonb(OLD), to_jsonb(NEW), 'reason') END) THEN
            RAISE EXCEPTION 'the record of a voided number cannot be removed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;"""
VOIDING_STAYED = """
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = OLD.invoice_id AND i.kept_until >= current_date) THEN
            RAISE EXCEPTION 'the record of a voided number cannot be removed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;"""
VOIDING_TRIGGERS = """
DROP TRIGGER voiding_guarded ON billing_voiding;
DROP TRIGGER voidings_stay ON billing_voiding;
CREATE TRIGGER voiding_guarded BEFORE INSERT OR {update}DELETE ON billing_voiding
    FOR EACH ROW EXECUTE FUNCTION billing_guard_voiding();
CREATE TRIGGER voidings_stay BEFORE {refused}TRUNCATE ON billing_voiding
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""

LEDGER = """
CREATE OR REPLACE FUNCTION billing_guard_entry() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    {entry}
END $$;

CREATE OR REPLACE FUNCTION billing_guard_receivable() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.open <> 0 OR OLD.costs <> 0 OR {issued_on} THEN
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

CREATE OR REPLACE FUNCTION billing_guard_payment() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.unallocated <> 0 OR {booked_on} THEN
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
"""
ENTRY = """
    IF TG_OP = 'DELETE' AND billing_books_over(OLD."on") THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND billing_vouchers_over(OLD."on")
       AND billing_only_empties(to_jsonb(OLD), to_jsonb(NEW), 'reason') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a ledger entry stays' USING ERRCODE = 'restrict_violation';"""
WAS_ENTRY = """
    IF (make_date(extract(year FROM OLD."on")::int + 6, 12, 31) >= current_date) THEN
        RAISE EXCEPTION 'a ledger entry stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;"""
ENTRY_TRIGGERS = """
DROP TRIGGER entry_guarded ON billing_entry;
DROP TRIGGER entries_stay ON billing_entry;
CREATE TRIGGER entry_guarded BEFORE {update}DELETE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_guard_entry();
CREATE TRIGGER entries_stay BEFORE {refused}TRUNCATE ON billing_entry
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""

KEPT = """
CREATE OR REPLACE FUNCTION billing_guard_kept() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
DECLARE
    day date := (to_jsonb(OLD) ->> TG_ARGV[0])::date;
BEGIN
    IF {over} THEN
        RAISE EXCEPTION 'a row of % stays', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION billing_guard_reminder_item() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent billing_reminder%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM billing_reminder
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.reminder_id ELSE NEW.reminder_id END;
    IF TG_OP = 'DELETE' THEN
        IF {parent} THEN
            RAISE EXCEPTION 'the debts of a reminder stay' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF parent.state <> 'approved' OR (TG_OP = 'UPDATE' AND (
           (NEW.reminder_id, NEW.receivable_id) IS DISTINCT FROM (OLD.reminder_id, OLD.receivable_id)
           OR NEW.fee > OLD.fee)) THEN
        RAISE EXCEPTION 'a reminder that was made cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION billing_guard_reminder_pdf() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent billing_reminder%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM billing_reminder
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.reminder_id ELSE NEW.reminder_id END;
    IF TG_OP = 'INSERT' AND parent.sha256 = NEW.sha256 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND NOT {parent} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the PDF of a reminder stays as it was made' USING ERRCODE = 'restrict_violation';
END $$;
"""
YEARS = "(make_date(extract(year FROM {day})::int + 6, 12, 31) >= current_date)"

VOUCHERS = {"sending": "queued_at", "casestep": "on", "handover": "on", "refund": "proposed_at"}
BOOKS = {"charge": "on", "waiver": "on", "creditloss": "on", "interestperiod": "first", "collectioncase": "opened_on"}
"""Tables whose rows the database kept without a day, or with the vouchers', until now."""
ALSO = "".join(
    f"""
CREATE TRIGGER {table}_kept BEFORE DELETE ON billing_{table}
    FOR EACH ROW EXECUTE FUNCTION billing_guard_kept('{day}'{years});
"""
    for tables, years in ((VOUCHERS, ""), (BOOKS, ", 'books'"))
    for table, day in tables.items()
)
WITHOUT = "".join(f"DROP TRIGGER {table}_kept ON billing_{table};" for table in ("charge", "waiver"))
NOT_ALSO = "".join(f"DROP TRIGGER {table}_kept ON billing_{table};" for table in VOUCHERS | BOOKS) + "".join(
    f"""
CREATE TRIGGER {table}_kept BEFORE DELETE ON billing_{table}
    FOR EACH ROW EXECUTE FUNCTION billing_guard_kept('on');
"""
    for table in ("charge", "waiver")
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0023_value_date"), ("register", "0007_retention")]

    operations = [
        migrations.RunSQL(DAYS, NO_DAYS),
        migrations.RunSQL(EMPTYING, NO_EMPTYING),
        migrations.RunSQL(
            INVOICE.format(definer=DEFINER, over=OVER), INVOICE.format(definer="", over=WAS_OVER)
        ),
        migrations.RunSQL(LINE.format(stays=LINE_STAYS), LINE.format(stays=LINE_STAYED)),
        migrations.RunSQL(
            PDF.format(definer=DEFINER, today="register_today()", whole=WHOLE),
            PDF.format(definer="", today="current_date", whole=""),
        ),
        migrations.RunSQL(FILE.format(today="register_today()"), FILE.format(today="current_date")),
        migrations.RunSQL(
            VOIDING.format(definer=DEFINER, stays=VOIDING_STAYS),
            VOIDING.format(definer="", stays=VOIDING_STAYED),
        ),
        migrations.RunSQL(
            VOIDING_TRIGGERS.format(update="UPDATE OR ", refused=""),
            VOIDING_TRIGGERS.format(update="", refused="UPDATE OR "),
        ),
        migrations.RunSQL(
            LEDGER.format(
                definer=DEFINER,
                entry=ENTRY,
                issued_on="NOT billing_books_over(OLD.issued_on)",
                booked_on="NOT billing_books_over(OLD.booked_on)",
            ),
            LEDGER.format(
                definer="",
                entry=WAS_ENTRY,
                issued_on=YEARS.format(day="OLD.issued_on"),
                booked_on=YEARS.format(day="OLD.booked_on"),
            ),
        ),
        migrations.RunSQL(
            ENTRY_TRIGGERS.format(update="UPDATE OR ", refused=""),
            ENTRY_TRIGGERS.format(update="", refused="UPDATE OR "),
        ),
        migrations.RunSQL(
            KEPT.format(
                definer=DEFINER,
                over="NOT (CASE WHEN TG_NARGS > 1 THEN billing_books_over(day) ELSE billing_vouchers_over(day) END)",
                parent="(NOT billing_vouchers_over(parent.\"on\"))",
            ),
            KEPT.format(
                definer="", over=YEARS.format(day="day"), parent=YEARS.format(day='parent."on"')
            ),
        ),
        migrations.RunSQL(WITHOUT + ALSO, NOT_ALSO),
    ]
