"""The last line of whatever makes the backup: the page Drift says when it ran."""

from django.core.management.base import BaseCommand, CommandError

from board.services import operation


class Command(BaseCommand):
    help = "Notér, at en backup er færdig. Skriver tidspunktet i filen BACKUP_MARKER, som siden Drift læser."

    def handle(self, **options):
        try:
            path = operation.note_backup()
        except operation.NoMarker as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Backup noteret i {path}")
