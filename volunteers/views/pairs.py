"""The pairs: what is heard of them, their pauses, and the page behind a volunteer's own link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from cases.access import covers, get_case
from deadlines.views import blame
from volunteers.forms import acts as forms
from volunteers.models import Match, Volunteer
from volunteers.services import inquiries, pairs
from volunteers.views.acts import standing

MAY = Permission.MATCH_VOLUNTEERS
FORM_PAGE = "components/form_page.html"


@needs(MAY)
def pair_list(request):
    """All pairs, those that need somebody first."""
    today = timezone.localdate()
    rows = pairs.lines(list(pairs.pairs(request.user)), today=today)
    return render(request, "volunteers/pairs.html", {"rows": rows, "told": pairs.counts(rows)})


def the_pair(request, number: str, pk: int) -> Match:
    """A pair that runs, of a family whose places the user sees; Http404 for any other."""
    case = get_case(request.user, number)
    match = standing(Match, case, pk)
    if match.ended_on or match.volunteer_id is None or covers(request.user, case):
        raise Http404
    return match


def crumbs(heading: str) -> list[dict]:
    return [{"url": reverse("volunteers:pairs"), "text": _("Par")}, {"url": "", "text": heading}]


def small_form(request, form, *, heading: str, submit: str, act, done: str, template=FORM_PAGE, more=None):
    """A page with one small form about a pair, or about all of them."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, done)
            return redirect("volunteers:pairs")
    context = {
        "form": form,
        "heading": heading,
        "submit_label": submit,
        "cancel_url": reverse("volunteers:pairs"),
        "crumbs": crumbs(heading),
    }
    return render(request, template, context | (more or {}), status=422 if form.is_bound else 200)


@needs(MAY)
def contact(request, number, pk):
    match, today = the_pair(request, number, pk), timezone.localdate()
    return small_form(
        request,
        forms.ContactForm(request.POST or None, initial={"on": today}, today=today),
        heading=_("Kontakt med %s") % match.volunteer,
        submit=_("Skriv kontakten ned"),
        act=lambda data: pairs.record_contact(match, **data, today=today, by=request.user),
        done=_("Kontakten er skrevet ned."),
    )


@needs(MAY)
def pause(request, number, pk):
    match = the_pair(request, number, pk)
    return pause_page(request, heading=_("Pause for %s") % match.volunteer, match=match)


@needs(MAY)
def pause_all(request):
    """A summer: nobody is expected to be heard from."""
    return pause_page(request, heading=_("Pause for alle par"))


@needs(MAY)
def pause_volunteer(request, pk):
    volunteer = get_object_or_404(Volunteer, pk=pk)
    return pause_page(request, heading=_("Pause for %s") % volunteer, volunteer=volunteer)


def pause_page(request, *, heading: str, match: Match | None = None, volunteer: Volunteer | None = None):
    today, whose = timezone.localdate(), {"match": match, "volunteer": volunteer}
    if "end" in request.POST:
        pairs.end_pauses(today=today, **whose)
        messages.success(request, _("Pausen er slut."))
        return redirect("volunteers:pairs")
    return small_form(
        request,
        forms.PauseForm(request.POST or None, initial={"starts_on": today}, today=today),
        heading=heading,
        submit=_("Hold pause"),
        act=lambda data: pairs.pause(**whose, **data),
        done=_("Pausen er skrevet ned."),
        template="volunteers/pause.html",
        more={"running": pairs.running_pause(today=today, **whose)},
    )


@needs(MAY)
def link(request, number, pk):
    """A new link for the volunteer, shown this once; the one before it works no longer."""
    match = the_pair(request, number, pk)
    url = ""
    if request.method == "POST":
        url = request.build_absolute_uri(reverse("volunteers:tell", args=[pairs.new_link(match)]))
    heading = _("Link til %s") % match.volunteer
    context = {"heading": heading, "crumbs": crumbs(heading), "link": url, "had": bool(match.link_digest)}
    return render(request, "volunteers/link.html", context)


@login_not_required
def tell(request, key):
    """Behind the link: how it goes, and nothing about the family. A dead link and an unknown one look the same."""
    match, today = pairs.match_of(key), timezone.localdate()
    form = forms.ContactForm(request.POST or None, initial={"on": today}, today=today)
    told = False
    if match and request.method == "POST" and form.is_valid():
        try:
            pairs.record_contact(match, **form.cleaned_data, today=today, by_volunteer=True)
            told = True
        except ValidationError as error:
            blame(form, error)
    context = {"form": form, "match": match, "told": told}
    return render(request, "volunteers/tell.html", context, status=422 if match and form.errors else 200)


@login_not_required
def reply(request, key):
    """Behind the link of a letter: yes or no to being a contact person. The family is not named."""
    state = "asked" if inquiries.inquiry_of(key) else "dead"
    said = request.POST.get("answer")
    if request.method == "POST" and state == "asked" and said in {"yes", "no"}:
        state = said if inquiries.answer(key, agreed=said == "yes", now=timezone.now()) else "dead"
    return render(request, "volunteers/reply.html", {"state": state})
