"""What keeps mail, jobs, drafts and double clicks in order, the review of the log, and files that wait for a yes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRecord, Team
from cases.bases import by_user
from cases.fields import EncryptedTextField


class Heartbeat(models.Model):
    """One row per finished run, written in the run's own transaction: a killed run leaves none."""

    class Run(models.TextChoices):
        SWEEP = "sweep", _("gennemgang")
        REPAIR = "repair", _("genberegning")

    run = models.CharField(max_length=10, choices=Run)
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["run", "-finished_at"])]

    def __str__(self):
        return f"{self.run} {self.finished_at:%Y-%m-%d %H:%M}"


class Mail(models.Model):
    """A letter to a colleague, or to an address outside, written with what it tells and sent afterwards.

    The key makes it unique. What went outside is not kept: it holds a link that opens something.
    """

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(sent_at=None, given_up_at=None), name="mail_to_send"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, address="") | (Q(user=None) & ~Q(address="")), name="mail_to_one"
            ),
        ]

    def __str__(self):
        return self.key


class Digest(models.Model):
    """One morning mail per user and day, with the counts it told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    counts = models.JSONField(default=dict)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_day")]

    def __str__(self):
        return f"{self.user_id}: {self.day}"


class Job(models.Model):
    """Something long that a worker does for a user: how far it is, and the file it left (desk.services.jobs).

    kind: "<app>.<what>"; that app's task make_file does it. claim: of the run that works on it now.
    permission: without it the user gets neither run nor file. personal: the file names families.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("venter")
        RUNNING = "running", _("i gang")
        DONE = "done", _("færdig")
        FAILED = "failed", _("mislykket")

    kind = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=240, blank=True)
    data = models.JSONField(default=dict, help_text="What it is about: ids and days, never names.")
    order = EncryptedTextField(blank=True, help_text="What the user typed to get it, which may be a name.")
    title = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    permission = models.CharField(max_length=40, blank=True)
    personal = models.BooleanField(default=True)
    file = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120, blank=True, help_text="Of the file, for whoever fetches it.")
    claim = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="The last sign of life of a worker.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="jobs_of_a_user")]

    def __str__(self):
        return f"{self.kind} {self.status}"

    @property
    def waits(self) -> bool:
        return self.status in {self.Status.WAITING, self.Status.RUNNING}


class Draft(models.Model):
    """What somebody had typed and not sent. Drafts are rows on the server, never in the browser."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_key")]

    def __str__(self):
        return f"{self.user_id}: {self.key}"


class FormKey(models.Model):
    """A key that a form carries once: the second submit finds the first one's result."""

    key = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    result_url = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return self.key


class LogReview(models.Model):
    """A week's sample of the access log: somebody goes through it line by line and signs (GDPR article 32(1)(d))."""

    week = models.DateField(_("uge fra mandag"), unique=True)
    due_on = models.DateField(_("frist"))
    drawn_at = models.DateTimeField()
    signed_on = models.DateField(_("underskrevet"), null=True, blank=True)
    signed_by = by_user()

    class Meta:
        ordering = ["-week"]

    def __str__(self):
        return f"{self.week}"


class ReviewedLook(models.Model):
    """One line of the sample, why it was taken, and what the reviewer says of it."""

    class Verdict(models.TextChoices):
        FINE = "fine", _("I orden")
        ASK = "ask", _("Spørg")
        BREACH = "breach", _("Brud")

    review = models.ForeignKey(LogReview, models.CASCADE, related_name="looks")
    record = models.ForeignKey(AccessRecord, models.PROTECT, related_name="+")
    signs = models.CharField(max_length=120, blank=True)  # keys of desk.services.conspicuous, none: drawn by lot
    verdict = models.CharField(_("vurdering"), max_length=8, choices=Verdict, blank=True)
    note = models.CharField(_("bemærkning"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["review", "record"], name="looked_at_once_per_review")]

    def __str__(self):
        return f"{self.review_id}: {self.record_id}"


class ExportRequest(models.Model):
    """A long list that somebody wants as a file, and the manager's yes to it: for this list, this user and one day.

    query and filters hold no words searched for (desk.services.approvals). Refused ones stand in the log alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", help_text="The user's, when it was asked for.")
    name = models.CharField(max_length=30)  # of the list, as in the file's name
    title = models.CharField(max_length=60)
    query = models.CharField(max_length=400, blank=True)
    filters = models.CharField(max_length=400, blank=True)
    rows = models.PositiveIntegerField()
    purpose = models.CharField(_("formål"), max_length=200)
    asked_at = models.DateTimeField()
    approved_by = by_user()
    approved_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team", "name", "query"],
                condition=Q(approved_at=None),
                name="file_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("user")), name="file_approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, until=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, until__gt=F("approved_at")),
                name="file_approved_whole",
            ),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.name}, {self.rows}"
