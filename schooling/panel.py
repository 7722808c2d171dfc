"""What stands for each person in play and learning, and what can be registered: the family's tab."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, areas_of, can, reads_file, tabs_of
from cases.formats import long_date
from deadlines.models import Step
from schooling import rules, services
from schooling.models import DaycareOffer, LanguageOffer, LanguageReferral, SchoolOffer

# model, its day, its name in URLs, the field of the place
KINDS = (
    (DaycareOffer, "offered_on", "daycare", "daycare"),
    (SchoolOffer, "offered_on", "school", "school"),
    (LanguageOffer, "offered_on", "language", "provider"),
    (LanguageReferral, "referred_on", "referral", "provider"),
)
LANGUAGE_KINDS = tuple(kind for kind in KINDS if kind[3] == "provider")


def panel(case, user) -> dict:
    """{"people": [{name, acts, rows}], "may_write"}: whoever has a duty or a fact in this area. Six queries.

    Who works with the language schools alone gets those alone.
    """
    may_write = can(user, Permission.WORK_WITH_LANGUAGE)
    links = Links(case)
    steps = Step.objects.visible_to(user).filter(case=case, area="schooling", withdrawn_on=None, person__isnull=False)
    asked = {(step.person_id, step.rule): step for step in steps.order_by("round")}
    facts = standing(case, KINDS if "schooling" in tabs_whole(case, user) else LANGUAGE_KINDS)
    people = []
    for person in case.people.order_by("pk"):
        mine = [asked[person.pk, rule.key] for rule in rules.RULES if (person.pk, rule.key) in asked]
        rows = [row for row in facts if row["person_id"] == person.pk]
        if mine or rows:
            acts = [links.act(step) for step in mine] if may_write else []
            shown = [{**row, "links": links.of(row["row"], person) if may_write else []} for row in rows]
            people.append({"name": person.full_name, "acts": acts, "rows": shown})
    return {"people": people, "may_write": may_write}


def tabs_whole(case, user) -> frozenset[str]:
    """The areas that the user reads whole in this case."""
    return tabs_of(user, case.number) if reads_file(user, case.number) else areas_of(user)


def standing(case, kinds=KINDS) -> list[dict]:
    """Every standing row of the case's people, the oldest first: a query a kind."""
    found = [
        {"row": row, "person_id": row.person_id, "on": getattr(row, on)}
        for model, on, _name, place in kinds
        for row in model.objects.standing().filter(person__case=case).select_related(place)
    ]
    found.sort(key=lambda item: (item["on"], item["row"].recorded_at))
    return [{**item, **wording(item["row"])} for item in found]


def wording(row) -> dict:
    """The sentence and the small print of a row."""
    begins = getattr(row, "starts_on", None)
    note = _("Begynder %s") % long_date(begins) if begins else ""
    if isinstance(row, LanguageReferral) and row.started_on:
        course = [row.get_level_display() if row.level else "", _("modul %d") % row.module if row.module else ""]
        note = ", ".join([_("Begyndt %s") % long_date(row.started_on), *filter(None, course)])
    return {"text": services.standing_sentence(row), "note": note}


class Links:
    """URLs of this case's acts; each returns to the tab it was opened from."""

    def __init__(self, case):
        self.number = case.number
        self.back = "?" + urlencode({"next": f"{case.get_absolute_url()}leg-og-laering/"})

    def act(self, step: Step) -> dict:
        rule = next(rule for rule in rules.RULES if rule.key == step.rule)
        text = _("Registrér nyt: %s") % str(rule.noun).lower() if step.met_on else str(rule.title)
        url = reverse(step.rule.replace(".", ":"), args=[self.number, step.person_id])
        return {"url": url + self.back, "text": text, "primary": False}

    def of(self, row, person) -> list[dict]:
        name = next(name for model, _on, name, _place in KINDS if isinstance(row, model))
        found = []
        if name == "referral" and not row.started_on:
            found.append({"url": self._url("language_start", row), "text": _("Registrér start")})
        if name != "referral" and not row.answer:
            found.append({"url": self._url(f"answer_{name}", row), "text": _("Registrér svar")})
        return [*found, {"url": self._url(f"annul_{name}", row), "text": _("Annullér")}]

    def _url(self, name: str, row) -> str:
        return reverse(f"schooling:{name}", args=[self.number, row.pk]) + self.back
