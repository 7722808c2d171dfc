"""Invented offers of help for a demonstration; seed_demo calls it."""

from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from offers.services import demo


class Command(BaseCommand):
    help = "Opret seks opdigtede tilbud om hjælp."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="DATE", help="ÅÅÅÅ-MM-DD")

    def handle(self, *, today: date | None, **options):
        made = demo.seed(today or timezone.localdate())
        self.stdout.write(f"{made} opdigtede tilbud om hjælp er oprettet.")
