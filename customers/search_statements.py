"""The SQL of the search; what its parameters mean, `customers.search` says."""

FIND = r"""
WITH walked AS MATERIALIZED (
    SELECT d.id, d.customer_id, d.person_id, d.text
      FROM (SELECT * FROM customers_searchdocument ORDER BY id LIMIT %(walk)s) d
     WHERE d.text LIKE %(one)s AND d.text LIKE %(two)s AND d.text LIKE %(three)s AND d.text LIKE ALL (%(rest)s)
     LIMIT %(fence)s
), matching AS MATERIALIZED (
    SELECT * FROM walked WHERE (SELECT count(*) FROM walked) = %(fence)s
    UNION ALL
    (SELECT d.id, d.customer_id, d.person_id, d.text FROM customers_searchdocument d
      WHERE (SELECT count(*) FROM walked) < %(fence)s
        AND d.text LIKE %(one)s AND d.text LIKE %(two)s AND d.text LIKE %(three)s AND d.text LIKE ALL (%(rest)s)
      LIMIT %(fence)s)
), beginning_customers AS MATERIALIZED (
    SELECT c.id, c.person_id FROM customers_customer c
     WHERE c.sort_key >= %(key)s AND c.sort_key < %(key_end)s ORDER BY c.sort_key, c.id LIMIT %(limit)s + 1
), beginning_people AS MATERIALIZED (
    SELECT h.id FROM customers_person h
     WHERE h.sort_key >= %(key)s AND h.sort_key < %(key_end)s ORDER BY h.sort_key, h.id LIMIT %(limit)s + 1
), named AS MATERIALIZED (
    SELECT ARRAY(SELECT id FROM beginning_customers) || %(customer)s::bigint AS customers,
           ARRAY(SELECT person_id FROM beginning_customers WHERE person_id IS NOT NULL)
             || ARRAY(SELECT id FROM beginning_people)
             || (SELECT c.person_id FROM customers_customer c WHERE c.id = %(customer)s)
             || %(person)s::bigint AS people
), candidates AS MATERIALIZED (
    SELECT id, customer_id, person_id, text FROM matching
    UNION ALL
    SELECT d.id, d.customer_id, d.person_id, d.text FROM customers_searchdocument d
     WHERE (d.customer_id = ANY ((SELECT customers FROM named)::bigint[])
            OR d.person_id = ANY ((SELECT people FROM named)::bigint[]))
       AND NOT EXISTS (SELECT FROM matching m WHERE m.id = d.id)
), ranked AS MATERIALIZED (
    SELECT coalesce(d.customer_id, c.id) AS customer_id, CASE WHEN c.id IS NULL THEN d.person_id END AS person_id,
           CASE WHEN coalesce(d.customer_id, c.id) = %(customer)s OR d.person_id = %(person)s THEN 0
                WHEN position(E'\n' || %(phrase)s || E'\n' IN E'\n' || d.text || E'\n') > 0 THEN 1
                WHEN position(E'\n' || %(phrase)s IN E'\n' || d.text) > 0 THEN 3
                WHEN ' ' || replace(d.text, E'\n', ' ') LIKE ALL (%(starts)s) THEN 4
                ELSE 5 END AS rank
      FROM candidates d LEFT JOIN customers_customer c ON c.person_id = d.person_id
), customers AS (
    SELECT CASE WHEN r.rank > 2 AND c.sort_key >= %(key)s AND c.sort_key < %(key_end)s THEN 2 ELSE r.rank END AS rank,
           c.id, c.person_id, c.name, c.business_id, c.sort_key
      FROM ranked r JOIN customers_customer c ON c.id = r.customer_id
     ORDER BY 1, c.sort_key, c.id LIMIT %(limit)s + 1
), people AS (
    SELECT CASE WHEN r.rank > 2 AND h.sort_key >= %(key)s AND h.sort_key < %(key_end)s THEN 2 ELSE r.rank END AS rank,
           h.id, h.given_name, h.family_name, h.sort_key
      FROM ranked r JOIN customers_person h ON h.id = r.person_id
     ORDER BY 1, h.sort_key, h.id LIMIT %(limit)s + 1
), hits AS MATERIALIZED (
    SELECT 'customer' AS what, rank, id, sort_key, id AS customer_id, person_id, name, business_id AS beside
      FROM customers
    UNION ALL
    SELECT 'person', rank, id, sort_key, NULL, id, concat_ws(' ', nullif(given_name, ''), nullif(family_name, '')),
           (SELECT string_agg(c.name, ', ' ORDER BY r.id)
              FROM customers_representation r JOIN customers_customer c ON c.id = r.customer_id
             WHERE r.person_id = people.id AND r.until IS NULL)
      FROM people
)
(SELECT h.what, h.id, h.name, h.beside,
        (SELECT e.address FROM customers_emailaddress e WHERE e.customer_id = h.customer_id OR e.person_id = h.person_id
          ORDER BY e.canonical LIKE %(one)s DESC, e.ended_on IS NULL DESC, e.primary DESC, e.id LIMIT 1),
        (SELECT p.number FROM customers_phonenumber p WHERE p.customer_id = h.customer_id OR p.person_id = h.person_id
          ORDER BY customers_phone_forms(p.number, p.e164) LIKE %(one)s DESC, p.ended_on IS NULL DESC, p.primary DESC,
                   p.id LIMIT 1)
   FROM hits h ORDER BY h.what, h.rank, h.sort_key, h.id)
UNION ALL
(SELECT 'assignment', t.id, t.title, c.name, NULL, NULL
   FROM (SELECT a.* FROM customers_assignment a WHERE a.id = %(assignment)s
         UNION ALL
         (SELECT a.* FROM customers_assignment a
           WHERE a.title ILIKE %(title)s AND a.title ILIKE ALL (%(titles)s) AND a.id IS DISTINCT FROM %(assignment)s
           ORDER BY a.id DESC LIMIT %(title_limit)s)) t
   JOIN customers_customer c ON c.id = t.customer_id)
"""

# One slip of the pen leaves one half of a word whole: documents with a word that begins or ends so are the candidates,
# of those the ones whose word is about as long, and only the names, which stand first in a document, are compared.
SIMILAR = r"""
WITH walked AS MATERIALIZED (
    SELECT d.customer_id, d.person_id, d.text
      FROM (SELECT * FROM customers_searchdocument ORDER BY id LIMIT %(walk)s) d
     WHERE d.text LIKE ANY (%(halves)s) LIMIT %(similar_fence)s
), candidates AS MATERIALIZED (
    SELECT * FROM walked WHERE (SELECT count(*) FROM walked) >= %(compared)s
    UNION ALL
    (SELECT d.customer_id, d.person_id, d.text FROM customers_searchdocument d
      WHERE (SELECT count(*) FROM walked) < %(compared)s AND d.text LIKE ANY (%(halves)s)
      LIMIT %(similar_fence)s)
), names AS MATERIALIZED (
    SELECT d.customer_id, d.person_id,
           translate(CASE WHEN d.customer_id IS NULL THEN left(d.text, 60) ELSE split_part(d.text, E'\n', 2) END,
                     'äöå', 'aoa') AS name
      FROM candidates d
), matching AS MATERIALIZED (
    SELECT n.customer_id, n.person_id, word_similarity(%(bare)s, n.name) AS likeness
      FROM (SELECT * FROM names WHERE name ~ %(about_as_long)s LIMIT %(compared)s) n
     ORDER BY likeness DESC LIMIT %(limit)s
), ranked AS MATERIALIZED (
    SELECT coalesce(m.customer_id, c.id) AS customer_id, CASE WHEN c.id IS NULL THEN m.person_id END AS person_id,
           m.likeness
      FROM matching m LEFT JOIN customers_customer c ON c.person_id = m.person_id
     WHERE m.likeness >= %(likeness)s
)
(SELECT 'customer', c.id, c.name, c.business_id, NULL, NULL
   FROM ranked r JOIN customers_customer c ON c.id = r.customer_id ORDER BY r.likeness DESC, c.sort_key, c.id)
UNION ALL
(SELECT 'person', h.id, concat_ws(' ', nullif(h.given_name, ''), nullif(h.family_name, '')),
        (SELECT string_agg(c.name, ', ' ORDER BY r.id)
           FROM customers_representation r JOIN customers_customer c ON c.id = r.customer_id
          WHERE r.person_id = h.id AND r.until IS NULL), NULL, NULL
   FROM ranked r JOIN customers_person h ON h.id = r.person_id ORDER BY r.likeness DESC, h.sort_key, h.id)
"""

MATCHING_CUSTOMERS = """
WITH matching AS MATERIALIZED (
    SELECT d.customer_id, d.person_id FROM customers_searchdocument d
     WHERE d.text LIKE %(one)s AND d.text LIKE %(two)s AND d.text LIKE %(three)s AND d.text LIKE ALL (%(rest)s)
     LIMIT %(list_fence)s + 1
), beginning AS MATERIALIZED (
    SELECT c.id FROM customers_customer c
     WHERE c.sort_key >= %(key)s AND c.sort_key < %(key_end)s ORDER BY c.sort_key, c.id LIMIT %(key_fence)s + 1
)
SELECT customer_id FROM matching WHERE customer_id IS NOT NULL
UNION
SELECT c.id FROM matching m JOIN customers_customer c ON c.person_id = m.person_id
UNION
SELECT id FROM beginning
UNION
SELECT c.id FROM customers_customer c WHERE c.id = %(customer)s
UNION ALL
SELECT NULL WHERE (SELECT count(*) FROM matching) > %(list_fence)s AND %(list_fence)s > 0
"""

MATCHING_PEOPLE = """
WITH matching AS MATERIALIZED (
    SELECT d.person_id FROM customers_searchdocument d
     WHERE d.text LIKE %(one)s AND d.text LIKE %(two)s AND d.text LIKE %(three)s AND d.text LIKE ALL (%(rest)s)
       AND d.person_id IS NOT NULL
     LIMIT %(list_fence)s + 1
), beginning AS MATERIALIZED (
    SELECT h.id FROM customers_person h
     WHERE h.sort_key >= %(key)s AND h.sort_key < %(key_end)s ORDER BY h.sort_key, h.id LIMIT %(key_fence)s + 1
)
SELECT person_id FROM matching
UNION
SELECT id FROM beginning
UNION
SELECT h.id FROM customers_person h WHERE h.id = %(person)s
UNION ALL
SELECT NULL WHERE (SELECT count(*) FROM matching) > %(list_fence)s AND %(list_fence)s > 0
"""

EXPECTED = """
EXPLAIN (FORMAT json) SELECT FROM customers_searchdocument d
 WHERE d.text LIKE %(one)s AND d.text LIKE %(two)s AND d.text LIKE %(three)s
"""

EXPECTED_SIMILAR = """
EXPLAIN (FORMAT json) SELECT FROM customers_searchdocument d WHERE d.text LIKE ANY (%(halves)s)
"""

DOCUMENTS = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'customers_searchdocument'::regclass"

DIFFERENCES = """
SELECT count(*)
  FROM customers_search_texts(ARRAY(SELECT id FROM customers_customer), ARRAY(SELECT id FROM customers_person)) f
  FULL JOIN customers_searchdocument d
         ON (coalesce(d.customer_id, 0), coalesce(d.person_id, 0))
          = (coalesce(f.customer_id, 0), coalesce(f.person_id, 0))
 WHERE d.text IS DISTINCT FROM f.text
"""
