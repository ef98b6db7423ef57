"""Customers and people are numbered from 1001: K1001 reads as a number, K1 as a typing error."""

from __future__ import annotations

from django.db import migrations

START = """
SELECT setval(pg_get_serial_sequence('customers_customer', 'id'),
              greatest(1000, (SELECT max(id) FROM customers_customer)));
SELECT setval(pg_get_serial_sequence('customers_person', 'id'),
              greatest(1000, (SELECT max(id) FROM customers_person)));
SELECT setval(pg_get_serial_sequence('customers_assignment', 'id'),
              greatest(1000, (SELECT max(id) FROM customers_assignment)));
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_lists_and_titles")]

    operations = [migrations.RunSQL(START, migrations.RunSQL.noop)]
