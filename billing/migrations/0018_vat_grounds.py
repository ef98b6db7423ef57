"""The grounds for charging no VAT as the program ships them; the owner adds what comes later."""

from __future__ import annotations

from django.db import migrations

ACT = "Arvonlisäverolaki 1501/1993"
SEEN = "Verohallinto, vero.fi: laskutusvaatimukset; laskuesimerkit"
MEMORY = "Muistista, tarkistettava ennen käyttöä: Verohallinto, vero.fi"
GROUNDS = (
    # name, category, group, buyer, Finnish, Swedish, English, section, where it was read, from
    (
        "Rakennusala", "AE", "reverse", "vat_id",
        "Käännetty verovelvollisuus, AVL 8 c §",
        "Omvänd skattskyldighet, MomsL 8 c §",
        "Reverse charge, AVL 8 c §",
        f"{ACT}, 8 c §", SEEN, "2011-04-01",
    ),
    (
        "Metalliromu ja -jäte", "AE", "reverse", "vat_id",
        "Käännetty verovelvollisuus, AVL 8 d §",
        "Omvänd skattskyldighet, MomsL 8 d §",
        "Reverse charge, AVL 8 d §",
        f"{ACT}, 8 d §", MEMORY, "2015-01-01",
    ),
    (
        "Palvelu toiseen EU-maahan", "AE", "reverse", "other_state",
        "Käännetty verovelvollisuus / Reverse charge, AVL 65 §, art. 44 & 196",
        "Omvänd skattskyldighet / Reverse charge, MomsL 65 §, art. 44 & 196",
        "Reverse charge, AVL 65 §, art. 44 & 196 of directive 2006/112/EC",
        f"{ACT}, 65 §; direktiivi 2006/112/EY 44 ja 196 artikla", MEMORY, "2010-01-01",
    ),
    (
        "Tavara toiseen EU-maahan", "K", "zero", "other_state",
        "Veroton yhteisömyynti, AVL 72 a §",
        "Skattefri gemenskapsintern försäljning, MomsL 72 a §",
        "VAT-exempt intra-Community supply, AVL 72 a §",
        f"{ACT}, 72 a §", MEMORY, "1995-01-01",
    ),
    (
        "Vienti EU:n ulkopuolelle", "G", "zero", "any",
        "Veroton vientimyynti, AVL 70 §",
        "Skattefri exportförsäljning, MomsL 70 §",
        "VAT-exempt export, AVL 70 §",
        f"{ACT}, 70 §", MEMORY, "1994-06-01",
    ),
    (
        "Terveydenhuolto", "E", "exempt", "any",
        "Veroton, AVL 34 § (terveydenhuolto)",
        "Momsfri, MomsL 34 § (hälso- och sjukvård)",
        "Exempt from VAT, AVL 34 § (health care)",
        f"{ACT}, 34 §", SEEN, "1994-06-01",
    ),
    (
        "Koulutus", "E", "exempt", "any",
        "Veroton, AVL 39 § (koulutus)",
        "Momsfri, MomsL 39 § (utbildning)",
        "Exempt from VAT, AVL 39 § (education)",
        f"{ACT}, 39 §", MEMORY, "1994-06-01",
    ),
    (
        "Ei arvonlisäverovelvollinen", "O", "", "any",
        "Ei arvonlisäverovelvollinen, AVL 3 §",
        "Inte momsskyldig, MomsL 3 §",
        "Not liable for VAT, AVL 3 §",
        f"{ACT}, 3 §", f"{MEMORY}; raja 20 000 €/v 1.1.2025 alkaen", "1994-06-01",
    ),
)  # fmt: skip


def add(apps, schema_editor):
    grounds = apps.get_model("billing", "VatGround").objects.using(schema_editor.connection.alias)
    for name, category, code, buyer, finnish, swedish, english, statute, source, valid_from in GROUNDS:
        grounds.create(
            name=name,
            category=category,
            vat_code=code,
            buyer=buyer,
            wording_fi=finnish,
            wording_sv=swedish,
            wording_en=english,
            valid_from=valid_from,
            statute=statute,
            source=source,
        )


def remove(apps, schema_editor):
    apps.get_model("billing", "VatGround").objects.using(schema_editor.connection.alias).filter(
        entered_by=None
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_invoice_depth_law")]

    operations = [migrations.RunPython(add, remove)]
