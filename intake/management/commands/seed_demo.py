"""Invented families for a demonstration or a try-out."""

import io
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from intake.services.demo import seed as demo
from intake.services.demo.history import seed_history
from intake.services.demo.house import PASSWORD, STAFF


class Command(BaseCommand):
    help = "Opret opdigtede familier med sikre CPR-numre. Samme --seed og --today giver de samme familier."

    def add_arguments(self, parser):
        parser.add_argument("--families", type=int, default=24, metavar="N")
        parser.add_argument("--seed", type=int, default=2022, metavar="S")
        parser.add_argument(
            "--history", action="store_true", help="kun det sidste års afsluttede sager, til lederens tal"
        )
        parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="DATE", help="ÅÅÅÅ-MM-DD")

    def handle(self, *, families: int, seed: int, today: date | None, history: bool, **options):
        day = today or timezone.localdate()
        if history:
            self.history(seed, day, quiet=not options["verbosity"])
            return
        cases = demo.seed(families=families, seed=seed, today=day)
        self.stdout.write(f"{len(cases)} opdigtede familier er oprettet.")
        call_command("seed_offers", today=day, stdout=self.stdout)
        if settings.DEMO:
            names = ", ".join(username for username, *_rest in STAFF)
            self.stdout.write(f"Log ind som {names} med adgangskoden {PASSWORD}")

    def history(self, seed: int, day: date, *, quiet: bool):
        out = io.StringIO() if quiet else self.stdout
        out.write(f"{len(seed_history(seed=seed, today=day))} opdigtede, afsluttede sager er oprettet.\n")
        call_command("figures", today=day, stdout=out)
