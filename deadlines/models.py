"""Rule sets with their terms, the steps, and the ledger of what has been told."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case as When_
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.access import Permission, areas_of, can, has_team_scope, parts_of
from cases.bases import begins_with, known
from cases.models import Case, Party, Person, by_user, in_scope


class Kind(models.TextChoices):
    LAW = "law", _("Lovfrist")
    SERVICE_GOAL = "service_goal", _("Servicemål")
    LOCAL_TARGET = "local_target", _("Lokalt mål")
    WATCH = "watch", _("Til orientering")


class Unit(models.TextChoices):
    DAYS = "days", _("dage")
    MONTHS = "months", _("måneder")
    WORKING_DAYS = "working_days", _("arbejdsdage")


class Cause(models.TextChoices):
    """Why an act came late: short, so that it can be counted."""

    INTERPRETER = "interpreter", _("Tolk kunne ikke skaffes")
    ILLNESS = "illness", _("Sygdom")
    AUTHORITY = "authority", _("Ventede på en anden myndighed")
    FAMILY = "family", _("Familiens ønske")
    CAPACITY = "capacity", _("Manglende tid eller plads")
    KNOWN_LATE = "known_late", _("Sagen nåede os efter fristen")
    OTHER = "other", _("Andet")


class RuleSet(models.Model):
    """The terms that hold for duties starting on or after a day. Old sets are read-only for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Udkast")
        ACTIVE = "active", _("I brug")

    number = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = by_user()
    activated_by = by_user()
    activated_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "number"]

    def __str__(self):
        return f"Regelsæt {self.number}"


class Term(models.Model):
    """How long one rule gives, of which kind, on what basis, and when it warns (days before)."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="terms")
    rule = models.CharField(max_length=60)
    amount = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=14, choices=Unit, default=Unit.DAYS)
    kind = models.CharField(max_length=14, choices=Kind)
    basis = models.CharField(max_length=200, blank=True)
    warning_days = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule_set", "rule"], name="one_term_per_rule")]

    def __str__(self):
        return f"{self.rule_set_id}: {self.rule}"


class LocalRule(models.Model):
    """A duty of the municipality's own, without a release: `local.<slug>`, met by a dated tick with a text."""

    class ForWhom(models.TextChoices):
        PERSON = "person", _("hver person")
        ADULT = "adult", _("hver voksen")
        CHILD = "child", _("hvert barn")
        HOUSEHOLD = "household", _("husstanden")

    class Starts(models.TextChoices):
        ARRIVED = "arrived_on", _("ankomst til kommunen")
        RESIDENCE = "residence_from", _("taget ophold")
        VISITATION = "visitation_on", _("visiteringsdato")
        RESPONSIBILITY = "responsibility_from", _("overtaget ansvar")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    area = models.CharField(max_length=20)
    for_whom = models.CharField(max_length=10, choices=ForWhom)
    starts = models.CharField(max_length=30, choices=Starts)
    owner_role = models.CharField(max_length=30, default="caseworker")
    active = models.BooleanField(default=True)

    def __str__(self):
        return self.name


class Group(models.IntegerChoices):
    """The groups of the work list in its order: a partition, the first that fits wins.

    PASSED stands under the heading of OVERDUE with a count of its own: a local target is never *overskredet*.
    """

    OVERDUE = 1, _("Overskredet")
    PASSED = 2, _("Passeret")
    TODAY = 3, _("I dag")
    WEEK = 4, _("De næste 7 dage")
    WAITING = 5, _("Venter på andre")
    DATE_MISSING = 6, _("Mangler en dato")
    LATER = 7, _("Senere")


LATE = (Group.OVERDUE, Group.PASSED)


def is_waiting(today: date) -> Q:
    return Q(waiting_for__isnull=False) & (Q(waiting_until=None) | Q(waiting_until__gt=today))


def is_overdue(today: date) -> Q:
    """Past the day on which somebody must act. Waiting for others stops that, but not for a law."""
    return Q(kind=Kind.LAW, due_on__lt=today) | (~is_waiting(today) & Q(effective_on__lt=today))


def steps_read(user, opened: Q) -> Q:
    """Which steps of the cases in scope the user reads; `opened` are those of openings."""
    if can(user, Permission.SEE_CASE_FILES) or can(user, Permission.LEAD_TEAM):
        return Q()
    mine = Q(area__in=areas_of(user)) | Q(assignee__in=user.acting_for)
    return mine | opened | begins_with("rule", parts_of(user))


class StepQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Steps of visible cases in the user's areas, whatever is assigned to the user, all of a case that is opened.

        Case files hold all steps; a manager has them all too, by case number (desk.services.lines keeps the rest).
        """
        opened = Q(case__number__in=tuple(user.openings))
        return self.filter(in_scope(user, "case__")).filter(steps_read(user, opened))

    def in_case(self, case: Case, user):
        """`visible_to` within a case that came through the door (cases.access.get_case): its scope is settled."""
        return self.filter(steps_read(user, known(case.number in user.openings)), case=case)

    def owned_by(self, user):
        """The user's own list: owned, or owned by a colleague who is away today.

        Who is put on single cases has their deadlines of the own areas in the list, whoever owns them.
        """
        mine = Q(owner__in=user.acting_for)
        if not has_team_scope(user):
            mine |= Q(area__in=areas_of(user)) | begins_with("rule", parts_of(user))
        return self.filter(mine)

    def open(self, today: date):
        """Not met, done, withdrawn, nor waived today. A law's waiver holds only when confirmed."""
        waived = Q(waived_on__isnull=False) & (Q(waived_until=None) | Q(waived_until__gte=today))
        holds = ~Q(kind=Kind.LAW) | Q(confirmed_on__isnull=False)
        return self.filter(met_on=None, done_on=None, withdrawn_on=None).exclude(waived & holds)

    def counted(self):
        """Without what fell due before the system was in use (settings.IN_USE_FROM)."""
        start = settings.IN_USE_FROM
        return self.exclude(due_on__lt=start) if start else self

    def listed(self, today: date):
        """What the work list groups and counts: open, dated or waiting for a date; no watch, no check-list."""
        undated = Q(due_on=None, waits_for="")
        return self.open(today).counted().exclude(kind=Kind.WATCH).exclude(undated).filter(case__closed_on=None)

    def with_group(self, today: date):
        """Annotate `group` (a Group value) for steps of `listed`: the one definition for page, count, file and mail."""
        late = When_(When(kind=Kind.LOCAL_TARGET, then=Value(Group.PASSED)), default=Value(Group.OVERDUE))
        return self.annotate(
            group=When_(
                When(is_overdue(today), then=late),
                When(is_waiting(today), then=Value(Group.WAITING)),
                When(due_on=None, then=Value(Group.DATE_MISSING)),
                When(effective_on=today, then=Value(Group.TODAY)),
                When(effective_on__lte=today + timedelta(days=7), then=Value(Group.WEEK)),
                default=Value(Group.LATER),
                output_field=models.IntegerField(),
            )
        )

    def overdue(self, today: date):
        return self.listed(today).filter(is_overdue(today))

    def by_urgency(self):
        return self.order_by(F("effective_on").asc(nulls_last=True), "pk")


class Step(models.Model):
    """One thing to be done for one person or one household. Status is computed, never stored.

    The computed columns are written by the engine only, the decided ones by people only.
    A step without a rule is an own task.
    """

    class WaiverKind(models.TextChoices):
        EXEMPT = "exempt", _("Fritaget")
        NOT_APPLICABLE = "not_applicable", _("Ikke omfattet")

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="steps")
    rule = models.CharField(max_length=60, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    area = models.CharField(max_length=20, blank=True)
    title = models.CharField(_("opgave"), max_length=160)
    # computed
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(_("frist"), null=True, blank=True)
    kind = models.CharField(max_length=14, choices=Kind, blank=True)
    met_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=240, blank=True)
    waits_for = models.CharField(max_length=30, blank=True)
    start_note = models.CharField(max_length=200, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, blank=True, related_name="+")
    owner = by_user()
    # decided
    waived_on = models.DateField(null=True, blank=True)
    waived_until = models.DateField(null=True, blank=True)
    waived_by = by_user()
    waived_kind = models.CharField(max_length=14, choices=WaiverKind, blank=True)
    waived_reason = models.CharField(max_length=240, blank=True)
    confirmed_by = by_user()
    confirmed_on = models.DateField(null=True, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    follow_up_by = by_user()
    follow_up_reason = models.CharField(max_length=240, blank=True)
    waiting_for = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    waiting_until = models.DateField(null=True, blank=True)
    assignee = by_user()
    pinned_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, blank=True, related_name="+")
    cause = models.CharField(max_length=20, choices=Cause, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = by_user()
    done_text = models.CharField(max_length=240, blank=True)
    episode = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    effective_on = models.GeneratedField(
        expression=When_(
            When(Q(kind=Kind.LAW) | Q(due_on=None), then=F("due_on")),
            # Coalesce: SQLite's MAX of a null is null, PostgreSQL's GREATEST is not
            default=Greatest("due_on", Coalesce("follow_up_on", "due_on"), Coalesce("waived_until", "due_on")),
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "rule", "round"],
                condition=~Q(rule="") & Q(person__isnull=False),
                name="one_step_per_person_rule",
            ),
            models.UniqueConstraint(
                fields=["case", "rule", "round"],
                condition=~Q(rule="") & Q(person=None),
                name="one_step_per_household_rule",
            ),
            models.CheckConstraint(
                condition=Q(waived_on=None, waived_reason="", waived_kind="")
                | (Q(waived_on__isnull=False) & ~Q(waived_reason="") & ~Q(waived_kind="")),
                name="waived_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(follow_up_on=None, follow_up_reason="")
                | (Q(follow_up_on__isnull=False) & ~Q(follow_up_reason="")),
                name="followed_up_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "effective_on", "id"],
                condition=Q(met_on=None, done_on=None, withdrawn_on=None),
                name="step_open_owner",
            ),
            models.Index(
                fields=["effective_on", "id"],
                condition=Q(met_on=None, done_on=None, withdrawn_on=None),
                name="step_open_due",
            ),
            models.Index(fields=["case", "rule"], name="step_case_rule"),
            # the sweep asks what has been reached by kind, what by rule, and whose waiver has ended
            models.Index(
                fields=["kind", "effective_on", "id", "episode"],
                condition=Q(met_on=None, done_on=None, withdrawn_on=None),
                name="step_open_kind",
            ),
            models.Index(
                fields=["rule", "effective_on", "id", "episode"],
                condition=Q(met_on=None, done_on=None, withdrawn_on=None),
                name="step_open_rule",
            ),
            models.Index(fields=["waived_until"], condition=Q(waived_until__isnull=False), name="step_waived_until"),
            models.Index(fields=["waiting_until"], condition=Q(waiting_until__isnull=False), name="step_waiting_until"),
        ]

    def __str__(self):
        return f"{self.rule or self.title} {self.due_on or ''}"


class Level(models.TextChoices):
    STARTED = "started", _("begyndt")
    DATE_MISSING = "date_missing", _("dato mangler")
    RESUMED = "resumed", _("genoptaget")
    WARN = "warn", _("varslet")
    DUE = "due", _("forfalder")
    PASSED = "passed", _("overskredet")
    ESCALATED = "escalated", _("eskaleret")
    IN_ORDER = "in_order", _("er i orden")


class Notice(models.Model):
    """What must happen once has a row here: unique per step, level, date and episode.

    date is the day the notice is about (the deadline, the start, the missing date's registration), so that it is
    armed again when that day moves; days says how long before (negative) or after it the notice belongs.
    A subject key stands instead of the step for what has no step (a case without caseworker, the sweep stopped).
    told is False for the silent lower levels of a late or imported step; run is the sweep that wrote the row.
    """

    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="notices")
    subject = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, choices=Level)
    date = models.DateField()
    days = models.SmallIntegerField(default=0)
    episode = models.PositiveSmallIntegerField(default=1)
    told = models.BooleanField(default=True)
    dropped = models.BooleanField(default=False)
    run = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "level", "date", "days", "episode"],
                condition=Q(step__isnull=False),
                name="notice_once_per_step",
            ),
            models.UniqueConstraint(
                fields=["subject", "level", "date"], condition=~Q(subject=""), name="notice_once_per_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["level", "days", "date", "step", "episode"], name="notice_level"),
            # the passed deadlines that may still turn out to have been kept
            models.Index(fields=["step"], condition=Q(level="passed", dropped=False), name="notice_passed_standing"),
        ]

    def __str__(self):
        return f"{self.level} {self.date}"

    @property
    def on(self) -> date:
        """The day on which the notice was due to be told."""
        return self.date + timedelta(days=self.days)


class Delivery(models.Model):
    """A notice told to one user, resolved when it is told and not before."""

    class Channel(models.TextChoices):
        LIST = "list", _("i listen")
        DIGEST = "digest", _("i morgenmailen")
        MAIL = "mail", _("egen mail")
        WEEKLY = "weekly", _("i ugemailen")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user", "channel"], name="told_once")]

    def __str__(self):
        return f"{self.user_id}: {self.notice_id}"
