"""The product's settings on a benchmark's own database, with the yardstick's pages switched on."""

import os

os.environ.setdefault("SECRET_KEY", "benchmark-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2)
os.environ.setdefault("FIELD_KEYS", "YmVuY2htYXJrLW9ubHktYmVuY2htYXJrLW9ubHktMDE=")
os.environ.setdefault("CPR_INDEX_KEY", "benchmark-only-index-key-benchmark-only")
os.environ.setdefault("AUDIT_KEY", "benchmark-only-audit-key-benchmark-only")
os.environ["DEMO"] = "1"
os.environ["DEBUG"] = "0"
os.environ.pop("REDIS_URL", None)

from config.settings import *  # noqa: F403 - the environment must be set first
from config.settings import MIDDLEWARE

ROOT_URLCONF = "tests.benchmarks.urls"
MIDDLEWARE = ["tests.benchmarks.views.count_queries", *MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
