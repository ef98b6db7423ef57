-- Derived from the inventory by `manage.py grants --write`; applied after every migrate.

GRANT DELETE ON customers_assignment TO register_owner;
GRANT INSERT ON customers_assignment TO register_owner;
GRANT SELECT ON customers_assignment TO register_owner;
GRANT UPDATE ON customers_assignment TO register_owner;
GRANT SELECT ON customers_assignment TO register_worker;

GRANT DELETE ON customers_assignmentline TO register_owner;
GRANT INSERT ON customers_assignmentline TO register_owner;
GRANT SELECT ON customers_assignmentline TO register_owner;
GRANT UPDATE ON customers_assignmentline TO register_owner;
GRANT SELECT ON customers_assignmentline TO register_worker;

GRANT DELETE ON customers_attachment TO register_owner;
GRANT INSERT ON customers_attachment TO register_owner;
GRANT SELECT ON customers_attachment TO register_owner;
GRANT DELETE ON customers_attachment TO register_worker;
GRANT INSERT ON customers_attachment TO register_worker;
GRANT SELECT ON customers_attachment TO register_worker;

GRANT DELETE ON customers_columnmapping TO register_owner;
GRANT INSERT ON customers_columnmapping TO register_owner;
GRANT SELECT ON customers_columnmapping TO register_owner;
GRANT UPDATE ON customers_columnmapping TO register_owner;

GRANT SELECT ON customers_customer TO register_billing;
GRANT SELECT ON customers_customer TO register_link;
GRANT DELETE ON customers_customer TO register_owner;
GRANT INSERT ON customers_customer TO register_owner;
GRANT SELECT ON customers_customer TO register_owner;
GRANT UPDATE ON customers_customer TO register_owner;
GRANT DELETE ON customers_customer TO register_worker;
GRANT INSERT ON customers_customer TO register_worker;
GRANT SELECT ON customers_customer TO register_worker;
GRANT UPDATE ON customers_customer TO register_worker;

GRANT SELECT ON customers_emailaddress TO register_link;
GRANT DELETE ON customers_emailaddress TO register_owner;
GRANT INSERT ON customers_emailaddress TO register_owner;
GRANT SELECT ON customers_emailaddress TO register_owner;
GRANT UPDATE ON customers_emailaddress TO register_owner;
GRANT DELETE ON customers_emailaddress TO register_worker;
GRANT INSERT ON customers_emailaddress TO register_worker;
GRANT SELECT ON customers_emailaddress TO register_worker;
GRANT UPDATE ON customers_emailaddress TO register_worker;

GRANT DELETE ON customers_importrow TO register_owner;
GRANT INSERT ON customers_importrow TO register_owner;
GRANT SELECT ON customers_importrow TO register_owner;
GRANT UPDATE ON customers_importrow TO register_owner;
GRANT DELETE ON customers_importrow TO register_worker;
GRANT SELECT ON customers_importrow TO register_worker;
GRANT UPDATE ON customers_importrow TO register_worker;

GRANT DELETE ON customers_importrun TO register_owner;
GRANT INSERT ON customers_importrun TO register_owner;
GRANT SELECT ON customers_importrun TO register_owner;
GRANT UPDATE ON customers_importrun TO register_owner;
GRANT SELECT ON customers_importrun TO register_worker;
GRANT UPDATE ON customers_importrun TO register_worker;

GRANT DELETE ON customers_interaction TO register_owner;
GRANT INSERT ON customers_interaction TO register_owner;
GRANT SELECT ON customers_interaction TO register_owner;
GRANT UPDATE ON customers_interaction TO register_owner;
GRANT DELETE ON customers_interaction TO register_worker;
GRANT INSERT ON customers_interaction TO register_worker;
GRANT SELECT ON customers_interaction TO register_worker;
GRANT UPDATE ON customers_interaction TO register_worker;

GRANT DELETE ON customers_interactionperson TO register_owner;
GRANT INSERT ON customers_interactionperson TO register_owner;
GRANT SELECT ON customers_interactionperson TO register_owner;
GRANT UPDATE ON customers_interactionperson TO register_owner;
GRANT DELETE ON customers_interactionperson TO register_worker;
GRANT INSERT ON customers_interactionperson TO register_worker;
GRANT SELECT ON customers_interactionperson TO register_worker;
GRANT UPDATE ON customers_interactionperson TO register_worker;

GRANT SELECT ON customers_person TO register_link;
GRANT DELETE ON customers_person TO register_owner;
GRANT INSERT ON customers_person TO register_owner;
GRANT SELECT ON customers_person TO register_owner;
GRANT UPDATE ON customers_person TO register_owner;
GRANT DELETE ON customers_person TO register_worker;
GRANT INSERT ON customers_person TO register_worker;
GRANT SELECT ON customers_person TO register_worker;
GRANT UPDATE ON customers_person TO register_worker;

GRANT SELECT ON customers_phonenumber TO register_link;
GRANT DELETE ON customers_phonenumber TO register_owner;
GRANT INSERT ON customers_phonenumber TO register_owner;
GRANT SELECT ON customers_phonenumber TO register_owner;
GRANT UPDATE ON customers_phonenumber TO register_owner;
GRANT DELETE ON customers_phonenumber TO register_worker;
GRANT INSERT ON customers_phonenumber TO register_worker;
GRANT SELECT ON customers_phonenumber TO register_worker;
GRANT UPDATE ON customers_phonenumber TO register_worker;

GRANT SELECT ON customers_postaladdress TO register_link;
GRANT DELETE ON customers_postaladdress TO register_owner;
GRANT INSERT ON customers_postaladdress TO register_owner;
GRANT SELECT ON customers_postaladdress TO register_owner;
GRANT UPDATE ON customers_postaladdress TO register_owner;
GRANT DELETE ON customers_postaladdress TO register_worker;
GRANT INSERT ON customers_postaladdress TO register_worker;
GRANT SELECT ON customers_postaladdress TO register_worker;
GRANT UPDATE ON customers_postaladdress TO register_worker;

GRANT DELETE ON customers_relationship TO register_owner;
GRANT INSERT ON customers_relationship TO register_owner;
GRANT SELECT ON customers_relationship TO register_owner;
GRANT UPDATE ON customers_relationship TO register_owner;
GRANT DELETE ON customers_relationship TO register_worker;
GRANT INSERT ON customers_relationship TO register_worker;
GRANT SELECT ON customers_relationship TO register_worker;
GRANT UPDATE ON customers_relationship TO register_worker;

GRANT DELETE ON customers_relationship_tags TO register_owner;
GRANT INSERT ON customers_relationship_tags TO register_owner;
GRANT SELECT ON customers_relationship_tags TO register_owner;
GRANT DELETE ON customers_relationship_tags TO register_worker;
GRANT INSERT ON customers_relationship_tags TO register_worker;
GRANT SELECT ON customers_relationship_tags TO register_worker;

GRANT DELETE ON customers_representation TO register_owner;
GRANT INSERT ON customers_representation TO register_owner;
GRANT SELECT ON customers_representation TO register_owner;
GRANT UPDATE ON customers_representation TO register_owner;
GRANT DELETE ON customers_representation TO register_worker;
GRANT INSERT ON customers_representation TO register_worker;
GRANT SELECT ON customers_representation TO register_worker;
GRANT UPDATE ON customers_representation TO register_worker;

GRANT DELETE ON customers_searchdocument TO register_owner;
GRANT INSERT ON customers_searchdocument TO register_owner;
GRANT SELECT ON customers_searchdocument TO register_owner;
GRANT UPDATE ON customers_searchdocument TO register_owner;
GRANT DELETE ON customers_searchdocument TO register_worker;
GRANT INSERT ON customers_searchdocument TO register_worker;
GRANT SELECT ON customers_searchdocument TO register_worker;
GRANT UPDATE ON customers_searchdocument TO register_worker;

GRANT DELETE ON customers_tag TO register_owner;
GRANT INSERT ON customers_tag TO register_owner;
GRANT SELECT ON customers_tag TO register_owner;
GRANT UPDATE ON customers_tag TO register_owner;
GRANT INSERT ON customers_tag TO register_worker;
GRANT SELECT ON customers_tag TO register_worker;

GRANT DELETE ON customers_task TO register_owner;
GRANT INSERT ON customers_task TO register_owner;
GRANT SELECT ON customers_task TO register_owner;
GRANT UPDATE ON customers_task TO register_owner;
GRANT DELETE ON customers_task TO register_worker;
GRANT INSERT ON customers_task TO register_worker;
GRANT SELECT ON customers_task TO register_worker;
GRANT UPDATE ON customers_task TO register_worker;

GRANT SELECT ON django_content_type TO register_auth;

GRANT SELECT ON django_migrations TO register_auth;

GRANT INSERT ON mailing_optoutevent TO register_link;
GRANT SELECT (id) ON mailing_optoutevent TO register_link;
GRANT INSERT ON mailing_optoutevent TO register_owner;
GRANT SELECT ON mailing_optoutevent TO register_owner;
GRANT INSERT ON mailing_optoutevent TO register_worker;
GRANT SELECT ON mailing_optoutevent TO register_worker;

GRANT SELECT ON mailing_suppression TO register_owner;
GRANT SELECT ON mailing_suppression TO register_worker;

GRANT SELECT ON mailing_topic TO register_link;
GRANT INSERT ON mailing_topic TO register_owner;
GRANT SELECT ON mailing_topic TO register_owner;
GRANT UPDATE ON mailing_topic TO register_owner;
GRANT SELECT ON mailing_topic TO register_worker;

GRANT INSERT ON procrastinate_events TO register_billing;
GRANT SELECT (id) ON procrastinate_events TO register_billing;
GRANT INSERT ON procrastinate_events TO register_auth;
GRANT SELECT (id) ON procrastinate_events TO register_auth;
GRANT INSERT ON procrastinate_events TO register_link;
GRANT SELECT (id) ON procrastinate_events TO register_link;
GRANT INSERT ON procrastinate_events TO register_owner;
GRANT SELECT (id) ON procrastinate_events TO register_owner;
GRANT DELETE ON procrastinate_events TO register_worker;
GRANT INSERT ON procrastinate_events TO register_worker;
GRANT SELECT ON procrastinate_events TO register_worker;
GRANT UPDATE ON procrastinate_events TO register_worker;

GRANT INSERT ON procrastinate_jobs TO register_billing;
GRANT SELECT ON procrastinate_jobs TO register_billing;
GRANT INSERT ON procrastinate_jobs TO register_auth;
GRANT SELECT ON procrastinate_jobs TO register_auth;
GRANT INSERT ON procrastinate_jobs TO register_link;
GRANT SELECT ON procrastinate_jobs TO register_link;
GRANT INSERT ON procrastinate_jobs TO register_owner;
GRANT SELECT ON procrastinate_jobs TO register_owner;
GRANT DELETE ON procrastinate_jobs TO register_worker;
GRANT INSERT ON procrastinate_jobs TO register_worker;
GRANT SELECT ON procrastinate_jobs TO register_worker;
GRANT UPDATE ON procrastinate_jobs TO register_worker;

GRANT DELETE ON procrastinate_periodic_defers TO register_worker;
GRANT INSERT ON procrastinate_periodic_defers TO register_worker;
GRANT SELECT ON procrastinate_periodic_defers TO register_worker;
GRANT UPDATE ON procrastinate_periodic_defers TO register_worker;

GRANT DELETE ON procrastinate_workers TO register_worker;
GRANT INSERT ON procrastinate_workers TO register_worker;
GRANT SELECT ON procrastinate_workers TO register_worker;
GRANT UPDATE ON procrastinate_workers TO register_worker;

GRANT INSERT ON register_auditentry TO register_audit;
GRANT SELECT (id) ON register_auditentry TO register_audit;
GRANT INSERT ON register_auditentry TO register_billing;
GRANT SELECT (id) ON register_auditentry TO register_billing;
GRANT INSERT ON register_auditentry TO register_auth;
GRANT SELECT (id) ON register_auditentry TO register_auth;
GRANT INSERT ON register_auditentry TO register_link;
GRANT SELECT (id) ON register_auditentry TO register_link;
GRANT INSERT ON register_auditentry TO register_owner;
GRANT SELECT ON register_auditentry TO register_owner;
GRANT INSERT ON register_auditentry TO register_worker;
GRANT SELECT (id) ON register_auditentry TO register_worker;

GRANT SELECT ON register_registrar TO register_billing;
GRANT SELECT ON register_registrar TO register_auth;
GRANT SELECT ON register_registrar TO register_link;
GRANT INSERT ON register_registrar TO register_owner;
GRANT SELECT ON register_registrar TO register_owner;
GRANT UPDATE ON register_registrar TO register_owner;
GRANT SELECT ON register_registrar TO register_worker;

GRANT INSERT ON register_securityevent TO register_audit;
GRANT SELECT (id) ON register_securityevent TO register_audit;
GRANT INSERT ON register_securityevent TO register_auth;
GRANT SELECT (id) ON register_securityevent TO register_auth;
GRANT SELECT ON register_securityevent TO register_owner;

GRANT SELECT ON register_statementversion TO register_link;
GRANT INSERT ON register_statementversion TO register_owner;
GRANT SELECT ON register_statementversion TO register_owner;
GRANT SELECT ON register_statementversion TO register_worker;

GRANT INSERT ON register_user TO register_auth;
GRANT SELECT ON register_user TO register_auth;
GRANT UPDATE ON register_user TO register_auth;

GRANT EXECUTE ON FUNCTION procrastinate_cancel_job_v1(bigint,boolean,boolean) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) TO register_billing;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) TO register_auth;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) TO register_link;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) TO register_owner;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_defer_periodic_job_v2(character varying,character varying,character varying,character varying,integer,character varying,bigint,jsonb) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_fetch_job_v2(character varying[],bigint) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_finish_job_v1(bigint,procrastinate_job_status,boolean) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_prune_stalled_workers_v1(double precision) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_register_worker_v1() TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_retry_job_v1(bigint,timestamp with time zone,integer,character varying,character varying) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,character varying,character varying) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_unregister_worker_v1(bigint) TO register_worker;
GRANT EXECUTE ON FUNCTION procrastinate_update_heartbeat_v1(bigint) TO register_worker;
GRANT EXECUTE ON FUNCTION register_actor() TO register_audit;
GRANT EXECUTE ON FUNCTION register_actor() TO register_billing;
GRANT EXECUTE ON FUNCTION register_actor() TO register_auth;
GRANT EXECUTE ON FUNCTION register_actor() TO register_link;
GRANT EXECUTE ON FUNCTION register_actor() TO register_owner;
GRANT EXECUTE ON FUNCTION register_actor() TO register_worker;
