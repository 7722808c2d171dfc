"""The pages on which offers, referrals, answers and starts are registered and annulled."""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.access import Permission
from cases.access import get_case, get_person
from cases.choices import DataClass
from deadlines.views import act_page, annul_page
from schooling import forms, rules, services
from schooling.models import DaycareOffer, LanguageOffer, LanguageReferral, SchoolOffer

ACT = "schooling/act.html"
MAY, LANGUAGE = Permission.WRITE_CASES, Permission.WORK_WITH_LANGUAGE


def daycare_offer(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request, case, rule=rules.DAYCARE_OFFER, person=person, form_class=forms.DaycareOfferForm, template=ACT,
        perform=lambda data: services.offer_daycare(person, **data),
        done=_("Dagtilbud er registreret for %s.") % person.short_name,
    )  # fmt: skip


def school_offer(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request, case, rule=rules.SCHOOL_OFFER, person=person, form_class=forms.SchoolOfferForm, template=ACT,
        perform=lambda data: services.offer_school(person, **data),
        done=_("Skole er tilbudt %s.") % person.short_name,
    )  # fmt: skip


def language_offer(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request, case, rule=rules.LANGUAGE_OFFER, person=person, form_class=forms.LanguageOfferForm, template=ACT,
        permission=LANGUAGE,
        perform=lambda data: services.offer_language(person, **data),
        done=_("Sprogskole er tilbudt %s.") % person.short_name,
    )  # fmt: skip


def language_referral(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request, case, rule=rules.LANGUAGE_REFERRAL, person=person, form_class=forms.LanguageReferralForm, template=ACT,
        permission=LANGUAGE,
        perform=lambda data: services.refer_language(person, **data),
        done=_("%s er henvist til sprogskole.") % person.short_name,
    )  # fmt: skip


def standing(case, model, pk):
    """A standing row about a member of this case; Http404 for any other."""
    row = model.objects.standing().select_related("person").filter(person__case=case, pk=pk).first()
    if row is None:
        raise Http404
    row.person.case = case
    return row


def answer_page(request, number, pk, *, model, rule, permission=MAY):
    case = get_case(request.user, number)
    row = standing(case, model, pk)
    return act_page(
        request, case, rule=rule, person=row.person, form_class=forms.AnswerForm,
        permission=permission,
        perform=lambda data: services.answer_offer(row, **data),
        done=_("Svaret er registreret."), title=_("Registrér svar"),
        context={"submit_label": _("Registrér svar")},
    )  # fmt: skip


def answer_daycare(request, number, pk):
    return answer_page(request, number, pk, model=DaycareOffer, rule=rules.DAYCARE_OFFER)


def answer_school(request, number, pk):
    return answer_page(request, number, pk, model=SchoolOffer, rule=rules.SCHOOL_OFFER)


def answer_language(request, number, pk):
    return answer_page(request, number, pk, model=LanguageOffer, rule=rules.LANGUAGE_OFFER, permission=LANGUAGE)


def language_start(request, number, pk):
    case = get_case(request.user, number)
    row = standing(case, LanguageReferral, pk)
    return act_page(
        request, case, rule=rules.LANGUAGE_REFERRAL, person=row.person, form_class=forms.LanguageStartForm,
        permission=LANGUAGE,
        perform=lambda data: services.start_language(row, **data),
        done=_("Starten er registreret."), title=_("Registrér start på sprogskole"),
        context={"submit_label": _("Registrér start")},
    )  # fmt: skip


def annul(request, number, pk, *, model, kind, permission=MAY):
    case = get_case(request.user, number)
    row = standing(case, model, pk)
    return annul_page(
        request, case, row, rules=rules.RULES, person=row.person, kind=f"schooling.{kind}_annulled",
        sentence=f"{row.person.short_name}: {services.standing_sentence(row)}",
        data_class=DataClass.LOCATION, permission=permission,
    )  # fmt: skip


def annul_daycare(request, number, pk):
    return annul(request, number, pk, model=DaycareOffer, kind="daycare")


def annul_school(request, number, pk):
    return annul(request, number, pk, model=SchoolOffer, kind="school")


def annul_language(request, number, pk):
    return annul(request, number, pk, model=LanguageOffer, kind="language", permission=LANGUAGE)


def annul_referral(request, number, pk):
    return annul(request, number, pk, model=LanguageReferral, kind="language_referral", permission=LANGUAGE)
