"""The settings of the server in the browser tests: those of the tests, with static files gathered and compressed.

DATABASE_URL and STATIC_FOLDER come from tests/e2e/conftest.py.
"""

import os

from tests.settings import *  # noqa: F403 - all of them
from tests.settings import STORAGES

STATIC_ROOT = os.environ["STATIC_FOLDER"]
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
