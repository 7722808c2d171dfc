"""What the time of an answer tells: python -m tests.benchmarks.timing USER LOOK_UPS LOG_INS

Ratios of medians, interleaved, each with the same question against itself: a CPR number that exists out of sight
against one that nobody has, and a wrong password of a known user against that of an unknown one.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.conf import settings  # noqa: E402 - the apps must be ready
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import audit  # noqa: E402
from accounts.models import User  # noqa: E402
from cases.fields import blind_index  # noqa: E402
from cases.models import Case, CprNumber, Person  # noqa: E402
from desk.services.search import search  # noqa: E402

HELD, FREE = "7103911111", "7103912222"


class Undo(Exception):
    """Ends a look-up without its row in the log, which counts towards the limit of an hour."""


def took(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def ratio(one: Callable[[], object], other: Callable[[], object], pairs: int) -> float:
    """In turns, each of the two first every second time."""
    times: tuple[list[float], list[float]] = ([], [])
    for pair in range(pairs + 2):
        for which in (0, 1) if pair % 2 else (1, 0):
            spent = took((one, other)[which])
            if pair > 1:  # the first two warm up
                times[which].append(spent)
    return statistics.median(times[0]) / statistics.median(times[1])


def look_ups(user: User, pairs: int) -> dict[str, float]:
    """hit: the number is of somebody whom the user does not see."""
    hidden = Person.objects.exclude(case__in=Case.objects.visible_to(user).values("pk")).order_by("pk")[0]
    CprNumber.objects.get_or_create(
        index=blind_index(HELD), defaults={"person": hidden, "number": HELD, "registered_on": timezone.localdate()}
    )

    def ask(number: str) -> None:
        try:
            with transaction.atomic():
                found = search(user, number, most=8, today=timezone.localdate(), now=timezone.now())
                assert not found.people
                raise Undo
        except Undo:
            return

    return {
        "same": ratio(lambda: ask(FREE), lambda: ask(FREE), pairs),
        "hit": ratio(lambda: ask(HELD), lambda: ask(FREE), pairs),
    }


def log_ins(user: User, pairs: int) -> dict[str, float]:
    settings.ACCOUNT_RATE_LIMITS = False  # else the guesses themselves are refused
    client = Client(SERVER_NAME="localhost")

    def ask(name: str) -> None:
        answer = client.post("/log-ind/", {"login": name, "password": "forkert, men lang nok"})
        assert answer.status_code == 200

    known, unknown = user.username, "findes-slet-ikke"
    same = ratio(lambda: ask(unknown), lambda: ask(unknown), pairs)
    return {"same": same, "known": ratio(lambda: ask(known), lambda: ask(unknown), pairs)}


def log_row(user: User, times: int) -> float:
    """Milliseconds that a row of the log adds to a page, with its commit: the 95th of a hundred."""

    def write() -> None:
        with transaction.atomic():
            audit.log(user, "case.read", case_number="2026-000002")

    return statistics.quantiles([took(write) for _time in range(times)], n=20)[-1] * 1000


if __name__ == "__main__":
    whoever = User.objects.get(pk=int(sys.argv[1]))
    told = {"cpr": look_ups(whoever, int(sys.argv[2])), "log_in": log_ins(whoever, int(sys.argv[3]))}
    told["log_row"] = log_row(whoever, 300)
    sys.stdout.write(json.dumps(told))
