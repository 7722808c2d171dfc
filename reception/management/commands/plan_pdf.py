"""manage.py plan_pdf PERSON --language da|uk|en|da+uk|da+en --output FILE: Min plan as a tagged PDF."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import audit
from cases.models import Person
from cases.paper import PaperError
from reception.paper import LARGE, WITHOUT_HEALTH, Variant
from reception.services import document


class Command(BaseCommand):
    help = "Writes Min plan of one person (id or Udl.nr.) to a PDF. Without a written plan it is a draft of proposals."

    def add_arguments(self, parser):
        parser.add_argument("person", metavar="PERSON", help="the person's id, or the Udl.nr.")
        parser.add_argument("--language", default="da+uk", help="da, uk, en, da+uk, da+en, or another of the text bank")
        parser.add_argument(
            "--edition",
            choices=(LARGE, WITHOUT_HEALTH),
            action="append",
            default=[],
            help="large print, or without health; may stand twice",
        )
        parser.add_argument("--output", metavar="FILE", type=Path, required=True)

    def handle(self, *, person: str, language: str, output: Path, edition=(), **options):
        found, choices = find_person(person), list(document.languages_of_paper())
        if language not in choices:
            raise CommandError(f"There is no language {language}. Choose one of {', '.join(choices)}.")
        try:
            content = document.plan_pdf(found, language=language, editions=edition, today=timezone.localdate())
            output.write_bytes(content)
        except PaperError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The file can't be written: {error.strerror}") from error
        audit.log(
            None,
            "plan.print",
            case_number=found.case.number,
            person_id=found.pk,
            detail=f"command {Variant.of(language, edition).key}",
        )
        self.stdout.write(f"{output}: {len(content)} bytes")


def find_person(text: str) -> Person:
    """By Udl.nr. first, since that is what people hold in their hands, else by id. CommandError for nobody."""
    people = Person.objects.select_related("case__caseworker", "case__team")
    found = people.filter(udl_nr=text).first()
    if found is None and text.isdecimal():
        found = people.filter(pk=text).first()
    if found is None:
        raise CommandError(f"There is no person with the id or Udl.nr. {text}")
    return found
