"""Every deadline with its status and its reason, for scripts and for the terminal."""

import json
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from cases.sight import sees
from deadlines.explain import explain, load_terms
from deadlines.models import LATE, Step
from deadlines.status import finished_on, is_before_use, status_of
from desk.services.digest import as_of
from desk.services.worklist import first_list, in_order

COLUMNS = ("case", "person", "rule", "due_on", "status", "kind", "why")


class Command(BaseCommand):
    help = "List steps as objects; with --user exactly what that user's list holds."

    def add_arguments(self, parser):
        parser.add_argument("--case", metavar="NUMBER", help="own or external number")
        parser.add_argument("--overdue", action="store_true", help="only what is overdue or passed")
        parser.add_argument("--user", metavar="USERNAME", help="what this user's list holds")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the civil date in Copenhagen, YYYY-MM-DD (default: today)"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options):
        today = options["today"] or timezone.localdate()
        terms = load_terms()
        reader = known_user(options["user"], today) if options["user"] else None
        found = [as_object(step, today, terms, reader) for step in chosen(**options | {"today": today})]
        if options["format"] == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join([*(line(row) for row in found), f"{len(found)} steps"]))


def chosen(*, today: date, case: str | None, overdue: bool, user: str | None, **options):
    """The steps asked for, most urgent first. CommandError for an unknown case or user."""
    steps = in_order(first_list(known_user(user, today), today)) if user else Step.objects.by_urgency()
    if case:
        steps = steps.filter(case__in=known_cases(case))
    if overdue:
        ids = Step.objects.overdue(today).values("pk")
        steps = steps.filter(group__in=LATE) if user else steps.filter(pk__in=ids)
    return steps.select_related("case", "person")


def known_user(username: str, today: date) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user {username}.")
    return as_of(user, today)


def known_cases(number: str):
    cases = Case.objects.filter(Q(number=number) | Q(external_number=number))
    if not cases:
        raise CommandError(f"There is no case {number}.")
    return cases


def as_object(step: Step, today: date, terms, reader: User | None = None) -> dict:
    """A step by the stable keys; dates as YYYY-MM-DD or null. What the reader does not see of a person is null."""
    person = step.person
    return {
        "case": step.case.external_number or step.case.number,
        "number": step.case.number,
        "person": person.full_name if person and seen(reader, "given_names", step) else None,
        "person_id": step.person_id,
        "udl_nr": person.udl_nr if person and seen(reader, "udl_nr", step) else None,
        "rule": step.rule,
        "round": step.round,
        "starts_on": iso(step.starts_on),
        "due_on": iso(step.due_on),
        "effective_on": iso(step.effective_on),
        "met_on": iso(finished_on(step)),
        "status": status_of(step, today).value,
        "kind": step.kind,
        "before_use": is_before_use(step, settings.IN_USE_FROM),
        "why": explain(step, terms),
    }


def seen(reader: User | None, field: str, step: Step) -> bool:
    return reader is None or sees(reader, field, step.case.number)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def line(row: dict) -> str:
    return "\t".join(str(row[name] or "") for name in COLUMNS)
