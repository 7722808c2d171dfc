"""The table of all fields: class, purpose, basis and period. Exit 1 while a field has no class."""

import json
import sys
from dataclasses import asdict

from django.core.management import BaseCommand

from keeping import inventory


class Command(BaseCommand):
    help = "List every field with class, purpose, legal basis and keeping period."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--missing", action="store_true", help="only the lines that data_inventory.toml lacks")

    def handle(self, *args, **options):
        missing, superfluous = inventory.missing(), inventory.superfluous()
        rows = [] if options["missing"] else [asdict(row) for row in inventory.rows()]
        if options["format"] == "json":
            gaps = [{"model": label, "fields": names} for label, names in missing]
            answer = {"fields": rows, "missing": gaps, "superfluous": superfluous}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                name = f"{row['model']}.{row['field']}"
                self.stdout.write(
                    f"{name:<44}{row['data_class']:<11}{row['purpose']} | {row['basis']} | {row['period']}"
                )
            for label, names in missing:
                self.stdout.write(inventory.lines_for(label, names))
            for wrong in superfluous:
                self.stdout.write(f"# take out: {wrong}")
        if missing or superfluous:
            sys.exit(1)
