"""All settings, read from the environment in one place.

Unset means embedded: loopback only, SQLite, files and secrets under DATA_DIR, DEBUG off.
SUJI_ENV=production takes everything from the environment and refuses defaults. Every name may also
be given as NAME_FILE, the path of a file that holds the value (docs/operating.md has the table).
"""

from __future__ import annotations

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

PRODUCTION = os.environ.get("SUJI_ENV") == "production"
if os.environ.get("SUJI_ENV") not in (None, "", "production"):
    raise ImproperlyConfigured("SUJI_ENV is either unset (embedded) or 'production'.")


def setting(name: str, default: str) -> str:
    """The environment's `name`; in production a name that is missing is named, never defaulted."""
    if PRODUCTION:
        value = env.str(name, default="")
        if not value:
            raise ImproperlyConfigured(f"SUJI_ENV=production needs {name} (or {name}_FILE) to be set.")
        return str(value)
    return str(env.str(name, default=default))


def number(name: str, default: int) -> int:
    """The environment's `name` as a whole number."""
    value = env.str(name, default=str(default))
    if not value.isascii() or not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is a whole number; {value!r} is none.")
    return int(value)


DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR={DATA_DIR} cannot be made: {error.strerror}.") from None


def kept_secret(name: str) -> str:
    """A secret of the embedded mode: made once, kept in DATA_DIR, readable by its owner alone."""
    path = DATA_DIR / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


SECRET_KEY = setting("SECRET_KEY", "") if PRODUCTION else env.str("SECRET_KEY", default="") or kept_secret("secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False

# -- where we are --------------------------------------------------------------------------------------

HOST = env.str("HOST", default="127.0.0.1")
PORT = number("PORT", 8000)
SMTP_PORT = number("SMTP_PORT", 2525)
SITE_URL = setting("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
INBOX_DOMAIN = setting("INBOX_DOMAIN", "in.suji.localhost").lower()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if PRODUCTION:
    ALLOWED_HOSTS = ALLOWED_HOSTS or [urlsplit(SITE_URL).hostname or ""]
else:
    ALLOWED_HOSTS = ["*"] if HOST not in ("127.0.0.1", "localhost", "::1") else ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Off with SUJI_ENV=production: sample people, one-click log-in, the kept outgoing mail.
DEMO = not PRODUCTION
# A loopback client's route may verify (only its own, see complaints/intake/route.py); never in production, and not
# while a door speaks LMTP: then what comes over loopback comes from the whole world.
TRUST_LOOPBACK = not PRODUCTION and env.bool("TRUST_LOOPBACK", default=True)


def resolver(text: str) -> str | tuple[str, int]:
    """DNS_RESOLVER: "" is the system's own, "off" asks nobody, else `host` or `host:port` of the one to ask."""
    if text in ("", "off"):
        return text
    host, colon, port = text.rpartition(":") if text.count(":") == 1 or "]:" in text else (text, "", "")
    if not host or (colon and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536)):
        raise ImproperlyConfigured(f"DNS_RESOLVER is HOST, HOST:PORT or off; {text!r} is none.")
    return host.strip("[]"), int(port or 53)


def networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """The environment's `name` as networks, comma-separated; one address is a network too."""
    try:
        return [ip_network(part.strip()) for part in env.str(name, default=default).split(",") if part.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is a list of networks such as 10.0.0.0/8: {error}.") from None


# Who is asked for the keys of signatures, and the MTA of ours whose Authentication-Results are believed.
DNS_RESOLVER = resolver(env.str("DNS_RESOLVER", default=""))
MTA_NAME = env.str("MTA_NAME", default="").lower()
MTA_PEERS = networks("MTA_PEERS", "127.0.0.0/8,::1")

# -- apps -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",  # before allauth: our templates come first
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "csp",
    "evidence",
    "complaints",
    "config",
]

MIDDLEWARE = [
    "accounts.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.compressed",
    "accounts.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.language",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.private_pages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "accounts.forms.SujiRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.http.page_context",
            ],
        },
    },
]

# -- database, cache, broker ---------------------------------------------------------------------------

DATABASES = {"default": env.db_url_config(setting("DATABASE_URL", f"sqlite:///{DATA_DIR / 'suji.sqlite3'}"))}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # FULL: a commit is on the disk before the door says yes. IMMEDIATE: writers queue instead of failing.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        # secure_delete: what somebody deleted is wiped, not only unlisted
        "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-8000;",
    }
    IS_SQLITE = True
else:
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = _database.get("OPTIONS", {}) | {
        # Who asks while the server is away hears so in five seconds. By itself the pool would wait twice as long after
        # each failure: after an hour away another half hour. It gives up instead, and the next who asks tries at once.
        "pool": {"min_size": 1, "max_size": number("DATABASE_POOL", 8), "timeout": 5, "reconnect_timeout": 2},
        "connect_timeout": 5,
        "options": "-c statement_timeout=10s -c synchronous_commit=on",
    }
    IS_SQLITE = False

REDIS_URL = setting("REDIS_URL", "")  # embedded: set by `serve` for its children once the Valkey child is up
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if PRODUCTION
    # Shared by our processes, survives the broker: a doorbell that is gone must not take the log-in with it.
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1) or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False  # the row is the job: a lost ring is the sweep's
CELERY_TASK_DEFAULT_QUEUE = "mail"
CELERY_TASK_ROUTES = {
    "evidence.tasks.*": {"queue": "images"},
    "complaints.tasks.read_picture": {"queue": "ocr"},
    "complaints.tasks.remind": {"queue": "out"},
    "complaints.tasks.last_calls": {"queue": "out"},
    "complaints.tasks.poll_imap": {"queue": "out"},
}
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a broker that is full ended every worker that came to it
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A ring is heard when it is taken. To answer for it on the broker, which may be gone by then, made workers deaf:
    # kombu counts what it could not answer for as work in hand, for ever. What a dead worker took is the sweep's.
    "ack_emulation": False,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
}
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "schedule")

# -- files -----------------------------------------------------------------------------------------------

FILES_DIR = DATA_DIR / "files"
_files: dict[str, Any]
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    _files = {
        "BACKEND": "evidence.store.ObjectStore",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "access_key": setting("S3_ACCESS_KEY", ""),
            "secret_key": setting("S3_SECRET_KEY", ""),
            "region_name": env.str("S3_REGION", default="us-east-1"),
            "addressing_style": env.str("S3_ADDRESSING_STYLE", default="path"),
            "signature_version": "s3v4",
            "file_overwrite": False,
            "default_acl": None,  # buckets with ACLs switched off, the default of today, refuse any other
            "object_parameters": {"ContentDisposition": "attachment"},  # whoever gets one: to save, not to open
            "querystring_expire": 60,
            "max_memory_size": 1024 * 1024,  # a large file on its way to a page waits on the disk
        },
    }
else:
    _files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_DIR, "base_url": None},
    }
STORAGES = {
    "default": _files,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Where browsers reach the store by themselves, originals are handed out by links to it (evidence/fetch.py).
if S3_BUCKET and (S3_LINKS_URL := env.str("S3_LINKS_URL", default="")):
    STORAGES["links"] = _files | {"OPTIONS": _files["OPTIONS"] | {"endpoint_url": S3_LINKS_URL}}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles" if PRODUCTION else DATA_DIR / "static")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# -- people ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "complaints:case_list"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.SujiAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.ConsentForm"
ACCOUNT_FORMS = {
    "login": "accounts.entrance.LogIn",
    "signup": "accounts.entrance.SignUp",
    "add_email": "accounts.entrance.AddEmail",
    "reauthenticate": "accounts.entrance.Reauthenticate",
    "change_password": "accounts.entrance.ChangePassword",
    "set_password": "accounts.entrance.SetPassword",
    "reset_password": "accounts.entrance.ResetPassword",
    "reset_password_from_key": "accounts.entrance.ResetPasswordKey",
    "request_login_code": "accounts.entrance.RequestLoginCode",
    "confirm_login_code": "accounts.entrance.ConfirmLogin",
    "confirm_email_verification_code": "accounts.entrance.ConfirmEmail",
    "confirm_password_reset_code": "accounts.entrance.ConfirmReset",
}
# Six digits: three tries a code and six codes an hour leave a guesser 18 in a million.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
RESEND_SECONDS = 30  # a code may be sent again after this
ACCOUNT_RATE_LIMITS = {
    "confirm_email": f"1/{RESEND_SECONDS}s/key",
    "request_login_code": "20/m/ip,3/m/key,6/h/key",
    "reset_password": "20/m/ip,3/m/key,6/h/key",
}
# How many proxies of ours write X-Forwarded-For: limits count people, not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 1 if PRODUCTION else 0)
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Mail takes its time (greylisting, slow filters): a code lives for a quarter of an hour.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
SESSION_COOKIE_AGE = 14 * 24 * 3600

# -- mail we send ------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = setting("DEFAULT_FROM_EMAIL", "诉迹 Suji <suji@suji.localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10  # seconds: a page that sends a code does not hang with the mail server
if PRODUCTION:
    vars().update(env.email_url_config(setting("EMAIL_URL", "")))
else:
    EMAIL_BACKEND = "accounts.outgoing.KeptBackend"

# -- mail that comes in ------------------------------------------------------------------------------------

# A flood from outside cannot reach a door on loopback; somebody who hands in an old mailbox can: then they are wider.
_flood = 1 if PRODUCTION else 20
MEGABYTE = 1024 * 1024
MAIL_LIMITS = {
    name: number(f"LIMIT_{name.upper()}", default)
    for name, default in {
        "size": 25 * MEGABYTE,  # bytes of one mail
        "per_inbox_hour": 60 if PRODUCTION else 1_000,
        "per_inbox_day": 300 if PRODUCTION else 5_000,
        "per_inbox_day_bytes": _flood * 500 * MEGABYTE,
        "per_owner_hour": 120 * _flood,  # all inboxes of one user, and what they hand in themselves
        "per_owner_day": 600 * _flood,
        "per_owner_day_bytes": _flood * 1024 * MEGABYTE,
        # Of strangers. A mailbox provider is one domain for all who forward from it, an own MTA is not counted at all.
        "per_domain_hour": 5_000 * _flood,
        "per_domain_hour_bytes": _flood * 4096 * MEGABYTE,
        "per_peer_hour": 1_000 * _flood,
        "per_peer_hour_bytes": _flood * 1024 * MEGABYTE,
        "recipients": 20,  # RCPT commands of one mail
        "unknown_recipients": 20,  # per connection, then 421
        "connections": 200,
        "connections_per_ip": 10,
        "session_seconds": 600,
        "idle_seconds": 60,
        # Below either of them the disk counts as full: 452. Not everybody who tries Suji has a disk so empty.
        "free_bytes": (1024 if PRODUCTION else 200) * MEGABYTE,
        "free_percent": 5 if PRODUCTION else 0,
    }.items()
}
# With both, the SMTP door offers STARTTLS: files with the certificate (and those above it), and with its key.
SMTP_TLS_CERT = env.str("SMTP_TLS_CERT", default="")
SMTP_TLS_KEY = env.str("SMTP_TLS_KEY", default="")
# Mailboxes of the owners' own that are looked into over IMAP (complaints/imap.py has the form), and how often.
IMAP_URL = env.str("IMAP_URL", default="")
IMAP_SECONDS = number("IMAP_SECONDS", 60)
MAILGUN_SIGNING_KEY = env.str("MAILGUN_SIGNING_KEY", default="")  # unset: nothing is posted to us
LIMITS_OFF = env.str("LIMITS", default="").lower() == "off"
if LIMITS_OFF and PRODUCTION:
    raise ImproperlyConfigured("LIMITS=off is for load tests; production refuses it.")
READER_LIMITS = {"cpu_seconds": 5, "wall_seconds": 15, "memory": 512 * 1024 * 1024, "mails": 500}
# Of OCR: its own processes, above what they need to start with their models. A long capture takes twenty seconds of
# processor; on a machine that is busy with other things they last a minute.
PICTURE_READER_LIMITS = {"cpu_seconds": 40, "wall_seconds": 70, "memory": 1024 * 1024 * 1024, "mails": 100}
PICTURE_LIMITS = {
    "cpu_seconds": 20,
    "wall_seconds": 40,
    "memory": 1536 * 1024 * 1024,
    "pixels": 40_000_000,  # decoded at once; a JPEG is decoded to a part of them
    "heic_pixels": 50_000_000,  # no part can be decoded, and the phones that write it take 48 million
    "turn_seconds": 30,  # to wait while other pictures are decoded
}
EXHIBIT_LIMITS = {
    "picture": 20 * 1024 * 1024,  # and of a PDF
    "video": 200 * 1024 * 1024,
    "per_owner": env.int("EXHIBITS_PER_OWNER_MB", default=2048) * 1024 * 1024,
}

# -- who may read the figures of this installation (config/metrics.py): nobody, unless said -------------------

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_PEERS = networks("METRICS_PEERS", "")

# -- languages and time -----------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# -- safety of pages ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# frame-ancestors above does what X-Frame-Options would, page by page.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True

# -- logs: ids and classes, never a notice's text ------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="json" if PRODUCTION else "line")
if LOG_FORMAT not in ("json", "line"):
    raise ImproperlyConfigured(f"LOG_FORMAT is json or line; {LOG_FORMAT!r} is neither.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.logs.Json"},
    },
    "filters": {"without_words": {"()": "config.logs.WithoutWords"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without_words"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},  # aiosmtpd logs whole commands, addresses included
    },
}
