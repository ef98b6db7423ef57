"""A sole trader is a natural person, and an enforcement title against one does not hold for ever.

What a customer owes who is known as a sole trader is that of one, whoever invoices it.
"""

from datetime import date

from django.db import migrations, models

CODE = "limitation_title"

INHERIT = """
CREATE FUNCTION billing_of_sole_trader() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.natural_person := NEW.natural_person OR EXISTS (
        SELECT 1 FROM billing_receivable r WHERE r.customer_id = NEW.customer_id AND r.natural_person);
    RETURN NEW;
END $$;
CREATE TRIGGER receivable_of_sole_trader BEFORE INSERT ON billing_receivable
    FOR EACH ROW EXECUTE FUNCTION billing_of_sole_trader();
"""
NO_INHERIT = """
DROP TRIGGER receivable_of_sole_trader ON billing_receivable;
DROP FUNCTION billing_of_sole_trader();
"""


def add(apps, schema_editor):
    apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias).create(
        code=CODE,
        value="15",
        valid_from=date(2008, 3, 1),
        statute="Ulosottokaari 705/2007, 2:24 ja 2:27 §",
        source="Pykälät muistinvaraisia, tarkista ennen käyttöönottoa; 20 v, jos velkoja on luonnollinen henkilö",
    )


def remove(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    rules.filter(code=CODE).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0034_printed_files")]

    operations = [
        migrations.AddField(
            model_name="receivable",
            name="natural_person",
            field=models.BooleanField(db_default=False, default=False, verbose_name="sole trader"),
        ),
        migrations.AddIndex(
            model_name="receivable",
            index=models.Index(
                condition=models.Q(("natural_person", True)), fields=["customer"], name="receivable_of_sole_trader"
            ),
        ),
        migrations.RunSQL(INHERIT, NO_INHERIT),
        migrations.AlterField(
            model_name="rule",
            name="code",
            field=models.CharField(choices=[('reference_rate', 'Reference rate of the Bank of Finland, %'), ('margin_general', 'Late interest above the reference rate, %'), ('margin_commercial', 'Late interest above the reference rate, business buyer, %'), ('interest_wait', 'Interest without an agreed due date, days after sending'), ('holiday_shift', 'A due date on a holiday'), ('day_count', 'Days of a year in late interest'), ('interest_threshold', 'Interest is invoiced from, €'), ('allocation_consumer', 'What a payment covers first, consumer'), ('allocation_business', 'What a payment covers first, business'), ('reminder_fee_consumer', 'Highest reminder fee, consumer, €'), ('reminder_fee_business', 'Highest reminder fee, business, €'), ('reminder_wait_consumer', 'First fee after the due date, consumer, days'), ('reminder_wait_business', 'First fee after the due date, business, days'), ('reminder_notice_consumer', 'Invoice sent before the due date for a fee, consumer, days'), ('reminder_interval_consumer', 'Between fees, consumer, days'), ('reminder_interval_business', 'Between fees, business, days'), ('reminder_grace', 'Bank days for payments on their way, before a reminder'), ('reminder_time', 'Time to pay that a reminder gives, days'), ('compensation_business', 'Standard compensation, business, €'), ('cost_cap_consumer', 'All collection costs at most, consumer, €'), ('cost_cap_business', 'All collection costs at most, business, €'), ('agency_demand_consumer', "Agency's demand, consumer, €"), ('agency_demand_business', "Agency's demand, business, €"), ('agency_wait_consumer', 'Reminder before an agency, consumer, days'), ('extension_fee_consumer', 'Fee for more time, consumer, €'), ('extension_fee_days', 'A fee for more time needs at least so much more, days'), ('extension_fee_business', 'Fee for more time, business, €'), ('plan_fee_consumer', 'Fee for an instalment plan, consumer, €'), ('plan_fee_business', 'Fee for an instalment plan, business, €'), ('payment_days_business', 'Longest term unless agreed, business, days'), ('limitation', 'A debt is time-barred after, years'), ('limitation_judgment', 'A judgment debt is time-barred after, years'), ('limitation_final', "A natural person's debt ends from the due date after, years"), ('limitation_title', "A natural person's debt ends from the enforcement title after, years"), ('limitation_warning', 'Warning before a debt is time-barred, days'), ('limitation_alarm', 'Last warning before a debt is time-barred, days'), ('keep_vouchers', 'Vouchers are kept, years'), ('keep_books', 'Ledgers and financial statements are kept, years'), ('small_difference', 'Smallest debt that is followed up: less is written off, €')], max_length=30, verbose_name='figure'),
        ),
        migrations.RunPython(add, remove),
    ]
