"""Settings of the controls: what `startproject` gives, in Finnish, on the bench's database, in a schema of its own."""

from __future__ import annotations

import environ

from register import keys

_url = keys.read("database_migrate")
assert _url is not None, "the controls run in the bench's home only"

SECRET_KEY = keys.read("secret_key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
DATABASES = {"default": dict(environ.Env.db_url_config(_url))}
_options = DATABASES["default"].setdefault("OPTIONS", {})
if "host" in _options:
    DATABASES["default"]["HOST"] = _options.pop("host")
_options["options"] = "-c search_path=stock"
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "config.bench.stock",
]
MIDDLEWARE = [
    "config.bench.counting.QueryCount",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.bench.stock.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
LANGUAGE_CODE = "fi"
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
STATIC_URL = "/static/"
LOGIN_URL = "/admin/login/"
