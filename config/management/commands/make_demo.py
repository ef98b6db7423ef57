"""Fill an empty register with the demo company and print who can sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import demo
from register.models import User


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REGISTER_DEMO:
            raise CommandError(
                "This fills the register with made-up people: only for the demo (REGISTER_DEMO=1)."
            )
        if User.objects.exists():
            raise CommandError("The demo company is already there.")
        made = demo.build(at=timezone.now())  # noqa: TID251  (an entrance)
        self.stdout.write(f"  register owner   {made.owner.email}   {demo.PASSWORD}")
        self.stdout.write(f"  billing person   {made.biller.email}   {demo.PASSWORD}")
        self.stdout.write(f"  a customer stops mailings       {settings.SITE_URL}{made.stop_link}")
        self.stdout.write(f"  a customer opens his own data   {made.data_link}")
