"""What the tests of files from the background share."""

import pytest

from tests.factories import UserFactory


@pytest.fixture
def own_storage(settings, tmp_path):
    """A place for files of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def mette(db):
    return UserFactory(role="caseworker")
