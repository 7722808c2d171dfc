"""One step as one line of a list: who, what, the latest fact, how it stands, and the one button for this user.

Everything is prepared here in Python, so that a page of fifty lines costs little more than its one query. Paths are
learnt from the URL table once per process: naming two hundred links one by one costs more than reading the rows.
"""

from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import BigIntegerField, Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can, works_on
from cases.formats import age_on, family_title, relative, weekday_date, weekday_date_year
from cases.location import HIDDEN, PLACE_AREAS
from cases.models import Person
from cases.sight import sees
from deadlines.access import reads_area
from deadlines.models import Kind, Step, StepQuerySet
from deadlines.rules import ADULT_AGE, WAITS
from deadlines.status import is_before_use, is_waiting, is_waived, look_of
from desk.areas import act_url, rule_of

# Health is known by its neutral title alone: what people wrote about such a step stays on its own page.
NEUTRAL = "health"
ABOUT = "person__"
COLUMNS = (
    "pk",
    "case_id",
    "person_id",
    "rule",
    "area",
    "title",
    "due_on",
    "kind",
    "met_on",
    "evidence",
    "waits_for",
    "withdrawn_on",
    "waived_on",
    "waived_until",
    "waived_kind",
    "confirmed_on",
    "follow_up_on",
    "follow_up_reason",
    "waiting_for_id",
    "waiting_until",
    "done_on",
    "effective_on",
    "group",
    "case__number",
    "case__family_name",
    "case__protected",
    "case__caseworker",
    "person__given_names",
    "person__surname",
    "person__birth_date",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "waiting_for__name",
    "first_person",
)


def for_lines(steps: StepQuerySet, user) -> QuerySet:
    """The columns a line needs, as tuples with their names: fifty rows of five models each would cost thrice as much.

    first_person is whom a household's missing date is asked of. What the user does not see of a person is not fetched.
    """
    members = Person.objects.filter(case=OuterRef("case")).order_by("pk").values("pk")[:1]
    wanted = When(person=None, due_on=None, then=Subquery(members))
    if "group" not in steps.query.annotations:
        steps = steps.annotate(group=Value(None, output_field=IntegerField()))
    first = Case(wanted, default=None, output_field=BigIntegerField())
    shown = (name for name in COLUMNS if not name.startswith(ABOUT) or sees(user, name.removeprefix(ABOUT)))
    return steps.annotate(first_person=first).values_list(*shown, named=True)


def person_of(row) -> str:
    """The whole name of the person of a line; empty for a household's."""
    return f"{row.person__given_names} {row.person__surname}".strip() if row.person_id else ""


def owner_of(row) -> str:
    """As `User.name`; empty where nobody owns the step."""
    return f"{row.owner__first_name or ''} {row.owner__last_name or ''}".strip() or row.owner__username or ""


def family_of(row) -> str:
    return family_title(row.case__family_name)


# Stand in for a case number, a person and a step while a path is learnt; no real row has them.
NUMBER, PERSON, STEP = "0000-000000", 987654321, 987654322


@cache
def learnt(name: str, *given: str | int) -> str:
    return reverse(name, args=given)


def step_path(step_id: int) -> str:
    return learnt("desk:step", STEP).replace(str(STEP), str(step_id))


def case_path(number: str) -> str:
    return page_path("desk:case", number)


def page_path(name: str, number: str, *rest: str) -> str:
    """The path of a page of one case; rest are further parts that few values can have, such as an area's slug."""
    return learnt(name, NUMBER, *rest).replace(NUMBER, number)


def person_path(number: str, person_id: int, name: str = "desk:person") -> str:
    return learnt(name, NUMBER, PERSON).replace(NUMBER, number).replace(str(PERSON), str(person_id))


@cache
def act_of(rule_key: str) -> tuple[str, str | Promise]:
    """(path with placeholders, label of the button) of a rule's act; ("", "") where the step itself is ticked."""
    sample = Step(rule=rule_key, person_id=PERSON)
    url = act_url(sample, NUMBER)
    return (url, rule_of(sample).act) if url else ("", "")


def act_path(rule_key: str, number: str, person_id: int | None) -> tuple[str, str]:
    """(path, label) of the page on which the fact behind a step is registered; ("", "") where it is ticked."""
    path, label = act_of(rule_key)
    return path.replace(NUMBER, number).replace(str(PERSON), str(person_id)), str(label)


KIND_LABELS = {kind.value: kind.label for kind in Kind}


def kind_label(step) -> str:
    return str(KIND_LABELS[step.kind]) if step.kind else _("Egen opgave")


def day_text(day: date, today: date) -> str:
    """ "fre. 27. nov.", with the year when it isn't this one."""
    return weekday_date(day) if day.year == today.year else weekday_date_year(day)


class Lines:
    """Turns rows of `for_lines` into lines of the tag deadline_rows for one user on one day."""

    def __init__(self, user, today: date, *, back: str = "/", owners: bool = False):
        self.user, self.today, self.owners = user, today, owners
        self.back = urlencode({"next": back})

        self.writes = can(user, Permission.WRITE_CASES)
        self.ages = sees(user, "birth_date")
        self.names = sees(user, "given_names")
        self._works: dict[tuple[str, str], bool] = {}
        self._tells: dict[tuple[str, str], bool] = {}

    def works(self, step: Step) -> bool:
        """Whether the user registers what meets this step; asked once per rule."""
        key = (step.area, step.rule)
        if key not in self._works:
            self._works[key] = works_on(self.user, *key)
        return self._works[key]

    def tells(self, step: Step) -> bool:
        """Whether the user reads what is written about the step; asked once per rule."""
        key = (step.area, step.rule)
        if key not in self._tells:
            self._tells[key] = reads_area(self.user, *key)
        return self._tells[key]

    def title(self, step: Step) -> str:
        return step.title if step.rule or self.names else _("Egen opgave")

    def covered(self, step):
        """A protected family's line for a colleague: without places, and for the coordinator without names."""
        if not step.case__protected or step.case__caseworker in self.user.acting_for:
            return step
        hidden = {"evidence", "waiting_for__name", "follow_up_reason"} if step.area in PLACE_AREAS else set()
        step = step._replace(**{name: str(HIDDEN) for name in hidden if getattr(step, name)})
        if can(self.user, Permission.SEE_CONTACT):
            return step
        return step._replace(case__family_name=step.case__number, person_id=None)

    def row(self, step) -> dict:
        step = self.covered(step)
        look, day = look_of(step, self.today), step.effective_on
        action_url, action_label = self.action(step)
        return {
            "url": step_path(step.pk),
            "status": look,
            "title": self.title(step),
            "hint": self.hint(step),
            "kind": step.kind,
            "kind_label": kind_label(step),
            "who": self.who(step),
            "who_url": case_path(step.case__number),
            "sub": self.sub(step),
            "relative": relative(day, self.today) if day else _("Uden dato"),
            "date": day_text(day, self.today) if day else "",
            "iso": day.isoformat() if day else "",
            "action_url": action_url,
            "action_label": action_label,
            "grey": is_before_use(step, settings.IN_USE_FROM),
        }

    def who(self, step) -> str:
        """ "Danylo Kovalenko, 4 år", or the family of a household's step."""
        if step.person_id is None:
            return family_of(step)
        if not self.names:
            return _("Et medlem af familien")
        name, age = person_of(step), self.age(step)
        # a no-break space, so that "4 år" stays whole at the edge of a column
        return name if age is None else f"{name}, {age}\u00a0{_('år')}"

    def age(self, step) -> int | None:
        """A child's age, for those who may read the family's dates."""
        if not self.ages:
            return None
        birth = step.person__birth_date
        if birth is None or birth > self.today:
            return None
        age = age_on(birth, self.today)
        return age if age < ADULT_AGE else None

    def sub(self, step) -> str:
        family = family_of(step) if step.person_id else _("Husstanden")
        return f"{family} · {owner_of(step) or _('ingen sagsbehandler')}" if self.owners else family

    def hint(self, step) -> str:
        """The latest fact, then what is waited for and what people decided."""
        if step.area == NEUTRAL or not self.tells(step):
            return ""
        return " · ".join(filter(None, [step.evidence, self.waiting(step), self.decided(step)]))

    def waiting(self, step) -> str:
        if is_waiting(step, self.today):
            until = _(" til %s") % weekday_date(step.waiting_until) if step.waiting_until else ""
            return _("Venter på %(who)s%(until)s") % {"who": step.waiting_for__name, "until": until}
        return ""

    def decided(self, step) -> str:
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

    def action(self, step) -> tuple[str, str]:
        """(url, label) of the next click: the missing date, the act, or the step itself."""
        page = step_path(step.pk)
        if step.due_on is None and step.waits_for:
            return self.date_action(step)
        if not self.works(step):
            return page, _("Se frist")
        url, label = act_path(step.rule, step.case__number, step.person_id)
        if url:
            return f"{url}?{self.back}", label
        rule = rule_of(step)
        if rule and not rule.tick and step.person_id:
            return person_path(step.case__number, step.person_id), _("Skriv datoen")
        return page, _("Registrér udført")

    def date_action(self, step) -> tuple[str, str]:
        """The field of the date that is missing; a household's stands with its first member."""
        number, person_id = step.case__number, step.person_id or step.first_person
        if not self.writes or person_id is None:
            return case_path(number), _("Se familien")
        if step.waits_for == "permit":
            return person_path(number, person_id, "desk:permit"), _("Skriv tilladelsen")
        return f"{person_path(number, person_id)}#id_{step.waits_for}", _("Skriv datoen")


def waits_title(waits_for: str) -> str:
    """ "Mangler taget ophold"."""
    return _("Mangler %s") % WAITS.get(waits_for, waits_for)
