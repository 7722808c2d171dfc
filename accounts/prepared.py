"""A question for one user on one day, compiled once per shape of user (docs/adr/0010)."""

from collections import namedtuple
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from accounts.questions import DAY, IDS, MOMENT, Compiled, ask, compiled

Build = Callable[..., QuerySet]
TEXTS = ("?0", "?1", "?2", "?3")  # nothing that people write is like these


class Shape(NamedTuple):
    """What decides how a question about a user is put, beside the values in it."""

    roles: frozenset[str]
    colleagues: int
    has_team: bool
    in_use_from: date | None


class Question(NamedTuple):
    compiled: Compiled
    read: Callable  # rows of the database → rows of the queryset


def rows(build: Build, user: User, today: date, *args: Hashable, texts: Sequence[str] = ()) -> list[tuple]:
    """The rows of `build(user, today, *args)`, a queryset of values_list, as tuples with its names.

    texts are given to `build` as one more argument, and are not part of what is compiled. Who has openings or is put on
    single cases asks in the ordinary way: the question depends on which.
    """
    if user.openings or user.assigned:
        return list(build(user, today, *args, *_last(texts)))
    colleagues = sorted(user.acting_for - {user.pk})
    shape = Shape(user.role_keys, len(colleagues), user.team_id is not None, settings.IN_USE_FROM)
    question = _question(build, shape, args, len(texts))
    real = dict(enumerate((user.pk, user.team_id, *colleagues), IDS)) | dict(zip(TEXTS, texts, strict=False))
    return question.read(ask(question.compiled, real, today=today, now=user.asked_at))


def _last(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return (tuple(texts),) if texts else ()


@lru_cache(maxsize=1024)
def _question(build: Build, shape: Shape, args: tuple[Hashable, ...], texts: int) -> Question:
    """The question as a stand-in of this shape would put it."""
    stand_in = User(pk=IDS, team_id=IDS + 1 if shape.has_team else None)
    stand_in.role_keys, stand_in.asked_on, stand_in.asked_at = shape.roles, DAY, MOMENT
    stand_in.openings, stand_in.assigned = {}, frozenset()
    stand_in.acting_for = frozenset({IDS, *range(IDS + 2, IDS + 2 + shape.colleagues)})
    return prepared(build(stand_in, DAY, *args, *_last(TEXTS[:texts])))


def prepared(queryset: QuerySet) -> Question:
    """A queryset of values_list with its SQL, and how its rows are read."""
    found = compiled(queryset)
    if not found[0]:
        return Question(found, list)
    row = namedtuple("Row", queryset.query.selected, rename=True)._make
    compiler = queryset.query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    converters = compiler.get_converters([column for column, *_rest in compiler.select])

    def read(answer: list[tuple]) -> list[tuple]:
        return [row(values) for values in (compiler.apply_converters(answer, converters) if converters else answer)]

    return Question(found, read)
