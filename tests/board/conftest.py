import pytest


@pytest.fixture
def storage(settings, tmp_path):
    """A place for files of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
