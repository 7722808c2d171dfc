"""The contract (INL § 19): its versions on a page, how it is registered, and annulled when it was wrong."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Permission, can, needs
from cases.access import get_case, get_person
from cases.formats import doc_date
from deadlines.explain import explain, load_terms
from deadlines.services import current_step
from deadlines.views import act_page, annul_page, crumbs
from reception import rules
from reception.forms import ContractForm
from reception.models import Contract
from reception.services import contract as contracts
from reception.services.plan import planners


@require_safe
@needs(Permission.SEE_CASE_FILES)
def contracts_of(request, number, person_id):
    """The contract of one member: what stands, who has signed, and the versions before."""
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    rows = list(person.contracts.standing().order_by("-version", "-pk"))
    step = current_step(case.pk, rules.CONTRACT.key, person.pk)
    context = {
        "case": case,
        "person": person,
        "heading": _("Kontrakt for %s") % person.full_name,
        "crumbs": crumbs(case, _("Kontrakt")),
        "people": [
            {
                "url": reverse("reception:contracts", args=[number, other.pk]),
                "text": other.short_name,
                "current": other == person,
            }
            for other in planners(case, timezone.localdate())
        ],
        "rows": rows,
        "waits": bool(rows) and rows[0].concluded_on is None,
        "step": step,
        "why": explain(step, load_terms()) if step else "",
        "may_write": can(request.user, Permission.WRITE_CASES),
        "here": request.path,
    }
    return render(request, "reception/contracts.html", context)


def contract(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request,
        case,
        rule=rules.CONTRACT,
        person=person,
        form_class=ContractForm,
        perform=lambda data: contracts.record_contract(person, **data),
        done=_("Kontrakten er registreret for %s") % person.short_name,
    )


def annul_contract(request, number, pk):
    case = get_case(request.user, number)
    row = get_object_or_404(Contract.objects.standing(), pk=pk, person__case=case)
    sentence = _("Kontrakt for %(name)s %(day)s") % {"name": row.person.short_name, "day": doc_date(row.first_on)}
    return annul_page(
        request,
        case,
        row,
        rules=[rules.CONTRACT],
        sentence=sentence,
        kind="reception.contract_annulled",
        person=row.person,
    )
