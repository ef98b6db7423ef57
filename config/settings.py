"""Settings, read from the environment and from secret files (register.keys); one file for all installations.

Nothing here falls back to something unsafe: in production a missing secret stops the start with the
name of what is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from register import keys

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
REGISTER_HOME = keys.home()

DEBUG = False
REGISTER_DEMO = env.bool("REGISTER_DEMO", default=False)
SITE_URL = env.str("REGISTER_URL", default="http://localhost:8000").rstrip("/")
"""Where the register is reached from outside: links in mails use it, never the Host header."""
HTTPS = SITE_URL.startswith("https://")


def secret(name: str) -> str:
    value = keys.read(name)
    if value is None:
        raise ImproperlyConfigured(
            f"The secret “{name}” is missing: set {keys.variable(name)}, or put it into the file "
            f"{REGISTER_HOME / 'secrets' / name}. `make run` and `manage.py provision` make what is missing."
        )
    return value


SECRET_KEY = secret("secret_key")
SECRET_KEY_FALLBACKS = env.list("REGISTER_OLD_SECRET_KEYS", default=[])
REGISTER_CONTEXT_KEY = secret("context_key")
REGISTER_LINK_KEY = secret("link_key")
REGISTER_ADDRESS_KEY = secret("address_key")
REGISTER_OLD_LINK_KEYS = (keys.read("old_link_keys") or "").split()
REGISTER_OLD_ADDRESS_KEYS = (keys.read("old_address_keys") or "").split()
"""Earlier keys, separated by white space: mails sent under them must stay stoppable for ever."""

ALLOWED_HOSTS = env.list(
    "REGISTER_HOSTS", default=[urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- databases: one login per audience -----------------------------------------------------------

REGISTER_ROLE_PREFIX = env.str("REGISTER_ROLE_PREFIX", default="register")
REGISTER_ALLOW_PLAIN_DATABASE = env.bool("REGISTER_ALLOW_PLAIN_DATABASE", default=False)
"""Whether the database may be on another machine without TLS (register.safety)."""
AUDIENCES = env.list("REGISTER_AUDIENCES", default=list(keys.ALIASES))


def database(alias: str) -> dict[str, object] | None:
    url = keys.read(f"database_{alias}")
    if url is None:
        return None
    settings = dict(env.db_url_config(url))
    if "host=" in url:
        settings["HOST"] = settings.get("OPTIONS", {}).pop("host", settings.get("HOST"))
    settings["ENGINE"] = "django.db.backends.postgresql" if alias == "migrate" else "register.db"
    settings["CONN_MAX_AGE"] = None
    settings["CONN_HEALTH_CHECKS"] = True
    settings.setdefault("OPTIONS", {})
    settings["OPTIONS"].setdefault("application_name", f"register {alias}")
    settings["OPTIONS"].setdefault("options", "-c TimeZone=UTC")
    if alias != "migrate":
        settings["TEST"] = {"MIRROR": "migrate"}
    return settings


DATABASES = {alias: found for alias in keys.ALIASES if alias in AUDIENCES and (found := database(alias))}
if "default" not in DATABASES:
    DATABASES["default"] = {"ENGINE": "django.db.backends.dummy"}
DATABASE_ROUTERS = ["register.access.Router"]
PROCRASTINATE_DATABASE_ALIAS = "worker" if "worker" in DATABASES else "default"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- apps ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "register",
    "customers",
    "mailing",
    "billing",
    "privacy",
    "unfold",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "auditlog",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "register.languages.ChosenLanguage",
    "register.doors.Slashes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "register.accounts.second_factor.Gate",
    "register.doors.Doorkeeper",
    "billing.refusals.LockedPeriods",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "libraries": {"i18n": "register.templatetags.words"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "register.shell.context",
            ],
        },
    }
]

# --- accounts ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "register.User"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/accounts/continue/"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUTHENTICATION_BACKENDS = ["register.accounts.signing_in.Backend"]
PASSWORD_HASHERS = ["register.accounts.passwords.Argon2id"]
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "register.accounts.passwords.MaximumLength"},
    {"NAME": "register.accounts.passwords.NotGuessable"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
SESSION_ENGINE = "register.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CACHES = {"default": {"BACKEND": "register.counters.SharedCounters"}}
"""Counters of attempts must be the same in every process and on every host."""

ACCOUNT_ADAPTER = "register.accounts.signing_in.Adapter"
ACCOUNT_FORMS = {"reset_password": "register.accounts.signing_in.AskNewPassword"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "register.accounts.signing_in.display_name"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("REGISTER_TRUSTED_PROXIES", default=0)
"""How many proxies of ours stand before the register: X-Forwarded-For is believed only that far."""
MFA_ADAPTER = "register.accounts.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "register.accounts.second_factor.Authenticate",
    "reauthenticate": "register.accounts.second_factor.Reauthenticate",
    "add_webauthn": "register.accounts.second_factor.AddPasskey",
    "activate_totp": "register.accounts.second_factor.ActivateTOTP",
    "authenticate_webauthn": "register.accounts.second_factor.AuthenticatePasskey",
    "login_webauthn": "register.accounts.second_factor.LoginPasskey",
    "reauthenticate_webauthn": "register.accounts.second_factor.ReauthenticatePasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = env.str("REGISTER_LANGUAGE", default="fi")
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- the staff's pages ---------------------------------------------------------------------------

REGISTER_MENUS = "config.menu.MENUS"
REGISTER_PAGE_NAMES = "config.page_names.PAGES"
UNFOLD = {"SHOW_HISTORY": False, "SHOW_VIEW_ON_SITE": False, "SHOW_BACK_BUTTON": False}

# --- files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
COLLECTED = BASE_DIR / "staticfiles"
"""Made by `manage.py collectstatic` where starts should be quickest; without it files are found in the apps."""
STATIC_ROOT = COLLECTED if COLLECTED.is_dir() or "collectstatic" in sys.argv else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
MEDIA_ROOT = REGISTER_HOME / "files"

# --- what browsers are told ----------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# With "no-referrer" browsers send `Origin: null` with forms, which the CSRF check refuses; other sites
# learn nothing either way. Pages whose address holds a token say "no-referrer" themselves (register.public).
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "register.expired.form"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- audit ---------------------------------------------------------------------------------------

AUDITLOG_LOGENTRY_MODEL = "register.AuditEntry"
AUDITLOG_MASK_CALLABLE = "register.audit.mask"
AUDITLOG_DISABLE_REMOTE_ADDR = True

# --- mail ----------------------------------------------------------------------------------------

vars().update(env.email_url("REGISTER_SMTP_URL", default="smtp://localhost:25"))
EMAIL_BACKEND = env.str("REGISTER_EMAIL_BACKEND", default=vars()["EMAIL_BACKEND"])
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("REGISTER_FROM", default="register@localhost")

# --- logs ----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "register.logs.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"tokens": {"()": "register.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"register": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

SILENCED_SYSTEM_CHECKS = [
    "auth.E003", "auth.W004",  # the e-mail is unique without regard to case, by a functional constraint
    "templates.W003",  # register.templatetags.words takes the place of Django's i18n on purpose
]  # fmt: skip
