"""What beat runs every quarter of an hour, by hand."""

import json
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from desk.services.repair import repair
from desk.services.sweep import sweep


class Command(BaseCommand):
    help = "Mark and tell what is due, once; with --repair compare every open case with its facts first."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the civil date in Copenhagen, YYYY-MM-DD (default: today)"
        )
        parser.add_argument("--repair", action="store_true", help="bring every open case in line with its facts first")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options):
        now = timezone.now()
        today = options["today"] or timezone.localdate(now)
        counts = {"repair": repair(today=today, now=now)} if options["repair"] else {}
        counts |= sweep(today=today, now=now)
        if options["format"] == "json":
            self.stdout.write(json.dumps(counts, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines(counts)))


def lines(counts: dict, before: str = "") -> list[str]:
    """One line per count; what is nested is indented."""
    found = []
    for name, value in counts.items():
        if isinstance(value, dict):
            found += [f"{before}{name}:", *lines(value, before + "  ")]
        else:
            found.append(f"{before}{name}: {', '.join(value) if isinstance(value, list) else value}")
    return found
