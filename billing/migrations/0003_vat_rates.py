"""The VAT rates as the program ships them; the owner adds what comes later."""

from __future__ import annotations

from django.db import migrations

ACT = "Arvonlisäverolaki 1501/1993"
TAX = "Finnish Tax Administration, vero.fi: VAT rates"
RATES = (
    # group, rate, from, until, section, where it was read
    ("standard", "24", "2013-01-01", "2024-08-31", f"{ACT}, 84 §", TAX),
    ("standard", "25.5", "2024-09-01", None, f"{ACT}, 84 §", f"{TAX} from 1 September 2024"),
    ("reduced", "14", "2013-01-01", "2025-12-31", f"{ACT}, 85 §", f"{TAX}; most supplies at 10 % joined the group on 1 January 2025"),
    ("reduced", "13.5", "2026-01-01", None, f"{ACT}, 85 §", f"{TAX} from 1 January 2026"),
    ("press", "10", "2013-01-01", None, f"{ACT}, 85 a §", f"{TAX}; newspapers and periodicals"),
    ("zero", "0", "1994-06-01", None, f"{ACT}, chapter 6", "The Act: supplies at zero rate"),
    ("exempt", "0", "1994-06-01", None, f"{ACT}, chapter 4", "The Act: supplies exempt from tax"),
    ("reverse", "0", "1994-06-01", None, f"{ACT}, 8 a–8 d §, 9 §", "The Act: the buyer is liable for the tax"),
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
