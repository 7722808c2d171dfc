"""How each user wants the morning mail: whether, when, on which days and about what; and who leads, the weekly one.

The table "Who is told what" (deadlines.telling) stays the source of truth, and the list on the page is always whole:
a wish narrows the channel digest alone. What it keeps out of a mail waits and is in the first mail that may tell it. A
law on its day is in a mail whatever somebody wishes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from deadlines.calendar import is_working_day
from deadlines.models import LATE, Group, Kind, Level
from deadlines.telling import ANY, OWN, TOLD
from desk.models import NoticeWish

TIMES = tuple(time(*at) for at in ((7, 30), (8, 0), (8, 30), (9, 0), (10, 0), (12, 0), (14, 0), (16, 0)))
WEEKDAYS = ((1, _("Mandag")), (2, _("Tirsdag")), (3, _("Onsdag")), (4, _("Torsdag")), (5, _("Fredag")))
# What may be kept out of the morning mail: all that the table tells an owner, but laws.
KINDS = {
    str(Kind.SERVICE_GOAL): _("Servicemål: tre dage før og dagen efter"),
    str(Kind.LOCAL_TARGET): _("Lokale mål"),
    str(Kind.WATCH): _("Datoer til orientering, fx opholdstilladelser, der udløber"),
    OWN: _("Egne opgaver på dagen"),
    ANY: _("Datoer, der mangler, og frister, der starter eller går i gang igen"),
}
OF_ANY = {row.level for row in TOLD if row.kind == ANY}


@dataclass(frozen=True, slots=True)
class Wish:
    morning: bool = True
    at: time = TIMES[0]
    weekdays: frozenset[int] = frozenset(number for number, _name in WEEKDAYS)
    muted: frozenset[str] = frozenset()
    weekly_day: int = 1

    def wants(self, day: date) -> bool:
        """Whether this is a day of the morning mail; on others only a law on its day is told."""
        return self.morning and day.isoweekday() in self.weekdays

    def takes(self, kind: str, level: str, *, today: date) -> bool:
        """Whether a notice may be told in this day's mail. kind: a row's of the table, see `telling_of`."""
        if not self.wants(today):
            return kind == Kind.LAW and level == Level.DUE
        return level == Level.IN_ORDER or kind not in self.muted

    def causes(self, today: date) -> Q:
        """Steps of the list (with their group) because of which there is a mail on this day."""
        if not self.wants(today):
            return Q(kind=Kind.LAW, group=Group.TODAY) & ~Q(rule="")
        found = Q(group__in=[*LATE, Group.TODAY])
        if OWN in self.muted:
            found &= ~Q(rule="")
        return found & ~(Q(kind__in=self.muted) & ~Q(rule=""))

    def bundled_on(self, today: date) -> date | None:
        """The day of this week on which the weekly letter is written: the wished one, else the next working day.

        None in a week without a working day.
        """
        monday = today - timedelta(days=today.weekday())
        working = [day for day in (monday + timedelta(days=ahead) for ahead in range(5)) if is_working_day(day)]
        later = [day for day in working if day.isoweekday() >= self.weekly_day]
        return next(iter(later or working[-1:]), None)


DEFAULT = Wish()


def telling_of(level: str, kind: str, rule: str) -> str:
    """The kind of the table's row that a notice of this level about this step belongs to."""
    if level in OF_ANY:
        return ANY
    return kind if rule else OWN


def wishes() -> dict[int, Wish]:
    """Per user who has said something. One query."""
    return {row.user_id: _of(row) for row in NoticeWish.objects.all()}


def wish_of(user: User) -> Wish:
    row = NoticeWish.objects.filter(user=user).first()
    return _of(row) if row else DEFAULT


def _of(row: NoticeWish) -> Wish:
    weekdays, muted = frozenset(map(int, row.weekdays)), frozenset(row.muted) & frozenset(KINDS)
    return Wish(row.morning, row.at, weekdays, muted, row.weekly_day)


def save(
    user: User, *, morning: bool, at: time, weekdays: Collection[int], muted: Collection[str], weekly_day: int
) -> None:
    """Holds from the next mail; what has been mailed today is not mailed again."""
    said = {
        "morning": morning,
        "at": at,
        "weekdays": "".join(map(str, sorted(set(weekdays)))),
        "muted": sorted(set(muted) & set(KINDS)),
        "weekly_day": weekly_day,
    }
    NoticeWish.objects.update_or_create(user=user, defaults=said)
