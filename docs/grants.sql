-- Derived from the inventory by `manage.py grants --write`; applied after every migrate.

GRANT DELETE ON account_emailaddress TO register_auth;
GRANT INSERT ON account_emailaddress TO register_auth;
GRANT SELECT ON account_emailaddress TO register_auth;
GRANT UPDATE ON account_emailaddress TO register_auth;

GRANT DELETE ON account_emailconfirmation TO register_auth;
GRANT INSERT ON account_emailconfirmation TO register_auth;
GRANT SELECT ON account_emailconfirmation TO register_auth;
GRANT UPDATE ON account_emailconfirmation TO register_auth;

GRANT INSERT ON billing_billingdetails TO register_billing;
GRANT SELECT ON billing_billingdetails TO register_billing;
GRANT UPDATE ON billing_billingdetails TO register_billing;
GRANT DELETE ON billing_billingdetails TO register_owner;
GRANT INSERT ON billing_billingdetails TO register_owner;
GRANT SELECT ON billing_billingdetails TO register_owner;
GRANT UPDATE ON billing_billingdetails TO register_owner;
GRANT DELETE ON billing_billingdetails TO register_worker;
GRANT INSERT ON billing_billingdetails TO register_worker;
GRANT SELECT ON billing_billingdetails TO register_worker;
GRANT UPDATE ON billing_billingdetails TO register_worker;

GRANT INSERT ON billing_entry TO register_billing;
GRANT SELECT ON billing_entry TO register_billing;
GRANT DELETE ON billing_entry TO register_owner;
GRANT SELECT ON billing_entry TO register_owner;
GRANT DELETE ON billing_entry TO register_worker;
GRANT INSERT ON billing_entry TO register_worker;
GRANT SELECT ON billing_entry TO register_worker;

GRANT DELETE ON billing_invoice TO register_billing;
GRANT INSERT ON billing_invoice TO register_billing;
GRANT SELECT ON billing_invoice TO register_billing;
GRANT UPDATE ON billing_invoice TO register_billing;
GRANT DELETE ON billing_invoice TO register_owner;
GRANT SELECT ON billing_invoice TO register_owner;
GRANT DELETE ON billing_invoice TO register_worker;
GRANT SELECT ON billing_invoice TO register_worker;

GRANT DELETE ON billing_invoiceline TO register_billing;
GRANT INSERT ON billing_invoiceline TO register_billing;
GRANT SELECT ON billing_invoiceline TO register_billing;
GRANT UPDATE ON billing_invoiceline TO register_billing;
GRANT DELETE ON billing_invoiceline TO register_owner;
GRANT SELECT ON billing_invoiceline TO register_owner;
GRANT DELETE ON billing_invoiceline TO register_worker;
GRANT SELECT ON billing_invoiceline TO register_worker;

GRANT INSERT ON billing_invoicepdf TO register_billing;
GRANT SELECT ON billing_invoicepdf TO register_billing;
GRANT DELETE ON billing_invoicepdf TO register_owner;
GRANT SELECT ON billing_invoicepdf TO register_owner;
GRANT DELETE ON billing_invoicepdf TO register_worker;
GRANT SELECT ON billing_invoicepdf TO register_worker;

GRANT INSERT ON billing_payment TO register_billing;
GRANT SELECT ON billing_payment TO register_billing;
GRANT UPDATE (customer_id) ON billing_payment TO register_billing;
GRANT UPDATE (payer_name) ON billing_payment TO register_billing;
GRANT DELETE ON billing_payment TO register_owner;
GRANT SELECT ON billing_payment TO register_owner;
GRANT DELETE ON billing_payment TO register_worker;
GRANT INSERT ON billing_payment TO register_worker;
GRANT SELECT ON billing_payment TO register_worker;
GRANT UPDATE (customer_id) ON billing_payment TO register_worker;
GRANT UPDATE (payer_name) ON billing_payment TO register_worker;

GRANT INSERT ON billing_paymentreference TO register_billing;
GRANT SELECT ON billing_paymentreference TO register_billing;
GRANT DELETE ON billing_paymentreference TO register_owner;
GRANT SELECT ON billing_paymentreference TO register_owner;
GRANT DELETE ON billing_paymentreference TO register_worker;
GRANT INSERT ON billing_paymentreference TO register_worker;
GRANT SELECT ON billing_paymentreference TO register_worker;

GRANT INSERT ON billing_receivable TO register_billing;
GRANT SELECT ON billing_receivable TO register_billing;
GRANT UPDATE (debtor) ON billing_receivable TO register_billing;
GRANT UPDATE (due_basis) ON billing_receivable TO register_billing;
GRANT UPDATE (due_on) ON billing_receivable TO register_billing;
GRANT DELETE ON billing_receivable TO register_owner;
GRANT SELECT ON billing_receivable TO register_owner;
GRANT DELETE ON billing_receivable TO register_worker;
GRANT INSERT ON billing_receivable TO register_worker;
GRANT SELECT ON billing_receivable TO register_worker;
GRANT UPDATE (due_on) ON billing_receivable TO register_worker;

GRANT SELECT ON billing_releasedassignment TO register_billing;
GRANT UPDATE (invoice_id) ON billing_releasedassignment TO register_billing;
GRANT DELETE ON billing_releasedassignment TO register_owner;
GRANT INSERT ON billing_releasedassignment TO register_owner;
GRANT SELECT ON billing_releasedassignment TO register_owner;
GRANT UPDATE (invoice_id) ON billing_releasedassignment TO register_owner;
GRANT UPDATE (note) ON billing_releasedassignment TO register_owner;
GRANT DELETE ON billing_releasedassignment TO register_worker;
GRANT SELECT ON billing_releasedassignment TO register_worker;

GRANT SELECT ON billing_releasedline TO register_billing;
GRANT DELETE ON billing_releasedline TO register_owner;
GRANT INSERT ON billing_releasedline TO register_owner;
GRANT SELECT ON billing_releasedline TO register_owner;
GRANT DELETE ON billing_releasedline TO register_worker;
GRANT SELECT ON billing_releasedline TO register_worker;

GRANT SELECT ON billing_rule TO register_billing;
GRANT DELETE ON billing_rule TO register_owner;
GRANT INSERT ON billing_rule TO register_owner;
GRANT SELECT ON billing_rule TO register_owner;
GRANT UPDATE (valid_to) ON billing_rule TO register_owner;
GRANT SELECT ON billing_rule TO register_worker;

GRANT INSERT ON billing_sending TO register_billing;
GRANT SELECT ON billing_sending TO register_billing;
GRANT UPDATE (result) ON billing_sending TO register_billing;
GRANT UPDATE (sent_at) ON billing_sending TO register_billing;
GRANT UPDATE (settled_at) ON billing_sending TO register_billing;
GRANT UPDATE (state) ON billing_sending TO register_billing;
GRANT DELETE ON billing_sending TO register_owner;
GRANT SELECT ON billing_sending TO register_owner;
GRANT DELETE ON billing_sending TO register_worker;
GRANT SELECT ON billing_sending TO register_worker;
GRANT UPDATE (result) ON billing_sending TO register_worker;
GRANT UPDATE (sent_at) ON billing_sending TO register_worker;
GRANT UPDATE (settled_at) ON billing_sending TO register_worker;
GRANT UPDATE (state) ON billing_sending TO register_worker;

GRANT INSERT ON billing_series TO register_billing;
GRANT SELECT ON billing_series TO register_billing;
GRANT UPDATE (last) ON billing_series TO register_billing;
GRANT SELECT ON billing_series TO register_owner;
GRANT SELECT ON billing_series TO register_worker;

GRANT SELECT ON billing_vatrate TO register_billing;
GRANT DELETE ON billing_vatrate TO register_owner;
GRANT INSERT ON billing_vatrate TO register_owner;
GRANT SELECT ON billing_vatrate TO register_owner;
GRANT UPDATE (valid_to) ON billing_vatrate TO register_owner;
GRANT SELECT ON billing_vatrate TO register_worker;

GRANT DELETE ON customers_assignment TO register_owner;
GRANT INSERT ON customers_assignment TO register_owner;
GRANT SELECT ON customers_assignment TO register_owner;
GRANT UPDATE ON customers_assignment TO register_owner;
GRANT SELECT ON customers_assignment TO register_worker;
GRANT UPDATE (status) ON customers_assignment TO register_worker;

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
GRANT SELECT ON customers_columnmapping TO register_worker;

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
GRANT INSERT ON customers_importrow TO register_worker;
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

GRANT DELETE ON customers_searchpending TO register_owner;
GRANT INSERT ON customers_searchpending TO register_owner;
GRANT SELECT ON customers_searchpending TO register_owner;
GRANT DELETE ON customers_searchpending TO register_worker;
GRANT INSERT ON customers_searchpending TO register_worker;
GRANT SELECT ON customers_searchpending TO register_worker;

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

GRANT DELETE ON mfa_authenticator TO register_auth;
GRANT INSERT ON mfa_authenticator TO register_auth;
GRANT SELECT ON mfa_authenticator TO register_auth;
GRANT UPDATE ON mfa_authenticator TO register_auth;

GRANT INSERT ON privacy_case TO register_link;
GRANT SELECT (id) ON privacy_case TO register_link;
GRANT INSERT ON privacy_case TO register_owner;
GRANT SELECT ON privacy_case TO register_owner;
GRANT UPDATE ON privacy_case TO register_owner;
GRANT INSERT ON privacy_case TO register_worker;
GRANT SELECT ON privacy_case TO register_worker;
GRANT UPDATE ON privacy_case TO register_worker;

GRANT INSERT ON privacy_casestep TO register_owner;
GRANT SELECT ON privacy_casestep TO register_owner;
GRANT INSERT ON privacy_casestep TO register_worker;
GRANT SELECT ON privacy_casestep TO register_worker;

GRANT DELETE ON privacy_confirmationcode TO register_owner;
GRANT SELECT ON privacy_confirmationcode TO register_owner;
GRANT DELETE ON privacy_confirmationcode TO register_worker;
GRANT SELECT ON privacy_confirmationcode TO register_worker;
GRANT UPDATE ON privacy_confirmationcode TO register_worker;

GRANT DELETE ON privacy_mydatalink TO register_owner;
GRANT INSERT ON privacy_mydatalink TO register_owner;
GRANT SELECT ON privacy_mydatalink TO register_owner;
GRANT UPDATE ON privacy_mydatalink TO register_owner;
GRANT DELETE ON privacy_mydatalink TO register_worker;
GRANT INSERT ON privacy_mydatalink TO register_worker;
GRANT SELECT ON privacy_mydatalink TO register_worker;
GRANT UPDATE ON privacy_mydatalink TO register_worker;

GRANT SELECT ON privacy_outlineline TO register_link;
GRANT DELETE ON privacy_outlineline TO register_owner;
GRANT INSERT ON privacy_outlineline TO register_owner;
GRANT SELECT ON privacy_outlineline TO register_owner;
GRANT DELETE ON privacy_outlineline TO register_worker;
GRANT INSERT ON privacy_outlineline TO register_worker;
GRANT SELECT ON privacy_outlineline TO register_worker;

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

GRANT DELETE ON register_cache TO register_auth;
GRANT INSERT ON register_cache TO register_auth;
GRANT SELECT ON register_cache TO register_auth;
GRANT UPDATE ON register_cache TO register_auth;

GRANT INSERT ON register_erasure TO register_owner;
GRANT SELECT ON register_erasure TO register_owner;
GRANT INSERT ON register_erasure TO register_worker;
GRANT SELECT ON register_erasure TO register_worker;

GRANT DELETE ON register_invitation TO register_auth;
GRANT INSERT ON register_invitation TO register_auth;
GRANT SELECT ON register_invitation TO register_auth;
GRANT UPDATE ON register_invitation TO register_auth;

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

GRANT DELETE ON register_session TO register_auth;
GRANT INSERT ON register_session TO register_auth;
GRANT SELECT ON register_session TO register_auth;
GRANT UPDATE ON register_session TO register_auth;

GRANT DELETE ON register_setuplink TO register_auth;
GRANT INSERT ON register_setuplink TO register_auth;
GRANT SELECT ON register_setuplink TO register_auth;
GRANT UPDATE ON register_setuplink TO register_auth;

GRANT SELECT ON register_statementversion TO register_link;
GRANT INSERT ON register_statementversion TO register_owner;
GRANT SELECT ON register_statementversion TO register_owner;
GRANT SELECT ON register_statementversion TO register_worker;

GRANT INSERT ON register_user TO register_auth;
GRANT SELECT ON register_user TO register_auth;
GRANT UPDATE ON register_user TO register_auth;

-- Who may INSERT into a table also has USAGE on the sequences of its serial columns.

GRANT EXECUTE ON FUNCTION customers_analyze() TO register_owner;
GRANT EXECUTE ON FUNCTION customers_analyze() TO register_worker;
GRANT EXECUTE ON FUNCTION customers_analyze_imports() TO register_owner;
GRANT EXECUTE ON FUNCTION customers_analyze_imports() TO register_worker;
GRANT EXECUTE ON FUNCTION customers_analyze_search() TO register_owner;
GRANT EXECUTE ON FUNCTION customers_analyze_search() TO register_worker;
GRANT EXECUTE ON FUNCTION customers_fold(text) TO register_owner;
GRANT EXECUTE ON FUNCTION customers_fold(text) TO register_worker;
GRANT EXECUTE ON FUNCTION customers_phone_forms(text,text) TO register_owner;
GRANT EXECUTE ON FUNCTION customers_phone_forms(text,text) TO register_worker;
GRANT EXECUTE ON FUNCTION customers_refresh_search(bigint[],bigint[]) TO register_owner;
GRANT EXECUTE ON FUNCTION customers_refresh_search(bigint[],bigint[]) TO register_worker;
GRANT EXECUTE ON FUNCTION customers_search_texts(bigint[],bigint[]) TO register_owner;
GRANT EXECUTE ON FUNCTION customers_search_texts(bigint[],bigint[]) TO register_worker;
GRANT EXECUTE ON FUNCTION customers_searchable(text) TO register_owner;
GRANT EXECUTE ON FUNCTION customers_searchable(text) TO register_worker;
GRANT EXECUTE ON FUNCTION customers_settle_search() TO register_owner;
GRANT EXECUTE ON FUNCTION customers_settle_search() TO register_worker;
GRANT EXECUTE ON FUNCTION customers_touch_search(bigint[],bigint[]) TO register_owner;
GRANT EXECUTE ON FUNCTION customers_touch_search(bigint[],bigint[]) TO register_worker;
GRANT EXECUTE ON FUNCTION privacy_ask_code(character varying) TO register_link;
GRANT EXECUTE ON FUNCTION privacy_link_customers() TO register_link;
GRANT EXECUTE ON FUNCTION privacy_link_id() TO register_link;
GRANT EXECUTE ON FUNCTION privacy_link_own_customer() TO register_link;
GRANT EXECUTE ON FUNCTION privacy_link_person() TO register_link;
GRANT EXECUTE ON FUNCTION privacy_use_code(character varying,character varying) TO register_link;
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
