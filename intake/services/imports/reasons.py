"""Why a row was refused or needs a look: stable codes with their Danish sentences."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ERRORS = {
    "family_number_missing": _("Familienr. mangler. Skriv det i listen, og indlæs den igen."),
    "person_number_missing": _("Udl.nr. mangler. Skriv det i listen, og indlæs den igen."),
    "name_missing": _("Navnet mangler."),
    "text_too_long": _("Feltet %(field)s er for langt."),
    "birth_date_impossible": _("Fødselsdatoen %(text)s findes ikke i kalenderen."),
    "birth_date_unreadable": _("Fødselsdatoen %(text)s kan ikke læses."),
    "birth_date_ahead": _("Fødselsdatoen %(text)s ligger efter i dag."),
    "visitation_date_impossible": _("Visiteringsdatoen %(text)s findes ikke i kalenderen."),
    "visitation_date_unreadable": _("Visiteringsdatoen %(text)s kan ikke læses."),
    "visitation_date_ahead": _("Visiteringsdatoen %(text)s ligger efter i dag."),
    "arrival_date_impossible": _("Ankomstdatoen %(text)s findes ikke i kalenderen."),
    "arrival_date_unreadable": _("Ankomstdatoen %(text)s kan ikke læses."),
    "residence_date_impossible": _("Bopælsdatoen %(text)s findes ikke i kalenderen."),
    "residence_date_unreadable": _("Bopælsdatoen %(text)s kan ikke læses."),
    "dates_before_birth": _("En af datoerne ligger før fødselsdatoen."),
    "arrival_long_before_visitation": _(
        "Ankomsten %(arrival)s ligger mere end 180 dage før visiteringen. Er årstallet rigtigt?"
    ),
    "cpr_in_use": _("CPR-nummeret kan ikke bruges her. Kontrollér det i listen, eller spørg din leder."),
    "case_closed": _("Familiens sag er afsluttet. Genåbn den, før du indlæser rækken."),
    # one sentence for whatever is not the reader's: it must not tell that somebody has a case here
    "to_clarify": _("Rækken er sendt til afklaring hos lederen."),
}
DUPLICATES = {"duplicate_in_file": _("Samme Udl.nr. som række %(row)s. Rækken er ikke brugt.")}
WARNINGS = {
    "residence_missing": _("Bopæl er ikke taget. Frister, der regnes derfra, venter på datoen."),
    "residence_ahead": _("Bopælsdatoen %(date)s ligger efter i dag og er ikke indlæst."),
    "residence_before_arrival": _("Bopælsdatoen ligger før ankomsten. Se efter."),
    "adult_on_arrival": _("Står som barn, men er fyldt 18 ved ankomsten og behandles som voksen."),
    "child_on_arrival": _("Står som voksen, men er under 18 ved ankomsten."),
    "cpr_date_differs": _("CPR-nummeret og fødselsdatoen passer ikke sammen. Se efter."),
    "cpr_sex_differs": _("CPR-nummeret og kønnet passer ikke sammen. Se efter."),
    "cpr_unreadable": _("CPR-nummeret kan ikke læses og er ikke indlæst."),
    "unaccompanied_minor": _("Der er ingen voksen i familien. Barnet mærkes som uledsaget."),
    "adult_rejected": _("Familiens voksne er afvist, se række %(row)s."),
    "arrived_before_visitation": _("Kom %(arrival)s, før visiteringen. Står som »opholder sig her siden«."),
    "arrival_ahead": _("Ankomsten %(date)s ligger efter i dag. Familien ventes den dag."),
    "arrival_missing": _("Ankomsten mangler. Frister, der regnes derfra, venter på datoen."),
    "visitation_missing": _("Visiteringsdatoen mangler. Frister, der regnes derfra, venter på datoen."),
    "birth_date_missing": _("Fødselsdatoen mangler. Rollen afgør, om personen er barn eller voksen."),
    "given_name_missing": _("Fornavnet mangler."),
    "role_unknown": _("Rollen kan ikke læses. Alderen afgør den."),
    "sex_unknown": _("Kønnet kan ikke læses og er ikke indlæst."),
    "phone_unreadable": _("Telefonnummeret kan ikke læses og er ikke indlæst."),
    "email_unreadable": _("E-mailadressen kan ikke læses og er ikke indlæst."),
    "looks_registered": _("Ligner en person, der er registreret uden Udl.nr. Se efter, før du indlæser."),
    "joins_known_case": _("En i familien har allerede sag %(case)s. Personen føjes til den."),
    "apart_from_known_case": _("En i familien har allerede sag %(case)s. Personen får alligevel en ny sag."),
    "known_in_other_cases": _("Andre i familien har allerede sag %(case)s. Personen får en ny sag. Se efter."),
    "in_other_family": _("Personen hører til en anden familie i systemet. Familien er ikke ændret."),
    "has_left": _("Personen er fraflyttet. Registrér et nyt ophold på sagen, hvis personen er kommet igen."),
}
SENTENCES = {**ERRORS, **DUPLICATES, **WARNINGS}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with the values of its sentence. Values are dates, row numbers or a cell, never a CPR number."""

    code: str
    values: tuple[tuple[str, Any], ...] = ()

    @property
    def is_error(self) -> bool:
        return self.code in ERRORS

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % dict(self.values)


def reason(code: str, **values) -> Reason:
    return Reason(code, tuple(sorted(values.items())))
