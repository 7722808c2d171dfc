"""Read a visitation list: report what it means, and with --commit write it."""

import json
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cases.formats import plural
from intake.models import Import
from intake.services.imports.assessing import SOURCE, assess, open_list, report
from intake.services.imports.committing import commit
from intake.services.imports.files import FileRefused
from intake.services.imports.headings import FIELDS
from intake.services.imports.receiving import leave_out_unknown, receive, unread
from intake.services.imports.sheet_reader import MAX_BYTES


class Command(BaseCommand):
    help = "Læs en visiteringsliste (.xlsx eller .csv). Uden --commit skrives der intet."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="skriv de godkendte rækker")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="DATE", help="ÅÅÅÅ-MM-DD")
        parser.add_argument("--source", default=SOURCE, help="hvem listen kommer fra")

    def handle(self, *, file: Path, **options):
        today = options["today"] or timezone.localdate()
        try:
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
            work = self.write if options["commit"] else self.read
            found, left_out = work(data, file.name, options["source"], today)
        except OSError as error:
            raise CommandError(f"Filen {file} kan ikke åbnes: {error.strerror}.") from error
        except FileRefused as error:
            raise CommandError(str(error.sentence)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(found | {"ignored_columns": left_out}, ensure_ascii=False, indent=2))
        else:
            self.tell(found, left_out, committed=options["commit"])

    def read(self, data: bytes, name: str, source: str, today: date) -> tuple[dict, list[str]]:
        opened = open_list(data, filename=name, source=source)
        if not opened.columns.complete:
            raise FileRefused("headings_missing")
        verdicts = assess(opened.lines, opened.columns.fields, source=source, user=None, today=today)
        return report(verdicts), list(opened.columns.unknown.values())

    @transaction.atomic
    def write(self, data: bytes, name: str, source: str, today: date) -> tuple[dict, list[str]]:
        found = receive(data, filename=name, source=source, by=None, today=today)
        if found.state == Import.State.MAPPING:
            found = leave_out_unknown(found)
        return report(commit(found, by=None, today=today)), unread(found)

    def tell(self, found: dict, left_out: list[str], *, committed: bool) -> None:
        families, persons = len(found["families_created"]), found["persons_created"]
        verb = "Indlæst" if committed else "Kan indlæses"
        self.stdout.write(
            f"{verb}: {plural(families, 'familie', 'familier')} med {plural(persons, 'ny person', 'nye personer')}."
        )
        self.stdout.write(f"Kendt i forvejen: {plural(len(found['known']), 'række', 'rækker')}.")
        for title, key in (("Advarsler", "warnings"), ("Dubletter", "duplicates"), ("Afviste rækker", "rejected_rows")):
            if found[key]:
                self.stdout.write(f"{title}:")
            for number in found[key]:
                self.stdout.write(f"  række {number}: {' '.join(found['sentences'][number])}")
        if found["changed"]:
            self.stdout.write("Ændringer, der ikke er overført (vælg dem på siden Indlæs visiteringsliste):")
        for number, changes in found["changed"].items():
            told = "; ".join(f"{FIELDS.get(c['field'], c['field'])}: {c['old'] or '–'} → {c['new']}" for c in changes)
            self.stdout.write(f"  række {number}: {told}")
        if left_out:
            self.stdout.write(f"Kolonner, der ikke er læst: {', '.join(left_out)}.")
