"""Take the figures of the open months, or compare what was taken with the steps."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from board.services import snapshots


class Command(BaseCommand):
    help = "Take the figures of the open months, close those whose day has come; --check compares and writes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the civil date in Copenhagen, YYYY-MM-DD (default: today)"
        )
        parser.add_argument("--check", action="store_true", help="list the figures that the steps do not give")

    def handle(self, **options):
        today = options["today"] or timezone.localdate()
        if not options["check"]:
            self.stdout.write(json.dumps(snapshots.take(today=today)))
            return
        if found := snapshots.differences(today=today):
            raise CommandError(f"{len(found)} differ: {', '.join(found[:10])}")
        self.stdout.write("ok")
