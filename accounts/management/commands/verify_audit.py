"""Whether the log has been touched: walks the chain and names the first row that is wrong."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts import audit, triggers
from accounts.models import AuditHead

WORDS = {
    "head": "Kædens hoved er ændret eller mangler, eller det passer ikke til den sidste række.",
    "changed": "Rækken er ændret eller byttet om.",
    "inserted": "Rækken er sat ind uden om systemet.",
    "missing": "En række mangler efter denne.",
    "expected": "Loggen indeholder ikke det hoved, der er gemt uden for systemet.",
    "unguarded": "Databasens spærringer (triggere) mangler.",
}


class Command(BaseCommand):
    help = "Kontrollér, at loggen er urørt. Slutter med 1 og nævner den første række, der er forkert."

    def add_arguments(self, parser):
        parser.add_argument("--format", dest="form", choices=["text", "json"], default="text")
        parser.add_argument("--head", metavar="ANTAL:HASH", help="et hoved, der blev skrevet af en tidligere kontrol")

    def handle(self, *, form, head, **options):
        if AuditHead.objects.filter(pk=audit.HEAD).exists():
            audit.seal()
        verdict = audit.verify()
        finding = verdict.finding or outside(head) or unguarded()
        if form == "json":
            answer = {
                "sound": finding is None,
                "rows": verdict.sealed,
                "waiting": verdict.unsealed,
                "head": f"{verdict.sealed}:{verdict.last}",
                "finding": asdict(finding) if finding else None,
            }
            self.stdout.write(json.dumps(answer))
        elif finding is None:
            self.stdout.write(f"Loggen er urørt: {verdict.sealed} rækker. Hoved {verdict.sealed}:{verdict.last}")
        if finding:
            where = f"Række {finding.row}, nr. {finding.sequence}: " if finding.row or finding.sequence else ""
            raise CommandError(f"{where}{WORDS[finding.what]}", returncode=1)


def outside(head: str | None) -> audit.Finding | None:
    """A head kept elsewhere must still be in the chain: the only thing that shows a log put back to an earlier day."""
    if not head:
        return None
    count, _colon, kept = head.partition(":")
    if not (count.isdecimal() and len(count) < 19):
        raise CommandError("--head skrives som ANTAL:HASH.")
    known = count == "0" or audit.AccessRecord.objects.filter(sequence=int(count), hash=kept).exists()
    return None if known else audit.Finding("expected", None, int(count))


def unguarded() -> audit.Finding | None:
    return audit.Finding("unguarded", None, None) if triggers.missing(connection) else None
