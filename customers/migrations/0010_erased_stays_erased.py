"""Who was erased stays erased: his row takes no name again, and nothing new is tied to it."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

# RE001 is the register's own SQLSTATE for this (register.subjects.is_of_erased).
STAYS = """
CREATE FUNCTION customers_stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% % was erased', TG_TABLE_NAME, OLD.id USING ERRCODE = 'RE001';
END $$;

CREATE TRIGGER stays_erased BEFORE UPDATE ON customers_person FOR EACH ROW
    WHEN (OLD.erased_on IS NOT NULL AND (NEW.erased_on IS NULL
          OR (NEW.given_name, NEW.family_name, NEW.sort_key, NEW.source_detail)
             IS DISTINCT FROM (OLD.given_name, OLD.family_name, OLD.sort_key, OLD.source_detail)))
    EXECUTE FUNCTION customers_stays_erased();

CREATE TRIGGER stays_erased BEFORE UPDATE ON customers_customer FOR EACH ROW
    WHEN (OLD.erased_on IS NOT NULL AND (NEW.erased_on IS NULL
          OR (NEW.name, NEW.sort_key, NEW.business_id) IS DISTINCT FROM (OLD.name, OLD.sort_key, OLD.business_id)))
    EXECUTE FUNCTION customers_stays_erased();

CREATE FUNCTION customers_person_is_present() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN customers_person p ON p.id = fresh.person_id WHERE p.erased_on IS NOT NULL) THEN
        RAISE EXCEPTION '% for somebody who was erased', TG_TABLE_NAME USING ERRCODE = 'RE001';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION customers_customer_is_present() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN customers_customer c ON c.id = fresh.customer_id WHERE c.erased_on IS NOT NULL) THEN
        RAISE EXCEPTION '% for a customer who was erased', TG_TABLE_NAME USING ERRCODE = 'RE001';
    END IF;
    RETURN NULL;
END $$;
"""
STAYS_BACK = """
DROP TRIGGER stays_erased ON customers_person;
DROP TRIGGER stays_erased ON customers_customer;
DROP FUNCTION customers_stays_erased();
DROP FUNCTION customers_person_is_present();
DROP FUNCTION customers_customer_is_present();
"""

OF_PEOPLE = (
    "emailaddress", "phonenumber", "postaladdress", "representation", "task", "interactionperson",
)  # fmt: skip
OF_CUSTOMERS = (
    "emailaddress", "phonenumber", "postaladdress", "representation", "task", "interaction", "assignment",
    "relationship",
)  # fmt: skip
TIED = [("person", f"customers_{table}") for table in OF_PEOPLE]
TIED += [("customer", f"customers_{table}") for table in OF_CUSTOMERS]
# For each statement, so that an import of a million rows asks once.
NOTHING_NEW = "".join(
    f"""
CREATE TRIGGER {whose}_is_present AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION customers_{whose}_is_present();
"""
    for whose, table in TIED
)
NOTHING_NEW_BACK = "".join(f"DROP TRIGGER {whose}_is_present ON {table};\n" for whose, table in TIED)


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_erased")]

    operations = [
        migrations.AddIndex(
            "customer",
            models.Index(fields=["id"], name="customers_erased", condition=Q(erased_on__isnull=False)),
        ),
        migrations.AddIndex(
            "person", models.Index(fields=["id"], name="people_erased", condition=Q(erased_on__isnull=False))
        ),
        migrations.RunSQL(STAYS, STAYS_BACK),
        migrations.RunSQL(NOTHING_NEW, NOTHING_NEW_BACK),
    ]
