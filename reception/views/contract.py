"""The page of the contract: registered, and annulled when it was wrong."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cases.access import get_case, get_person
from cases.formats import doc_date
from deadlines.views import act_page, annul_page
from reception import rules
from reception.forms import ContractForm
from reception.models import Contract
from reception.services import contract as contracts


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
