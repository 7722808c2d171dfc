"""The record that all share: one case per family, its people, their dates and the timeline. No pages."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import Permission, can, has_team_scope, sees_cases
from accounts.models import Team
from cases import choices
from cases.bases import Annullable as Annullable  # the areas take it from here
from cases.bases import any_of, by_user, known
from cases.fields import EncryptedTextField
from cases.formats import family_title
from cases.protection import KeptApart, Protection  # noqa: F401 - Django looks for models here
from cases.reading import readable

# Access ends with the task and a fortnight for what comes after it.
AFTER_TASK = timedelta(days=14)
BEFORE_ALL, AFTER_ALL = date(1900, 1, 1), date(9999, 12, 31)


class Locality(models.Model):
    """A place in the municipality: Lillerød, Lynge, Blovstrød."""

    name = models.CharField(_("navn"), max_length=60, unique=True)
    postal_code = models.CharField(_("postnr."), max_length=4, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Party(models.Model):
    """Another authority, school or firm that one waits for."""

    name = models.CharField(_("navn"), max_length=120, unique=True)
    contact = models.CharField(_("kontakt"), max_length=200, blank=True)
    usual_days = models.PositiveSmallIntegerField(_("sædvanlig svartid i dage"), null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class CaseCounter(models.Model):
    """The last case number given out in a year; its row is locked while the next is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.year}: {self.last}"


def in_scope(user, path: str = "") -> Q:
    """The cases in the user's scope, those the user has been put on, and those opened for a while.

    Team scope: own, deputised and the team's cases; a case without a team is seen by every caseworker.
    Assigned scope: where there is an assignment or a task of the user's, and a fortnight after each.
    A protected case exists for the assigned alone: that it is here is itself the address (docs/adr/0013).
    path leads to the case ("case__"), so that a list which joins it anyway asks for no second one.
    """
    if not (can(user, Permission.SEE_CASES) and sees_cases(user)):
        return Q(pk__in=())
    return in_daily_scope(user, path) | Q(**{f"{path}number__in": tuple(user.openings)})


def in_daily_scope(user, path: str = "") -> Q:
    """The same without what is opened for a while: the cases the user works on."""
    assigned = {"pk__in": user.assigned}
    if has_team_scope(user):
        assigned |= {"caseworker__in": user.acting_for}
        others = {"team": user.team_id, "team__isnull": True}
    else:
        others = {"id__in": Case.objects.with_task_of(user).values("pk")}
    return any_of(assigned, path) | Q(**{f"{path}protected": False}) & any_of(others, path)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(in_scope(user))

    def with_task_of(self, user):
        """Where a deadline is the user's, or was until a fortnight ago.

        By the name of the relation: the steps belong to the floor above.
        """
        since = user.asked_on - AFTER_TASK
        mine = Q(steps__owner__in=user.acting_for) | Q(steps__assignee__in=user.acting_for)
        running = (
            Q(steps__met_on=None) | Q(steps__met_on__gte=since),
            Q(steps__done_on=None) | Q(steps__done_on__gte=since),
            Q(steps__withdrawn_on=None) | Q(steps__withdrawn_on__gte=since),
        )
        return self.filter(mine, *running)

    def open(self):
        return self.filter(closed_on=None)


class Case(models.Model):
    number = models.CharField(_("sagsnr."), max_length=12, unique=True)
    family_name = models.CharField(_("familienavn"), max_length=80)
    external_number = models.CharField(_("familienr."), max_length=40, blank=True)
    external_source = models.CharField(_("kilde"), max_length=60, blank=True)
    esdh_number = models.CharField(_("ESDH-sag"), max_length=40, blank=True)
    caseworker = by_user(verbose_name=_("sagsbehandler"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    registered_on = models.DateField(_("registreret"))
    registered_by = by_user()
    closed_on = models.DateField(_("afsluttet"), null=True, blank=True)
    closing_reason = models.CharField(_("årsag"), max_length=30, blank=True, choices=choices.Closing)
    closed_by = by_user()
    # somebody in it is protected; derived by cases.secrecy.protected_cases, written by cases.services.mark_protected
    protected = models.BooleanField(default=False, editable=False)
    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_source", "external_number"],
                condition=~Q(external_number=""),
                name="external_number_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closing_reason="") | (Q(closed_on__isnull=False) & ~Q(closing_reason="")),
                name="closed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["caseworker", "closed_on"]), models.Index(fields=["family_name", "id"])]

    def __str__(self):
        return f"{self.number} {self.family_name}"

    def get_absolute_url(self):
        return reverse("desk:case", args=[self.number])

    @property
    def title(self) -> str:
        return family_title(self.family_name)


class AssignmentQuerySet(models.QuerySet):
    def in_force(self, user):
        """Ids of the cases that the user, or a colleague for whom the user stands in, works with today."""
        day = user.asked_on
        stands = Q(ends_on=None) | Q(ends_on__gte=day - AFTER_TASK)
        return self.filter(stands, user__in=user.acting_for, starts_on__lte=day).values_list("case", flat=True)


class Assignment(models.Model):
    """A colleague who works with the family: since when, until when, and why. Access ends 14 days after the task."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_assignments")
    why = models.CharField(_("opgave"), max_length=120)
    starts_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"), null=True, blank=True)
    given_by = by_user()
    ended_by = by_user()
    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ends_on=None), name="one_open_assignment_per_colleague"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="assignment_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_on"], name="assignment_user")]

    def __str__(self):
        return f"{self.case_id}: {self.user_id}"


class Person(models.Model):
    """A member of one case at a time. Dates of coming and going stand on the stay."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="people")
    role = models.CharField(_("rolle"), max_length=20, choices=choices.FamilyRole, default=choices.FamilyRole.OTHER)
    given_names = models.CharField(_("fornavn"), max_length=80)
    surname = models.CharField(_("efternavn"), max_length=80, blank=True)
    cyrillic_name = models.CharField(_("navn på kyrillisk"), max_length=160, blank=True)
    search_key = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    birth_date = models.DateField(_("fødselsdato"), null=True, blank=True)
    birth_date_estimated = models.BooleanField(_("anslået fødselsdato"), default=False)
    sex = models.CharField(_("køn"), max_length=1, blank=True, choices=choices.Sex)
    citizenship = models.CharField(_("statsborgerskab"), max_length=60, blank=True)
    udl_nr = models.CharField(_("udl.nr."), max_length=20, null=True, blank=True, unique=True)
    custody_holder = models.CharField(_("forældremyndighed"), max_length=120, blank=True)
    unaccompanied_minor = models.BooleanField(_("uledsaget mindreårig"), default=False)
    languages = models.CharField(_("sprog"), max_length=120, blank=True)
    interpreter = models.BooleanField(_("tolk er nødvendig"), default=False)
    interpreter_wish = models.CharField(_("ønske til tolk"), max_length=120, blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    registered_on = models.DateField(_("registreret"))
    # set when somebody moves in from another case: household duties count the member from then
    joined_on = models.DateField(_("del af husstanden fra"), null=True, blank=True)
    treated_as_adult_from = models.DateField(_("behandles som voksen fra"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["phone"])]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()

    @property
    def short_name(self) -> str:
        return (self.given_names or self.surname).split(" ")[0]


class CprNumber(models.Model):
    """A person's number in a table of its own, so that no list can fetch it by accident.

    A replacement number is followed by the ordinary one; the old row stays, with `replaced_on`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="cpr_numbers")
    number = EncryptedTextField()
    index = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=choices.CprKind)
    registered_on = models.DateField()
    replaced_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(replaced_on=None), name="one_current_cpr")
        ]

    def __str__(self):
        return f"CPR {self.person_id}"


class AskedDate(models.Model):
    """A missing date somebody has been asked for: which one, whom, when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="asked_dates")
    about = models.CharField(max_length=30, choices=choices.AskedAbout)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    whom = models.CharField(max_length=120, blank=True)
    asked_on = models.DateField()
    asked_by = by_user()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "about"], name="asked_once_per_date")]

    def __str__(self):
        return f"{self.about}: {self.asked_on}"


class StayQuerySet(models.QuerySet):
    def of(self, cases):
        """Stays of the people of these cases with their person, in one query.

        `window_start` (exclusive) and `window_end` (inclusive) say which of the person's rows belong to the round.
        """
        previous = Stay.objects.filter(person=OuterRef("person"), round=OuterRef("round") - 1)
        return (
            self.filter(person__case__in=cases)
            .select_related("person")
            .annotate(
                window_start=Coalesce(Subquery(previous.values("left_on")[:1]), Value(BEFORE_ALL)),
                window_end=Coalesce(F("left_on"), Value(AFTER_ALL)),
            )
            .order_by("person__case_id", "person_id", "round")
        )

    def with_grant(self):
        """`granted_on`: the first day a permit was granted, for the age on the starting day of a `granted` rule."""
        states = [choices.PermitState.GRANTED, choices.PermitState.EXTENDED]
        grants = Permit.objects.filter(person=OuterRef("person"), annulled_on=None, state__in=states)
        first = grants.annotate(day=Coalesce("granted_on", "since")).order_by("day", "pk")
        return self.annotate(granted_on=Subquery(first.values("day")[:1]))


class Stay(models.Model):
    """One round of being here. Every date may be missing; a return is a new stay."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="stays")
    round = models.PositiveSmallIntegerField(default=1)
    expected_on = models.DateField(_("ventes"), null=True, blank=True)
    staying_since = models.DateField(_("opholder sig her siden"), null=True, blank=True)
    visitation_on = models.DateField(_("visiteringsdato"), null=True, blank=True)
    arrived_on = models.DateField(_("ankomst til kommunen"), null=True, blank=True)
    residence_from = models.DateField(_("taget ophold"), null=True, blank=True)
    responsibility_from = models.DateField(_("overtaget ansvar"), null=True, blank=True)
    left_on = models.DateField(_("fraflyttet"), null=True, blank=True)
    left_reason = models.CharField(_("årsag"), max_length=20, blank=True, choices=choices.Left)
    objects = StayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "round"], name="one_stay_per_round")]

    def __str__(self):
        return f"{self.person_id}, ophold {self.round}"


class Permit(models.Model):
    """One line of a person's permit history; the newest that stands is the current one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="permits")
    basis = models.CharField(
        _("grundlag"), max_length=20, choices=choices.PermitBasis, default=choices.PermitBasis.SPECIAL_ACT
    )
    state = models.CharField(_("status"), max_length=20, choices=choices.PermitState)
    since = models.DateField(_("gælder fra"))
    letter_on = models.DateField(_("brevdato"), null=True, blank=True)
    granted_on = models.DateField(_("meddelt"), null=True, blank=True)
    valid_until = models.DateField(_("gyldig til"), null=True, blank=True)
    from_letter = models.BooleanField(_("fra visiteringsbrevet"), default=False)
    recorded_by = by_user()
    annulled_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "since"])]

    def __str__(self):
        return f"{self.get_state_display()} {self.since}"


class Consent(models.Model):
    """What a family agreed to share, with whom, in which language; withdrawal ends the sharing."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="consents")
    people = models.ManyToManyField(Person, related_name="consents", blank=True)
    what = models.CharField(max_length=200)
    shared_with = models.CharField(max_length=120)
    language = models.CharField(max_length=40, blank=True)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    recorded_by = by_user()

    def __str__(self):
        return f"{self.what}: {self.shared_with}"


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Lines of visible cases, by area and by data class; what may not be read leaves no trace.

        Health is read by the assigned caseworker and, in their cases, by those with SEE_HEALTH; violence by the
        assigned caseworker and by whoever wrote it and reads health. A case opened for a while is read whole, violence
        by managers only.
        """
        mine, opened = Q(case__caseworker__in=user.acting_for), Q(case__number__in=tuple(user.openings))
        return self.filter(in_scope(user, "case__")).filter(readable(user, mine, opened))

    def in_case(self, case: Case, user):
        """`visible_to` within a case that came through the door (cases.access.get_case): its scope is settled."""
        mine, opened = case.caseworker_id in user.acting_for, case.number in user.openings
        return self.filter(readable(user, known(mine), known(opened)), case=case)


class Entry(models.Model):
    """A line of the timeline: the finished sentence, written once. A correction is a new line."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    area = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=60)
    data_class = models.CharField(max_length=12, choices=choices.DataClass, default=choices.DataClass.ORDINARY)
    on = models.DateField()
    text = models.CharField(max_length=400)
    body = models.TextField(blank=True)
    author = by_user()
    recorded_at = models.DateTimeField(auto_now_add=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    people = models.ManyToManyField(Person, related_name="entries", blank=True)
    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "-on", "-id"])]

    def __str__(self):
        return f"{self.on} {self.kind}"
