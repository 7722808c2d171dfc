"""The first user of a real installation: an administrator, who makes the others."""

import getpass
import os

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.services import grant_role


class Command(BaseCommand):
    help = "Opret en administrator. Der spørges om adgangskoden, hvis ADMINISTRATOR_PASSWORD ikke er sat."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *, username, email, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"Der findes allerede en bruger {username}.")
        user = User(username=username, email=email)
        password = os.environ.get("ADMINISTRATOR_PASSWORD") or ask()
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        grant_role(user, "administrator", by=None)
        self.stdout.write(f"{username} er nu administrator.")


def ask() -> str:
    """The password, typed twice alike."""
    password = getpass.getpass("Adgangskode: ")
    if password != getpass.getpass("Igen: "):
        raise CommandError("De to adgangskoder er forskellige.")
    return password
