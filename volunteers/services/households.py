"""Who waits, as the coordinator may know it: names, languages, age bands, town and wishes.

Ages are compared in the database: no birth date is read, for whomever.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.choices import FamilyRole
from cases.formats import years_before
from cases.models import Case, Person, Stay
from volunteers.matching import Need
from volunteers.models import Ages, ContactWish, EndReason, Inquiry, Match

CERTIFICATE_AGE = 15
ASKED_DAYS = 14  # how long a volunteer who is asked first may answer
# What the coordinator sees instead of a birth date: from which age on.
BANDS = (60, 30, 18, 13, 6, 0)
CHILDREN = {0: Ages.SMALL.value, 6: Ages.SCHOOL.value, 13: Ages.YOUTH.value}
WORD = re.compile(r"[^\W\d_]{3,}")
# Words that say nothing about what somebody likes.
EMPTY_WORDS = frozenset(
    WORD.findall(
        "altid alt derfor dog efter for fri får før gang god har hvad ind jeg kun lidt lige mere nok ofte og par tid "
        "været alle anden "
        "andre bare børn den der det dig din eller ene familie familien fra gerne have hele her hun hvor "
        "ikke kan kontaktperson man med meget mig min nogen noget når ogen også omkring os selv sig sine som til ved "
        "vi vil være ønsker "
    )
)


def words(text: str) -> frozenset[str]:
    """The words of a wish or of an interest that may meet."""
    return frozenset(WORD.findall(text.lower())) - EMPTY_WORDS


def spoken(text: str) -> frozenset[str]:
    """ "Ukrainsk, engelsk" → {"ukrainsk", "engelsk"}."""
    return frozenset(word.strip().lower() for word in text.split(",") if word.strip())


def members(case_ids: Collection[int], *, today: date) -> dict[int, list[dict]]:
    """Given names, languages and age bands of those who live there now. One query."""
    bands = [When(birth_date__lte=years_before(today, age), then=Value(age)) for age in BANDS]
    here = Stay.objects.filter(person=OuterRef("pk"), left_on=None)
    rows = (
        Person.objects.filter(Exists(here), case__in=case_ids)
        .annotate(band=Choose(*bands, default=Value(None)))
        .order_by(F("birth_date").asc(nulls_last=True), "pk")
        .values("case_id", "given_names", "languages", "band")
    )
    found = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(row)
    return found


def band_name(band: int | None) -> str:
    if band is None:
        return _("alder ukendt")
    if band == BANDS[0]:
        return _("%d+ år") % band
    above = BANDS[BANDS.index(band) - 1]
    return _("%(low)d–%(high)d år") % {"low": band, "high": above - 1}


def with_children_under(case_ids: Collection[int], *, age: int, on: date) -> set[int]:
    """The households with somebody younger than that. A Barn without a birth date counts as young. One query."""
    young = Q(birth_date__gt=years_before(on, age)) | Q(birth_date=None, role=FamilyRole.CHILD)
    rows = Person.objects.filter(young, case__in=case_ids, stays__left_on=None)
    return set(rows.values_list("case_id", flat=True))


def wishes(case_ids: Collection[int]) -> dict[int, str]:
    """The newest standing wish of each household. One query."""
    rows = ContactWish.objects.standing().filter(case__in=case_ids).order_by("on", "pk")
    return dict(rows.values_list("case_id", "text"))


def known_volunteers(case_ids: Collection[int]) -> dict[int, dict[int, bool]]:
    """case → volunteer who was its contact person → whether again: not after the family's own wish. One query."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    rows = Match.objects.standing().filter(case__in=case_ids, volunteer__isnull=False, ended_on__isnull=False)
    for case_id, volunteer, reason in rows.values_list("case_id", "volunteer_id", "end_reason"):
        again = reason != EndReason.FAMILY
        found[case_id][volunteer] = found[case_id].get(volunteer, True) and again
    return found


def left_before(case_ids: Collection[int]) -> dict[int, date]:
    """case → the day the household left before it came back; a yes from before that day counts no more. One query.

    Nothing for a household that is here for the first time. As `cases.household.periods`, but from the stays' days
    alone, since the coordinator's pages read no whole person.
    """
    stays = defaultdict(list)
    rows = Stay.objects.filter(person__case__in=case_ids).values_list("person__case", "arrived_on", "left_on")
    for case_id, arrived_on, left_on in rows:
        stays[case_id].append((arrived_on, left_on))
    found = {}
    for case_id, told in stays.items():
        came = min((arrived or date.max for arrived, left in told if left is None), default=date.max)
        earlier = [left for _arrived, left in told if left and left < came]
        if earlier:
            found[case_id] = max(earlier)
    return found


def answers(case_ids: Collection[int], *, on: date) -> dict[int, dict[int, bool | None]]:
    """case → volunteer who was asked first → yes, no or nothing yet. One query.

    What was asked before the last contact person began is over, and so is a question that nobody answered in time.
    """
    found: dict[int, dict[int, bool | None]] = defaultdict(dict)
    last = Match.objects.standing().filter(case=OuterRef("case"), volunteer__isnull=False).order_by("-round")
    rows = Inquiry.objects.filter(case__in=case_ids).annotate(since=Subquery(last.values("started_on")[:1]))
    told = rows.order_by("pk").values_list("case_id", "volunteer_id", "agreed", "asked_at", "since")
    for case_id, volunteer, agreed, asked_at, since in told:
        asked_on = timezone.localdate(asked_at)
        over = (since and asked_on <= since) or (agreed is None and (on - asked_on).days >= ASKED_DAYS)
        if not over:
            found[case_id][volunteer] = agreed
    return found


def needs(
    cases: Sequence[Case],
    *,
    on: date,
    since: Mapping[int, date | None] | None = None,
    people: Mapping[int, list[dict]] | None = None,
) -> list[Need]:
    """What each household needs. cases: with their locality; since: from when each waits; people: `members`, if read.

    Five queries, one less with the people.
    """
    ids = [case.pk for case in cases]
    people = members(ids, today=on) if people is None else people
    young = with_children_under(ids, age=CERTIFICATE_AGE, on=on)
    hoped, known, said = wishes(ids), known_volunteers(ids), answers(ids, on=on)
    found = []
    for case in cases:
        here, start = people.get(case.pk, []), (since or {}).get(case.pk)
        found.append(
            Need(
                case_id=case.pk,
                languages=frozenset().union(*(spoken(person["languages"]) for person in here)),
                town=case.locality.name if case.locality else "",
                postal_code=case.locality.postal_code if case.locality else "",
                children=frozenset(CHILDREN[person["band"]] for person in here if person["band"] in CHILDREN),
                wishes=words(hoped.get(case.pk, "")),
                young=case.pk in young,
                protected=case.protected,
                days=max((on - start).days, 0) if start else 0,
                known=known.get(case.pk, {}),
                answers=said.get(case.pk, {}),
            )
        )
    return found
