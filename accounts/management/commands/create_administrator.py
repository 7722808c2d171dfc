"""The first user of a real installation: an administrator, who makes the others."""

import getpass
import os

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import RoleGrant, User


class Command(BaseCommand):
    help = "Make an administrator. The password is asked for, or read from the variable ADMINISTRATOR_PASSWORD."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *, username, email, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a user {username} already.")
        user = User(username=username, email=email)
        password = os.environ.get("ADMINISTRATOR_PASSWORD") or ask()
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        RoleGrant.objects.create(user=user, role="administrator")
        self.stdout.write(f"{username} is administrator now.")


def ask() -> str:
    """The password, typed twice alike."""
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise CommandError("The two passwords differ.")
    return password
