"""The morning mail, the manager's escalation and the manager's weekly bundle: counts and one link, never a name.

The counts are those of the page, from the same querysets. Steps of private areas stand in the counts of the assigned,
but cause no mail; those of protected cases are in no mail at all.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import Absence, User
from cases.formats import full_date
from cases.models import Entry
from deadlines.calendar import is_working_day
from deadlines.models import Delivery, Kind, Level, Notice
from deadlines.telling import (
    CPR_LIMIT,
    GLASS,
    LOG_REVIEW,
    MAIL_STUCK,
    NO_CASEWORKER,
    PRIVATE_AREAS,
    REJECTED_ROWS,
    SNOOPING,
    SWEEP_STOPPED,
    TO_CLARIFY,
    Manager,
    pairs,
)
from desk.models import Digest
from desk.services import notice_wishes
from desk.services.corrections import still_true
from desk.services.handing import HANDED_OVER, TAKEN_BACK
from desk.services.mail import write
from desk.services.notice_wishes import Wish
from desk.services.recipients import StandIns, among, manager_of, private, stand_ins, tell
from desk.services.worklist import SECTIONS, count, own_list

OPENS, CLOSES = time(7, 30), time(17, 0)
Channel = Delivery.Channel


def tell_by_mail(*, today: date, now: datetime) -> dict[str, int]:
    """Whatever is to be mailed by now: digests on working days, escalations every day, once a week the bundle.

    Between half past seven and five in Copenhagen; outside of that nothing is written.
    """
    counts = {"digests": 0, "escalations": 0, "weekly": 0}
    if not OPENS <= timezone.localtime(now).time() < CLOSES:
        return counts
    who = stand_ins(today)
    counts["escalations"] = escalate(who, today=today, now=now)
    if is_working_day(today):
        counts["weekly"] = bundle(who, today=today, now=now)
        counts["digests"] = write_digests(who, today=today, now=now)
    return counts


# What a manager is told of, in the order of the letter.
ESCALATED = (
    (Kind.LAW, ngettext_lazy("%d lovfrist er overskredet", "%d lovfrister er overskredet")),
    (NO_CASEWORKER, ngettext_lazy("%d sag er uden sagsbehandler", "%d sager er uden sagsbehandler")),
    (CPR_LIMIT, ngettext_lazy("%d gang er grænsen for CPR-opslag nået", "%d gange er grænsen for CPR-opslag nået")),
    (GLASS, ngettext_lazy("%d sag er åbnet med nødadgang", "%d sager er åbnet med nødadgang")),
    (REJECTED_ROWS, ngettext_lazy("%d liste har afviste rækker", "%d lister har afviste rækker")),
    (TO_CLARIFY, ngettext_lazy("%d registrering skal afklares", "%d registreringer skal afklares")),
    (
        SNOOPING,
        ngettext_lazy(
            "%d bruger har set usædvanligt mange fremmede sager", "%d brugere har set usædvanligt mange fremmede sager"
        ),
    ),
    (
        LOG_REVIEW,
        ngettext_lazy("%d gennemgang af loggen er ikke underskrevet", "%d gennemgange af loggen er ikke underskrevet"),
    ),
    (
        SWEEP_STOPPED,
        ngettext_lazy(
            "Fristerne har været uden gennemgang (%d gang)", "Fristerne har været uden gennemgang (%d gange)"
        ),
    ),
    (MAIL_STUCK, ngettext_lazy("Mails kunne ikke sendes (%d dag)", "Mails kunne ikke sendes (%d dage)")),
)


# --- The morning mail -------------------------------------------------------------------------


@dataclass(slots=True)
class News:
    """What a user has not been mailed about: notices by level, cases taken over."""

    notices: list[int] = field(default_factory=list)
    levels: Counter = field(default_factory=Counter)
    taken_over: int = 0

    def add(self, notice: int, level: str) -> None:
        self.notices.append(notice)
        self.levels[level] += 1

    @property
    def reminders(self) -> int:
        return sum(self.levels.values()) - self.in_order

    @property
    def in_order(self) -> int:
        return self.levels[Level.IN_ORDER]

    def causes_mail(self, wanted: bool) -> bool:
        """wanted: it is a day of the morning mail. On others cases taken over are told with a mail, but cause none."""
        return bool(self.notices or (wanted and self.taken_over))


def write_digests(who: StandIns, *, today: date, now: datetime) -> int:
    """One letter per user and working day, at the wished time, and only when something is due or new.

    Returns the letters written.
    """
    _hand_to_deputies(who)
    said, clock = notice_wishes.wishes(), timezone.localtime(now).time()
    news, written = read_news(today, said), 0
    users = User.objects.filter(is_active=True).exclude(pk__in=who.acting).exclude(email="")
    for user in users.exclude(pk__in=Digest.objects.filter(day=today).values("user")).order_by("pk"):
        wish = said.get(user.pk, notice_wishes.DEFAULT)
        if clock < wish.at:
            continue
        fresh = news.get(user.pk, News())
        fresh.taken_over = taken_over(user, now=now)
        written += write_digest(as_of(user, today), fresh, wish, today=today, now=now)
    return written


def as_of(user: User, today: date) -> User:
    """The user as deputy of those who are away on that day, whatever the clock says."""
    away = Absence.objects.on(today).filter(deputy=user).values_list("user_id", flat=True)
    user.asked_on, user.acting_for = today, frozenset({user.pk, *away})
    return user


@transaction.atomic
def write_digest(user: User, news: News, wish: Wish, *, today: date, now: datetime) -> bool:
    """True when this user's letter of the day was written now."""
    steps = own_list(user, today).filter(case__protected=False)  # those stand in the list and in no mail
    counts = count(steps)
    due = steps.filter(wish.causes(today)).exclude(area__in=PRIVATE_AREAS)
    if not news.causes_mail(wish.wants(today)) and not due.exists():
        return False
    digest, fresh = Digest.objects.get_or_create(
        user=user, day=today, defaults={"counts": counts.by_word, "made_at": now}
    )
    if not fresh:
        return False
    lines = [(section.title, counts.by_word[section.word]) for section in SECTIONS if counts.by_word.get(section.word)]
    context = {"day": full_date(today), "lines": lines, "news": news}
    digest.mail, _new = write(
        user,
        key=f"digest:{user.pk}:{today}",
        subject=heading(counts, news),
        template="desk/mail/digest.txt",
        context=context,
        now=now,
    )
    digest.save(update_fields=["mail"])
    tell(((notice, user.pk) for notice in news.notices), now, Channel.DIGEST)
    return True


def heading(counts, news: News) -> str:
    """ "2 frister udløber i dag, 3 er overskredet". No names."""
    today, late, passed = counts.due_today, counts.overdue, counts.passed
    parts = [ngettext("%d frist udløber i dag", "%d frister udløber i dag", today) % today] if today else []
    if late:
        parts.append(
            (
                _("%d er overskredet")
                if today
                else ngettext("%d frist er overskredet", "%d frister er overskredet", late)
            )
            % late
        )
    if passed:
        parts.append(ngettext("%d lokalt mål er passeret", "%d lokale mål er passeret", passed) % passed)
    if not parts and news.reminders:
        parts.append(ngettext("%d påmindelse om frister", "%d påmindelser om frister", news.reminders) % news.reminders)
    if not parts and news.taken_over:
        parts.append(
            ngettext("Du har overtaget %d sag", "Du har overtaget %d sager", news.taken_over) % news.taken_over
        )
    return ", ".join(parts) or _("En frist er i orden")


def read_news(today: date, said: Mapping[int, Wish]) -> dict[int, News]:
    """Per user, what stands in the list, is still true, has not been in a morning mail, and may be in this one.

    One query. What has no step is not for the morning: the manager has a letter about it on the same day.
    """
    mailed = Delivery.objects.filter(notice=OuterRef("notice"), user=OuterRef("user"), channel=Channel.DIGEST)
    waiting = Delivery.objects.filter(channel=Channel.LIST, notice__in=still_true(today)).exclude(Exists(mailed))
    waiting = waiting.filter(notice__subject="").exclude(private("notice__step"))
    found: dict[int, News] = defaultdict(News)
    step = ("notice__step__kind", "notice__step__rule")
    for user, notice, level, *about in waiting.order_by("notice").values_list("user", "notice", "notice__level", *step):
        wish = said.get(user, notice_wishes.DEFAULT)
        if wish.takes(notice_wishes.telling_of(level, *about), level, today=today):
            found[user].add(notice, level)
    return found


def _hand_to_deputies(who: StandIns) -> None:
    """What stands unmailed in the list of somebody who is away now is the deputy's."""
    mailed = Delivery.objects.filter(notice=OuterRef("notice"), channel=Channel.DIGEST)
    for user, deputy in who.acting.items():
        reached = deputy or who.fallback
        waiting = Delivery.objects.filter(user=user, channel=Channel.LIST).exclude(Exists(mailed))
        if reached and reached not in who.acting:  # nobody is here: it waits for its owner
            known = Delivery.objects.filter(notice=OuterRef("notice"), user=reached)
            waiting.exclude(Exists(known)).update(user=reached)


def taken_over(user: User, *, now: datetime) -> int:
    """Cases handed to the user by a colleague since the last morning mail, a week back at most.

    What was undone meanwhile has gone nowhere.
    """
    last = Digest.objects.filter(user=user).order_by("-made_at").values_list("made_at", flat=True).first()
    since = max(filter(None, [last, now - timedelta(days=7)]))
    lines = Entry.objects.filter(
        kind=HANDED_OVER, case__caseworker=user, case__protected=False, recorded_at__gt=since
    ).exclude(author=user)
    undone = Entry.objects.filter(case=OuterRef("case"), kind=TAKEN_BACK, pk__gt=OuterRef("pk"))
    lines = lines.exclude(Exists(undone))
    return lines.values("case").distinct().count()


# --- The manager ------------------------------------------------------------------------------


def escalate(who: StandIns, *, today: date, now: datetime) -> int:
    """Laws the day after, and what has no step: one bundled letter per manager. Returns the letters written."""
    mailed = Delivery.objects.filter(notice=OuterRef("pk"), channel=Channel.MAIL)
    laws = still_true(today).filter(among(pairs(manager=Manager.MAIL))).exclude(private("step")).exclude(Exists(mailed))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    behalf: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for notice, to in laws.annotate(to=manager_of(who, "step__case__team")).order_by("pk").values_list("pk", "to"):
        found[to][notice] = Kind.LAW
    known = Delivery.objects.filter(notice=OuterRef("notice"), user=OuterRef("user"), channel=Channel.MAIL)
    heard = (
        Delivery.objects.filter(channel=Channel.LIST, notice__dropped=False)
        .exclude(notice__subject="")
        .exclude(Exists(known))
    )
    for notice, user, subject in heard.order_by("notice").values_list("notice", "user", "notice__subject"):
        to = who.reach(user) or who.fallback or user
        found[to][notice] = subject.partition(":")[0]
        behalf[to].append((notice, user))
    return sum(_escalate_to(user, found[user.pk], behalf[user.pk], today=today, now=now) for user in _reachable(found))


def _reachable(found: dict):
    return User.objects.filter(pk__in=[pk for pk in found if pk], is_active=True).order_by("pk")


@transaction.atomic
def _escalate_to(
    user: User, about: dict[int, str], behalf: list[tuple[int, int]], *, today: date, now: datetime
) -> bool:
    """behalf: (notice, in whose list it stands). What a stand-in has heard is not told again, to neither of them."""
    counts = Counter(about.values())
    lines = escalation_lines(counts)
    _mail, fresh = write(
        user, key=f"escalation:{user.pk}:{today}:{min(about)}", subject=lines[0], template="desk/mail/escalation.txt",
        context={"lines": lines}, now=now,
    )  # fmt: skip
    if fresh:
        tell({*((notice, user.pk) for notice in about), *behalf}, now, Channel.MAIL)
    return fresh


def escalation_lines(counts: Counter) -> list[str]:
    """The sentences of the letter; only what there is."""
    return [str(text % counts[key]) for key, text in ESCALATED if counts[key]]


def bundle(who: StandIns, *, today: date, now: datetime) -> int:
    """Once a week: goals three days over, local targets passed, and what is coming up for information.

    On the week's first working day or the one that the manager wishes, or later in the week when the mail could not be
    written then.
    """
    mailed = Delivery.objects.filter(notice=OuterRef("pk"), channel=Channel.WEEKLY)
    waiting = still_true(today).filter(among(pairs(manager=Manager.WEEKLY))).exclude(private("step"))
    waiting = (
        waiting.exclude(Exists(mailed))
        .annotate(to=manager_of(who, "step__case__team"))
        .select_related("step")
        .order_by("pk")
    )
    said, found = notice_wishes.wishes(), defaultdict(list)
    opens = {}
    for notice in waiting:
        if notice.to not in opens:
            opens[notice.to] = said.get(notice.to, notice_wishes.DEFAULT).bundled_on(today)
        day = opens[notice.to]
        if day and day <= today and timezone.localdate(notice.created_at) <= day:
            found[notice.to].append(notice)
    return sum(_bundle_to(user, found[user.pk], week=opens[user.pk], now=now) for user in _reachable(found))


@transaction.atomic
def _bundle_to(user: User, notices: list[Notice], *, week: date, now: datetime) -> bool:
    counts = Counter({notice.step_id: notice.step.kind for notice in notices}.values())
    goals, targets, watched = counts[Kind.SERVICE_GOAL], counts[Kind.LOCAL_TARGET], counts[Kind.WATCH]
    texts = (
        (
            goals,
            ngettext(
                "%d servicemål er overskredet i mindst tre dage",
                "%d servicemål er overskredet i mindst tre dage",
                goals,
            ),
        ),
        (targets, ngettext("%d lokalt mål er passeret", "%d lokale mål er passeret", targets)),
        (watched, ngettext("%d dato nærmer sig", "%d datoer nærmer sig", watched)),
    )
    lines = [text % number for number, text in texts if number]
    iso = week.isocalendar()
    _mail, fresh = write(
        user, key=f"weekly:{user.pk}:{iso.year}-{iso.week}", subject=_("Ugens frister: %s") % lines[0],
        template="desk/mail/weekly.txt", context={"lines": lines, "week": iso.week}, now=now,
    )  # fmt: skip
    if fresh:
        tell(((notice.pk, user.pk) for notice in notices), now, Channel.WEEKLY)
    return fresh
