"""The web process's entry point: it knows no other logins than those of pages, and refuses what is unsafe."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from register import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("REGISTER_AUDIENCES", ",".join(keys.WEB))

django_application = get_wsgi_application()

from register import safety  # noqa: E402 - it needs the settings

try:
    application = safety.Guarded(django_application)
except safety.Unsafe as unsafe:
    sys.exit(str(unsafe))

# With gunicorn's --preload the workers are forked from here: what is loaded now stays shared between them.
get_resolver().url_patterns  # noqa: B018 - loads the views
gc.collect()
gc.freeze()
