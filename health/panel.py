"""Health's own tab: the details for those who may read them, else one sentence."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can
from cases.access import reads_health
from cases.formats import doc_date
from health.models import Answer, Assessment, Decider
from health.services import kind_names


def panel(case, user) -> dict:
    """{"allowed", "rows"}: one query for the details, none without the right. The reading is logged."""
    if not reads_health(user, case):
        return {"allowed": False, "rows": []}
    may_write = can(user, Permission.WORK_WITH_HEALTH)
    found = (
        Assessment.objects.standing()
        .filter(person__case=case)
        .select_related("person")
        .order_by("person", "assessed_on")
    )
    rows = [
        {
            "name": row.person.full_name,
            "text": describe(row),
            "note": _("Forældremyndighedens indehaver har svaret")
            if row.decided_by == Decider.CUSTODY and row.offered_on
            else "",
            "annul_url": reverse("health:annul_assessment", args=[case.number, row.pk]) if may_write else "",
        }
        for row in found
    ]
    audit.log(user, "health.read", case_number=case.number)
    return {"allowed": True, "rows": rows}


def describe(row: Assessment) -> str:
    """ "Vurderet 20.11.2026: behov for tandpleje. Tilbudt 24.11.2026, tog imod"."""
    what = kind_names(row.kinds)
    need = (_("behov for %s") % what if what else _("behov")) if row.need else _("intet behov")
    text = _("Vurderet %(day)s: %(need)s") % {"day": doc_date(row.assessed_on), "need": need}
    if row.offered_on:
        answer = str(Answer(row.answer).label)
        offered = {"day": doc_date(row.offered_on), "answer": answer[0].lower() + answer[1:]}
        text += ". " + _("Tilbudt %(day)s, %(answer)s") % offered
    elif row.need:
        text += ". " + _("Tilbud mangler")
    return text
