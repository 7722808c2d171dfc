"""The registers of this app that may be had as files."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _l

from accounts.access import Permission
from accounts.models import AccessRecord
from cases.models import Consent
from desk.services import access_log
from desk.services.export import Column
from desk.services.listings import ListFile
from keeping.services import breach
from keeping.services import consents as register

KIND = "keeping.list"


def consent_rows(user, chosen: Mapping, today: date) -> QuerySet[Consent]:
    return register.found(user, chosen).filter(case__protected=False)  # they leave the house in no file


def consent_cells(rows: Sequence[Consent], user, today: date) -> list[tuple]:
    return [
        (register.who(r), r.case.number, r.what, r.shared_with, r.language, r.given_on, r.withdrawn_on) for r in rows
    ]


CONSENTS = ListFile(
    name="samtykker",
    title=_l("Samtykker"),
    permission=Permission.SEE_CASE_FILES,
    columns=(
        Column(_l("Hvem"), 32),
        Column(_l("Sagsnr."), 12),
        Column(_l("Hvad"), 44),
        Column(_l("Med hvem"), 28),
        Column(_l("Sprog"), 14),
        Column(_l("Givet"), 12),
        Column(_l("Trukket tilbage"), 16),
    ),
    rows=consent_rows,
    cells=consent_cells,
    case="case",
)


def breach_cells(rows: Sequence[AccessRecord], user, today: date) -> list[tuple]:
    records = list(rows)
    lines = access_log.lines(records, people={}, neutral=False)
    return [
        (line["at"], line["who"], line["what"], line["case"], row.person_id or "", line["purpose"], line["detail"])
        for line, row in zip(lines, records, strict=True)
    ]


BREACH = ListFile(
    name="brud",
    title=_l("Hvem har set hvem"),
    permission=Permission.READ_LOG,
    columns=(
        Column(_l("Tidspunkt"), 22),
        Column(_l("Bruger"), 26),
        Column(_l("Handling"), 34),
        Column(_l("Sagsnr."), 12),
        Column(_l("Person-id"), 10),
        Column(_l("Formål"), 40),
        Column(_l("Detaljer"), 40),
    ),
    rows=lambda user, chosen, today: breach.found(chosen),
    cells=breach_cells,
    limited=False,
)

LISTINGS = {listing.name: listing for listing in (CONSENTS, BREACH)}
