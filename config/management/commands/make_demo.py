"""Fill an empty register with the demo company, once; print who can sign in, with new links of two customers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import demo, demo_note
from register.models import User


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REGISTER_DEMO:
            raise CommandError(
                "This fills the register with made-up people: only for the demo (REGISTER_DEMO=1)."
            )
        now = timezone.now()  # noqa: TID251  (an entrance)
        if not User.objects.exists():
            demo.build(at=now)
        elif demo_note.kept() is None:
            raise CommandError(
                f"The demo company is half made, or of an older version. Delete {settings.REGISTER_HOME} "
                "and start again."
            )
        note = demo.new_links(at=now)
        demo_note.keep(note)
        self.stdout.write(note.told(site=settings.SITE_URL), ending="")
