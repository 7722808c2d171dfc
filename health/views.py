"""The pages of health: register an assessment, and annul one."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import Permission
from cases.access import get_case, get_person, reads_health
from cases.choices import DataClass
from cases.formats import doc_date
from deadlines.views import act_page, annul_page
from health import rules, services
from health.forms import AssessmentForm
from health.models import Assessment

MAY = Permission.WORK_WITH_HEALTH


def need_assessed(request, number, person_id):
    """Whoever may write may register what was learnt; what was known before is not shown here."""
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request,
        case,
        rule=rules.NEED_ASSESSED,
        person=person,
        form_class=AssessmentForm,
        permission=MAY,
        perform=lambda data: services.assess_need(person, **data),
        done=_("Vurderingen er registreret for %s") % person.short_name,
    )


def annul_assessment(request, number, pk):
    """Only those who may read it; for others it does not exist."""
    case = get_case(request.user, number)
    row = get_object_or_404(Assessment.objects.standing(), pk=pk, person__case=case)
    if not reads_health(request.user, case):
        raise Http404
    day = doc_date(row.offered_on or row.assessed_on)
    sentence = _("Vurdering af sundhedstilbud for %(name)s %(day)s") % {"name": row.person.short_name, "day": day}
    return annul_page(
        request,
        case,
        row,
        rules=rules.RULES,
        sentence=sentence,
        kind="health.assessment_annulled",
        person=row.person,
        data_class=DataClass.HEALTH,
        permission=MAY,
    )
