"""The VAT rates as the program ships them; the owner adds what comes later."""

from __future__ import annotations

from django.db import migrations

ACT = "Arvonlisäverolaki 1501/1993"
TAX = "Verohallinto, vero.fi: arvonlisäverokannat"
RATES = (
    # group, rate, from, until, section, where it was read
    ("standard", "24", "2013-01-01", "2024-08-31", f"{ACT}, 84 §", TAX),
    ("standard", "25.5", "2024-09-01", None, f"{ACT}, 84 §", f"{TAX} 1.9.2024 alkaen"),
    (
        "reduced",
        "14",
        "2013-01-01",
        "2025-12-31",
        f"{ACT}, 85 §",
        f"{TAX}; useimmat 10 prosentin kannan tuotteet siirtyivät ryhmään 1.1.2025",
    ),
    ("reduced", "13.5", "2026-01-01", None, f"{ACT}, 85 §", f"{TAX} 1.1.2026 alkaen"),
    ("press", "10", "2013-01-01", None, f"{ACT}, 85 a §", f"{TAX}; sanoma- ja aikakauslehdet"),
    ("zero", "0", "1994-06-01", None, f"{ACT}, 6 luku", "Laki: nollaverokannan myynti"),
    ("exempt", "0", "1994-06-01", None, f"{ACT}, 4 luku", "Laki: verosta vapautettu myynti"),
    ("reverse", "0", "1994-06-01", None, f"{ACT}, 8 a–8 d §, 9 §", "Laki: ostaja on verovelvollinen"),
)


def add(apps, schema_editor):
    rates = apps.get_model("billing", "VatRate").objects.using(schema_editor.connection.alias)
    for code, rate, valid_from, valid_to, statute, source in RATES:
        rates.create(
            code=code, rate=rate, valid_from=valid_from, valid_to=valid_to, statute=statute, source=source
        )


def remove(apps, schema_editor):
    apps.get_model("billing", "VatRate").objects.using(schema_editor.connection.alias).filter(
        entered_by=None
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_law")]

    operations = [migrations.RunPython(add, remove)]
