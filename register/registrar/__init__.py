"""The registrar's details: entered once, used on the statement, invoices and mails."""
