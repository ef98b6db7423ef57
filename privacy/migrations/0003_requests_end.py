"""A request and the steps of its log stay for three years after their own, whoever asks (GDPR Art. 5(2))."""

from __future__ import annotations

from django.db import migrations

STAY = """
CREATE FUNCTION privacy_stays() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := (to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz;
BEGIN
    IF make_date(extract(year FROM at AT TIME ZONE 'Europe/Helsinki')::int + 3, 12, 31) >= register_today() THEN
        RAISE EXCEPTION 'a row of % stays', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER case_stays BEFORE DELETE ON privacy_case
    FOR EACH ROW EXECUTE FUNCTION privacy_stays('received_at');
CREATE TRIGGER step_stays BEFORE DELETE ON privacy_casestep
    FOR EACH ROW EXECUTE FUNCTION privacy_stays('at');
"""
GO = """
DROP TRIGGER step_stays ON privacy_casestep;
DROP TRIGGER case_stays ON privacy_case;
DROP FUNCTION privacy_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_link_door"), ("register", "0007_retention")]

    operations = [migrations.RunSQL(STAY, GO)]
