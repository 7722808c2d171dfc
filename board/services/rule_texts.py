"""What the rules in code are about, in words: for whom, what starts the clock, what meets it. Source: design.md §4."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Text(NamedTuple):
    who: str
    starts: str
    met: str


EVERYBODY, ADULTS, CHILDREN, HOUSEHOLD = _("Hver person"), _("Voksne"), _("Børn"), _("Husstanden")
WORKING_AGE = _("Voksne under pensionsalderen")
REGISTERED, RESIDENCE = _("Registreret"), _("Taget ophold")
RESPONSIBILITY, TICK = _("Overtaget ansvar"), _("Afkrydsning med dato")
TEXTS = {
    "reception.min_plan": Text(
        _("Voksne og uledsagede mindreårige"),
        _("Den seneste af ankomst og visitering"),
        _("Planen er gennemgået med borgeren og udleveret"),
    ),
    "reception.contract": Text(ADULTS, RESPONSIBILITY, _("Underskrevet af begge, eller fastsat uden enighed")),
    "reception.dates": Text(EVERYBODY, REGISTERED, _("Datoerne er udfyldt, eller der er spurgt om dem")),
    "reception.cpr": Text(EVERYBODY, REGISTERED, _("CPR-nr. registreret, eller afkrydsning med dato")),
    "reception.population_register": Text(EVERYBODY, REGISTERED, TICK),
    "reception.gp": Text(EVERYBODY, REGISTERED, TICK),
    "reception.tax_card": Text(ADULTS, REGISTERED, TICK),
    "reception.bank_account": Text(ADULTS, REGISTERED, TICK),
    "reception.support_rules": Text(ADULTS, REGISTERED, TICK),
    "reception.practical_guidance": Text(ADULTS, REGISTERED, TICK),
    "reception.custody": Text(_("Uledsagede mindreårige"), REGISTERED, TICK),
    "reception.permit_expiry": Text(
        _("Personer med en udløbsdato"),
        _("90 dage før opholdstilladelsen udløber"),
        _("Fraflytning; en forlængelse flytter datoen"),
    ),
    "housing.lodging_before_permit": Text(
        _("Husstande, der venter på opholdstilladelse"),
        _("Første ankomst, eller opholder sig her siden"),
        _("Indkvarteret, eller privat vært"),
    ),
    "housing.temporary_offer": Text(HOUSEHOLD, _("Første visitering"), _("Midlertidig bolig tilbudt")),
    "housing.takeover": Text(EVERYBODY, _("Visitering"), _("Datoen for overtaget ansvar er skrevet")),
    "housing.next_home": Text(
        _("Husstande, hvis placering slutter"), _("30 dage før placeringen slutter"), _("Næste placering")
    ),
    "employment.competences": Text(WORKING_AGE, RESIDENCE, _("Kompetencerne er afklaret")),
    "employment.referral": Text(WORKING_AGE, RESIDENCE, _("Henvist til job eller aktivering, eller i arbejde")),
    "schooling.daycare_offer": Text(
        _("Børn under skolealderen"),
        _("Den seneste af ophold og 26 uger efter fødslen"),
        _("Tilbudt, eller ikke ønsket"),
    ),
    "schooling.school_offer": Text(
        _("Børn til og med 17 år"),
        _("Den seneste af ophold og 1. august i det år, barnet fylder 6"),
        _("Skole, ungdomsskole eller ungdomsuddannelse tilbudt"),
    ),
    "schooling.language_offer": Text(ADULTS, _("Den seneste af ophold og opholdstilladelse"), _("Sprogskole tilbudt")),
    "schooling.language_referral": Text(ADULTS, RESPONSIBILITY, _("Henvist til sprogskole")),
    "health.need_assessed": Text(
        EVERYBODY, RESPONSIBILITY, _("Behovet er vurderet, og et tilbud givet, hvis der er et")
    ),
    "volunteers.introduction": Text(HOUSEHOLD, _("Første ankomst"), _("Introduceret til en frivillig organisation")),
    "volunteers.contact_person": Text(
        HOUSEHOLD, _("Første ankomst, eller den forrige kontaktperson stopper"), _("Kontaktperson, eller ikke ønsket")
    ),
    "volunteers.leisure_introduction": Text(HOUSEHOLD, _("Første ankomst"), _("Introduceret til fritid og foreninger")),
}
