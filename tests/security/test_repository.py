"""No number in the repository can be a living person's: day + 60, or one of a few that are known to be invented."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOKS_LIKE = re.compile(r"(?<![\w.-])(\d{2})(\d{2})(\d{2})[- ]?(\d{4})(?![\w-])", re.ASCII)
# Of the invented list that the import is tried on, and examples of the form of a number; none of them is anybody's.
INVENTED = {
    "0511791127", "2802821514", "0306611873", "1403455126", "0403455126", "3102455126", "0101901234", "0206905002",
}  # fmt: skip
TEXTS = {".py", ".md", ".html", ".js", ".css", ".toml", ".json", ".csv", ".txt", ".po", ".sh", ""}
NOT_OURS = ("requirements", "package-lock.json", "tests/data/visitering-")  # checksums; the list itself


def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.splitlines() if not name.startswith(NOT_OURS)]
    return [ROOT / name for name in names if Path(name).suffix in TEXTS and (ROOT / name).is_file()]


def could_be_somebodys(text: str) -> list[str]:
    """Numbers with a birth date in them that are not on the list."""
    found = ("".join(match) for match in LOOKS_LIKE.findall(text) if match[0] <= "31" and "01" <= match[1] <= "12")
    return [number for number in found if number not in INVENTED and number[:2] != "00"]


def test_no_number_is_anybodys():
    if not (listed := files()):
        pytest.skip("not a checkout")
    assert len(listed) > 300
    found = {path.name: could_be_somebodys(path.read_text(encoding="utf-8", errors="replace")) for path in listed}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_one_would_be_seen():
    assert could_be_somebodys(f"født {'14' + '03' + '91'}-{'12' + '34'} i Odense") == ["14" + "03911234"]
    assert could_be_somebodys("740391-1234") == []
