"""The strategy's six areas with their goals, as the evaluation follows them up (§ 8).

Source: Tillæg til strategi for modtagelse og integration af flygtninge, rev. april 2022, §§ 1–6.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deadlines.local import PREFIX
from deadlines.models import LocalRule
from desk.areas import RULES


@dataclass(frozen=True, slots=True)
class StrategyArea:
    """key: of desk.areas. paragraph: of the strategy. title and goals: its own words."""

    key: str
    paragraph: int
    title: str | Promise
    goals: tuple[str | Promise, ...]


AREAS = (
    StrategyArea(
        "reception",
        1,
        _("Modtagelse – én indgang til kommunen"),
        (
            _("Den enkelte borger eller familie bliver hurtigt aktive medborgere."),
            _("Familien modtager hurtigt et tilbud om institutionsplads og/eller skole."),
        ),
    ),
    StrategyArea(
        "housing",
        2,
        _("Hensigtsmæssig boligplacering"),
        (
            _("Løbende tilpasning af kapaciteten af midlertidige boliger i forhold til behovet."),
            _("Flygtningefamilier integreres i nærmiljøer gennem lokal boligplacering."),
        ),
    ),
    StrategyArea(
        "employment",
        3,
        _("Selvforsørgende så hurtigt som muligt"),
        (
            _("Alle udvikler dokumenterede kompetencer, der gør dem attraktive på det danske arbejdsmarked."),
            _("Alle opnår og fastholder erkendelsen af og motivation for, at beskæftigelse er vejen til integration."),
        ),
    ),
    StrategyArea(
        "schooling",
        4,
        _("Leg og læring"),
        (
            _("Alle børn og unge opnår hurtigt tilegnelse af det danske sprog."),
            _("Alle børn og unge får kendskab til og værdifulde oplevelser af at være en del af fritidslivet."),
            _("Familier deltager i sociale begivenheder i forbindelse med børnenes skolegang eller dagtilbudsliv."),
            _("Voksne får tilbud om relevante kurser og uddannelse, herunder sprogundervisning."),
        ),
    ),
    StrategyArea(
        "health",
        5,
        _("Sundhed og trivsel"),
        (
            _("Sundhedsindsatserne øger alle nyankomnes handlekompetencer, så de aktivt træffer sunde valg."),
            _("Nyankomne hjælpes bedst muligt, så sygefravær falder, og flere er i arbejde og uddannelse."),
        ),
    ),
    StrategyArea(
        "volunteers",
        6,
        _("At være en del af lokalsamfundet"),
        (
            _("Den kulturelle integration i nærmiljøet mindsker social eksklusion og afstanden til øvrige borgere."),
            _("Mangfoldighed i lokalmiljøet beriger kommunens borgere med udsyn, respekt og fællesskab."),
            _("Meningsfyldte fritidsaktiviteter øger børns og unges tilknytning til deres jævnaldrende."),
        ),
    ),
)


def area_by_rule() -> dict[str, str]:
    """Rule → key of its area, the municipality's own duties among them. One query."""
    own = {f"{PREFIX}{slug}": area for slug, area in LocalRule.objects.values_list("slug", "area")}
    return {key: rule.area for key, rule in RULES.items()} | own
