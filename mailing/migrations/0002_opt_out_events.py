"""Opt-out events maintain the suppression list, and can only grow."""

from __future__ import annotations

from django.db import migrations

# A login that may not read the list (the public one) can stop, and take back its own stop within a day
# by the proof it left with it; it can neither learn nor lift anybody else's.
APPLY = """
CREATE FUNCTION mailing_apply_opt_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    trusted boolean := has_table_privilege(session_user, 'mailing_suppression', 'SELECT');
BEGIN
    IF session_user <> current_user THEN
        NEW.at := clock_timestamp();
    END IF;
    IF NOT trusted AND NEW.channel NOT IN ('one-click', 'page') THEN
        RAISE EXCEPTION 'this login cannot speak for the staff' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.act = 'stop' THEN
        INSERT INTO mailing_suppression (address_hash, topic, channel, at, undo_sha256)
        VALUES (NEW.address_hash, NEW.topic, NEW.channel, NEW.at, NEW.undo_sha256)
        ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM mailing_suppression s
         WHERE s.address_hash = NEW.address_hash AND s.topic = NEW.topic
           AND (trusted OR (s.undo_sha256 <> '' AND s.undo_sha256 = NEW.undo_sha256
                            AND s.at > clock_timestamp() - interval '1 day'));
    END IF;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER opt_out_applied BEFORE INSERT ON mailing_optoutevent
    FOR EACH ROW EXECUTE FUNCTION mailing_apply_opt_out();
CREATE TRIGGER opt_out_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mailing_optoutevent
    FOR EACH STATEMENT EXECUTE FUNCTION register_append_only();
"""

UNDO = """
DROP TRIGGER opt_out_append_only ON mailing_optoutevent;
DROP TRIGGER opt_out_applied ON mailing_optoutevent;
DROP FUNCTION mailing_apply_opt_out();
"""


class Migration(migrations.Migration):
    dependencies = [("mailing", "0001_initial"), ("register", "0002_actor_and_audit")]

    operations = [migrations.RunSQL(APPLY, UNDO)]
