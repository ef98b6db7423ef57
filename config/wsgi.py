"""The web process's entry point: it knows no other logins than those of pages, and refuses what is unsafe."""

import os

from django.core.wsgi import get_wsgi_application

from register import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("REGISTER_AUDIENCES", ",".join(keys.WEB))

django_application = get_wsgi_application()

from register.safety import Guarded  # noqa: E402 - it needs the settings

application = Guarded(django_application)
