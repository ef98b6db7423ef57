"""Who acts is verified by the database, and the audit can only grow."""

from __future__ import annotations

from django.db import migrations

ACTOR = """
CREATE FUNCTION register_hmac(message text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(k."outer" || sha256(k."inner" || convert_to(message, 'UTF8'))), 'hex')
      FROM register_contextkey k
$$;

CREATE FUNCTION register_actor() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    context text := current_setting('register.context', true);
    part text[] := string_to_array(context, '.');
BEGIN
    IF context IS NULL OR array_length(part, 1) IS DISTINCT FROM 5 THEN
        RAISE EXCEPTION 'nobody is acting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF part[5] IS DISTINCT FROM register_hmac(array_to_string(part[1:4], '.'))
       OR part[3] <> session_user
       OR part[2]::bigint < extract(epoch FROM statement_timestamp()) THEN
        RAISE EXCEPTION 'the acting context is forged or expired' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN nullif(part[1], '')::bigint;
END $$;
"""

STAMP = """
CREATE FUNCTION register_stamp_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user <> current_user THEN
        NEW.actor_id := register_actor();
        NEW.cid := split_part(current_setting('register.context', true), '.', 4);
        NEW.timestamp := clock_timestamp();
    END IF;
    NEW.login := session_user;
    NEW.reason := coalesce(nullif(current_setting('register.reason', true), ''), NEW.reason);
    RETURN NEW;
END $$;

CREATE TRIGGER audit_stamped BEFORE INSERT ON register_auditentry
    FOR EACH ROW EXECUTE FUNCTION register_stamp_audit();
"""

APPEND_ONLY = """
CREATE FUNCTION register_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION register_append_only();
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register_securityevent
    FOR EACH STATEMENT EXECUTE FUNCTION register_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.RunSQL(ACTOR, "DROP FUNCTION register_actor(); DROP FUNCTION register_hmac(text);"),
        migrations.RunSQL(
            STAMP,
            "DROP TRIGGER audit_stamped ON register_auditentry; DROP FUNCTION register_stamp_audit();",
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER audit_append_only ON register_auditentry; "
            "DROP TRIGGER events_append_only ON register_securityevent; DROP FUNCTION register_append_only();",
        ),
    ]
