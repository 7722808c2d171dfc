"""Visitation lists on their way into the record: the stored preview, what was chosen in it, and what was written."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.fields import EncryptedTextField
from cases.models import Case, Person, by_user


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own and deputised imports, those of the user's team, and those from the command line."""
        return self.filter(Q(created_by__in=user.acting_for) | Q(created_by__team=user.team_id) | Q(created_by=None))


class Import(models.Model):
    """One uploaded list. The file itself is not kept; its rows are, encrypted, until they are in the record."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Kolonner skal vælges")
        PREVIEW = "preview", _("Klar til indlæsning")
        DONE = "done", _("Indlæst")
        UNDONE = "undone", _("Fortrudt")
        DISCARDED = "discarded", _("Kasseret")

    filename = models.CharField(_("fil"), max_length=200)
    fingerprint = models.CharField(max_length=64, db_index=True)
    source = models.CharField(_("afsender"), max_length=60)
    sheet = models.CharField(max_length=60, blank=True)
    line = models.PositiveIntegerField(default=1)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State)
    families_created = models.PositiveIntegerField(default=0)
    persons_created = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = by_user()
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = by_user()
    # undone, discarded, or every rejected row dealt with
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = by_user()
    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.filename} ({self.state})"

    def get_absolute_url(self):
        return reverse("intake:import", args=[self.pk])

    @property
    def fields(self) -> dict[int, str]:
        """Column index → field; JSON knows only text as keys."""
        return {int(index): name for index, name in self.columns.items()}


class BatchQuerySet(models.QuerySet):
    def write(self, rows, fields):
        """Write these columns of many rows: one upsert per batch, where bulk_update grows slow by thousands."""
        self.bulk_create(rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=fields)


class ImportFamily(models.Model):
    """A family of the list: its chosen caseworker, and after the import its case and the ids of what was written."""

    source_import = models.ForeignKey(Import, models.CASCADE, related_name="families")
    number = models.CharField(_("familienr."), max_length=40)
    name = models.CharField(max_length=80, blank=True)
    caseworker = by_user()
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+")
    # somebody of them has a case, but the new ones are to have one of their own
    apart = models.BooleanField(default=False)
    created = models.BooleanField(default=False)
    written = models.JSONField(default=dict)
    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_import", "number"], name="family_once_per_import")]

    def __str__(self):
        return self.number


class ImportRow(models.Model):
    """A row of the list as it stood in the file, and what it means for the record."""

    class Outcome(models.TextChoices):
        NEW = "new", _("Ny")
        NEW_MEMBER = "new_member", _("Ny i kendt familie")
        CHANGED = "changed", _("Ændret")
        KNOWN = "known", _("Kendt")
        DUPLICATE = "duplicate", _("Dublet")
        REJECTED = "rejected", _("Fejl")

    source_import = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    family = models.ForeignKey(ImportFamily, models.CASCADE, null=True, blank=True, related_name="rows")
    number = models.PositiveIntegerField(_("række"))
    cells = EncryptedTextField(blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    has_warning = models.BooleanField(default=False)
    reasons = EncryptedTextField(blank=True)
    changes = EncryptedTextField(blank=True)
    taken = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_import", "number"], name="row_once_per_import")]
        indexes = [models.Index(fields=["source_import", "outcome"])]
        ordering = ["number"]

    def __str__(self):
        return f"{self.source_import_id}: {self.number}"


class LearnedHeading(models.Model):
    """What a source calls a column. An empty field: the column is left out."""

    source = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    field = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="heading_once_per_source")]

    def __str__(self):
        return f"{self.source}: {self.key} = {self.field}"
