"""What the database holds about the bank, and the figures that allocation asks for.

- What a file told stays: rows and lines of the account are added, never rewritten (a line learns once what became
  of it).
- Debts below the company's own limit may be written off as a small difference; part payments meet the principal
  first unless a row says otherwise.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import migrations

ROWS_STAY = """
CREATE TRIGGER bank_rows_stay BEFORE UPDATE OR TRUNCATE ON billing_bankrow
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER statement_lines_stay BEFORE DELETE OR TRUNCATE ON billing_statementline
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER refund_files_stay BEFORE DELETE OR TRUNCATE ON billing_refundfile
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
"""
ROWS_GO = """
DROP TRIGGER bank_rows_stay ON billing_bankrow;
DROP TRIGGER statement_lines_stay ON billing_statementline;
DROP TRIGGER refund_files_stay ON billing_refundfile;
"""

FIGURES = (
    ("small_difference", "1.00", "Hyvä kirjanpitotapa (Kirjanpitolaki 1336/1997, 1:3 §)"),
    ("costs_first", "0", "Kauppakaari 9:5 §; Laki saatavien perinnästä 513/1999, 10 §"),
)
OWN = "Yrityksen oma päätös; rekisteristä vastaava voi muuttaa"


def add(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    for code, value, statute in FIGURES:
        rules.create(code=code, value=Decimal(value), valid_from=date(2000, 1, 1), statute=statute, source=OWN)


def remove(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    rules.filter(code__in=[code for code, _value, _statute in FIGURES]).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_bank")]

    operations = [migrations.RunSQL(ROWS_STAY, ROWS_GO), migrations.RunPython(add, remove)]
