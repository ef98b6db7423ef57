"""The controls' web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "config.bench.stock.settings"
application = get_wsgi_application()
