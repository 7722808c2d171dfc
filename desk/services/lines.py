"""One step as one line of a list: who, what, the latest fact, how it stands, and the one button for this user.

Everything is prepared here in Python, so that a page of fifty lines costs little more than its one query.
"""

from datetime import date

from django.conf import settings
from django.db.models import BigIntegerField, Case, OuterRef, Subquery, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.formats import age_on, relative, weekday_date, weekday_date_year
from cases.models import Person
from deadlines.models import Kind, Step, StepQuerySet
from deadlines.rules import ADULT_AGE, WAITS
from deadlines.status import is_before_use, is_waiting, is_waived, look_of
from desk.areas import act_url, rule_of

# Health is known by its neutral title alone: what people wrote about such a step stays on its own page.
NEUTRAL = "health"
WITH = ("case", "person", "owner", "waiting_for")
FIELDS = (
    "rule",
    "round",
    "area",
    "title",
    "starts_on",
    "due_on",
    "kind",
    "met_on",
    "evidence",
    "waits_for",
    "withdrawn_on",
    "waived_on",
    "waived_until",
    "waived_kind",
    "waived_by",
    "confirmed_on",
    "follow_up_on",
    "follow_up_reason",
    "waiting_until",
    "done_on",
    "effective_on",
    "case__number",
    "case__family_name",
    "person__given_names",
    "person__surname",
    "person__birth_date",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "waiting_for__name",
)


def for_lines(steps: StepQuerySet) -> StepQuerySet:
    """The columns a line needs, and no others; first_person is whom a household's missing date is asked of."""
    members = Person.objects.filter(case=OuterRef("case")).order_by("pk").values("pk")[:1]
    wanted = When(person=None, due_on=None, then=Subquery(members))
    return (
        steps.select_related(*WITH)
        .only(*FIELDS)
        .annotate(first_person=Case(wanted, default=None, output_field=BigIntegerField()))
    )


def day_text(day: date, today: date) -> str:
    """ "fre. 27. nov.", with the year when it isn't this one."""
    return weekday_date(day) if day.year == today.year else weekday_date_year(day)


class Lines:
    """Turns steps into rows of components/deadline_row.html for one user on one day."""

    def __init__(self, user, today: date, *, back: str = "/", owners: bool = False):
        self.user, self.today, self.owners = user, today, owners
        self.back = urlencode({"next": back})

    @cached_property
    def writes(self) -> bool:
        return can(self.user, Permission.WRITE_CASES)

    @cached_property
    def matches(self) -> bool:
        return can(self.user, Permission.MATCH_VOLUNTEERS)

    @cached_property
    def reads_files(self) -> bool:
        return can(self.user, Permission.SEE_CASE_FILES)

    def row(self, step: Step) -> dict:
        look, day = look_of(step, self.today), step.effective_on
        action_url, action_label = self.action(step)
        family = reverse("desk:case", args=[step.case.number])
        return {
            "url": reverse("desk:step", args=[step.pk]),
            "status": look,
            "title": step.title,
            "hint": self.hint(step),
            "kind": step.kind,
            "kind_label": step.get_kind_display() if step.kind else _("Egen opgave"),
            "who": self.who(step),
            "who_url": family,
            "sub": self.sub(step),
            "relative": relative(day, self.today) if day else _("Uden dato"),
            "date": day_text(day, self.today) if day else "",
            "iso": day.isoformat() if day else "",
            "action_url": action_url,
            "action_label": action_label,
            "grey": is_before_use(step, settings.IN_USE_FROM),
        }

    def who(self, step: Step) -> str:
        """ "Danylo Kovalenko, 4 år", or the family of a household's step."""
        if step.person is None:
            return step.case.title
        age = self.age(step)
        return f"{step.person.full_name}, {_('%d år') % age}" if age is not None else step.person.full_name

    def age(self, step: Step) -> int | None:
        """A child's age, for those who may read the family's dates."""
        birth = step.person.birth_date
        if birth is None or birth > self.today or not self.reads_files:
            return None
        age = age_on(birth, self.today)
        return age if age < ADULT_AGE else None

    def sub(self, step: Step) -> str:
        family = step.case.title if step.person else _("Husstanden")
        if not self.owners:
            return family
        return f"{family} · {step.owner.name if step.owner else _('ingen sagsbehandler')}"

    def hint(self, step: Step) -> str:
        """The latest fact, then what is waited for and what people decided."""
        if step.area == NEUTRAL:
            return ""
        return " · ".join(filter(None, [step.evidence, self.waiting(step), self.decided(step)]))

    def waiting(self, step: Step) -> str:
        if is_waiting(step, self.today):
            until = _(" til %s") % weekday_date(step.waiting_until) if step.waiting_until else ""
            return _("Venter på %(who)s%(until)s") % {"who": step.waiting_for, "until": until}
        if step.due_on is None and step.waits_for:
            return _("Mangler: %s") % WAITS.get(step.waits_for, step.waits_for)
        return ""

    def decided(self, step: Step) -> str:
        if step.waived_on and not is_waived(step, self.today) and step.waived_until is None:
            return _("»Ikke omfattet« afventer godkendelse")
        if step.follow_up_on and step.kind == Kind.LAW:
            return _("Opfølgning %(day)s: %(why)s") % {
                "day": weekday_date(step.follow_up_on),
                "why": step.follow_up_reason,
            }
        if step.follow_up_on:
            return _("Forlænget til %(day)s: %(why)s") % {
                "day": weekday_date(step.follow_up_on),
                "why": step.follow_up_reason,
            }
        return ""

    def action(self, step: Step) -> tuple[str, str]:
        """(url, label) of the next click: the missing date, the act, or the step itself."""
        number, page = step.case.number, reverse("desk:step", args=[step.pk])
        if step.due_on is None and step.waits_for:
            return self.date_action(step)
        if not (self.writes or (self.matches and step.area == "volunteers")):
            return page, _("Se frist")
        rule = rule_of(step)
        if url := act_url(step, number):
            return f"{url}?{self.back}", str(rule.act)
        if rule and not rule.tick and step.person_id:
            return reverse("desk:person", args=[number, step.person_id]), _("Skriv datoen")
        return page, _("Registrér udført")

    def date_action(self, step: Step) -> tuple[str, str]:
        """The field of the date that is missing; a household's stands with its first member."""
        number = step.case.number
        if not self.writes:
            return reverse("desk:case", args=[number]), _("Se familien")
        person_id = step.person_id or step.first_person
        if person_id is None:
            return reverse("desk:case", args=[number]), _("Se familien")
        if step.waits_for == "permit":
            return reverse("desk:permit", args=[number, person_id]), _("Skriv tilladelsen")
        return reverse("desk:person", args=[number, person_id]) + f"#id_{step.waits_for}", _("Skriv datoen")


def waits_title(waits_for: str) -> str:
    """ "Mangler taget ophold"."""
    return _("Mangler %s") % WAITS.get(waits_for, waits_for)
