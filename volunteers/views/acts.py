"""What is registered about a family: consent, contact person, introductions.

Whoever holds MATCH_VOLUNTEERS works here, without the case files.
"""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.access import Permission
from cases.access import get_case
from cases.choices import DataClass
from deadlines.views import act_page, annul_page
from volunteers import rules
from volunteers.forms import acts as forms
from volunteers.forms.leisure import ParticipationForm
from volunteers.models import Introduction, LeisureIntroduction, Match, Participation
from volunteers.services import leisure, ties

MAY = Permission.MATCH_VOLUNTEERS


def introduction(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.INTRODUCTION, form_class=forms.IntroductionForm, permission=MAY,
        perform=lambda data: ties.introduce(case, **data), done=_("Introduktionen er registreret."),
        template="volunteers/act.html",
    )  # fmt: skip


def leisure_introduction(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.LEISURE_INTRODUCTION, form_class=forms.LeisureForm, permission=MAY,
        perform=lambda data: ties.introduce_leisure(case, **data), done=_("Introduktionen er registreret."),
        template="volunteers/act.html",
    )  # fmt: skip


def contact_person(request, number):
    case = get_case(request.user, number)
    return act_page(
        request,
        case,
        rule=rules.CONTACT_PERSON,
        form_class=forms.ContactPersonForm,
        permission=MAY,
        perform=lambda data: ties.settle_contact(case, **data),
        done=_("Det er registreret for familien."),
        template="volunteers/contact_person.html",
        context={"wish": ties.wish_of(case), "submit_label": _("Registrér kontaktperson")},
    )


def consent(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.CONTACT_PERSON, form_class=forms.ConsentForm, permission=MAY,
        perform=lambda data: ties.record_consent(case, **data), done=_("Familiens ja er registreret."),
        title=_("Spørg familien om en kontaktperson"), context={"submit_label": _("Registrér familiens ja")},
        template="volunteers/act.html",
    )  # fmt: skip


def withdraw_consent(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.CONTACT_PERSON, form_class=forms.WithdrawForm, permission=MAY,
        perform=lambda data: ties.withdraw_consent(case, **data), done=_("Samtykket er trukket tilbage."),
        title=_("Træk samtykket tilbage"), context={"submit_label": _("Træk samtykket tilbage")},
    )  # fmt: skip


def standing(model, case, pk):
    """A standing row of this case; Http404 for any other."""
    row = model.objects.standing().filter(case=case, pk=pk).first()
    if row is None:
        raise Http404
    row.case = case
    return row


def end_match(request, number, pk):
    case = get_case(request.user, number)
    match = standing(Match, case, pk)
    if match.ended_on:
        raise Http404
    return act_page(
        request, case, rule=rules.CONTACT_PERSON, form_class=forms.EndMatchForm, permission=MAY,
        perform=lambda data: ties.end_match(match, **data), done=_("Det er afsluttet."),
        title=_("Afslut: %s") % ties.match_sentence(match), context={"submit_label": _("Afslut")},
    )  # fmt: skip


def annul(request, number, pk, *, model, kind, say, data_class=DataClass.ORDINARY):
    case = get_case(request.user, number)
    row = standing(model, case, pk)
    return annul_page(
        request, case, row, rules=rules.RULES, sentence=say(row), kind=f"volunteers.{kind}_annulled", permission=MAY,
        data_class=data_class,
    )  # fmt: skip


def annul_match(request, number, pk):
    return annul(request, number, pk, model=Match, kind="match", say=ties.match_sentence)


def annul_introduction(request, number, pk):
    say = _("Introduceret til %s")
    return annul(
        request, number, pk, model=Introduction, kind="introduction", say=lambda row: say % row.organisation,
        data_class=DataClass.LOCATION,
    )  # fmt: skip


def annul_leisure(request, number, pk):
    say = _("Introduceret til %s")
    return annul(
        request, number, pk, model=LeisureIntroduction, kind="leisure", say=lambda row: say % row.activity,
        data_class=DataClass.LOCATION,
    )  # fmt: skip


def participation(request, number):
    """Somebody of the family tries an activity or becomes a member."""
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.LEISURE_INTRODUCTION, form_class=ParticipationForm, permission=MAY,
        perform=lambda data: leisure.take_part(case, **data), done=_("Det er registreret."),
        title=_("Registrér prøvetime eller medlemskab"), context={"submit_label": _("Registrér")},
    )  # fmt: skip


def annul_participation(request, number, pk):
    case = get_case(request.user, number)
    rows = Participation.objects.standing().filter(person__case=case, pk=pk).select_related("person", "activity")
    row = rows.only("step", "on", "activity__name", "person__case", "person__given_names", "person__surname").first()
    if row is None:
        raise Http404
    row.person.case = case
    return annul_page(
        request, case, row, rules=rules.RULES, sentence=leisure.sentence(row), kind="volunteers.takes_part_annulled",
        permission=MAY, data_class=DataClass.LOCATION,
    )  # fmt: skip
