"""The settings of the tests: the product's own, with a strict bench and nothing left outside the run."""

import os
import tempfile

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="indgang-test-")
os.environ["SECRET_KEY"] = "test-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
os.environ["FIELD_KEYS"] = "dGVzdC1vbmx5LXRlc3Qtb25seS10ZXN0LW9ubHktMDE="
os.environ["CPR_INDEX_KEY"] = "test-only-index-key-test-only-index-key"
os.environ["DEMO"] = "1"
os.environ["DEBUG"] = "0"
for name in ("EMAIL_URL", "STATIC_ROOT", "IN_USE_FROM", "ALLOWED_HOSTS"):
    os.environ.pop(name, None)

from config.settings import *  # noqa: E402, F403 - the environment must be set first
