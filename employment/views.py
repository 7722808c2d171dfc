"""The pages of employment: competences, referrals, jobs."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from cases.access import get_case, get_person
from cases.choices import DataClass
from cases.formats import doc_date
from deadlines.views import act_page, annul_page, crumbs, form_page, next_url
from employment import rules, services
from employment.forms import IN_WORK, ClarifyForm, EndJobForm, JobForm, ProfileForm, ReferralForm, ResultForm
from employment.models import CompetenceProfile, Job, Referral

MAY = Permission.WORK_WITH_JOBS


def competences(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return act_page(
        request,
        case,
        rule=rules.COMPETENCES,
        person=person,
        form_class=ClarifyForm,
        permission=MAY,
        initial=known(person),
        perform=lambda data: services.clarify(person, **data),
        done=_("Kompetencer er afklaret for %s") % person.short_name,
    )


def known(person) -> dict:
    """What the newest profile says, so that nothing is typed twice."""
    profile = services.last_profile(person)
    return {name: getattr(profile, name) for name in services.KNOWLEDGE} if profile else {}


@needs(MAY)
def profile(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    form = ProfileForm(request.POST or None, initial=known(person))

    def perform():
        services.save_profile(person, **form.cleaned_data, today=timezone.localdate(), by=request.user)
        return next_url(request, case)

    return form_page(
        request,
        form,
        perform,
        done=_("Kompetenceprofilen er gemt for %s") % person.short_name,
        **head(request, case, _("Kompetenceprofil"), person.full_name),
        submit_label=_("Gem profilen"),
    )


def head(request, case, heading: str, about: str) -> dict:
    return {
        "heading": heading,
        "lede": f"{about} · {case.title}",
        "crumbs": crumbs(case, heading),
        "cancel_url": next_url(request, case),
    }


def referral(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)

    def perform(data):
        if data["kind"] != IN_WORK:
            return services.refer(person, **data)
        data.pop("kind")
        return services.add_job(person, **data)

    return act_page(
        request,
        case,
        rule=rules.REFERRAL,
        person=person,
        form_class=ReferralForm,
        permission=MAY,
        perform=perform,
        done=_("Registreret for %s") % person.short_name,
    )


def row_of(request, number, model, pk):
    """The case and one standing row of one of its people; Http404 for any other."""
    case = get_case(request.user, number)
    return case, get_object_or_404(model.objects.standing().select_related("person__case"), pk=pk, person__case=case)


@needs(MAY)
def result(request, number, pk):
    case, row = row_of(request, number, Referral, pk)
    today = timezone.localdate()
    form = ResultForm(request.POST or None, initial={"on": row.result_on or today, "result": row.result})

    def perform():
        services.record_result(row, **form.cleaned_data, today=today, by=request.user)
        return next_url(request, case)

    return form_page(
        request,
        form,
        perform,
        done=_("Resultatet er registreret."),
        **head(request, case, _("Registrér resultat"), services.sentence(row)),
        submit_label=_("Registrér resultat"),
    )


@needs(MAY)
def add_job(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    today = timezone.localdate()
    form = JobForm(request.POST or None, initial={"on": today})

    def perform():
        services.add_job(person, **form.cleaned_data, today=today, by=request.user)
        return next_url(request, case)

    return form_page(
        request,
        form,
        perform,
        done=_("Jobbet er registreret for %s") % person.short_name,
        **head(request, case, _("Registrér job"), person.full_name),
        submit_label=_("Registrér job"),
    )


@needs(MAY)
def end_job(request, number, pk):
    case, row = row_of(request, number, Job, pk)
    today = timezone.localdate()
    form = EndJobForm(request.POST or None, initial={"on": row.ends_on or today})

    def perform():
        services.end_job(row, **form.cleaned_data, today=today, by=request.user)
        return next_url(request, case)

    return form_page(
        request,
        form,
        perform,
        done=_("Jobbet er registreret som ophørt."),
        **head(request, case, _("Registrér ophør"), services.job_sentence(row)),
        submit_label=_("Registrér ophør"),
    )


def _annul(request, case, row, sentence: str, kind: str):
    return annul_page(
        request,
        case,
        row,
        rules=rules.RULES,
        sentence=sentence,
        kind=f"employment.{kind}_annulled",
        person=row.person,
        data_class=DataClass.WORK,
        permission=MAY,
    )


def annul_profile(request, number, pk):
    case, row = row_of(request, number, CompetenceProfile, pk)
    sentence = _("Kompetenceprofil for %(name)s %(day)s") % {
        "name": row.person.short_name,
        "day": doc_date(row.clarified_on or row.opened_on),
    }
    return _annul(request, case, row, sentence, "profile")


def annul_referral(request, number, pk):
    case, row = row_of(request, number, Referral, pk)
    return _annul(request, case, row, f"{services.sentence(row)} {doc_date(row.referred_on)}", "referral")


def annul_job(request, number, pk):
    case, row = row_of(request, number, Job, pk)
    return _annul(request, case, row, services.job_sentence(row), "job")
