"""Where somebody is: every field that tells it, in one list, and the one hand that covers it.

`tests/security/test_location.py` fails the build on a field that smells of a place and stands in neither list.
A protected family's places are read by its caseworker and the deputy, and by others who work with it after a reason
(cases.access.sees_places); docs/adr/0010.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from cases.choices import DataClass
from cases.models import Entry

HIDDEN = _("Beskyttet")
# Fields that tell where a family or one of it lives, learns, works or is to be met.
LOCATION = {
    "cases.Case": ("locality",),
    "cases.Entry": ("text", "body"),
    "deadlines.Step": ("evidence", "done_text", "waiting_for", "waived_reason", "follow_up_reason"),
    "housing.Placement": ("dwelling", "host"),
    "schooling.DaycareOffer": ("daycare",),
    "schooling.SchoolOffer": ("school",),
    "schooling.LanguageOffer": ("provider",),
    "schooling.LanguageReferral": ("provider",),
    "employment.Referral": ("employer", "position"),
    "employment.Job": ("employer", "position"),
    "volunteers.Introduction": ("organisation",),
    "volunteers.LeisureIntroduction": ("activity",),
    "volunteers.ContactWish": ("text",),
    "volunteers.Match": ("volunteer",),
    "reception.Plan": ("goal",),
    "reception.PlanActivity": ("text", "responsible", "contact"),
    "cases.AskedDate": ("party", "whom"),
}
# Areas whose panels, lines and forms are about places.
PLACE_AREAS = frozenset({"housing", "schooling", "employment", "volunteers"})
PLACE_CLASSES = frozenset({DataClass.LOCATION, DataClass.WORK})


def tells_place(row) -> bool:
    """Whether this row of a registered model is about a place. Lines go by class and area, steps by area."""
    if isinstance(row, Entry):
        return row.data_class in PLACE_CLASSES or row.area in PLACE_AREAS
    return getattr(row, "area", "housing") in PLACE_AREAS


def conceal(rows: Iterable) -> None:
    """Cover the registered fields of rows in memory: text becomes "Beskyttet", a relation nothing. Never saved."""
    for row in rows:
        if not tells_place(row):
            continue
        for name in LOCATION[row._meta.label]:
            field = row._meta.get_field(name)
            if field.is_relation:
                setattr(row, name, None)
            elif row.__dict__.get(name):
                setattr(row, name, str(HIDDEN))
