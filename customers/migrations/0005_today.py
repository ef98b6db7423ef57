"""Indexes for the day's meetings and for the work that is under way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_import_staging")]

    operations = [
        migrations.AddIndex(
            "assignment",
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(("status__in", ["agreed", "in_progress"])),
                name="assignment_under_way",
            ),
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["at", "id"], condition=models.Q(("kind", "meeting")), name="interaction_meeting"
            ),
        ),
    ]
