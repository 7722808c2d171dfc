"""The coordinator's landing page: who waits, whom the family could have, and a whole evening at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from cases.access import covers, get_case
from cases.formats import join_names, lower_first
from volunteers.forms import acts as forms
from volunteers.models import Volunteer
from volunteers.services import inquiries, ties, waiting
from volunteers.views.register import PAGE, pager

MAY = Permission.MATCH_VOLUNTEERS


@needs(MAY)
def contacts(request):
    """Families without a contact person, the oldest first, each with the best proposal."""
    today = timezone.localdate()
    page = Paginator(waiting.steps(request.user, today=today), PAGE).get_page(request.GET.get("side"))
    context = {
        "rows": waiting.lines(list(page), request.user, today=today),
        "page": page,
        "pager": pager(page),
        "no_fits": ties.no_fits(today=today),
    }
    return render(request, "volunteers/contacts.html", context)


def waiting_step(request, case, today):
    """The open step of this family; Http404 where a place may not be seen. None: somebody was quicker."""
    if covers(request.user, case):
        raise Http404
    return waiting.steps(request.user, today=today).filter(case=case).first()


@needs(MAY)
def family(request, number):
    """Three to five proposals with their reasons; POST: this volunteer, or that none will do."""
    case, today = get_case(request.user, number), timezone.localdate()
    step = waiting_step(request, case, today)
    if step is None:
        messages.info(request, _("Familien venter ikke på en kontaktperson."))
        return redirect("volunteers:contacts")
    form = forms.NoFitForm(request.POST if "no_fit" in request.POST else None)
    if request.method == "POST" and (answer := settle(request, case, form, today)):
        return answer
    context = waiting.page(step, today=today) | {"form": form}
    context |= head(_("Kontaktperson til %s") % lower_first(case.title), ", ".join(context["row"]["people"]))
    return render(request, "volunteers/family.html", context, status=422 if request.method == "POST" else 200)


def settle(request, case, form, today):
    """The way on after a POST that went through; None when the page has to say what was wrong."""
    by = {"on": today, "today": today, "by": request.user}
    if "no_fit" in request.POST:
        if not form.is_valid():
            return None
        ties.record_no_fit(case, reason=form.cleaned_data["reason"], **by)
        messages.success(request, _("Det er skrevet ned. Familien bliver på listen."))
        return redirect("volunteers:contacts")
    if "ask" in request.POST:
        return ask(request, case, today)
    try:
        match = ties.match_volunteer(case, volunteer=the_volunteer(request.POST.get("volunteer", "")), **by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    messages.success(request, tied(case, match))
    return redirect("volunteers:contacts")


def ask(request, case, today):
    """Spørg først: a letter to the volunteer, with a link for yes and no."""
    try:
        volunteer = the_volunteer(request.POST["ask"])
        inquiries.ask(case, volunteer=volunteer, now=timezone.now(), today=today, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    messages.success(request, _("%s er spurgt. Svaret kommer på listen.") % volunteer)
    return redirect("volunteers:contacts")


def the_volunteer(key: str) -> Volunteer:
    """The volunteer of that key; ValidationError for anything else."""
    found = (
        Volunteer.objects.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None
    )
    if found is None:
        raise ValidationError(_("Vælg en frivillig fra listen."))
    return found


def tied(case, match) -> str:
    return _("%(who)s er nu kontaktperson for %(family)s.") % {
        "who": match.volunteer,
        "family": lower_first(case.title),
    }


@needs(MAY)
def evening(request):
    """A proposal for all who wait, shown line by line; POST: those that are ticked, each on its own."""
    today, kept = timezone.localdate(), None
    if request.method == "POST":
        kept = {number: request.POST.get(f"frivillig-{number}", "") for number in request.POST.getlist("valgt")}
        done, refused = tie_all(request, kept, today)
        for sentence in refused:
            messages.error(request, sentence)
        if done:
            messages.success(request, _("Knyttet: %s.") % join_names(done))
        if not (done or refused):
            messages.warning(request, _("Sæt kryds ved de familier, der skal have en kontaktperson."))
        if done and not refused:
            return redirect("volunteers:contacts")
    lede = _("Flest mulige familier får en kontaktperson, de længst ventende først. Ret linjerne, og godkend dem.")
    context = waiting.evening(request.user, today=today, kept=kept) | head(_("Forslag til alle"), lede)
    return render(request, "volunteers/evening.html", context)


def head(heading: str, lede: str) -> dict:
    """For components/page_head.html."""
    crumbs = [{"url": reverse("volunteers:contacts"), "text": _("Kontaktpersoner")}, {"url": "", "text": heading}]
    return {"heading": heading, "lede": lede, "crumbs": crumbs}


def tie_all(request, kept: dict[str, str], today) -> tuple[list[str], list[str]]:
    """Tie each ticked family to the volunteer of its line. Http404 before anything is done where one is not the user's.

    (the pairs made, why others were not); the hard stops are asked anew, for somebody may have been quicker.
    """
    done, refused = [], []
    cases = [get_case(request.user, number) for number in kept]
    if any(covers(request.user, case) for case in cases):
        raise Http404
    for case in cases:
        try:
            volunteer = the_volunteer(kept[case.number])
            ties.match_volunteer(case, volunteer=volunteer, on=today, today=today, by=request.user)
        except ValidationError as error:
            refused.append(f"{case.title}: {' '.join(error.messages)}")
        else:
            done.append(_("%(family)s og %(who)s") % {"family": lower_first(case.title), "who": volunteer})
    return done, refused
