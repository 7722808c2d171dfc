"""The settings of the tests: the product's own, with a strict bench and nothing left outside the run.

DATABASE_URL and REDIS_URL choose the services, as in the product; Django makes its own test database.
"""

import os
import tempfile

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="indgang-test-")
os.environ["SECRET_KEY"] = "test-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
os.environ["FIELD_KEYS"] = "dGVzdC1vbmx5LXRlc3Qtb25seS10ZXN0LW9ubHktMDE="
os.environ["CPR_INDEX_KEY"] = "test-only-index-key-test-only-index-key"
os.environ["AUDIT_KEY"] = "test-only-audit-key-test-only-audit-key"
os.environ["DEMO"] = "1"
os.environ["DEBUG"] = "0"
for name in ("EMAIL_URL", "STATIC_ROOT", "IN_USE_FROM", "ALLOWED_HOSTS", "BASE_URL", "MUNICIPALITY_NAME"):
    os.environ.pop(name, None)

from config.settings import *  # noqa: E402, F403 - the environment must be set first
from config.settings import TEMPLATES  # noqa: E402
from tests.strict import Undefined  # noqa: E402

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ACCOUNT_RATE_LIMITS = False
# Files are looked up where they lie, on request, and not gathered for each test client.
WHITENOISE_AUTOREFRESH = True
# The same number of queries on both; with Redis the product spares one per page.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
