"""What the scripts and lock files promise to a machine that has nothing of ours."""

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import polib
import pytest
from cryptography.fernet import Fernet

from config import keys, messages

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [*sorted((ROOT / "bin").iterdir()), ROOT / ".ci" / "run"]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def tracked():
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(git, capture_output=True, check=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_sound(script):
    text = script.read_text(encoding="utf-8")
    subprocess.run([shutil.which("bash"), "-n", str(script)], check=True)
    if script.name == "lib.sh":
        assert "set -euo pipefail" in text
        return
    assert script.stat().st_mode & stat.S_IXUSR
    assert text.startswith("#!/usr/bin/env bash\n#")
    assert "/lib.sh" in text


def test_every_python_package_is_pinned_with_its_hashes():
    assert [path.stem for path in LOCKS] == [
        "requirements-dev",
        "requirements-node",
        "requirements-saml",
        "requirements",
    ]
    for path in LOCKS:
        text = re.sub(r"(?m)^\s*#.*\n", "", path.read_text(encoding="utf-8")).replace("\\\n", " ")
        for line in text.strip().splitlines():
            assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", line), line


def test_development_has_the_versions_of_production():
    def versions(name):
        text = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"(?m)^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ]+)", text))

    for name in ("requirements.txt", "requirements-saml.txt"):
        assert versions(name).items() <= versions("requirements-dev.txt").items()


def test_lock_files_name_no_registry():
    for path in [*LOCKS, *ROOT.glob("requirements*.in"), ROOT / "package-lock.json", ROOT / ".npmrc"]:
        text = path.read_text(encoding="utf-8")
        addresses = [found for found in re.findall(r"https?://[^\s\"]+", text) if not found.startswith(FUNDING)]
        assert addresses == [], path.name
        assert not re.search(r"--(extra-)?index-url|--find-links", text)
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


FUNDING = ("https://opencollective.com/", "https://github.com/sponsors/", "https://www.patreon.com/")


def test_npm_runs_no_scripts_of_packages():
    lines = (ROOT / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(lines)


@pytest.mark.skipif(not (shutil.which("git") and (ROOT / ".git").exists()), reason="not a clone")
def test_nothing_made_or_secret_is_in_the_repository():
    parts = {part for path in tracked() for part in path.relative_to(ROOT).parts}
    assert not parts & {".venv", "node_modules", "var", "__pycache__", "secrets.env"}
    assert [path.name for path in tracked() if path.suffix in {".mo", ".sqlite3", ".pyc"}] == []


def test_keys_are_made_once_and_for_the_owner_only(tmp_path):
    path = tmp_path / "var" / "secrets.env"
    assert keys.ensure(path) is True
    before = path.read_text()
    assert keys.ensure(path) is False
    assert path.read_text() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = dict(line.split("=", 1) for line in before.splitlines())
    assert set(values) == {"SECRET_KEY", "FIELD_KEYS", "CPR_INDEX_KEY", "AUDIT_KEY"}
    Fernet(values["FIELD_KEYS"])
    assert len(values["SECRET_KEY"]) >= 50
    assert len(set(values.values())) == 4


def test_translations_are_compiled_when_they_changed(tmp_path):
    folder = tmp_path / "uk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = polib.POFile()
    source.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    source.append(polib.POEntry(msgid="plan", msgstr="план"))
    source.save(str(folder / "django.po"))
    assert messages.compile_all(tmp_path) == 1
    assert [entry.msgstr for entry in polib.mofile(str(folder / "django.mo"))] == ["план"]
    assert messages.compile_all(tmp_path) == 0
