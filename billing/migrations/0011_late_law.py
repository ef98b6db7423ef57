"""The law of reminders and their costs, held by the database against every login and the tables' owner.

- A reminder changes once: from approved to made or dropped. Then it stays, with its debts and its PDF.
- A collection cost names the row of the rules that allows it, in force on its day and for its debtor, and is never
  above it; what came to the ledger is in one entry of that amount.
- A plan's instalments add up to its amount at commit.
- Disputes, agreements, holds and their ends are added, never changed; they go when bookkeeping's years are over.
"""

from __future__ import annotations

from datetime import date

from django.db import migrations

KEPT_ROWS = {
    "dispute": "since", "resolution": "on", "extension": "agreed_on", "plan": "agreed_on", "instalment": "due_on",
    "planend": "on", "hold": "since", "lifting": "on", "charge": "on", "waiver": "on",
}  # fmt: skip
"""Tables whose rows are added and stay, with the day from which their years run."""

KEPT = """
CREATE FUNCTION billing_guard_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := (to_jsonb(OLD) ->> TG_ARGV[0])::date;
BEGIN
    IF make_date(extract(year FROM day)::int + 6, 12, 31) >= current_date THEN
        RAISE EXCEPTION 'a row of % stays', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE ON billing_{table}
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON billing_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER {table}_kept BEFORE DELETE ON billing_{table}
    FOR EACH ROW EXECUTE FUNCTION billing_guard_kept('{day}');
"""
    for table, day in KEPT_ROWS.items()
)
NOT_KEPT = (
    "".join(
        f"DROP TRIGGER {table}_stays ON billing_{table}; DROP TRIGGER {table}_whole ON billing_{table}; "
        f"DROP TRIGGER {table}_kept ON billing_{table};"
        for table in KEPT_ROWS
    )
    + "DROP FUNCTION billing_guard_kept();"
)

CHARGES = """
CREATE FUNCTION billing_guard_charge() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed billing_rule%ROWTYPE;
    whose text := (SELECT r.debtor FROM billing_receivable r WHERE r.invoice_id = NEW.receivable_id);
BEGIN
    SELECT * INTO allowed FROM billing_rule WHERE id = NEW.rule_id;
    IF allowed.code IS DISTINCT FROM
       (CASE NEW.kind WHEN 'reminder' THEN 'reminder_fee_' WHEN 'compensation' THEN 'compensation_'
                      WHEN 'extension' THEN 'extension_fee_' WHEN 'plan' THEN 'plan_fee_' END || whose)
       OR NEW."on" < allowed.valid_from OR NEW."on" > allowed.valid_to OR NEW.amount > allowed.value THEN
        RAISE EXCEPTION 'no rule allows this cost' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.entry_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM billing_entry e WHERE e.id = NEW.entry_id AND e.receivable_id = NEW.receivable_id
              AND e.amount = NEW.posted AND e.part = 'costs') THEN
        RAISE EXCEPTION 'a cost is in the ledger as it was posted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charge_guarded BEFORE INSERT ON billing_charge
    FOR EACH ROW EXECUTE FUNCTION billing_guard_charge();
"""
NO_CHARGES = "DROP TRIGGER charge_guarded ON billing_charge; DROP FUNCTION billing_guard_charge();"

REMINDERS = """
CREATE TRIGGER reminders_stay BEFORE TRUNCATE ON billing_reminder
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER reminder_items_stay BEFORE TRUNCATE ON billing_reminderitem
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER reminder_pdfs_stay BEFORE UPDATE OR TRUNCATE ON billing_reminderpdf
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER reminder_kept BEFORE DELETE ON billing_reminder
    FOR EACH ROW EXECUTE FUNCTION billing_guard_kept('on');

CREATE FUNCTION billing_guard_reminder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'approved' THEN
            RAISE EXCEPTION 'a reminder begins approved' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'approved' THEN
        RAISE EXCEPTION 'a reminder that was made cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.run_id, NEW.customer_id, NEW.level, NEW.language, NEW."on")
       IS DISTINCT FROM (OLD.run_id, OLD.customer_id, OLD.level, OLD.language, OLD."on") THEN
        RAISE EXCEPTION 'a reminder is what was approved' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reminder_guarded BEFORE INSERT OR UPDATE ON billing_reminder
    FOR EACH ROW EXECUTE FUNCTION billing_guard_reminder();

CREATE FUNCTION billing_guard_reminder_item() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent billing_reminder%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM billing_reminder
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.reminder_id ELSE NEW.reminder_id END;
    IF TG_OP = 'DELETE' THEN
        IF make_date(extract(year FROM parent."on")::int + 6, 12, 31) >= current_date THEN
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
CREATE TRIGGER reminder_item_guarded BEFORE INSERT OR UPDATE OR DELETE ON billing_reminderitem
    FOR EACH ROW EXECUTE FUNCTION billing_guard_reminder_item();

ALTER TABLE billing_reminderpdf ADD CONSTRAINT reminder_pdf_fingerprint
    CHECK (sha256 = encode(sha256(content), 'hex'));
CREATE FUNCTION billing_guard_reminder_pdf() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent billing_reminder%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM billing_reminder
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.reminder_id ELSE NEW.reminder_id END;
    IF TG_OP = 'INSERT' AND parent.sha256 = NEW.sha256 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND make_date(extract(year FROM parent."on")::int + 6, 12, 31) < current_date THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the PDF of a reminder stays as it was made' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reminder_pdf_guarded BEFORE INSERT OR DELETE ON billing_reminderpdf
    FOR EACH ROW EXECUTE FUNCTION billing_guard_reminder_pdf();
"""
NO_REMINDERS = """
DROP TRIGGER reminders_stay ON billing_reminder;
DROP TRIGGER reminder_items_stay ON billing_reminderitem;
DROP TRIGGER reminder_pdfs_stay ON billing_reminderpdf;
DROP TRIGGER reminder_kept ON billing_reminder;
DROP TRIGGER reminder_guarded ON billing_reminder;
DROP FUNCTION billing_guard_reminder();
DROP TRIGGER reminder_item_guarded ON billing_reminderitem;
DROP FUNCTION billing_guard_reminder_item();
ALTER TABLE billing_reminderpdf DROP CONSTRAINT reminder_pdf_fingerprint;
DROP TRIGGER reminder_pdf_guarded ON billing_reminderpdf;
DROP FUNCTION billing_guard_reminder_pdf();
"""

AT_COMMIT = """
CREATE FUNCTION billing_plan_adds_up() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_plan p WHERE p.id = NEW.id AND p.amount IS DISTINCT FROM
                   (SELECT sum(i.amount) FROM billing_instalment i WHERE i.plan_id = p.id)) THEN
        RAISE EXCEPTION 'instalments add up to their plan' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_adds_up AFTER INSERT ON billing_plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_plan_adds_up();

CREATE FUNCTION billing_instalment_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_plan p WHERE p.id = NEW.plan_id AND p.amount IS DISTINCT FROM
                   (SELECT sum(i.amount) FROM billing_instalment i WHERE i.plan_id = p.id))
       OR NOT EXISTS (SELECT 1 FROM billing_plan p JOIN billing_paymentreference f
                          ON f.receivable_id = p.receivable_id
                       WHERE p.id = NEW.plan_id AND f.id = NEW.reference_id) THEN
        RAISE EXCEPTION 'instalments add up to their plan' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER instalment_fits AFTER INSERT ON billing_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_instalment_fits();

CREATE FUNCTION billing_letter_is_there() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_reminder m WHERE m.id = NEW.id AND m.state = 'made')
       AND NOT EXISTS (SELECT 1 FROM billing_reminderpdf p WHERE p.reminder_id = NEW.id) THEN
        RAISE EXCEPTION 'a reminder that was made has its PDF' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reminder_has_pdf AFTER UPDATE ON billing_reminder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'made')
    EXECUTE FUNCTION billing_letter_is_there();
"""
NOT_AT_COMMIT = """
DROP TRIGGER plan_adds_up ON billing_plan;
DROP FUNCTION billing_plan_adds_up();
DROP TRIGGER instalment_fits ON billing_instalment;
DROP FUNCTION billing_instalment_fits();
DROP TRIGGER reminder_has_pdf ON billing_reminder;
DROP FUNCTION billing_letter_is_there();
"""

PRACTICE = "Oma tapa; hyvä perintätapa, 513/1999 4 §"
RULES = (
    ("reminder_grace", "4", "KKV:n ohje: maksu matkalla"),
    ("reminder_time", "14", "Yleinen käytäntö, vaihda omaksenne"),
)


def add(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    for code, value, source in RULES:
        rules.create(code=code, value=value, valid_from=date(2013, 3, 16), statute=PRACTICE, source=source)


def remove(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    rules.filter(code__in=[code for code, _value, _source in RULES]).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_late")]

    operations = [
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(CHARGES, NO_CHARGES),
        migrations.RunSQL(REMINDERS, NO_REMINDERS),
        migrations.RunSQL(AT_COMMIT, NOT_AT_COMMIT),
        migrations.RunPython(add, remove),
    ]
