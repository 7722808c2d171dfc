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
    """Write the keys to `path` unless they stand there; true when any was written now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": fernet_key(),
        "CPR_INDEX_KEY": secrets.token_urlsafe(48),
        "AUDIT_KEY": secrets.token_urlsafe(48),
    }
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return add(path, "AUDIT_KEY", lines["AUDIT_KEY"])
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in lines.items())
    return True


def add(path: Path, name: str, value: str) -> bool:
    """Add a key that a file of an earlier version lacks; the others stay. True when it was added."""
    if any(line.startswith(f"{name}=") for line in path.read_text(encoding="ascii").splitlines()):
        return False
    with path.open("a", encoding="ascii") as file:
        file.write(f"{name}={value}\n")
    return True


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
