"""The weekly review of the log: the sweep draws a sample, the auditor goes through it and signs within a week.

What is not signed in time reaches the managers like any other escalation. A look at a case without a reason is the
breach that Danish authorities have been criticised for most often, so a sample is looked at every week.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AccessRecord, User
from accounts.roles import ROLES, Permission
from cases.formats import week as week_number
from cases.formats import weekday_date
from deadlines.telling import LOG_REVIEW, SNOOPING
from desk.models import LogReview, ReviewedLook
from desk.services.access_log import midnight
from desk.services.conspicuous import SIGNS, many_searches, many_strangers, read_looks, signs_of
from desk.services.mail import write
from desk.services.reminders import remind_managers, settle

WEEK, DAYS_TO_SIGN = timedelta(days=7), timedelta(days=7)
WEEKS_BACK = 4  # how far a stopped sweep catches up
LOOKS = audit.GROUPS["read"] | audit.GROUPS["search"] | Q(action="glass.opened")
READERS = [key for key, role in ROLES.items() if Permission.READ_LOG in role.permissions]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def looks_between(first: date, beyond: date):
    """Looks at cases, and searches, by people; not those of the log's own readers."""
    rows = AccessRecord.objects.filter(LOOKS, at__gte=midnight(first), at__lt=midnight(beyond), user_id__isnull=False)
    of_cases = ~Q(case_number="") | audit.GROUPS["search"]
    return rows.filter(of_cases).exclude(action__startswith="log.").order_by("pk")


# --- Drawing ----------------------------------------------------------------------------------


def draw(*, today: date, now: datetime) -> int:
    """The samples of the weeks that have ended and have none yet. Returns how many were drawn. Call it in the sweep."""
    ended = [monday_of(today) - WEEK * back for back in range(WEEKS_BACK, 0, -1)]
    known = set(LogReview.objects.filter(week__gte=ended[0]).values_list("week", flat=True))
    missing = [monday for monday in ended if monday not in known]
    if not missing or not looks_between(missing[0], missing[-1] + WEEK).exists():
        return 0
    return sum(_draw_week(monday, now=now) for monday in missing)


def _draw_week(monday: date, *, now: datetime) -> bool:
    rows = looks_between(monday, monday + WEEK)
    if not rows.exists():
        return False
    due_on = monday + WEEK - timedelta(days=1) + DAYS_TO_SIGN
    review, is_new = LogReview.objects.get_or_create(week=monday, defaults={"due_on": due_on, "drawn_at": now})
    if not is_new:  # another sweep was quicker
        return False
    ReviewedLook.objects.bulk_create(
        ReviewedLook(review=review, record_id=pk, signs=",".join(signs)) for pk, signs in sample(rows)
    )
    remind_managers(subject_of(review), on=due_on + timedelta(days=1))
    _write_to_readers(review, "drawn", now=now)
    return True


def sample(rows) -> list[tuple[int, list[str]]]:
    """(record id, its signs): the conspicuous first, then some by lot.

    The lot is the row's own HMAC: nobody can know beforehand which rows it will take, and everybody can check it.
    """
    looks = read_looks(rows)
    signs = signs_of(looks)
    order = list(SIGNS)
    by_weight = sorted(signs, key=lambda pk: (order.index(signs[pk][0]), -len(signs[pk]), pk))
    striking = by_weight[: settings.LOG_SAMPLE_STRIKING]
    rest = sorted((r for r in looks.records if r.pk not in set(striking)), key=lambda record: record.mark)
    return [(pk, signs[pk]) for pk in striking] + [
        (record.pk, signs.get(record.pk, [])) for record in rest[: settings.LOG_SAMPLE_BY_LOT]
    ]


def subject_of(review: LogReview) -> str:
    return f"{LOG_REVIEW}:{review.week}"


def remind(*, today: date, now: datetime) -> int:
    """A second letter to the log's readers two days before the date. Returns the reviews it was about."""
    near = LogReview.objects.filter(signed_on=None, due_on__lte=today + timedelta(days=2), due_on__gte=today)
    return sum(_write_to_readers(review, "near", now=now) for review in near)


def _write_to_readers(review: LogReview, why: str, *, now: datetime) -> bool:
    """One letter each, without names; True when one was written now."""
    facts = {"week": week_number(review.week), "day": weekday_date(review.due_on)}
    subject = _("Gennemgang af loggen, uge %(week)d: frist %(day)s") % facts
    context = {**facts, "path": reverse("desk:log_review", args=[review.pk])}
    written = [
        write(
            user, key=f"{subject_of(review)}:{why}:{user.pk}", subject=subject, template="desk/mail/log_review.txt",
            context=context, now=now,
        )[1]
        for user in User.objects.filter(is_active=True, grants__role__in=READERS).distinct().order_by("pk")
    ]  # fmt: skip
    return any(written)


def note_snooping(*, today: date) -> None:
    """Somebody looks at many families who are none of theirs, or searches all day: the managers hear of it at once.

    Yesterday too: what was looked at after the last sweep of a day.
    """
    for day in (today - timedelta(days=1), today):
        for user_id in snoopers(day):
            remind_managers(f"{SNOOPING}:{user_id}", on=day)


def snoopers(day: date) -> list[int]:
    """Ids of those whose looks of that day stand out by their number."""
    rows = looks_between(day, day + timedelta(days=1))
    busy = (
        rows.order_by()
        .values("user_id")
        .annotate(cases=Count("case_number", distinct=True), searches=Count("pk", filter=audit.GROUPS["search"]))
    )
    much = Q(cases__gt=settings.LOG_MANY_CASES) | Q(searches__gt=settings.LOG_MANY_SEARCHES)
    users = [row["user_id"] for row in busy.filter(much)]
    if not users:
        return []
    looks = read_looks(rows.filter(user_id__in=users))
    found = many_strangers(looks) | many_searches(looks)
    return sorted({record.user_id for record in looks.records if record.pk in found})


# --- Going through it -------------------------------------------------------------------------


def _unsigned(review: LogReview) -> LogReview:
    """The review as it is now, locked. ValidationError when it has been signed."""
    found = LogReview.objects.select_for_update().get(pk=review.pk)
    if found.signed_on:
        raise ValidationError(_("Gennemgangen er underskrevet og kan ikke ændres."))
    return found


@transaction.atomic
def judge(review: LogReview, verdicts: Mapping[int, tuple[str, str]], *, by: User) -> None:
    """verdicts: id of the look → (verdict, note). ValidationError when the review has been signed."""
    review = _unsigned(review)
    looks = list(review.looks.filter(pk__in=verdicts))
    for look in looks:
        look.verdict, look.note = verdicts[look.pk]
    ReviewedLook.objects.bulk_update(looks, ["verdict", "note"])
    audit.log(by, "log.judged", detail=str(review.week))


@transaction.atomic
def sign(review: LogReview, *, by: User, today: date) -> LogReview:
    """ValidationError while a line has no verdict, or when the signer is in the sample."""
    review = _unsigned(review)
    left = review.looks.filter(verdict="").count()
    if left:
        raise ValidationError(
            _("%d linjer mangler en vurdering.") % left if left > 1 else _("Én linje mangler en vurdering.")
        )
    if review.looks.filter(record__user_id=by.pk).exists():
        raise ValidationError(_("Dine egne opslag er med i stikprøven. En anden skal underskrive."))
    review.signed_on, review.signed_by = today, by
    review.save(update_fields=["signed_on", "signed_by"])
    settle(subject_of(review))
    audit.log(by, "log.signed", detail=str(review.week))
    return review
