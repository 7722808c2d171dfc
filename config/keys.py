"""The embedded mode's own keys: made once, readable by the owner only, never committed."""

import base64
import os
import secrets
import sys
from pathlib import Path


def fernet_key() -> str:
    """A new key for Fernet: 32 random bytes, URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")


def ensure(path: Path) -> bool:
    """Write the keys to `path` unless the file exists; true when it was written now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"SECRET_KEY={secrets.token_urlsafe(64)}",
        f"FIELD_KEYS={fernet_key()}",
        f"CPR_INDEX_KEY={secrets.token_urlsafe(48)}",
    ]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    return True


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
