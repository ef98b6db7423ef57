"""The SQL that writes a staged import into the register: one statement a sort of fact, whatever the file's size.

Every statement takes the same parameters: run, by, at, today, source. Rows count when their choice is to add or
to complete; what somebody already has is not written again, so a second import of the same file adds nothing.
"""

from __future__ import annotations

COMPANIES = """
WITH named AS (
    SELECT r.id, r.company_row, r.position, r.data -> 'company' AS company, r.data ->> 'language' AS language,
           gen_random_uuid() AS key
      FROM customers_importrow r
     WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'company' IS NOT NULL
       AND (r.customer_id IS NULL OR (r.choice = 'add' AND r.data -> 'person' IS NULL))
), once AS (
    SELECT DISTINCT ON (coalesce(company_row, position)) key, coalesce(company_row, position) AS company_row, company,
           language,
           max(company ->> 'business_id') OVER (PARTITION BY coalesce(company_row, position)) AS business_id
      FROM named ORDER BY coalesce(company_row, position), position
), made AS (
    INSERT INTO customers_customer (public_id, kind, name, sort_key, business_id, language, created_at)
    SELECT key, 'company', company ->> 'name', company ->> 'key', business_id, coalesce(language, 'fi'), %(at)s
      FROM once ORDER BY company_row
    RETURNING id, public_id
), tied AS (
    INSERT INTO customers_relationship (customer_id, status, since, source, source_detail, entered_by_id, import_run_id)
    SELECT made.id, run.relation, %(today)s, 'import', %(source)s, %(by)s, run.id
      FROM made, customers_importrun run WHERE run.id = %(run)s
)
UPDATE customers_importrow r SET customer_id = made.id,
       result = CASE WHEN r.data -> 'person' IS NOT NULL THEN '' ELSE 'added' END
  FROM named JOIN once ON once.company_row = coalesce(named.company_row, named.position)
  JOIN made ON made.public_id = once.key
 WHERE r.id = named.id
"""

PEOPLE = """
WITH named AS (
    SELECT r.id, r.position, r.data -> 'person' AS person, r.data ->> 'language' AS language,
           gen_random_uuid() AS key
      FROM customers_importrow r
     WHERE r.run_id = %(run)s AND r.choice = 'add' AND r.data -> 'person' IS NOT NULL
), made AS (
    INSERT INTO customers_person (public_id, given_name, family_name, sort_key, language, source, source_detail,
                                  source_on, entered_by_id, entered_at, import_run_id)
    SELECT key, person ->> 'given', person ->> 'family', person ->> 'key', coalesce(language, 'fi'), 'import',
           %(source)s, %(today)s, %(by)s, %(at)s, %(run)s
      FROM named ORDER BY position
    RETURNING id, public_id
)
UPDATE customers_importrow r SET person_id = made.id, result = 'added'
  FROM named JOIN made ON made.public_id = named.key
 WHERE r.id = named.id
"""

ORPHANS = """
UPDATE customers_importrow r SET choice = 'skip'
 WHERE r.run_id = %(run)s AND r.choice = 'update'
   AND CASE WHEN r.repeats IS NULL
            THEN CASE WHEN r.data -> 'person' IS NOT NULL THEN r.person_id ELSE r.customer_id END IS NULL
            ELSE EXISTS (SELECT FROM customers_importrow first
                          WHERE first.run_id = r.run_id AND first.position = r.repeats AND first.choice = 'skip') END
"""
"""Rows whose other half is skipped, or was erased since: repeated until none is left."""

REPEATED = """
UPDATE customers_importrow r SET person_id = first.person_id, customer_id = coalesce(r.customer_id, first.customer_id)
  FROM customers_importrow first
 WHERE r.run_id = %(run)s AND r.choice = 'update' AND r.repeats IS NOT NULL
   AND r.person_id IS NULL AND first.person_id IS NOT NULL
   AND first.run_id = r.run_id AND first.position = r.repeats
"""
"""A row that repeats an earlier one completes whoever that row made or meant: repeated until none is left."""

PRIVATE = """
WITH named AS (
    SELECT r.id, r.position, p.id AS person_id, concat_ws(' ', nullif(p.given_name, ''), nullif(p.family_name, ''))
           AS name, p.sort_key, p.language
      FROM customers_importrow r JOIN customers_person p ON p.id = r.person_id
     WHERE r.run_id = %(run)s AND r.choice = 'add' AND r.data -> 'person' IS NOT NULL AND r.data -> 'company' IS NULL
), made AS (
    INSERT INTO customers_customer (public_id, kind, name, sort_key, business_id, language, person_id, created_at)
    SELECT gen_random_uuid(), 'private', named.name, named.sort_key, '', named.language,
           named.person_id, %(at)s
      FROM named ORDER BY named.position
    RETURNING id, person_id
), tied AS (
    INSERT INTO customers_relationship (customer_id, status, since, source, source_detail, entered_by_id, import_run_id)
    SELECT made.id, run.relation, %(today)s, 'import', %(source)s, %(by)s, run.id
      FROM made, customers_importrun run WHERE run.id = %(run)s
)
UPDATE customers_importrow r SET customer_id = made.id
  FROM named JOIN made ON made.person_id = named.person_id
 WHERE r.id = named.id
"""
"""A person of no company is a private customer, called as he is and filed under his family name."""

ANALYZE = "SELECT customers_analyze_imports()"
"""Now the rows name people and customers: without this the planner believes that they name nobody."""

REPRESENTATIONS = """
INSERT INTO customers_representation (person_id, customer_id, title, billing_contact, "primary", source, source_detail,
                                      entered_at, entered_by_id, import_run_id)
SELECT DISTINCT ON (r.person_id, r.customer_id)
       r.person_id, r.customer_id, coalesce(r.data ->> 'title', ''), false, false, 'import', %(source)s, %(at)s,
       %(by)s, %(run)s
  FROM customers_importrow r
 WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'person' IS NOT NULL
   AND r.data -> 'company' IS NOT NULL AND r.person_id IS NOT NULL AND r.customer_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM customers_representation known
                    WHERE known.person_id = r.person_id AND known.customer_id = r.customer_id)
 ORDER BY r.person_id, r.customer_id, r.position
"""

TAGS = """
INSERT INTO customers_tag (name)
SELECT DISTINCT ON (lower(tag.name)) tag.name
  FROM customers_importrow r CROSS JOIN LATERAL jsonb_array_elements_text(r.data -> 'tags') AS tag (name)
 WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'tags' IS NOT NULL
   AND NOT EXISTS (SELECT FROM customers_tag known WHERE lower(known.name) = lower(tag.name))
 ORDER BY lower(tag.name), r.position
"""

EMAILS = """
WITH said AS (
    SELECT CASE WHEN (item ->> 'company')::boolean THEN NULL ELSE r.person_id END AS person_id,
           CASE WHEN (item ->> 'company')::boolean THEN r.customer_id END AS customer_id,
           item, item ->> 'canonical' AS canonical, r.position, n
      FROM customers_importrow r
     CROSS JOIN LATERAL jsonb_array_elements(r.data -> 'emails') WITH ORDINALITY AS listed (item, n)
     WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'emails' IS NOT NULL
), once AS (
    SELECT DISTINCT ON (person_id, customer_id, canonical) * FROM said
     WHERE person_id IS NOT NULL OR customer_id IS NOT NULL
     ORDER BY person_id, customer_id, canonical, position, n
), fresh AS (
    SELECT * FROM once
     WHERE NOT EXISTS (SELECT FROM customers_emailaddress known
                        WHERE known.canonical = once.canonical AND known.person_id = once.person_id)
       AND NOT EXISTS (SELECT FROM customers_emailaddress known
                        WHERE known.canonical = once.canonical AND known.customer_id = once.customer_id)
)
INSERT INTO customers_emailaddress (person_id, customer_id, kind, address, canonical, "primary", source, source_detail,
                                    entered_at, entered_by_id, import_run_id)
SELECT person_id, customer_id, item ->> 'kind', item ->> 'value', canonical,
       row_number() OVER (PARTITION BY person_id, customer_id
                          ORDER BY (item ->> 'primary')::boolean DESC, position, n) = 1
       AND NOT EXISTS (SELECT FROM customers_emailaddress known
                        WHERE known.person_id = fresh.person_id AND known."primary" AND known.ended_on IS NULL)
       AND NOT EXISTS (SELECT FROM customers_emailaddress known
                        WHERE known.customer_id = fresh.customer_id AND known."primary" AND known.ended_on IS NULL),
       'import', %(source)s, %(at)s, %(by)s, %(run)s
  FROM fresh ORDER BY position, n
"""

PHONES = """
WITH said AS (
    SELECT CASE WHEN (item ->> 'company')::boolean THEN NULL ELSE r.person_id END AS person_id,
           CASE WHEN (item ->> 'company')::boolean THEN r.customer_id END AS customer_id,
           item, coalesce(nullif(item ->> 'e164', ''), item ->> 'value') AS number, r.position, n
      FROM customers_importrow r
     CROSS JOIN LATERAL jsonb_array_elements(r.data -> 'phones') WITH ORDINALITY AS listed (item, n)
     WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'phones' IS NOT NULL
), once AS (
    SELECT DISTINCT ON (person_id, customer_id, number) * FROM said
     WHERE person_id IS NOT NULL OR customer_id IS NOT NULL
     ORDER BY person_id, customer_id, number, position, n
), fresh AS (
    SELECT * FROM once
     WHERE NOT EXISTS (SELECT FROM customers_phonenumber known
                        WHERE known.person_id = once.person_id
                          AND coalesce(nullif(known.e164, ''), known.number) = once.number)
       AND NOT EXISTS (SELECT FROM customers_phonenumber known
                        WHERE known.customer_id = once.customer_id
                          AND coalesce(nullif(known.e164, ''), known.number) = once.number)
)
INSERT INTO customers_phonenumber (person_id, customer_id, kind, number, e164, "primary", source, source_detail,
                                   entered_at, entered_by_id, import_run_id)
SELECT person_id, customer_id, item ->> 'kind', item ->> 'value', item ->> 'e164',
       row_number() OVER (PARTITION BY person_id, customer_id
                          ORDER BY (item ->> 'primary')::boolean DESC, position, n) = 1
       AND NOT EXISTS (SELECT FROM customers_phonenumber known
                        WHERE known.person_id = fresh.person_id AND known."primary" AND known.ended_on IS NULL)
       AND NOT EXISTS (SELECT FROM customers_phonenumber known
                        WHERE known.customer_id = fresh.customer_id AND known."primary" AND known.ended_on IS NULL),
       'import', %(source)s, %(at)s, %(by)s, %(run)s
  FROM fresh ORDER BY position, n
"""

ADDRESSES = """
WITH said AS (
    SELECT CASE WHEN (item ->> 'company')::boolean THEN NULL ELSE r.person_id END AS person_id,
           CASE WHEN (item ->> 'company')::boolean THEN r.customer_id END AS customer_id,
           item, r.position, n,
           lower(item ->> 'street') AS street, replace(item ->> 'postal_code', ' ', '') AS postal_code,
           lower(item ->> 'city') AS city
      FROM customers_importrow r
     CROSS JOIN LATERAL jsonb_array_elements(r.data -> 'addresses') WITH ORDINALITY AS listed (item, n)
     WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'addresses' IS NOT NULL
), once AS (
    SELECT DISTINCT ON (person_id, customer_id, street, postal_code, city) * FROM said
     WHERE person_id IS NOT NULL OR customer_id IS NOT NULL
     ORDER BY person_id, customer_id, street, postal_code, city, position, n
), fresh AS (
    SELECT * FROM once
     WHERE NOT EXISTS (SELECT FROM customers_postaladdress known
                        WHERE known.person_id = once.person_id
                          AND lower(known.street) = once.street AND lower(known.city) = once.city
                          AND replace(known.postal_code, ' ', '') = once.postal_code)
       AND NOT EXISTS (SELECT FROM customers_postaladdress known
                        WHERE known.customer_id = once.customer_id
                          AND lower(known.street) = once.street AND lower(known.city) = once.city
                          AND replace(known.postal_code, ' ', '') = once.postal_code)
)
INSERT INTO customers_postaladdress (person_id, customer_id, kind, street, postal_code, city, country, "primary",
                                     source, source_detail, entered_at, entered_by_id, import_run_id)
SELECT person_id, customer_id, item ->> 'kind', item ->> 'street', item ->> 'postal_code', item ->> 'city',
       item ->> 'country',
       row_number() OVER (PARTITION BY person_id, customer_id
                          ORDER BY (item ->> 'primary')::boolean DESC, position, n) = 1
       AND NOT EXISTS (SELECT FROM customers_postaladdress known
                        WHERE known.person_id = fresh.person_id AND known."primary" AND known.ended_on IS NULL)
       AND NOT EXISTS (SELECT FROM customers_postaladdress known
                        WHERE known.customer_id = fresh.customer_id AND known."primary" AND known.ended_on IS NULL),
       'import', %(source)s, %(at)s, %(by)s, %(run)s
  FROM fresh ORDER BY position, n
"""

NOTES = """
WITH said AS (
    SELECT r.person_id, r.customer_id, r.data ->> 'note' AS note,
           %(at)s::timestamptz + r.position * interval '1 microsecond' AS at
      FROM customers_importrow r
     WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'note' IS NOT NULL
       AND (r.person_id IS NOT NULL OR r.customer_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM customers_interaction known JOIN customers_interactionperson took
                           ON took.interaction_id = known.id
                        WHERE took.person_id = r.person_id AND known.text = r.data ->> 'note')
       AND NOT EXISTS (SELECT FROM customers_interaction known
                        WHERE r.person_id IS NULL AND known.customer_id = r.customer_id
                          AND known.text = r.data ->> 'note')
), made AS (
    INSERT INTO customers_interaction (kind, direction, at, subject, text, customer_id, entered_by_id, entered_at)
    SELECT 'note', '', at, %(subject)s, note, customer_id, %(by)s, %(at)s FROM said ORDER BY at
    RETURNING id, at
)
INSERT INTO customers_interactionperson (interaction_id, person_id, at)
SELECT made.id, said.person_id, said.at FROM said JOIN made USING (at) WHERE said.person_id IS NOT NULL
"""
"""The microseconds keep the file's order on a timeline, and tell the notes of one run apart."""

# --- choosing -------------------------------------------------------------------------------------------

TAKEN = """
UPDATE customers_importrow r
   SET data = jsonb_set(r.data, '{changes}', (
           SELECT jsonb_agg(CASE WHEN change ->> 'act' = 'differ'
                                 THEN change || jsonb_build_object('take', %(take)s::boolean) ELSE change END
                            ORDER BY n)
             FROM jsonb_array_elements(r.data -> 'changes') WITH ORDINALITY AS listed (change, n)))
 WHERE r.run_id = %(run)s AND r.verdict = 'conflict' AND r.data @> '{"changes": [{"act": "differ"}]}'
   AND NOT jsonb_exists(r.data, 'candidates')
"""
"""The rows of `choosing.differing`."""

# --- completing -----------------------------------------------------------------------------------------

# Each changes only what still is as it was when the file was compared: a later correction by hand stands.
COMPLETED = """
WITH said AS (
    SELECT r.id, r.person_id, r.customer_id, change ->> 'field' AS field, change ->> 'file' AS file,
           coalesce(change ->> 'register', '') AS register
      FROM customers_importrow r CROSS JOIN LATERAL jsonb_array_elements(r.data -> 'changes') AS listed (change)
     WHERE r.run_id = %(run)s AND r.choice = 'update' AND r.data -> 'changes' IS NOT NULL
       AND (change ->> 'act' = 'fill' OR (change ->> 'act' = 'differ' AND (change ->> 'take')::boolean))
), titles AS (
    UPDATE customers_representation t
       SET title = said.file, source = 'import', source_detail = %(source)s, entered_at = %(at)s,
           entered_by_id = %(by)s, import_run_id = %(run)s
      FROM said
     WHERE said.field = 'title' AND t.person_id = said.person_id AND t.customer_id = said.customer_id
       AND t.until IS NULL AND t.title = said.register
), languages AS (
    UPDATE customers_person t SET language = said.file FROM said
     WHERE said.field = 'language' AND t.id = said.person_id AND t.language = said.register
    RETURNING t.id
), known AS (
    SELECT customer_id, min(file) FILTER (WHERE field = 'business_id') AS business_id,
           min(register) FILTER (WHERE field = 'business_id') AS former_id,
           min(file) FILTER (WHERE field = 'language' AND person_id IS NULL) AS language,
           min(register) FILTER (WHERE field = 'language' AND person_id IS NULL) AS former_language
      FROM said WHERE customer_id IS NOT NULL GROUP BY customer_id
), customers AS (
    UPDATE customers_customer t
       SET business_id = CASE WHEN t.business_id = known.former_id AND NOT EXISTS (
                                  SELECT FROM customers_customer other WHERE other.business_id = known.business_id)
                              THEN known.business_id ELSE t.business_id END,
           language = CASE WHEN t.language = known.former_language THEN known.language ELSE t.language END
      FROM known
     WHERE t.id = known.customer_id AND (known.business_id IS NOT NULL OR known.language IS NOT NULL)
    RETURNING t.id, t.business_id = known.business_id AS numbered, t.language = known.language AS spoken
), tagged AS (
    INSERT INTO customers_relationship_tags (relationship_id, tag_id)
    SELECT DISTINCT relation.id, known.id
      FROM customers_importrow r
     CROSS JOIN LATERAL jsonb_array_elements_text(r.data -> 'tags') AS tag (name)
      JOIN customers_relationship relation ON relation.customer_id = r.customer_id
      JOIN customers_tag known ON lower(known.name) = lower(tag.name)
     WHERE r.run_id = %(run)s AND r.choice IN ('add', 'update') AND r.data -> 'tags' IS NOT NULL
        ON CONFLICT DO NOTHING
    RETURNING relationship_id
), completed AS (
    SELECT id AS person_id, NULL::bigint AS customer_id, 'language' AS field FROM languages
    UNION ALL SELECT NULL, id, 'business_id' FROM customers WHERE numbered
    UNION ALL SELECT NULL, id, 'language' FROM customers WHERE spoken
    UNION SELECT NULL, relation.customer_id, 'tags'
      FROM tagged JOIN customers_relationship relation ON relation.id = tagged.relationship_id
     WHERE relation.import_run_id IS DISTINCT FROM %(run)s
)
INSERT INTO customers_completion (person_id, customer_id, field, source_detail, at, import_run_id)
SELECT person_id, customer_id, field, %(source)s, %(at)s, %(run)s FROM completed
    ON CONFLICT (person_id, customer_id, field)
    DO UPDATE SET source_detail = EXCLUDED.source_detail, at = EXCLUDED.at, import_run_id = EXCLUDED.import_run_id
"""
"""Titles have a row of their own to say where they came from; beside every other value stands the file it is from."""

NAMES_TAKEN = """
SELECT DISTINCT r.person_id, r.customer_id, change ->> 'field', change ->> 'file', change ->> 'register'
  FROM customers_importrow r CROSS JOIN LATERAL jsonb_array_elements(r.data -> 'changes') AS listed (change)
 WHERE r.run_id = %(run)s AND r.choice = 'update' AND r.data -> 'changes' IS NOT NULL
   AND change ->> 'field' IN ('given', 'family', 'company')
   AND (change ->> 'act' = 'fill' OR (change ->> 'act' = 'differ' AND (change ->> 'take')::boolean))
"""
"""Names are few and need the Finnish sort key: they are written one by one."""

NAMED = """
INSERT INTO customers_completion (person_id, customer_id, field, source_detail, at, import_run_id)
SELECT person_id, customer_id, field, %(source)s, %(at)s, %(run)s
  FROM unnest(%(people)s::bigint[], %(customers)s::bigint[], %(fields)s::text[])
       AS listed (person_id, customer_id, field)
    ON CONFLICT (person_id, customer_id, field)
    DO UPDATE SET source_detail = EXCLUDED.source_detail, at = EXCLUDED.at, import_run_id = EXCLUDED.import_run_id
"""

# --- afterwards -----------------------------------------------------------------------------------------

FINISHED = """
UPDATE customers_importrow r
   SET result = end_of.result,
       name = CASE WHEN end_of.result = 'skipped' THEN r.name ELSE '' END,
       data = jsonb_strip_nulls(jsonb_build_object('left_out', r.data -> 'left_out', 'before', end_of.before))
  FROM (
    SELECT id, before, CASE WHEN result <> '' THEN result
                            WHEN choice = 'skip' THEN 'skipped'
                            WHEN repeats IS NOT NULL OR changes THEN 'updated'
                            ELSE 'unchanged' END AS result
      FROM (
        SELECT row.id, row.result, row.choice, row.repeats,
               bool_or(change ->> 'act' <> 'differ' OR (change ->> 'take')::boolean) AS changes,
               jsonb_object_agg(change ->> 'field', change ->> 'register')
                   FILTER (WHERE row.choice = 'update' AND (change ->> 'act' = 'fill'
                           OR (change ->> 'act' = 'differ' AND (change ->> 'take')::boolean))) AS before
          FROM customers_importrow row
          LEFT JOIN LATERAL jsonb_array_elements(row.data -> 'changes') AS listed (change) ON true
         WHERE row.run_id = %(run)s GROUP BY row.id) told) end_of
 WHERE r.id = end_of.id
"""
"""Of what was staged stays what the report needs, and the values that were overwritten; of everybody who is in the
register the register itself knows."""

COUNTS = "SELECT result, count(*) FROM customers_importrow WHERE run_id = %(run)s GROUP BY result"

NUMBERS = """
SELECT result, array_agg(DISTINCT number ORDER BY number)
  FROM (SELECT result, 'H' || person_id AS number FROM customers_importrow
         WHERE run_id = %(run)s AND person_id IS NOT NULL AND result IN ('added', 'updated')
        UNION ALL
        SELECT result, 'K' || customer_id FROM customers_importrow
         WHERE run_id = %(run)s AND customer_id IS NOT NULL AND result IN ('added', 'updated')) touched
 GROUP BY result
"""

REFUSALS = """
SELECT DISTINCT item ->> 'canonical'
  FROM customers_importrow r CROSS JOIN LATERAL jsonb_array_elements(r.data -> 'emails') AS listed (item)
 WHERE r.run_id = %(run)s AND r.refuses AND r.choice IN ('add', 'update') AND r.data -> 'emails' IS NOT NULL
"""
