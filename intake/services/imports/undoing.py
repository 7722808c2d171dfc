"""Undo an import whole: the one exception from "nothing is deleted".

It holds only while nothing but the import and the engine has written on its cases: no line by a person, no decision
on a step, no row of an area. A list read in under the wrong eyes leaves no trace of its people.
"""

import json
from collections import defaultdict
from datetime import date

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from cases.formats import join_names
from cases.models import Case, CprNumber, Entry, Permit, Person, Stay
from cases.services import search_key
from deadlines.engine import refresh
from deadlines.models import Cause, Delivery, Notice, Step
from desk.areas import all_rules
from desk.services.reminders import settle
from intake.models import Import, ImportFamily, ImportRow
from intake.services.imports.committing import rejected_subject
from intake.services.imports.receiving import locked

State = Import.State
# Tables that only the record, the engine or the import itself writes; every other row means that somebody has worked.
OURS = {
    Case,
    Person,
    Stay,
    Permit,
    CprNumber,
    Entry,
    Entry.people.through,
    Step,
    Notice,
    Delivery,
    Import,
    ImportFamily,
    ImportRow,
}
DECIDED = (
    ~Q(waived_on=None) | ~Q(follow_up_on=None) | ~Q(waiting_for=None) | ~Q(assignee=None) | ~Q(pinned_set=None)
    | ~Q(cause__in=["", Cause.KNOWN_LATE]) | ~Q(done_on=None) | Q(episode__gt=1)
)  # fmt: skip
SHOWN = 5


def worked_on(found: Import) -> list[str]:
    """Numbers of the cases on which somebody has worked since, or whose import can't be taken apart.

    A protected case counts, but its number is empty.
    """
    families = [family for family in found.families.all() if family.case_id]
    case_ids = {family.case_id for family in families}
    own_entries = {pk for family in families for pk in family.written["entries"]}
    own_steps = {pk for family in families for pk in family.written["steps"]}
    entries = Entry.objects.filter(case__in=case_ids, recorded_at__gte=found.committed_at).exclude(author=None)
    touched = {case for pk, case in entries.values_list("pk", "case") if pk not in own_entries}
    steps = Step.objects.filter(case__in=case_ids, created_at__gte=found.committed_at)
    touched |= set(steps.filter(DECIDED).values_list("case", flat=True))
    touched |= {case for pk, case in steps.filter(rule="").values_list("pk", "case") if pk not in own_steps}
    touched |= _with_rows_elsewhere(families, found)
    numbers = Case.objects.filter(pk__in=touched).values_list("number", "protected")
    return sorted("" if protected else number for number, protected in numbers)


def _with_rows_elsewhere(families: list[ImportFamily], found: Import) -> set[int]:
    """Cases of which another table holds a row: a bed, a school, a consent, another import."""
    created = {family.case_id for family in families if family.created}
    people = dict(_new_people(found).values_list("pk", "case"))
    touched = set(Person.objects.filter(case__in=created).exclude(pk__in=people).values_list("case", flat=True))
    for model in apps.get_models(include_auto_created=True):
        if model in OURS:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model in (Case, Person):
                ids = created if field.related_model is Case else people
                rows = model._default_manager.filter(**{f"{field.name}__in": ids}).values_list(field.attname, flat=True)
                touched |= set(rows) if field.related_model is Case else {people[pk] for pk in rows}
    return touched


def _new_people(found: Import):
    outcomes = [ImportRow.Outcome.NEW, ImportRow.Outcome.NEW_MEMBER]
    rows = ImportRow.objects.filter(source_import=found, outcome__in=outcomes, person__isnull=False)
    return Person.objects.filter(pk__in=rows.values("person"))


@transaction.atomic
def undo(found: Import, *, by, today: date) -> Import:
    """Take the whole import back. ValidationError names the cases that have been worked on since."""
    found = locked(found)
    if found.state != State.DONE:
        raise ValidationError(_("Kun en indlæst liste kan fortrydes."))
    families = [family for family in found.families.all() if family.case_id]
    list(Case.objects.select_for_update().filter(pk__in=[family.case_id for family in families]).order_by("pk"))
    numbers = worked_on(found)
    if numbers:
        raise ValidationError(cannot_sentence(numbers))
    kept = [family for family in families if not family.created]
    _restore(found)
    _delete_people_and_lines(found, families)
    Case.objects.filter(pk__in=[family.case_id for family in families if family.created]).delete()
    found.rows.all().delete()
    found.state, found.closed_at, found.closed_by = State.UNDONE, timezone.now(), by
    found.save(update_fields=["state", "closed_at", "closed_by"])
    settle(rejected_subject(found))
    refresh([family.case_id for family in kept], all_rules(), today=today)
    audit.log(by, "import.undone", detail=str(found.pk))
    return found


def cannot_sentence(numbers: list[str]) -> str:
    """numbers of `worked_on`; an empty one is a case that is not named."""
    if "" in numbers:
        return _("Indlæsningen kan ikke fortrydes: der er arbejdet på nogle af sagerne siden.")
    shown = numbers[:SHOWN]
    if len(numbers) > SHOWN:
        shown.append(_("%d til") % (len(numbers) - SHOWN))
    if len(numbers) == 1:
        return _("Indlæsningen kan ikke fortrydes: der er arbejdet på sagen %s siden.") % numbers[0]
    return _("Indlæsningen kan ikke fortrydes: der er arbejdet på sagerne %s siden.") % join_names(shown)


def _restore(found: Import) -> None:
    """Put the old values of taken-over fields back."""
    for row in found.rows.exclude(taken=[]).select_related("person"):
        before = json.loads(row.changes).get("before", {}) if row.changes else {}
        if row.person is None or not before:
            continue
        stay = row.person.stays.order_by("-round").first()
        for holder in (row.person, stay):
            names = [name for name in before if holder and name in {f.name for f in holder._meta.fields}]
            for name in names:
                setattr(holder, name, holder._meta.get_field(name).to_python(before[name]))
            if names:
                holder.save(update_fields=names)
        row.person.search_key = search_key(row.person)
        row.person.save(update_fields=["search_key"])


def _delete_people_and_lines(found: Import, families: list[ImportFamily]) -> None:
    created = [family.case_id for family in families if family.created]
    people = list(_new_people(found).values_list("pk", flat=True))
    written: dict[str, list[int]] = defaultdict(list)
    for family in families:
        for kind, ids in family.written.items():
            written[kind] += ids
    Step.objects.filter(Q(case__in=created) | Q(person__in=people) | Q(pk__in=written["steps"])).delete()
    told = Entry.objects.filter(author=None, people__in=people).values_list("pk", flat=True)
    Entry.objects.filter(Q(case__in=created) | Q(pk__in=[*written["entries"], *told])).delete()
    Permit.objects.filter(pk__in=written["permits"]).delete()
    _give_numbers_back(written["cpr"])
    Person.objects.filter(pk__in=people).delete()


def _give_numbers_back(ids: list[int]) -> None:
    """Delete the imported CPR numbers; the one that each had replaced counts again."""
    for number in CprNumber.objects.filter(pk__in=ids):
        earlier = CprNumber.objects.filter(person=number.person_id, pk__lt=number.pk).order_by("-pk").first()
        number.delete()
        if earlier:
            earlier.replaced_on = None
            earlier.save(update_fields=["replaced_on"])
