"""The public door: a link's token opens the rows of its person and nothing else (row-level security).

The page sends the SHA-256 of the token as the setting ``register.link``. The public login can read neither the
links nor the codes, so whoever could set it to something else would have to guess 256 bits.
"""

from __future__ import annotations

from django.db import migrations

from register import grants
from register.roles import Login

FUNCTIONS = """
CREATE FUNCTION privacy_link_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.id FROM privacy_mydatalink l
     WHERE l.token_sha256 = current_setting('register.link', true)
       AND l.revoked_at IS NULL AND l.expires_at > statement_timestamp()
$$;

CREATE FUNCTION privacy_link_person() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.person_id FROM privacy_mydatalink l WHERE l.id = privacy_link_id()
$$;

CREATE FUNCTION privacy_link_own_customer() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM customers_customer c WHERE c.person_id = privacy_link_person()
$$;

CREATE FUNCTION privacy_link_customers() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM customers_customer c WHERE c.person_id = privacy_link_person()
     UNION
    SELECT r.customer_id FROM customers_representation r WHERE r.person_id = privacy_link_person()
$$;

CREATE FUNCTION privacy_ask_code(wanted varchar) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO privacy_confirmationcode (link_id, kind, asked_at, digest, tries)
    SELECT privacy_link_id(), wanted, statement_timestamp(), '', 0 WHERE privacy_link_id() IS NOT NULL
    RETURNING id
$$;

CREATE FUNCTION privacy_use_code(wanted varchar, typed varchar) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found_code privacy_confirmationcode;
BEGIN
    SELECT c.* INTO found_code FROM privacy_confirmationcode c
     WHERE c.link_id = privacy_link_id() AND c.kind = wanted AND c.digest <> ''
     ORDER BY c.id DESC LIMIT 1 FOR UPDATE;
    IF NOT FOUND OR found_code.used_at IS NOT NULL OR found_code.tries >= 5
       OR found_code.expires_at <= statement_timestamp() THEN
        RETURN NULL;
    END IF;
    UPDATE privacy_confirmationcode SET tries = tries + 1 WHERE id = found_code.id;
    IF found_code.digest <> typed THEN
        RETURN NULL;
    END IF;
    UPDATE privacy_confirmationcode SET used_at = clock_timestamp() WHERE id = found_code.id;
    RETURN found_code.id;
END $$;

CREATE FUNCTION privacy_judge_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF has_table_privilege(session_user, 'privacy_case', 'SELECT') THEN
        RETURN NEW;
    END IF;
    NEW.received_at := clock_timestamp();
    NEW.closed_at := NULL;
    NEW.decision := '';
    IF NEW.person_id IS NULL THEN
        NEW.identity := 'none';
        NEW.code_id := NULL;
    ELSIF NEW.person_id IS DISTINCT FROM privacy_link_person() THEN
        RAISE EXCEPTION 'this link is not that person''s' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.code_id IS NULL THEN
        NEW.identity := 'link';
    ELSIF EXISTS (SELECT FROM privacy_confirmationcode c
                   WHERE c.id = NEW.code_id AND c.link_id = privacy_link_id()
                     AND c.kind = NEW.kind AND c.used_at IS NOT NULL) THEN
        NEW.identity := 'code';
    ELSE
        RAISE EXCEPTION 'this code was not given' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER case_identity BEFORE INSERT ON privacy_case
    FOR EACH ROW EXECUTE FUNCTION privacy_judge_identity();
"""

NO_FUNCTIONS = """
DROP TRIGGER case_identity ON privacy_case;
DROP FUNCTION privacy_judge_identity();
DROP FUNCTION privacy_use_code(varchar, varchar);
DROP FUNCTION privacy_ask_code(varchar);
DROP FUNCTION privacy_link_customers();
DROP FUNCTION privacy_link_own_customer();
DROP FUNCTION privacy_link_person();
DROP FUNCTION privacy_link_id();
"""

OWN_DETAILS = "person_id = (SELECT privacy_link_person()) OR customer_id = (SELECT privacy_link_own_customer())"
WHAT_A_LINK_OPENS = {
    "customers_person": "id = (SELECT privacy_link_person())",
    "customers_customer": "id = ANY (ARRAY(SELECT privacy_link_customers()))",
    "customers_emailaddress": OWN_DETAILS,
    "customers_phonenumber": OWN_DETAILS,
    "customers_postaladdress": OWN_DETAILS,
    "privacy_outlineline": "link_id = (SELECT privacy_link_id())",
}


def protect(apps, schema_editor):
    """Rows for the link's holder; for all other logins a constant that costs nothing (grants decide there)."""
    link = schema_editor.quote_name(grants.role_name(Login.LINK))
    others = ", ".join(
        schema_editor.quote_name(grants.role_name(login)) for login in Login if login != Login.LINK
    )
    for table, condition in WHAT_A_LINK_OPENS.items():
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"CREATE POLICY by_link ON {table} FOR SELECT TO {link} USING ({condition})")
        schema_editor.execute(f"CREATE POLICY by_grants ON {table} TO {others} USING (true) WITH CHECK (true)")


def unprotect(apps, schema_editor):
    for table in WHAT_A_LINK_OPENS:
        schema_editor.execute(f"DROP POLICY by_link ON {table}")
        schema_editor.execute(f"DROP POLICY by_grants ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("customers", "0002_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunPython(protect, unprotect),
    ]
