"""From an uploaded file to sheets of text, through a process with limits of memory and time."""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.services.imports import sheet_reader
from intake.services.imports.sheet_reader import MAX_BYTES

MEMORY = 512 * 1024 * 1024
# Of processor time; a machine that is busy with something else gets longer by the clock.
SECONDS = 10
PATIENCE = 40
EXTENSIONS = (".xlsx", ".csv")

_SENTENCES = {
    "empty": _("Filen er tom. Vælg den fil, listen ligger i."),
    "too_big": _(
        "Filen er for stor. Del listen i flere filer på højst 10 MB og 5.000 rækker, og indlæs dem hver for sig."
    ),
    "too_many_rows": _("Listen har over 5.000 rækker. Del den i flere filer, og indlæs dem hver for sig."),
    "too_many_columns": _("Listen har over 60 kolonner. Slet de kolonner, der ikke hører til listen, og prøv igen."),
    "not_a_spreadsheet": _("Filen er ikke et regneark. Gem listen som .xlsx eller .csv, og prøv igen."),
    "open_document": _("Filen er et OpenDocument-regneark. Gem den som .xlsx eller .csv, og prøv igen."),
    "old_xls": _("Filen er i det gamle Excel-format (.xls). Åbn den i Excel, gem den som .xlsx, og prøv igen."),
    "password_protected": _(
        "Filen er beskyttet med en adgangskode. Fjern adgangskoden i Excel, gem filen, og prøv igen."
    ),
    "broken": _("Filen er beskadiget. Åbn den i Excel, gem den som en ny .xlsx-fil, og prøv igen."),
    "too_slow": _("Filen tog for lang tid at læse. Kopiér rækkerne til et nyt regneark, gem det, og prøv igen."),
    "no_headings": _(
        "Vi kan ikke finde overskrifterne. Listen skal have en række med kolonnernes navne, fx Familienr. og Udl.nr."
    ),
    "headings_missing": _("Kolonnerne Familienr., Udl.nr. og navn skal være med. Tilføj dem i listen, og prøv igen."),
}


class FileRefused(ValueError):
    """A file that can't be read as a list. `code` is stable, `sentence` is Danish and says what to do."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
        self.sentence: Promise = _SENTENCES[code]


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: (row number in the file, cells as text), without the rows that are empty."""

    name: str
    rows: list[tuple[int, list[str]]]


def read_sheets(data: bytes, *, filename: str) -> list[Sheet]:
    """The sheets of an .xlsx or .csv file; what the content is decides, not the name. Raises FileRefused."""
    extension = Path(filename).suffix.lower()
    if extension == ".xls":
        raise FileRefused("old_xls")
    if extension not in EXTENSIONS:
        raise FileRefused("not_a_spreadsheet")
    if len(data) > MAX_BYTES:
        raise FileRefused("too_big")
    found = _read_apart(data)
    if "error" in found:
        raise FileRefused(found["error"])
    return [Sheet(sheet["name"], [(number, cells) for number, cells in sheet["rows"]]) for sheet in found["sheets"]]


def _read_apart(data: bytes) -> dict:
    """Run the reader as its own process: isolated, without our environment, bounded in memory, time and output."""
    command = [sys.executable, "-I", sheet_reader.__file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as child:
        limits = {
            resource.RLIMIT_AS: MEMORY,
            resource.RLIMIT_CPU: SECONDS,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_CORE: 0,
        }
        for limit, amount in limits.items():
            resource.prlimit(child.pid, limit, (amount, amount))
        try:
            out, _nothing = child.communicate(data, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            raise FileRefused("too_slow") from None
    if child.returncode < 0:
        raise FileRefused("too_slow")
    try:
        return json.loads(out)
    except ValueError:
        raise FileRefused("too_big" if child.returncode else "broken") from None
