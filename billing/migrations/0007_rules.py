"""Billing's and collection's figures as the program ships them; the owner adds what comes later.

Sources say what was read there and what is from memory and must be checked before it is relied on.
"""

from __future__ import annotations

from datetime import date

from django.db import migrations

INTEREST = "Korkolaki 633/1982"
COLLECTION = "Laki saatavien perinnästä 513/1999"
LIMITATION = "Laki velan vanhentumisesta 728/2003"
BOOKS = "Kirjanpitolaki 1336/1997"
BANK = "Suomen Pankki: korkolain mukainen viitekorko"
FINLEX = "Lain teksti"
REFORM = "Lain teksti, muutos 299/2022 voimaan 1.5.2022"

REFERENCE_RATES = (  # first half-year, last half-year, percent
    ("2013-07-01", "2016-06-30", "0.5"),
    ("2016-07-01", "2022-12-31", "0"),
    ("2023-01-01", "2023-06-30", "2.5"),
    ("2023-07-01", "2023-12-31", "4"),
    ("2024-01-01", "2024-12-31", "4.5"),
    ("2025-01-01", "2025-06-30", "3.5"),
    ("2025-07-01", "2025-12-31", "2.5"),
    ("2026-01-01", "2026-06-30", "2.5"),
)
DERIVED = "Johdettu EKP:n perusrahoituskorosta 2,15 %; tiedotetta ei nähty, tarkista"

# code, above, value, from, section, where it was read
RULES = (
    ("margin_general", "0", "7", "2013-03-16", f"{INTEREST}, 4 §", FINLEX),
    ("margin_commercial", "0", "8", "2013-03-16", f"{INTEREST}, 4 a §", FINLEX),
    ("reminder_fee_consumer", "0", "5", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("reminder_fee_business", "0", "12", "2022-05-01", f"{COLLECTION}, 10 g §", REFORM),
    ("reminder_wait_consumer", "0", "14", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("reminder_wait_business", "0", "1", "2022-05-01", f"{COLLECTION}, 10 g §", REFORM),
    ("reminder_notice_consumer", "0", "14", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("reminder_interval_consumer", "0", "14", "2013-03-16", f"{COLLECTION}, 10 b §", FINLEX),
    ("reminder_interval_business", "0", "10", "2022-05-01", f"{COLLECTION}, 10 h §", REFORM),
    ("compensation_business", "0", "40", "2013-03-16", f"{COLLECTION}, 10 e §", FINLEX),
    ("cost_cap_consumer", "0", "60", "2022-05-01", f"{COLLECTION}, 10 d §", REFORM),
    ("cost_cap_consumer", "100", "120", "2022-05-01", f"{COLLECTION}, 10 d §", REFORM),
    ("cost_cap_consumer", "1000", "210", "2022-05-01", f"{COLLECTION}, 10 d §", REFORM),
    ("agency_demand_consumer", "0", "14", "2022-05-01", f"{COLLECTION}, 10 a §", REFORM),
    ("agency_demand_consumer", "100", "24", "2022-05-01", f"{COLLECTION}, 10 a §", REFORM),
    ("agency_demand_consumer", "1000", "50", "2022-05-01", f"{COLLECTION}, 10 a §", REFORM),
    ("agency_demand_business", "0", "50", "2022-05-01", f"{COLLECTION}, 10 g §", REFORM),
    ("agency_demand_business", "500", "70", "2022-05-01", f"{COLLECTION}, 10 g §", REFORM),
    ("agency_demand_business", "2500", "90", "2022-05-01", f"{COLLECTION}, 10 g §", REFORM),
    ("agency_demand_business", "10000", "110", "2022-05-01", f"{COLLECTION}, 10 g §", REFORM),
    ("agency_wait_consumer", "0", "14", "2013-03-16", f"{COLLECTION}, 5 §", FINLEX),
    ("extension_fee_consumer", "0", "5", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("plan_fee_consumer", "0", "20", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("plan_fee_consumer", "100", "30", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("plan_fee_consumer", "1000", "50", "2013-03-16", f"{COLLECTION}, 10 a §", FINLEX),
    ("payment_days_business", "0", "30", "2015-05-01", "Laki 30/2013, 5 §", "Lain teksti, muutos 385/2015"),
    ("limitation", "0", "3", "2004-01-01", f"{LIMITATION}, 4 §", FINLEX),
    ("limitation_judgment", "0", "5", "2004-01-01", f"{LIMITATION}, 13 §", FINLEX),
    ("limitation_final", "0", "20", "2015-01-01", f"{LIMITATION}, 13 a §", FINLEX),
    ("keep_vouchers", "0", "6", "1997-12-31", f"{BOOKS}, 2:10 §", FINLEX),
    ("keep_books", "0", "10", "1997-12-31", f"{BOOKS}, 2:10 §", FINLEX),
)


def add(apps, schema_editor):
    rules = apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias)
    for first, last, rate in REFERENCE_RATES:
        for valid_from, valid_to in half_years(date.fromisoformat(first), date.fromisoformat(last)):
            source = DERIVED if valid_from == date(2025, 7, 1) else BANK
            rules.create(
                code="reference_rate", value=rate, valid_from=valid_from, valid_to=valid_to,
                statute=f"{INTEREST}, 12 §", source=source,
            )  # fmt: skip
    for code, above, value, valid_from, statute, source in RULES:
        rules.create(
            code=code, above=above, value=value, valid_from=valid_from, statute=statute, source=source
        )


def half_years(first, last):
    """Each half-year from a first day to a last one: (first day, last day)."""
    while first < last:
        ends = date(first.year, 6, 30) if first.month == 1 else date(first.year, 12, 31)
        yield first, ends
        first = date.fromordinal(ends.toordinal() + 1)


def remove(apps, schema_editor):
    apps.get_model("billing", "Rule").objects.using(schema_editor.connection.alias).filter(entered_by=None).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_ledger_law")]

    operations = [migrations.RunPython(add, remove)]
