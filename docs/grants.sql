-- Derived from the inventory by `manage.py grants --write`; applied after every migrate.

GRANT DELETE ON account_emailaddress TO register_auth;
GRANT INSERT ON account_emailaddress TO register_auth;
GRANT SELECT ON account_emailaddress TO register_auth;
GRANT UPDATE ON account_emailaddress TO register_auth;

GRANT DELETE ON account_emailconfirmation TO register_auth;
GRANT INSERT ON account_emailconfirmation TO register_auth;
GRANT SELECT ON account_emailconfirmation TO register_auth;
GRANT UPDATE ON account_emailconfirmation TO register_auth;

GRANT INSERT ON billing_agency TO register_billing;
GRANT SELECT ON billing_agency TO register_billing;
GRANT UPDATE ON billing_agency TO register_billing;
GRANT INSERT ON billing_agency TO register_owner;
GRANT SELECT ON billing_agency TO register_owner;
GRANT UPDATE ON billing_agency TO register_owner;
GRANT SELECT ON billing_agency TO register_worker;

GRANT INSERT ON billing_agencyinterest TO register_billing;
GRANT SELECT ON billing_agencyinterest TO register_billing;
GRANT DELETE ON billing_agencyinterest TO register_owner;
GRANT SELECT ON billing_agencyinterest TO register_owner;
GRANT DELETE ON billing_agencyinterest TO register_worker;
GRANT SELECT ON billing_agencyinterest TO register_worker;

GRANT INSERT ON billing_agencyreport TO register_billing;
GRANT SELECT ON billing_agencyreport TO register_billing;
GRANT UPDATE (settlement_id) ON billing_agencyreport TO register_billing;
GRANT DELETE ON billing_agencyreport TO register_owner;
GRANT SELECT ON billing_agencyreport TO register_owner;
GRANT DELETE ON billing_agencyreport TO register_worker;
GRANT SELECT ON billing_agencyreport TO register_worker;

GRANT INSERT ON billing_agencysettlement TO register_billing;
GRANT SELECT ON billing_agencysettlement TO register_billing;
GRANT DELETE ON billing_agencysettlement TO register_owner;
GRANT SELECT ON billing_agencysettlement TO register_owner;
GRANT DELETE ON billing_agencysettlement TO register_worker;
GRANT SELECT ON billing_agencysettlement TO register_worker;

GRANT INSERT ON billing_agencytold TO register_billing;
GRANT SELECT ON billing_agencytold TO register_billing;
GRANT DELETE ON billing_agencytold TO register_owner;
GRANT SELECT ON billing_agencytold TO register_owner;
GRANT DELETE ON billing_agencytold TO register_worker;
GRANT SELECT ON billing_agencytold TO register_worker;

GRANT DELETE ON billing_agreedrate TO register_billing;
GRANT INSERT ON billing_agreedrate TO register_billing;
GRANT SELECT ON billing_agreedrate TO register_billing;
GRANT UPDATE (valid_to) ON billing_agreedrate TO register_billing;
GRANT DELETE ON billing_agreedrate TO register_owner;
GRANT SELECT ON billing_agreedrate TO register_owner;
GRANT DELETE ON billing_agreedrate TO register_worker;
GRANT SELECT ON billing_agreedrate TO register_worker;

GRANT INSERT ON billing_bankfile TO register_billing;
GRANT SELECT ON billing_bankfile TO register_billing;
GRANT UPDATE ON billing_bankfile TO register_billing;
GRANT SELECT ON billing_bankfile TO register_owner;
GRANT SELECT ON billing_bankfile TO register_worker;
GRANT UPDATE ON billing_bankfile TO register_worker;

GRANT INSERT ON billing_bankrow TO register_billing;
GRANT SELECT ON billing_bankrow TO register_billing;
GRANT DELETE ON billing_bankrow TO register_owner;
GRANT SELECT ON billing_bankrow TO register_owner;
GRANT DELETE ON billing_bankrow TO register_worker;
GRANT INSERT ON billing_bankrow TO register_worker;
GRANT SELECT ON billing_bankrow TO register_worker;

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

GRANT INSERT ON billing_caseitem TO register_billing;
GRANT SELECT ON billing_caseitem TO register_billing;
GRANT UPDATE (handover_id) ON billing_caseitem TO register_billing;
GRANT UPDATE (left_on) ON billing_caseitem TO register_billing;
GRANT DELETE ON billing_caseitem TO register_owner;
GRANT SELECT ON billing_caseitem TO register_owner;
GRANT DELETE ON billing_caseitem TO register_worker;
GRANT SELECT ON billing_caseitem TO register_worker;

GRANT INSERT ON billing_casestep TO register_billing;
GRANT SELECT ON billing_casestep TO register_billing;
GRANT DELETE ON billing_casestep TO register_owner;
GRANT SELECT ON billing_casestep TO register_owner;
GRANT DELETE ON billing_casestep TO register_worker;
GRANT INSERT ON billing_casestep TO register_worker;
GRANT SELECT ON billing_casestep TO register_worker;

GRANT INSERT ON billing_charge TO register_billing;
GRANT SELECT ON billing_charge TO register_billing;
GRANT DELETE ON billing_charge TO register_owner;
GRANT SELECT ON billing_charge TO register_owner;
GRANT DELETE ON billing_charge TO register_worker;
GRANT INSERT ON billing_charge TO register_worker;
GRANT SELECT ON billing_charge TO register_worker;

GRANT INSERT ON billing_collectioncase TO register_billing;
GRANT SELECT ON billing_collectioncase TO register_billing;
GRANT UPDATE (agency_id) ON billing_collectioncase TO register_billing;
GRANT UPDATE (closed_on) ON billing_collectioncase TO register_billing;
GRANT UPDATE (outcome) ON billing_collectioncase TO register_billing;
GRANT UPDATE (stage) ON billing_collectioncase TO register_billing;
GRANT DELETE ON billing_collectioncase TO register_owner;
GRANT SELECT ON billing_collectioncase TO register_owner;
GRANT DELETE ON billing_collectioncase TO register_worker;
GRANT SELECT ON billing_collectioncase TO register_worker;

GRANT INSERT ON billing_collectiveresult TO register_billing;
GRANT SELECT ON billing_collectiveresult TO register_billing;
GRANT UPDATE (invoice_id) ON billing_collectiveresult TO register_billing;
GRANT UPDATE (problem) ON billing_collectiveresult TO register_billing;
GRANT DELETE ON billing_collectiveresult TO register_owner;
GRANT SELECT ON billing_collectiveresult TO register_owner;
GRANT UPDATE (invoice_id) ON billing_collectiveresult TO register_owner;
GRANT DELETE ON billing_collectiveresult TO register_worker;
GRANT SELECT ON billing_collectiveresult TO register_worker;
GRANT UPDATE (invoice_id) ON billing_collectiveresult TO register_worker;
GRANT UPDATE (problem) ON billing_collectiveresult TO register_worker;

GRANT INSERT ON billing_collectiverun TO register_billing;
GRANT SELECT ON billing_collectiverun TO register_billing;
GRANT UPDATE (finished_at) ON billing_collectiverun TO register_billing;
GRANT SELECT ON billing_collectiverun TO register_owner;
GRANT SELECT ON billing_collectiverun TO register_worker;
GRANT UPDATE (finished_at) ON billing_collectiverun TO register_worker;

GRANT INSERT ON billing_creditloss TO register_billing;
GRANT SELECT ON billing_creditloss TO register_billing;
GRANT DELETE ON billing_creditloss TO register_owner;
GRANT SELECT ON billing_creditloss TO register_owner;
GRANT DELETE ON billing_creditloss TO register_worker;
GRANT SELECT ON billing_creditloss TO register_worker;

GRANT INSERT ON billing_dispute TO register_billing;
GRANT SELECT ON billing_dispute TO register_billing;
GRANT DELETE ON billing_dispute TO register_owner;
GRANT SELECT ON billing_dispute TO register_owner;
GRANT DELETE ON billing_dispute TO register_worker;
GRANT SELECT ON billing_dispute TO register_worker;

GRANT INSERT ON billing_entry TO register_billing;
GRANT SELECT ON billing_entry TO register_billing;
GRANT DELETE ON billing_entry TO register_owner;
GRANT SELECT ON billing_entry TO register_owner;
GRANT UPDATE (reason) ON billing_entry TO register_owner;
GRANT DELETE ON billing_entry TO register_worker;
GRANT INSERT ON billing_entry TO register_worker;
GRANT SELECT ON billing_entry TO register_worker;
GRANT UPDATE (reason) ON billing_entry TO register_worker;

GRANT INSERT ON billing_extension TO register_billing;
GRANT SELECT ON billing_extension TO register_billing;
GRANT DELETE ON billing_extension TO register_owner;
GRANT SELECT ON billing_extension TO register_owner;
GRANT DELETE ON billing_extension TO register_worker;
GRANT SELECT ON billing_extension TO register_worker;

GRANT INSERT ON billing_handover TO register_billing;
GRANT SELECT ON billing_handover TO register_billing;
GRANT UPDATE (recalled_on) ON billing_handover TO register_billing;
GRANT DELETE ON billing_handover TO register_owner;
GRANT SELECT ON billing_handover TO register_owner;
GRANT DELETE ON billing_handover TO register_worker;
GRANT SELECT ON billing_handover TO register_worker;

GRANT INSERT ON billing_hold TO register_billing;
GRANT SELECT ON billing_hold TO register_billing;
GRANT DELETE ON billing_hold TO register_owner;
GRANT SELECT ON billing_hold TO register_owner;
GRANT DELETE ON billing_hold TO register_worker;
GRANT SELECT ON billing_hold TO register_worker;

GRANT INSERT ON billing_instalment TO register_billing;
GRANT SELECT ON billing_instalment TO register_billing;
GRANT DELETE ON billing_instalment TO register_owner;
GRANT SELECT ON billing_instalment TO register_owner;
GRANT DELETE ON billing_instalment TO register_worker;
GRANT SELECT ON billing_instalment TO register_worker;

GRANT INSERT ON billing_interestperiod TO register_billing;
GRANT SELECT ON billing_interestperiod TO register_billing;
GRANT DELETE ON billing_interestperiod TO register_owner;
GRANT SELECT ON billing_interestperiod TO register_owner;
GRANT DELETE ON billing_interestperiod TO register_worker;
GRANT SELECT ON billing_interestperiod TO register_worker;

GRANT DELETE ON billing_invoice TO register_billing;
GRANT INSERT ON billing_invoice TO register_billing;
GRANT SELECT ON billing_invoice TO register_billing;
GRANT UPDATE ON billing_invoice TO register_billing;
GRANT DELETE ON billing_invoice TO register_owner;
GRANT SELECT ON billing_invoice TO register_owner;
GRANT UPDATE (buyer_reference) ON billing_invoice TO register_owner;
GRANT UPDATE (discount_reason) ON billing_invoice TO register_owner;
GRANT UPDATE (note) ON billing_invoice TO register_owner;
GRANT UPDATE (order_number) ON billing_invoice TO register_owner;
GRANT UPDATE (snapshot) ON billing_invoice TO register_owner;
GRANT UPDATE (subject) ON billing_invoice TO register_owner;
GRANT UPDATE (vat_reason) ON billing_invoice TO register_owner;
GRANT DELETE ON billing_invoice TO register_worker;
GRANT INSERT ON billing_invoice TO register_worker;
GRANT SELECT ON billing_invoice TO register_worker;
GRANT UPDATE (buyer_reference) ON billing_invoice TO register_worker;
GRANT UPDATE (client_key) ON billing_invoice TO register_worker;
GRANT UPDATE (discount_reason) ON billing_invoice TO register_worker;
GRANT UPDATE (due_on) ON billing_invoice TO register_worker;
GRANT UPDATE (issued_by_id) ON billing_invoice TO register_worker;
GRANT UPDATE (issued_on) ON billing_invoice TO register_worker;
GRANT UPDATE (kept_until) ON billing_invoice TO register_worker;
GRANT UPDATE (net) ON billing_invoice TO register_worker;
GRANT UPDATE (note) ON billing_invoice TO register_worker;
GRANT UPDATE (number) ON billing_invoice TO register_worker;
GRANT UPDATE (order_number) ON billing_invoice TO register_worker;
GRANT UPDATE (reference) ON billing_invoice TO register_worker;
GRANT UPDATE (sequence) ON billing_invoice TO register_worker;
GRANT UPDATE (series_id) ON billing_invoice TO register_worker;
GRANT UPDATE (sha256) ON billing_invoice TO register_worker;
GRANT UPDATE (snapshot) ON billing_invoice TO register_worker;
GRANT UPDATE (subject) ON billing_invoice TO register_worker;
GRANT UPDATE (total) ON billing_invoice TO register_worker;
GRANT UPDATE (vat) ON billing_invoice TO register_worker;
GRANT UPDATE (vat_reason) ON billing_invoice TO register_worker;

GRANT DELETE ON billing_invoiceattachment TO register_billing;
GRANT INSERT ON billing_invoiceattachment TO register_billing;
GRANT SELECT ON billing_invoiceattachment TO register_billing;
GRANT DELETE ON billing_invoiceattachment TO register_owner;
GRANT SELECT ON billing_invoiceattachment TO register_owner;
GRANT DELETE ON billing_invoiceattachment TO register_worker;
GRANT SELECT ON billing_invoiceattachment TO register_worker;

GRANT DELETE ON billing_invoiceline TO register_billing;
GRANT INSERT ON billing_invoiceline TO register_billing;
GRANT SELECT ON billing_invoiceline TO register_billing;
GRANT UPDATE ON billing_invoiceline TO register_billing;
GRANT DELETE ON billing_invoiceline TO register_owner;
GRANT SELECT ON billing_invoiceline TO register_owner;
GRANT UPDATE (description) ON billing_invoiceline TO register_owner;
GRANT UPDATE (neutral) ON billing_invoiceline TO register_owner;
GRANT DELETE ON billing_invoiceline TO register_worker;
GRANT INSERT ON billing_invoiceline TO register_worker;
GRANT SELECT ON billing_invoiceline TO register_worker;
GRANT UPDATE (description) ON billing_invoiceline TO register_worker;
GRANT UPDATE (net) ON billing_invoiceline TO register_worker;
GRANT UPDATE (neutral) ON billing_invoiceline TO register_worker;
GRANT UPDATE (vat) ON billing_invoiceline TO register_worker;
GRANT UPDATE (vat_category) ON billing_invoiceline TO register_worker;
GRANT UPDATE (vat_rate) ON billing_invoiceline TO register_worker;

GRANT INSERT ON billing_invoicepdf TO register_billing;
GRANT SELECT ON billing_invoicepdf TO register_billing;
GRANT DELETE ON billing_invoicepdf TO register_owner;
GRANT SELECT ON billing_invoicepdf TO register_owner;
GRANT DELETE ON billing_invoicepdf TO register_worker;
GRANT INSERT ON billing_invoicepdf TO register_worker;
GRANT SELECT ON billing_invoicepdf TO register_worker;

GRANT DELETE ON billing_issuingresult TO register_billing;
GRANT INSERT ON billing_issuingresult TO register_billing;
GRANT SELECT ON billing_issuingresult TO register_billing;
GRANT DELETE ON billing_issuingresult TO register_owner;
GRANT SELECT ON billing_issuingresult TO register_owner;
GRANT DELETE ON billing_issuingresult TO register_worker;
GRANT SELECT ON billing_issuingresult TO register_worker;
GRANT UPDATE (problem) ON billing_issuingresult TO register_worker;

GRANT INSERT ON billing_issuingrun TO register_billing;
GRANT SELECT ON billing_issuingrun TO register_billing;
GRANT SELECT ON billing_issuingrun TO register_owner;
GRANT SELECT ON billing_issuingrun TO register_worker;
GRANT UPDATE (finished_at) ON billing_issuingrun TO register_worker;

GRANT DELETE ON billing_journalaccount TO register_billing;
GRANT INSERT ON billing_journalaccount TO register_billing;
GRANT SELECT ON billing_journalaccount TO register_billing;
GRANT UPDATE ON billing_journalaccount TO register_billing;
GRANT SELECT ON billing_journalaccount TO register_owner;
GRANT SELECT ON billing_journalaccount TO register_worker;

GRANT INSERT ON billing_journalexport TO register_billing;
GRANT SELECT ON billing_journalexport TO register_billing;
GRANT SELECT ON billing_journalexport TO register_owner;
GRANT SELECT ON billing_journalexport TO register_worker;

GRANT INSERT ON billing_lifting TO register_billing;
GRANT SELECT ON billing_lifting TO register_billing;
GRANT DELETE ON billing_lifting TO register_owner;
GRANT SELECT ON billing_lifting TO register_owner;
GRANT DELETE ON billing_lifting TO register_worker;
GRANT SELECT ON billing_lifting TO register_worker;

GRANT DELETE ON billing_limitationevent TO register_billing;
GRANT INSERT ON billing_limitationevent TO register_billing;
GRANT SELECT ON billing_limitationevent TO register_billing;
GRANT DELETE ON billing_limitationevent TO register_owner;
GRANT SELECT ON billing_limitationevent TO register_owner;
GRANT DELETE ON billing_limitationevent TO register_worker;
GRANT SELECT ON billing_limitationevent TO register_worker;

GRANT INSERT ON billing_occurrence TO register_billing;
GRANT SELECT ON billing_occurrence TO register_billing;
GRANT UPDATE (invoice_id) ON billing_occurrence TO register_billing;
GRANT DELETE ON billing_occurrence TO register_owner;
GRANT SELECT ON billing_occurrence TO register_owner;
GRANT UPDATE (invoice_id) ON billing_occurrence TO register_owner;
GRANT DELETE ON billing_occurrence TO register_worker;
GRANT INSERT ON billing_occurrence TO register_worker;
GRANT SELECT ON billing_occurrence TO register_worker;
GRANT UPDATE (invoice_id) ON billing_occurrence TO register_worker;

GRANT INSERT ON billing_payment TO register_billing;
GRANT SELECT ON billing_payment TO register_billing;
GRANT UPDATE (customer_id) ON billing_payment TO register_billing;
GRANT UPDATE (payer_name) ON billing_payment TO register_billing;
GRANT DELETE ON billing_payment TO register_owner;
GRANT SELECT ON billing_payment TO register_owner;
GRANT UPDATE (payer_name) ON billing_payment TO register_owner;
GRANT DELETE ON billing_payment TO register_worker;
GRANT INSERT ON billing_payment TO register_worker;
GRANT SELECT ON billing_payment TO register_worker;
GRANT UPDATE (customer_id) ON billing_payment TO register_worker;
GRANT UPDATE (payer_name) ON billing_payment TO register_worker;

GRANT INSERT ON billing_paymentquestion TO register_billing;
GRANT SELECT ON billing_paymentquestion TO register_billing;
GRANT UPDATE (message) ON billing_paymentquestion TO register_billing;
GRANT UPDATE (original_id) ON billing_paymentquestion TO register_billing;
GRANT UPDATE (outcome) ON billing_paymentquestion TO register_billing;
GRANT UPDATE (reason) ON billing_paymentquestion TO register_billing;
GRANT UPDATE (settled_at) ON billing_paymentquestion TO register_billing;
GRANT UPDATE (settled_by_id) ON billing_paymentquestion TO register_billing;
GRANT DELETE ON billing_paymentquestion TO register_owner;
GRANT SELECT ON billing_paymentquestion TO register_owner;
GRANT UPDATE (message) ON billing_paymentquestion TO register_owner;
GRANT UPDATE (original_id) ON billing_paymentquestion TO register_owner;
GRANT DELETE ON billing_paymentquestion TO register_worker;
GRANT INSERT ON billing_paymentquestion TO register_worker;
GRANT SELECT ON billing_paymentquestion TO register_worker;
GRANT UPDATE (message) ON billing_paymentquestion TO register_worker;
GRANT UPDATE (original_id) ON billing_paymentquestion TO register_worker;
GRANT UPDATE (outcome) ON billing_paymentquestion TO register_worker;
GRANT UPDATE (reason) ON billing_paymentquestion TO register_worker;
GRANT UPDATE (settled_at) ON billing_paymentquestion TO register_worker;

GRANT INSERT ON billing_paymentreference TO register_billing;
GRANT SELECT ON billing_paymentreference TO register_billing;
GRANT DELETE ON billing_paymentreference TO register_owner;
GRANT SELECT ON billing_paymentreference TO register_owner;
GRANT DELETE ON billing_paymentreference TO register_worker;
GRANT INSERT ON billing_paymentreference TO register_worker;
GRANT SELECT ON billing_paymentreference TO register_worker;

GRANT INSERT ON billing_periodlock TO register_billing;
GRANT SELECT ON billing_periodlock TO register_billing;
GRANT SELECT ON billing_periodlock TO register_owner;
GRANT SELECT ON billing_periodlock TO register_worker;

GRANT SELECT ON billing_periodunlock TO register_billing;
GRANT INSERT ON billing_periodunlock TO register_owner;
GRANT SELECT ON billing_periodunlock TO register_owner;
GRANT SELECT ON billing_periodunlock TO register_worker;

GRANT INSERT ON billing_plan TO register_billing;
GRANT SELECT ON billing_plan TO register_billing;
GRANT DELETE ON billing_plan TO register_owner;
GRANT SELECT ON billing_plan TO register_owner;
GRANT DELETE ON billing_plan TO register_worker;
GRANT SELECT ON billing_plan TO register_worker;

GRANT INSERT ON billing_planend TO register_billing;
GRANT SELECT ON billing_planend TO register_billing;
GRANT DELETE ON billing_planend TO register_owner;
GRANT SELECT ON billing_planend TO register_owner;
GRANT DELETE ON billing_planend TO register_worker;
GRANT SELECT ON billing_planend TO register_worker;

GRANT INSERT ON billing_receivable TO register_billing;
GRANT SELECT ON billing_receivable TO register_billing;
GRANT UPDATE (debtor) ON billing_receivable TO register_billing;
GRANT UPDATE (due_basis) ON billing_receivable TO register_billing;
GRANT UPDATE (due_on) ON billing_receivable TO register_billing;
GRANT UPDATE (natural_person) ON billing_receivable TO register_billing;
GRANT DELETE ON billing_receivable TO register_owner;
GRANT SELECT ON billing_receivable TO register_owner;
GRANT DELETE ON billing_receivable TO register_worker;
GRANT INSERT ON billing_receivable TO register_worker;
GRANT SELECT ON billing_receivable TO register_worker;
GRANT UPDATE (due_on) ON billing_receivable TO register_worker;

GRANT DELETE ON billing_recurring TO register_billing;
GRANT INSERT ON billing_recurring TO register_billing;
GRANT SELECT ON billing_recurring TO register_billing;
GRANT UPDATE ON billing_recurring TO register_billing;
GRANT DELETE ON billing_recurring TO register_owner;
GRANT SELECT ON billing_recurring TO register_owner;
GRANT DELETE ON billing_recurring TO register_worker;
GRANT SELECT ON billing_recurring TO register_worker;
GRANT UPDATE (next_on) ON billing_recurring TO register_worker;

GRANT DELETE ON billing_recurringline TO register_billing;
GRANT INSERT ON billing_recurringline TO register_billing;
GRANT SELECT ON billing_recurringline TO register_billing;
GRANT DELETE ON billing_recurringline TO register_owner;
GRANT SELECT ON billing_recurringline TO register_owner;
GRANT DELETE ON billing_recurringline TO register_worker;
GRANT SELECT ON billing_recurringline TO register_worker;

GRANT INSERT ON billing_refund TO register_billing;
GRANT SELECT ON billing_refund TO register_billing;
GRANT UPDATE (approved_at) ON billing_refund TO register_billing;
GRANT UPDATE (approved_by_id) ON billing_refund TO register_billing;
GRANT UPDATE (code) ON billing_refund TO register_billing;
GRANT UPDATE (entry_id) ON billing_refund TO register_billing;
GRANT UPDATE (file_id) ON billing_refund TO register_billing;
GRANT UPDATE (iban) ON billing_refund TO register_billing;
GRANT UPDATE (payee_name) ON billing_refund TO register_billing;
GRANT UPDATE (settled_at) ON billing_refund TO register_billing;
GRANT UPDATE (state) ON billing_refund TO register_billing;
GRANT DELETE ON billing_refund TO register_owner;
GRANT SELECT ON billing_refund TO register_owner;
GRANT UPDATE (iban) ON billing_refund TO register_owner;
GRANT DELETE ON billing_refund TO register_worker;
GRANT SELECT ON billing_refund TO register_worker;
GRANT UPDATE (iban) ON billing_refund TO register_worker;

GRANT INSERT ON billing_refundfile TO register_billing;
GRANT SELECT ON billing_refundfile TO register_billing;
GRANT UPDATE (answer) ON billing_refundfile TO register_billing;
GRANT UPDATE (answered_at) ON billing_refundfile TO register_billing;
GRANT UPDATE (sha256) ON billing_refundfile TO register_billing;
GRANT SELECT ON billing_refundfile TO register_owner;
GRANT SELECT ON billing_refundfile TO register_worker;

GRANT SELECT ON billing_releasedassignment TO register_billing;
GRANT UPDATE (invoice_id) ON billing_releasedassignment TO register_billing;
GRANT DELETE ON billing_releasedassignment TO register_owner;
GRANT INSERT ON billing_releasedassignment TO register_owner;
GRANT SELECT ON billing_releasedassignment TO register_owner;
GRANT UPDATE (invoice_id) ON billing_releasedassignment TO register_owner;
GRANT UPDATE (note) ON billing_releasedassignment TO register_owner;
GRANT DELETE ON billing_releasedassignment TO register_worker;
GRANT SELECT ON billing_releasedassignment TO register_worker;
GRANT UPDATE (invoice_id) ON billing_releasedassignment TO register_worker;

GRANT SELECT ON billing_releasedline TO register_billing;
GRANT DELETE ON billing_releasedline TO register_owner;
GRANT INSERT ON billing_releasedline TO register_owner;
GRANT SELECT ON billing_releasedline TO register_owner;
GRANT DELETE ON billing_releasedline TO register_worker;
GRANT SELECT ON billing_releasedline TO register_worker;

GRANT INSERT ON billing_reminder TO register_billing;
GRANT SELECT ON billing_reminder TO register_billing;
GRANT DELETE ON billing_reminder TO register_owner;
GRANT SELECT ON billing_reminder TO register_owner;
GRANT DELETE ON billing_reminder TO register_worker;
GRANT SELECT ON billing_reminder TO register_worker;
GRANT UPDATE (document) ON billing_reminder TO register_worker;
GRANT UPDATE (made_at) ON billing_reminder TO register_worker;
GRANT UPDATE (pay_by) ON billing_reminder TO register_worker;
GRANT UPDATE (problem) ON billing_reminder TO register_worker;
GRANT UPDATE (sha256) ON billing_reminder TO register_worker;
GRANT UPDATE (state) ON billing_reminder TO register_worker;

GRANT INSERT ON billing_reminderitem TO register_billing;
GRANT SELECT ON billing_reminderitem TO register_billing;
GRANT DELETE ON billing_reminderitem TO register_owner;
GRANT SELECT ON billing_reminderitem TO register_owner;
GRANT DELETE ON billing_reminderitem TO register_worker;
GRANT SELECT ON billing_reminderitem TO register_worker;
GRANT UPDATE (charge_id) ON billing_reminderitem TO register_worker;
GRANT UPDATE (costs) ON billing_reminderitem TO register_worker;
GRANT UPDATE (dropped) ON billing_reminderitem TO register_worker;
GRANT UPDATE (fee) ON billing_reminderitem TO register_worker;
GRANT UPDATE (fee_rule_id) ON billing_reminderitem TO register_worker;
GRANT UPDATE (interest) ON billing_reminderitem TO register_worker;
GRANT UPDATE (principal) ON billing_reminderitem TO register_worker;
GRANT UPDATE (why) ON billing_reminderitem TO register_worker;

GRANT SELECT ON billing_reminderpdf TO register_billing;
GRANT DELETE ON billing_reminderpdf TO register_owner;
GRANT SELECT ON billing_reminderpdf TO register_owner;
GRANT DELETE ON billing_reminderpdf TO register_worker;
GRANT INSERT ON billing_reminderpdf TO register_worker;
GRANT SELECT ON billing_reminderpdf TO register_worker;

GRANT INSERT ON billing_reminderrun TO register_billing;
GRANT SELECT ON billing_reminderrun TO register_billing;
GRANT SELECT ON billing_reminderrun TO register_owner;
GRANT SELECT ON billing_reminderrun TO register_worker;
GRANT UPDATE (done_at) ON billing_reminderrun TO register_worker;

GRANT INSERT ON billing_resolution TO register_billing;
GRANT SELECT ON billing_resolution TO register_billing;
GRANT DELETE ON billing_resolution TO register_owner;
GRANT SELECT ON billing_resolution TO register_owner;
GRANT DELETE ON billing_resolution TO register_worker;
GRANT SELECT ON billing_resolution TO register_worker;

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
GRANT INSERT ON billing_sending TO register_worker;
GRANT SELECT ON billing_sending TO register_worker;
GRANT UPDATE (attempts) ON billing_sending TO register_worker;
GRANT UPDATE (handed_at) ON billing_sending TO register_worker;
GRANT UPDATE (result) ON billing_sending TO register_worker;
GRANT UPDATE (sent_at) ON billing_sending TO register_worker;
GRANT UPDATE (settled_at) ON billing_sending TO register_worker;
GRANT UPDATE (state) ON billing_sending TO register_worker;
GRANT UPDATE (try_at) ON billing_sending TO register_worker;

GRANT INSERT ON billing_sendingrun TO register_billing;
GRANT SELECT ON billing_sendingrun TO register_billing;
GRANT SELECT ON billing_sendingrun TO register_owner;
GRANT SELECT ON billing_sendingrun TO register_worker;

GRANT INSERT ON billing_series TO register_billing;
GRANT SELECT ON billing_series TO register_billing;
GRANT UPDATE (last) ON billing_series TO register_billing;
GRANT SELECT ON billing_series TO register_owner;
GRANT INSERT ON billing_series TO register_worker;
GRANT SELECT ON billing_series TO register_worker;
GRANT UPDATE (last) ON billing_series TO register_worker;

GRANT INSERT ON billing_statementline TO register_billing;
GRANT SELECT ON billing_statementline TO register_billing;
GRANT UPDATE (booked_as_id) ON billing_statementline TO register_billing;
GRANT UPDATE (settled_at) ON billing_statementline TO register_billing;
GRANT UPDATE (settled_by_id) ON billing_statementline TO register_billing;
GRANT UPDATE (specified_by_id) ON billing_statementline TO register_billing;
GRANT SELECT ON billing_statementline TO register_owner;
GRANT UPDATE (booked_as_id) ON billing_statementline TO register_owner;
GRANT INSERT ON billing_statementline TO register_worker;
GRANT SELECT ON billing_statementline TO register_worker;
GRANT UPDATE (booked_as_id) ON billing_statementline TO register_worker;
GRANT UPDATE (specified_by_id) ON billing_statementline TO register_worker;

GRANT SELECT ON billing_vatground TO register_billing;
GRANT DELETE ON billing_vatground TO register_owner;
GRANT INSERT ON billing_vatground TO register_owner;
GRANT SELECT ON billing_vatground TO register_owner;
GRANT UPDATE (valid_to) ON billing_vatground TO register_owner;
GRANT SELECT ON billing_vatground TO register_worker;

GRANT SELECT ON billing_vatrate TO register_billing;
GRANT DELETE ON billing_vatrate TO register_owner;
GRANT INSERT ON billing_vatrate TO register_owner;
GRANT SELECT ON billing_vatrate TO register_owner;
GRANT UPDATE (valid_to) ON billing_vatrate TO register_owner;
GRANT SELECT ON billing_vatrate TO register_worker;

GRANT INSERT ON billing_voiding TO register_billing;
GRANT SELECT ON billing_voiding TO register_billing;
GRANT DELETE ON billing_voiding TO register_owner;
GRANT SELECT ON billing_voiding TO register_owner;
GRANT UPDATE (reason) ON billing_voiding TO register_owner;
GRANT DELETE ON billing_voiding TO register_worker;
GRANT SELECT ON billing_voiding TO register_worker;
GRANT UPDATE (reason) ON billing_voiding TO register_worker;

GRANT INSERT ON billing_waiver TO register_billing;
GRANT SELECT ON billing_waiver TO register_billing;
GRANT DELETE ON billing_waiver TO register_owner;
GRANT SELECT ON billing_waiver TO register_owner;
GRANT DELETE ON billing_waiver TO register_worker;
GRANT INSERT ON billing_waiver TO register_worker;
GRANT SELECT ON billing_waiver TO register_worker;

GRANT DELETE ON customers_assignment TO register_owner;
GRANT INSERT ON customers_assignment TO register_owner;
GRANT SELECT ON customers_assignment TO register_owner;
GRANT UPDATE ON customers_assignment TO register_owner;
GRANT SELECT ON customers_assignment TO register_worker;
GRANT UPDATE (status) ON customers_assignment TO register_worker;

GRANT SELECT ON customers_assignmentkind TO register_billing;
GRANT DELETE ON customers_assignmentkind TO register_owner;
GRANT INSERT ON customers_assignmentkind TO register_owner;
GRANT SELECT ON customers_assignmentkind TO register_owner;
GRANT UPDATE ON customers_assignmentkind TO register_owner;
GRANT SELECT ON customers_assignmentkind TO register_worker;

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

GRANT DELETE ON customers_completion TO register_owner;
GRANT SELECT ON customers_completion TO register_owner;
GRANT UPDATE ON customers_completion TO register_owner;
GRANT DELETE ON customers_completion TO register_worker;
GRANT INSERT ON customers_completion TO register_worker;
GRANT SELECT ON customers_completion TO register_worker;
GRANT UPDATE ON customers_completion TO register_worker;

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
GRANT DELETE ON privacy_case TO register_owner;
GRANT INSERT ON privacy_case TO register_owner;
GRANT SELECT ON privacy_case TO register_owner;
GRANT UPDATE ON privacy_case TO register_owner;
GRANT DELETE ON privacy_case TO register_worker;
GRANT INSERT ON privacy_case TO register_worker;
GRANT SELECT ON privacy_case TO register_worker;
GRANT UPDATE ON privacy_case TO register_worker;

GRANT DELETE ON privacy_casestep TO register_owner;
GRANT INSERT ON privacy_casestep TO register_owner;
GRANT SELECT ON privacy_casestep TO register_owner;
GRANT DELETE ON privacy_casestep TO register_worker;
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

GRANT EXECUTE ON FUNCTION billing_payment_keys(integer) TO register_billing;
GRANT EXECUTE ON FUNCTION billing_payment_keys(integer) TO register_worker;
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
