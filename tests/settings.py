"""The settings under test: those of a fresh embedded installation, in a folder of this process's own.

SUJI_TEST_DATABASE=sqlite (unset) or postgres chooses the database; TEST_POSTGRES_URL names the server.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# A developer's own environment must not leak into the tests: what is unset means embedded.
for _name in [
    "SUJI_ENV",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SITE_URL",
    "INBOX_DOMAIN",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DATABASE_POOL",
    "REDIS_URL",
    "S3_BUCKET",
    "S3_ENDPOINT_URL",
    "S3_LINKS_URL",
    "EXHIBITS_PER_OWNER_MB",
    "STATIC_ROOT",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "HOST",
    "PORT",
    "SMTP_PORT",
    "LIMITS",
    "TRUST_LOOPBACK",
    "SECURE_SSL_REDIRECT",
    "DNS_RESOLVER",
    "MTA_NAME",
    "MTA_PEERS",
    "IMAP_URL",
    "SMTP_TLS_CERT",
    "SMTP_TLS_KEY",
    "IMAP_SECONDS",
    "MAILGUN_SIGNING_KEY",
    "LOG_LEVEL",
]:
    os.environ.pop(_name, None)
    os.environ.pop(f"{_name}_FILE", None)

_folder = Path(tempfile.mkdtemp(prefix="suji-test-"))
_owner = os.getpid()
# A child forked by a test leaves the folder to its parent.
atexit.register(lambda: os.getpid() == _owner and shutil.rmtree(_folder, ignore_errors=True))
os.environ["DATA_DIR"] = str(_folder)
if os.environ.get("SUJI_TEST_DATABASE", "sqlite") == "postgres":
    from tests.services import POSTGRES_URL

    os.environ["DATABASE_URL"] = POSTGRES_URL
elif os.environ.get("SUJI_TEST_DATABASE", "sqlite") != "sqlite":
    raise SystemExit("SUJI_TEST_DATABASE is sqlite or postgres.")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

DNS_RESOLVER = "off"  # tests that ask have a small name server of their own (tests/names.py)

# What this file set for the settings is not for the processes that tests start: those say what they want.
for _name in ("DATA_DIR", "DATABASE_URL"):
    os.environ.pop(_name, None)

# A file, not memory: several connections, IMMEDIATE transactions and WAL are what is shipped. pytest-django
# adds the name of the xdist worker; the process number keeps two test runs on one server apart.
DATABASES["default"]["TEST"] = {
    "NAME": f"test_suji_{os.getpid()}"
    if os.environ.get("SUJI_TEST_DATABASE") == "postgres"
    else str(_folder / "test.sqlite3")
}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a folder that is not there
