"""All settings, read from the environment; what is not set is right for the embedded mode.

The switches: DATABASE_URL, REDIS_URL, EMAIL_URL, SECRET_KEY, FIELD_KEYS, CPR_INDEX_KEY, AUDIT_KEY,
DEMO, IN_USE_FROM, ALLOWED_HOSTS. The README names the rest.
"""

import os
from datetime import date
from pathlib import Path
from urllib.parse import quote

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import sign_on

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var")
for folder in ("broker", "control", "mail"):
    (VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
if (VAR_DIR / "secrets.env").exists():
    env.read_env(VAR_DIR / "secrets.env")

# --- The mode -------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
# bin/run leaves the mark when it fills an empty embedded database with invented families.
DEMO = env.bool("DEMO", default=not DATABASE_URL and (VAR_DIR / "demo").exists())
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="indgang-demo")
DEBUG = DEMO and env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
CPR_INDEX_KEY = env.str("CPR_INDEX_KEY", default="")
AUDIT_KEY = env.str("AUDIT_KEY", default="")
if not (SECRET_KEY and FIELD_KEYS and CPR_INDEX_KEY and AUDIT_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY, FIELD_KEYS, CPR_INDEX_KEY eller AUDIT_KEY mangler: kør bin/setup, som laver dem i "
        "var/secrets.env, eller sæt dem i miljøet."
    )

# --- The municipality -----------------------------------------------------------------------
MUNICIPALITY = {
    "name": env.str("MUNICIPALITY_NAME", default="Allerød Kommune"),
    "unit": env.str("MUNICIPALITY_UNIT", default="Jobberiet"),
    "phone": env.str("MUNICIPALITY_PHONE", default=""),
}
IN_USE_FROM = date.fromisoformat(env.str("IN_USE_FROM")) if env.str("IN_USE_FROM", default="") else None
# Years after closing from which a case stands on the review list. Nothing is deleted by itself.
KEEPING_YEARS = env.int("KEEPING_YEARS", default=5)
# The file that the backup touches when it is done (`manage.py note_backup`), and after how many hours it is missed.
BACKUP_MARKER = env.str("BACKUP_MARKER", default="")
BACKUP_HOURS = env.int("BACKUP_HOURS", default=26)
BASE_URL = env.str("BASE_URL", default="http://localhost:8000")

# --- The apps -------------------------------------------------------------------------------
AREA_APPS = ["reception", "housing", "employment", "schooling", "health", "volunteers"]
INSTALLED_APPS = [
    "accounts",
    "cases",
    "phrases",
    "deadlines",
    *AREA_APPS,
    "desk",
    "intake",
    "keeping",
    "letters",
    "offers",
    "board",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.response_headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.access_log",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.sessions.Limits",
    "config.gate.Gate",
    "config.sessions.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "desk.views.shell.shell",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- The database ---------------------------------------------------------------------------
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA secure_delete=ON; PRAGMA cache_size=-64000"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{quote(str(VAR_DIR / 'indgang.sqlite3'))}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": SQLITE_PRAGMAS,
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # A municipality's data fit into memory, where a look-up in an index costs what the next page costs. With the
    # default of 4, made for turning disks, a page reads all cases to find the fifty that it needs.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c random_page_cost=1.1")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "indgang",
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    # Several processes count the same failed log-ins; accounts.0004 makes the table.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
# What each process may find out for itself.
CACHES["process"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# --- Celery ---------------------------------------------------------------------------------
# The broker is never the source of truth: tasks may be lost, doubled or late.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_DEFAULT_QUEUE = "indgang"
# A page must not wait for a broker that is away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "global_keyprefix": "indgang:",
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "control"),
        "polling_interval": 0.2,
    }
QUARTER = 15 * 60
# In UTC, so that a clock change neither skips nor repeats a run; the tasks look at the local hour.
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "desk.tasks.sweep",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": QUARTER},
    },
    "digests": {
        "task": "desk.tasks.send_digests",
        "schedule": crontab(minute="1-59/15", hour="5-16"),
        "options": {"expires": QUARTER},
    },
    "seal": {"task": "accounts.tasks.seal", "schedule": crontab(minute="*"), "options": {"expires": 60}},
    "mail": {"task": "desk.tasks.send_mail", "schedule": crontab(minute="*"), "options": {"expires": 60}},
    "repair": {
        "task": "desk.tasks.repair",
        "schedule": crontab(minute="20", hour="1"),
        "options": {"expires": 4 * 3600},
    },
    "check": {"task": "desk.tasks.check_log", "schedule": crontab(minute="50", hour="1"), "options": {"expires": 3600}},
    "jobs": {"task": "desk.tasks.look_after_jobs", "schedule": crontab(minute="3-59/5"), "options": {"expires": 300}},
    "figures": {"task": "board.tasks.take_figures", "schedule": crontab(minute="25"), "options": {"expires": 60 * 60}},
    "offers": {"task": "offers.tasks.forget_old", "schedule": crontab(minute="50"), "options": {"expires": QUARTER}},
}

# --- Mail -----------------------------------------------------------------------------------
if env.str("EMAIL_URL", default=""):
    globals().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="indgang@localhost")

# --- Language and time ----------------------------------------------------------------------
# Pages are Danish whatever the browser asks for; only citizens' documents have other languages.
LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("uk", "Українська"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

# --- Logging in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# LOCAL_LOGIN=0: only the municipality's own log-in. The demonstration and the municipality need no second factor here.
LOCAL_LOGIN = env.bool("LOCAL_LOGIN", default=True)
SECOND_FACTOR = not DEMO
IDLE_SECONDS, LONGEST_SESSION_SECONDS = 30 * 60, 10 * 3600
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "reset_password": "accounts.forms.ForgottenForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Per address, and per account at one address: who guesses from elsewhere locks nobody out.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
PASSWORD_RESET_TIMEOUT = 72 * 3600  # also of an invitation
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
}
MFA_TOTP_ISSUER = "Indgang"
MFA_TOTP_TOLERANCE = 0  # a code counts for its own thirty seconds, in which it is remembered as used
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoLengthenedCommonPassword"},
]

# --- The municipality's own log-in (OpenID Connect) -----------------------------------------
# OIDC_ROLES: group=role, comma-separated; OIDC_ROLE_CLAIM: the claim that lists the groups, dots for claims in claims.
OIDC_SERVER = env.str("OIDC_SERVER", default="")
OIDC_NAME = env.str("OIDC_NAME", default="") or MUNICIPALITY["name"]
OIDC_ROLE_CLAIM = env.str("OIDC_ROLE_CLAIM", default="groups")
OIDC_ROLES = env.dict("OIDC_ROLES", default={})
OIDC_PROVIDER = "kommune"
SOCIALACCOUNT_ADAPTER = "accounts.sso.SsoAdapter"
SOCIALACCOUNT_ONLY = not LOCAL_LOGIN
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_APP = sign_on.openid(env, OIDC_NAME, OIDC_PROVIDER)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC_APP] if OIDC_SERVER else []}}

# --- SAML 2, an optional extra that no municipality has tried yet (accounts/saml.py) ---------
# SAML_ROLE_ATTRIBUTE: the groups, read by OIDC_ROLES.
SAML_METADATA_URL = env.str("SAML_METADATA_URL", default="")
SAML_ROLE_ATTRIBUTE = env.str("SAML_ROLE_ATTRIBUTE", default="http://schemas.xmlsoap.org/claims/Group")
SAML_APP = sign_on.saml(env, OIDC_NAME, OIDC_PROVIDER)
if SAML_METADATA_URL:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")
    SOCIALACCOUNT_PROVIDERS["saml"] = {"APPS": [SAML_APP]}

# --- Security -------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = LONGEST_SESSION_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# The demo runs over plain HTTP on one machine; everything else is served over HTTPS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
RESPONSE_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.NodeFinder",
]
NODE_ROOT = BASE_DIR / "node_modules"
NODE_FILES = {
    "vendor/bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "vendor/bootstrap-icons/bootstrap-icons.min.css": "bootstrap-icons/font/bootstrap-icons.min.css",
    "vendor/bootstrap-icons/fonts/bootstrap-icons.woff2": "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "vendor/bootstrap-icons/fonts/bootstrap-icons.woff": "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    **{
        f"vendor/plex-sans/{name}": f"@ibm/plex-sans/fonts/complete/woff2/{name}"
        for name in ("IBMPlexSans-Regular.woff2", "IBMPlexSans-Medium.woff2", "IBMPlexSans-SemiBold.woff2")
    },
}
# Without STATIC_ROOT the files are served from where they lie; with it they are collected first.
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "files"

# --- Logging: what happened, never to whom --------------------------------------------------
# What is unusual about a look at a case, and how many lines a week's review of the log holds.
LOG_MANY_CASES = env.int("LOG_MANY_CASES", default=25)
LOG_MANY_SEARCHES = env.int("LOG_MANY_SEARCHES", default=60)
LOG_HOURS = (6, 20)
LOG_SAMPLE_STRIKING, LOG_SAMPLE_BY_LOT = 25, 15
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.MaskedFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
LOGGING_CONFIG = "logging.config.dictConfig"
