"""manage.py load_phrases: bring the text bank up to phrases/bank.toml. What people edited or approved stays."""

from django.core.management.base import BaseCommand
from django.db import transaction

from phrases.models import Language, Phrase, Translation
from phrases.services.shipped import load


class Command(BaseCommand):
    help = "Loads the shipped sentences. Edited and approved ones are never overwritten."

    @transaction.atomic
    def handle(self, **options):
        self.stdout.write(f"{load(Language, Phrase, Translation)} sentences written")
