"""Two rules that were not rows, or two rows.

One setting says what a payment covers first, and booking goes by it: what was printed was another one.

Interest is not booked before it is invoiced, so no payment covers it by itself: the creditor's right to interest first
(Kauppakaari 9:5 §) is not used, for the debtor's good.

How much more time a fee for it needs stood in the code.
"""

from __future__ import annotations

from datetime import date

from django.db import migrations, models

ORDERS = ("allocation_consumer", "allocation_business")
STATUTE = "Kauppakaari 9:5 §; Laki saatavien perinnästä 513/1999, 10 §"
OWN = "Yrityksen oma päätös: korko vaaditaan erikseen; rekisteristä vastaava voi muuttaa"
PRINCIPAL_FIRST, COSTS_FIRST = 1, 2


def unite(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    booked = rules.filter(code="costs_first").order_by("-valid_from").first()
    first = COSTS_FIRST if booked is not None and booked.value == 1 else PRINCIPAL_FIRST
    rules.filter(code__in=ORDERS).update(value=first, statute=STATUTE, source=OWN)
    rules.filter(code="costs_first").delete()
    rules.create(
        code="extension_fee_days", value=14, valid_from=date(2013, 3, 16),
        statute="Laki saatavien perinnästä 513/1999, 10 a §", source="Lain teksti",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("billing", "0026_fewer_indexes")]

    operations = [
        migrations.RunPython(unite, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='rule',
            name='code',
            field=models.CharField(choices=[('reference_rate', 'Reference rate of the Bank of Finland, %'), ('margin_general', 'Late interest above the reference rate, %'), ('margin_commercial', 'Late interest above the reference rate, business buyer, %'), ('interest_wait', 'Interest without an agreed due date, days after sending'), ('holiday_shift', 'A due date on a holiday'), ('day_count', 'Days of a year in late interest'), ('interest_threshold', 'Interest is invoiced from, €'), ('allocation_consumer', 'What a payment covers first, consumer'), ('allocation_business', 'What a payment covers first, business'), ('reminder_fee_consumer', 'Highest reminder fee, consumer, €'), ('reminder_fee_business', 'Highest reminder fee, business, €'), ('reminder_wait_consumer', 'First fee after the due date, consumer, days'), ('reminder_wait_business', 'First fee after the due date, business, days'), ('reminder_notice_consumer', 'Invoice sent before the due date for a fee, consumer, days'), ('reminder_interval_consumer', 'Between fees, consumer, days'), ('reminder_interval_business', 'Between fees, business, days'), ('reminder_grace', 'Bank days for payments on their way, before a reminder'), ('reminder_time', 'Time to pay that a reminder gives, days'), ('compensation_business', 'Standard compensation, business, €'), ('cost_cap_consumer', 'All collection costs at most, consumer, €'), ('cost_cap_business', 'All collection costs at most, business, €'), ('agency_demand_consumer', "Agency's demand, consumer, €"), ('agency_demand_business', "Agency's demand, business, €"), ('agency_wait_consumer', 'Reminder before an agency, consumer, days'), ('extension_fee_consumer', 'Fee for more time, consumer, €'), ('extension_fee_days', 'A fee for more time needs at least so much more, days'), ('extension_fee_business', 'Fee for more time, business, €'), ('plan_fee_consumer', 'Fee for an instalment plan, consumer, €'), ('plan_fee_business', 'Fee for an instalment plan, business, €'), ('payment_days_business', 'Longest term unless agreed, business, days'), ('limitation', 'A debt is time-barred after, years'), ('limitation_judgment', 'A judgment debt is time-barred after, years'), ('limitation_final', "A natural person's debt ends from the due date after, years"), ('limitation_warning', 'Warning before a debt is time-barred, days'), ('limitation_alarm', 'Last warning before a debt is time-barred, days'), ('keep_vouchers', 'Vouchers are kept, years'), ('keep_books', 'Ledgers and financial statements are kept, years'), ('small_difference', 'Smallest debt that is followed up: less is written off, €')], max_length=30, verbose_name='figure'),
        ),
    ]
