"""Switch off each protection of the catalogue in a copy of the product: python -m tests.mutants [NAME …]

Exit 1 when a mutant lives or when its tests could not run.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]
LINKED = (".venv", "node_modules")
KILLED, LIVES, BROKEN = "killed", "LIVES", "BROKEN"


def copy_of_the_product(to: Path) -> None:
    """What git knows, and links to what is installed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        source, target = ROOT / name, to / name
        if source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for compiled in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        shutil.copy2(compiled, to / compiled.relative_to(ROOT))
    for name in LINKED:
        (to / name).symlink_to((ROOT / name).resolve())


def verdict(code: int, output: str) -> str:
    """A failed assertion kills; an error before the test could say anything is no kill."""
    if code == 0:
        return LIVES
    return KILLED if code == 1 and re.search(r"\b[1-9]\d* failed", output) else BROKEN


def try_out(mutant: Mutant, folder: Path) -> tuple[str, str]:
    """(verdict, the end of what the tests said) with this protection off; the copy is whole again afterwards."""
    path = folder / mutant.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied_to(whole), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *mutant.tests]
    # always on the embedded default: a database of its own, beside whatever else runs
    left_out = ("PYTEST_", "DJANGO_", "DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
    finally:
        path.write_text(whole, encoding="utf-8")
    return verdict(done.returncode, done.stdout), done.stdout[-1500:]


def run(mutants: list[Mutant], tell=print) -> list[str]:
    """Names of those that were not killed."""
    left = []
    with tempfile.TemporaryDirectory(prefix="indgang-mutants-") as name:
        folder = Path(name)
        copy_of_the_product(folder)
        for mutant in mutants:
            found, said = try_out(mutant, folder)
            tell(f"{found:<8}{mutant.name}")
            if found != KILLED:
                left.append(mutant.name)
                tell(said)
    return left


if __name__ == "__main__":
    wanted = set(sys.argv[1:])
    chosen = [mutant for mutant in CATALOGUE if not wanted or mutant.name in wanted]
    left = run(chosen)
    sys.stdout.write(f"{len(chosen) - len(left)} of {len(chosen)} protections are guarded by a test\n")
    sys.exit(bool(left) or not chosen)
