"""There is always an owner who may sign in; attempts are counted in one table for all processes."""

from __future__ import annotations

from django.db import migrations

LAST_OWNER = """
CREATE FUNCTION register_keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.role = 'owner' AND NEW.is_active THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(7207);
    IF NOT EXISTS (SELECT FROM register_user WHERE role = 'owner' AND is_active) THEN
        RAISE EXCEPTION 'the last register owner must stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER last_owner_stays AFTER UPDATE OR DELETE ON register_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner' AND OLD.is_active)
    EXECUTE FUNCTION register_keep_an_owner();
"""
"""Checked at commit, under a lock: two owners who remove each other at once do not both succeed."""

COUNTERS = """
CREATE UNLOGGED TABLE register_cache (
    key text PRIMARY KEY,
    value text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX register_cache_expiry ON register_cache (expires_at);
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0003_sessions_and_invitations")]

    operations = [
        migrations.RunSQL(
            LAST_OWNER,
            "DROP TRIGGER last_owner_stays ON register_user; DROP FUNCTION register_keep_an_owner();",
        ),
        migrations.RunSQL(COUNTERS, "DROP TABLE register_cache;"),
    ]
