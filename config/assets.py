"""Front-end files from npm, by an allow-list: what is not named in `NODE_FILES` is not served."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage


class NodeStorage(FileSystemStorage):
    """A read-only view of single files below node_modules under the names they are served by."""

    prefix = ""

    def path(self, name: str) -> str:
        return str(Path(settings.NODE_ROOT) / settings.NODE_FILES[name.replace("\\", "/")])


class NodeFinder(BaseFinder):
    """Find the files of `settings.NODE_FILES` (served path -> path below `settings.NODE_ROOT`)."""

    def check(self, **kwargs: object) -> list[CheckMessage]:
        """An error that names the remedy when a file of the list is missing."""
        missing = [name for name, source in settings.NODE_FILES.items() if not self._file(source).is_file()]
        if not missing:
            return []
        return [Error(f"Front-end files are missing: {', '.join(missing)}", hint="Run bin/setup.", id="assets.E001")]

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> str | list[str]:
        """The file behind a served path; an empty list where the path is not on the list."""
        source = settings.NODE_FILES.get(path.replace("\\", "/"))
        if source is None or not self._file(source).is_file():
            return []
        found = str(self._file(source))
        return [found] if find_all else found

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, NodeStorage]]:
        """Every file of the list, for collectstatic and WhiteNoise."""
        storage = NodeStorage(location=settings.NODE_ROOT)
        for name in settings.NODE_FILES:
            yield name, storage

    def _file(self, source: str) -> Path:
        return Path(settings.NODE_ROOT) / source
