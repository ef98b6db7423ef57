"""Search documents: written by statement-level triggers on whatever path a fact changes."""

from __future__ import annotations

from django.db import migrations, models

# The text as search compares it (the SQL twin of register.finnish.fold): å ä ö are carried past unaccent
# as private-use characters; æ and ø count as ä and ö. `replace` is many times faster than `translate` here.
FOLD = r"""
CREATE FUNCTION customers_fold(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT replace(replace(replace(
        lower(public.unaccent('public.unaccent',
            replace(replace(replace(replace(replace(replace(replace(replace(
                lower(CASE WHEN words ~ U&'[\0300-\036F]' THEN normalize(words, NFC) ELSE words END),
                'å', U&'\E000'), 'ä', U&'\E001'), 'ö', U&'\E002'), 'æ', U&'\E001'), 'ø', U&'\E002'),
                'Å', U&'\E000'), 'Ä', U&'\E001'), 'Ö', U&'\E002'))),
        U&'\E000', 'å'), U&'\E001', 'ä'), U&'\E002', 'ö')
$$;

CREATE FUNCTION customers_searchable(facts text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(facts) = length(facts) THEN lower(facts)
           ELSE (SELECT folded || E'\n' || replace(replace(replace(folded, 'å', 'a'), 'ä', 'a'), 'ö', 'o')
                   FROM (SELECT customers_fold(facts) AS folded OFFSET 0) f) END
$$;

CREATE FUNCTION customers_phone_forms(typed text, e164 text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN e164 LIKE '+358%' THEN substr(e164, 2) || E'\n0' || substr(e164, 5)
                WHEN e164 <> '' THEN substr(e164, 2) || E'\n' || regexp_replace(typed, '\D', '', 'g')
                ELSE regexp_replace(typed, '\D', '', 'g') END
$$;
"""
FOLD_BACK = """
DROP FUNCTION customers_phone_forms(text, text);
DROP FUNCTION customers_searchable(text);
DROP FUNCTION customers_fold(text);
"""

# One document a party: a private customer's number stands in the document of the person. The documents are locked
# before they are written, so that of two transactions that touch the same party the later one sees what the earlier
# wrote (each statement of a volatile function has its own snapshot).
REFRESH = r"""
CREATE FUNCTION customers_search_texts(customers bigint[], people bigint[])
RETURNS TABLE (customer_id bigint, person_id bigint, text text) LANGUAGE sql STABLE AS $$
    WITH wanted AS (
        SELECT c.id AS customer_id, c.person_id, c.name, c.business_id
          FROM unnest(customers) w(id) JOIN customers_customer c ON c.id = w.id
    ), wanted_people AS (
        SELECT h.id AS person_id, c.id AS customer_id, h.given_name, h.family_name
          FROM unnest(people) w(id) JOIN customers_person h ON h.id = w.id
          LEFT JOIN customers_customer c ON c.person_id = h.id
    ), emails AS (
        SELECT e.customer_id, e.person_id,
               string_agg(concat_ws(E'\n', e.address, nullif(e.canonical, e.address)), E'\n' ORDER BY e.id) AS facts
          FROM (SELECT d.* FROM wanted JOIN customers_emailaddress d USING (customer_id)
                UNION ALL
                SELECT d.* FROM wanted_people JOIN customers_emailaddress d USING (person_id)) e
         GROUP BY e.customer_id, e.person_id
    ), phones AS (
        SELECT p.customer_id, p.person_id,
               string_agg(customers_phone_forms(p.number, p.e164), E'\n' ORDER BY p.id) AS facts
          FROM (SELECT d.* FROM wanted JOIN customers_phonenumber d USING (customer_id)
                UNION ALL
                SELECT d.* FROM wanted_people JOIN customers_phonenumber d USING (person_id)) p
         GROUP BY p.customer_id, p.person_id
    ), towns AS (
        SELECT a.customer_id, a.person_id, string_agg(DISTINCT nullif(a.city, ''), E'\n') AS facts
          FROM (SELECT d.* FROM wanted JOIN customers_postaladdress d USING (customer_id)
                UNION ALL
                SELECT d.* FROM wanted_people JOIN customers_postaladdress d USING (person_id)) a
         GROUP BY a.customer_id, a.person_id
    ), represented_by AS (
        SELECT r.customer_id, string_agg(DISTINCT concat_ws(' ', nullif(h.given_name, ''), nullif(h.family_name, '')),
                                         E'\n') AS facts
          FROM wanted JOIN customers_representation r USING (customer_id)
          JOIN customers_person h ON h.id = r.person_id
         GROUP BY r.customer_id
    ), represents AS (
        SELECT r.person_id, string_agg(DISTINCT c.name, E'\n') AS facts
          FROM wanted_people JOIN customers_representation r USING (person_id)
          JOIN customers_customer c ON c.id = r.customer_id
         GROUP BY r.person_id
    )
    SELECT c.customer_id, NULL::bigint, concat_ws(E'\n', 'k' || c.customer_id,
               customers_searchable(concat_ws(E'\n', c.name, t.facts, r.facts)),
               nullif(c.business_id, ''), nullif(replace(c.business_id, '-', ''), ''),
               customers_searchable(e.facts), p.facts)
      FROM wanted c
      LEFT JOIN emails e USING (customer_id)
      LEFT JOIN phones p USING (customer_id)
      LEFT JOIN towns t USING (customer_id)
      LEFT JOIN represented_by r USING (customer_id)
     WHERE c.person_id IS NULL
    UNION ALL
    SELECT NULL::bigint, h.person_id, concat_ws(E'\n', 'h' || h.person_id, 'k' || h.customer_id,
               customers_searchable(concat_ws(E'\n', concat_ws(' ', nullif(h.given_name, ''), nullif(h.family_name, '')),
                                              nullif(h.family_name, ''), t.facts, own_t.facts, r.facts)),
               customers_searchable(concat_ws(E'\n', e.facts, own_e.facts)), p.facts, own_p.facts)
      FROM wanted_people h
      LEFT JOIN emails e ON e.person_id = h.person_id
      LEFT JOIN phones p ON p.person_id = h.person_id
      LEFT JOIN towns t ON t.person_id = h.person_id
      LEFT JOIN emails own_e ON own_e.customer_id = h.customer_id
      LEFT JOIN phones own_p ON own_p.customer_id = h.customer_id
      LEFT JOIN towns own_t ON own_t.customer_id = h.customer_id
      LEFT JOIN represents r ON r.person_id = h.person_id
$$;

CREATE FUNCTION customers_refresh_search(customers bigint[], people bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    all_people bigint[] := ARRAY(
        SELECT id FROM unnest(people) id
        UNION
        SELECT c.person_id FROM unnest(customers) w(id) JOIN customers_customer c USING (id)
         WHERE c.person_id IS NOT NULL);
    all_customers bigint[] := ARRAY(
        SELECT id FROM unnest(customers) id
        UNION
        SELECT c.id FROM unnest(all_people) w(person_id) JOIN customers_customer c USING (person_id));
BEGIN
    PERFORM 1 FROM customers_searchdocument d
      WHERE d.id IN (SELECT id FROM customers_searchdocument JOIN unnest(all_customers) w(customer_id) USING (customer_id)
                     UNION ALL
                     SELECT id FROM customers_searchdocument JOIN unnest(all_people) w(person_id) USING (person_id))
      ORDER BY d.id FOR UPDATE;
    DELETE FROM customers_searchdocument d
     USING unnest(all_customers) w(id) JOIN customers_customer c USING (id)
     WHERE d.customer_id = c.id AND c.person_id IS NOT NULL;
    INSERT INTO customers_searchdocument AS d (customer_id, text)
    SELECT f.customer_id, f.text FROM customers_search_texts(all_customers, all_people) f
     WHERE f.customer_id IS NOT NULL
    ON CONFLICT (customer_id) DO UPDATE SET text = EXCLUDED.text WHERE d.text <> EXCLUDED.text;
    INSERT INTO customers_searchdocument AS d (person_id, text)
    SELECT f.person_id, f.text FROM customers_search_texts(all_customers, all_people) f
     WHERE f.person_id IS NOT NULL
    ON CONFLICT (person_id) DO UPDATE SET text = EXCLUDED.text WHERE d.text <> EXCLUDED.text;
END $$;

CREATE FUNCTION customers_touch_search(customers bigint[], people bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('register.search', true) = 'later' THEN
        INSERT INTO customers_searchpending (transaction, customer_number, person_number)
        SELECT txid_current(), id, NULL FROM unnest(customers) id WHERE id IS NOT NULL
        UNION ALL
        SELECT txid_current(), NULL, id FROM unnest(people) id WHERE id IS NOT NULL;
    ELSE
        PERFORM customers_refresh_search(customers, people);
    END IF;
END $$;
"""
REFRESH_BACK = """
DROP FUNCTION customers_touch_search(bigint[], bigint[]);
DROP FUNCTION customers_refresh_search(bigint[], bigint[]);
DROP FUNCTION customers_search_texts(bigint[], bigint[]);
"""

TRIGGERS = """
CREATE FUNCTION customers_customer_searched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    customers bigint[];
    people bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM customers_searchdocument WHERE customer_id IN (SELECT id FROM changed);
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        customers := ARRAY(SELECT id FROM changed);
    ELSE
        customers := ARRAY(
            SELECT n.id FROM changed n JOIN previous o USING (id)
             WHERE (n.name, n.business_id, n.person_id) IS DISTINCT FROM (o.name, o.business_id, o.person_id));
        people := ARRAY(
            SELECT r.person_id FROM customers_representation r WHERE r.customer_id = ANY (customers)
            UNION
            SELECT o.person_id FROM previous o JOIN changed n USING (id)
             WHERE o.person_id IS DISTINCT FROM n.person_id AND o.person_id IS NOT NULL);
    END IF;
    PERFORM customers_touch_search(customers, people);
    RETURN NULL;
END $$;

CREATE FUNCTION customers_person_searched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    customers bigint[];
    people bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM customers_searchdocument WHERE person_id IN (SELECT id FROM changed);
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        people := ARRAY(SELECT id FROM changed);
    ELSE
        people := ARRAY(
            SELECT n.id FROM changed n JOIN previous o USING (id)
             WHERE (n.given_name, n.family_name) IS DISTINCT FROM (o.given_name, o.family_name));
        customers := ARRAY(
            SELECT DISTINCT r.customer_id FROM customers_representation r WHERE r.person_id = ANY (people));
    END IF;
    PERFORM customers_touch_search(customers, people);
    RETURN NULL;
END $$;

CREATE FUNCTION customers_detail_searched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    customers bigint[] := ARRAY(SELECT DISTINCT customer_id FROM changed WHERE customer_id IS NOT NULL);
    people bigint[] := ARRAY(SELECT DISTINCT person_id FROM changed WHERE person_id IS NOT NULL);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        customers := customers || ARRAY(SELECT DISTINCT customer_id FROM previous WHERE customer_id IS NOT NULL);
        people := people || ARRAY(SELECT DISTINCT person_id FROM previous WHERE person_id IS NOT NULL);
    END IF;
    PERFORM customers_touch_search(customers, people);
    RETURN NULL;
END $$;
"""
TRIGGERS_BACK = """
DROP FUNCTION customers_detail_searched();
DROP FUNCTION customers_person_searched();
DROP FUNCTION customers_customer_searched();
"""

WATCHED = {
    "customers_customer": "customers_customer_searched",
    "customers_person": "customers_person_searched",
    "customers_emailaddress": "customers_detail_searched",
    "customers_phonenumber": "customers_detail_searched",
    "customers_postaladdress": "customers_detail_searched",
    "customers_representation": "customers_detail_searched",
}
WATCH = "".join(
    f"""
CREATE TRIGGER searched_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER searched_update AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed OLD TABLE AS previous
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER searched_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
    for table, function in WATCHED.items()
)
WATCH_BACK = "".join(
    f"DROP TRIGGER searched_{act} ON {table};\n" for table in WATCHED for act in ("insert", "update", "delete")
)

# After a bulk act: statistics that tell the truth (without them the plans of what follows are guesses), documents
# written once, the index's waiting list emptied. As the tables' owner where needed, because the logins own nothing.
SETTLE = """
CREATE FUNCTION customers_analyze() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE customers_customer, customers_person, customers_relationship, customers_relationship_tags,
            customers_representation, customers_emailaddress, customers_phonenumber, customers_postaladdress;
END $$;

CREATE FUNCTION customers_analyze_search() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM gin_clean_pending_list('search_trigrams');
    ANALYZE customers_searchdocument;
END $$;

CREATE FUNCTION customers_settle_search() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    customers bigint[];
    people bigint[];
    many bigint;
BEGIN
    WITH taken AS (
        DELETE FROM customers_searchpending WHERE transaction = txid_current()
        RETURNING customer_number, person_number)
    SELECT array_agg(DISTINCT customer_number) FILTER (WHERE customer_number IS NOT NULL),
           array_agg(DISTINCT person_number) FILTER (WHERE person_number IS NOT NULL)
      INTO customers, people FROM taken;
    many := coalesce(cardinality(customers), 0) + coalesce(cardinality(people), 0);
    IF many > 1000 THEN
        PERFORM customers_analyze();
    END IF;
    PERFORM customers_refresh_search(customers, people);
    IF many > 1000 THEN
        PERFORM customers_analyze_search();
    END IF;
    RETURN many;
END $$;
"""
SETTLE_BACK = """
DROP FUNCTION customers_settle_search();
DROP FUNCTION customers_analyze_search();
DROP FUNCTION customers_analyze();
"""

FILL = """
SELECT customers_refresh_search(ARRAY(SELECT id FROM customers_customer), ARRAY(SELECT id FROM customers_person));
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchPending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField(db_index=True)),
                ("customer_number", models.BigIntegerField(null=True)),
                ("person_number", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunSQL(FOLD, FOLD_BACK),
        migrations.RunSQL(REFRESH, REFRESH_BACK),
        migrations.RunSQL(TRIGGERS, TRIGGERS_BACK),
        migrations.RunSQL(WATCH, WATCH_BACK),
        migrations.RunSQL(SETTLE, SETTLE_BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
