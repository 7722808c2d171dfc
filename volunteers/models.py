"""Volunteers, their organisations, and what ties a family to the place where it lives."""

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user
from cases.models import Annullable, Case, Locality, Person


class Certificate(models.TextChoices):
    """Where the børneattest stands. The document itself is deleted once assessed and never stored here."""

    NOT_REQUIRED = "not_required", _("Ikke påkrævet")
    REQUIRED = "required", _("Påkrævet, ikke bestilt")
    AWAITING_CONSENT = "awaiting_consent", _("Afventer samtykke")
    CLEARED = "cleared", _("Vurderet, kan indgå")
    REJECTED = "rejected", _("Vurderet, kan ikke indgå")


ASSESSED = [Certificate.CLEARED.value, Certificate.REJECTED.value]


class EndReason(models.TextChoices):
    """Why a contact person's tie to a family ended; `wants_one` ends a family's "no thanks"."""

    FAMILY = "family", _("Familiens ønske")
    VOLUNTEER = "volunteer", _("Den frivillige er stoppet")
    CONSENT = "consent", _("Samtykket er trukket tilbage")
    LEFT = "left", _("Familien er fraflyttet")
    WANTS_ONE = "wants_one", _("Familien ønsker nu en kontaktperson")
    OTHER = "other", _("Andet")


class Ages(models.TextChoices):
    """Children's ages as the coordinator sees them; a birth date never leaves the database."""

    SMALL = "0–5", _("0–5 år")
    SCHOOL = "6–12", _("6–12 år")
    YOUTH = "13–17", _("13–17 år")


class FreeTime(models.TextChoices):
    DAYS = "days", _("Hverdage i dagtimerne")
    EVENINGS = "evenings", _("Hverdagsaftener")
    WEEKENDS = "weekends", _("Weekender")


class NoFitReason(models.TextChoices):
    """Why none of the proposed volunteers will do; counted, so that one knows whom to look for."""

    LANGUAGE = "language", _("Ingen taler sproget")
    PLACE = "place", _("Ingen bor i nærheden")
    CERTIFICATE = "certificate", _("Der mangler børneattester")
    FULL = "full", _("Alle har familier nok")
    OTHER = "other", _("Andet")


class Organisation(models.Model):
    """A volunteer organisation, typed once and then suggested."""

    name = models.CharField(_("navn"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class VolunteerQuerySet(models.QuerySet):
    def with_load(self):
        """Annotate `load`: the families the volunteer is contact person for today."""
        current = Q(matches__annulled_on=None, matches__ended_on=None)
        return self.annotate(load=Count("matches", filter=current))


class Volunteer(models.Model):
    name = models.CharField(_("navn"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="volunteers", verbose_name=_("organisation")
    )
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    languages = models.CharField(_("sprog"), max_length=120, blank=True)
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    interests = models.CharField(_("interesser"), max_length=200, blank=True)
    child_ages = models.JSONField(_("børn i alderen"), default=list, blank=True)
    free_times = models.JSONField(_("har tid"), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(_("antal familier"), default=1)
    secrecy_signed_on = models.DateField(_("tavshedserklæring underskrevet"), null=True, blank=True)
    certificate = models.CharField(_("børneattest"), max_length=20, choices=Certificate, default=Certificate.REQUIRED)
    certificate_assessed_on = models.DateField(_("børneattest vurderet"), null=True, blank=True)
    active = models.BooleanField(_("aktiv"), default=True)
    objects = VolunteerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(certificate__in=ASSESSED, certificate_assessed_on__isnull=False)
                | Q(~Q(certificate__in=ASSESSED), certificate_assessed_on=None),
                name="certificate_assessed_on_a_day",
            )
        ]

    def __str__(self):
        return self.name


class Introduction(Annullable):
    """The household was introduced to a volunteer organisation."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="introductions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="introductions")
    on = models.DateField(_("introduceret"))

    class Meta:
        indexes = [models.Index(fields=["case", "on"])]

    def __str__(self):
        return f"{self.case_id}: {self.on}"


class LeisureIntroduction(Annullable):
    """The household was introduced to an association or an activity."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="leisure_introductions")
    activity = models.CharField(_("forening eller aktivitet"), max_length=120)
    on = models.DateField(_("introduceret"))

    class Meta:
        indexes = [models.Index(fields=["case", "on"])]

    def __str__(self):
        return f"{self.case_id}: {self.activity}"


class Activity(models.Model):
    """An association, an activity or (with a day) an event that families may be introduced to."""

    class Season(models.TextChoices):
        ALL_YEAR = "all_year", _("Hele året")
        WINTER = "winter", _("Efterår og vinter")
        SUMMER = "summer", _("Forår og sommer")
        ONCE = "once", _("En enkelt dag")

    name = models.CharField(_("navn"), max_length=120, unique=True)
    organiser = models.CharField(_("forening eller arrangør"), max_length=120, blank=True)
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    age_from = models.PositiveSmallIntegerField(_("fra alder"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("til alder"), null=True, blank=True)
    season = models.CharField(_("hvornår på året"), max_length=10, choices=Season, default=Season.ALL_YEAR)
    on = models.DateField(_("dag"), null=True, blank=True)
    price = models.DecimalField(_("pris i kroner"), max_digits=7, decimal_places=2, null=True, blank=True)
    contact = models.CharField(_("kontakt"), max_length=200, blank=True)
    active = models.BooleanField(_("tilbydes"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_to=None) | Q(age_from=None) | Q(age_to__gte=models.F("age_from")),
                name="activity_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(season="once", on__isnull=False) | (~Q(season="once") & Q(on=None)),
                name="activity_event_has_a_day",
            ),
        ]

    def __str__(self):
        return self.name


class Participation(Annullable):
    """Somebody of the household tries an activity, or becomes a member."""

    class Step(models.TextChoices):
        TRIAL = "trial", _("Prøver")
        MEMBER = "member", _("Medlem")

    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="participations")
    step = models.CharField(_("hvad"), max_length=10, choices=Step)
    on = models.DateField(_("fra"))

    class Meta:
        indexes = [models.Index(fields=["person", "on"])]

    def __str__(self):
        return f"{self.person_id}: {self.activity_id}"


class ContactWish(Annullable):
    """What a family hopes for in a contact person, in its own words; the newest that stands counts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contact_wishes")
    text = models.CharField(_("ønsker"), max_length=200)
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["case", "-on"])]

    def __str__(self):
        return f"{self.case_id}: {self.on}"


class Match(Annullable):
    """A contact person for a household, or (without a volunteer) the family's word that it wants none.

    round: the number of the duty this row meets. It is stored, so annulling one row never renumbers the others; the
    round of an annulled row is open again until another row takes it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="matches")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, blank=True, related_name="matches")
    round = models.PositiveSmallIntegerField()
    started_on = models.DateField(_("fra"))
    ended_on = models.DateField(_("til"), null=True, blank=True)
    end_reason = models.CharField(_("årsag"), max_length=20, blank=True, choices=EndReason)
    trial_until = models.DateField(_("prøvetid til"), null=True, blank=True)
    # Of the link by which the volunteer tells about contact: its hash, never the link itself.
    link_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"], condition=Q(annulled_on=None), name="one_match_per_round"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="match_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("started_on")), name="match_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.round}"


class NoFit(Annullable):
    """None of the proposed volunteers will do for the family; the newest that stands is shown in the list."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="no_fits")
    reason = models.CharField(_("hvorfor"), max_length=20, choices=NoFitReason)
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["case", "-on"])]

    def __str__(self):
        return f"{self.case_id}: {self.reason}"


class Inquiry(models.Model):
    """A volunteer is asked by mail before being tied to a family. The letter and the answer page name no family."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="inquiries")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="inquiries")
    asked_at = models.DateTimeField()
    asked_by = by_user()
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    is_mailed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "volunteer"], condition=Q(answered_at=None), name="volunteer_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, agreed=None) | Q(answered_at__isnull=False, agreed__isnull=False),
                name="inquiry_answered_whole",
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.volunteer_id}"


class Contact(Annullable):
    """Something was heard from a pair: told by the coordinator, or (by_volunteer) over the volunteer's own link."""

    class Going(models.TextChoices):
        WELL = "well", _("Det går godt")
        SLOWLY = "slowly", _("Det går langsomt")
        HELP = "help", _("Ring til mig")

    match = models.ForeignKey(Match, models.PROTECT, related_name="contacts")
    on = models.DateField(_("hvornår"))
    going = models.CharField(_("hvordan går det"), max_length=10, choices=Going, default=Going.WELL)
    note = models.CharField(_("kort"), max_length=200, blank=True)
    by_volunteer = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["match", "-on"])]

    def __str__(self):
        return f"{self.match_id}: {self.on}"


class Pause(models.Model):
    """Nobody is expected to be heard from: one pair, one volunteer, or (neither) everybody, as in a summer."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, null=True, blank=True, related_name="pauses")
    match = models.ForeignKey(Match, models.CASCADE, null=True, blank=True, related_name="pauses")
    starts_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="pause_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(volunteer=None) | Q(match=None), name="pause_of_one"),
        ]

    def __str__(self):
        return f"{self.starts_on}–{self.ends_on or ''}"
