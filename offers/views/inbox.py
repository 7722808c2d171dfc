"""Tilbud om hjælp: the coordinator's list, one offer, and what is done with it."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, needs
from cases.formats import day_month, long_date
from cases.phones import pretty_phone
from offers import texts
from offers.choices import Kind, State
from offers.forms import DeclineForm, PhoneOfferForm
from offers.models import HelpOffer
from offers.services import handling, receiving

MAY = Permission.MATCH_VOLUNTEERS
PAGE = 50
QUARANTINE = "quarantine"
# tab: (its name in the address, its words)
TABS = {
    State.NEW.value: ("ny", gettext_lazy("Ny")),
    State.IN_PROGRESS.value: ("i-gang", gettext_lazy("I gang")),
    State.USED.value: ("brugt", gettext_lazy("Brugt")),
    State.DECLINED.value: ("afslaaet", gettext_lazy("Afslået")),
    QUARANTINE: ("karantaene", gettext_lazy("Karantæne")),
}
TONES = {State.NEW: "info", State.IN_PROGRESS: "wait", State.USED: "done", State.DECLINED: ""}
ICONS = {kind["key"]: kind["icon"] for kind in texts.kinds("da")}
# What an offer of this kind becomes: (URL name, words).
INTO = {
    Kind.CONTACT_PERSON.value: ("offers:make_volunteer", gettext_lazy("Gør til frivillig")),
    Kind.HOUSING.value: ("offers:make_host", gettext_lazy("Gør til vært")),
    Kind.WORK.value: ("offers:make_firm", gettext_lazy("Gør til virksomhed")),
}
EMPTY = {
    State.NEW.value: gettext_lazy("Nye tilbud dukker op her, når nogen skriver via den offentlige side."),
    QUARANTINE: gettext_lazy("Her står tilbud, som måske er sendt af en maskine."),
}


# --- The list -----------------------------------------------------------------------------------


def address(tab: str, kind: str = "", page: int = 1) -> str:
    """The list with these filters."""
    asked = {"vis": TABS[tab][0], "slags": kind, "side": page if page > 1 else ""}
    return f"{reverse('offers:offers')}?{urlencode({name: value for name, value in asked.items() if value})}"


@needs(MAY)
def offers(request):
    """One tab of the list, of one kind or all, the newest first."""
    tab = next((key for key, (name, _text) in TABS.items() if name == request.GET.get("vis")), State.NEW.value)
    kind = request.GET.get("slags", "")
    kind = kind if kind in Kind else ""
    counts = handling.tab_counts()
    page = Paginator(handling.listed(tab, kind), PAGE).get_page(request.GET.get("side"))
    audit.log(request.user, "offers.read", detail=f"{tab} {kind}".strip())
    context = {
        "pills": [
            {"url": address(key, kind), "label": text, "count": counts[key], "pressed": key == tab}
            for key, (_name, text) in TABS.items()
        ],
        "kinds": [{"value": "", "text": _("Alle slags"), "url": address(tab), "current": not kind}]
        + [
            {"value": key, "text": text, "url": address(tab, key), "current": key == kind} for key, text in Kind.choices
        ],
        "rows": [row(one, timezone.localdate()) for one in page],
        "new": counts[State.NEW.value],
        "in_quarantine": tab == QUARANTINE,
        "pager": pager(page, tab, kind),
        "total": page.paginator.count,
        "empty_text": EMPTY.get(tab, ""),
        "public_url": reverse("offers:front"),
    }
    return render(request, "offers/offers.html", context)


def pager(page, tab: str, kind: str) -> dict:
    """The page turner, within these filters."""
    told = {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count}
    return {
        "text": _("Viser %(first)d–%(last)d af %(all)d") % told,
        "previous_url": address(tab, kind, page.number - 1) if page.has_previous() else "",
        "next_url": address(tab, kind, page.number + 1) if page.has_next() else "",
    }


def row(offer: HelpOffer, today: date) -> dict:
    """One line of the list, for which nothing more is asked of the database."""
    answer_by = handling.answer_by(offer)
    waits = offer.state == State.NEW and not offer.doubt
    return {
        "url": reverse("offers:offer", args=[offer.pk]),
        "name": offer.name,
        "reach": pretty_phone(offer.phone) if offer.phone else offer.email,
        "kind": offer.get_kind_display(),
        "icon": ICONS[offer.kind],
        "town": offer.town,
        "said": " ".join(offer.message.split()),
        "language": offer.language,
        "answers": " · ".join(f"{word}: {answer}" for word, answer in handling.answers(offer, "short")),
        "answer_by": answer_by if waits else None,
        "late": waits and today > answer_by,
        "received": timezone.localdate(offer.received_at),
        "delete_on": offer.delete_on,
        "doubt": offer.get_doubt_display() if offer.doubt else "",
        "became": offer.became,
    }


# --- One offer ----------------------------------------------------------------------------------


def crumbs(text: str, pk: int | None = None) -> list[dict]:
    trail = [{"url": reverse("offers:offers"), "text": _("Tilbud om hjælp")}]
    if pk:
        trail.append({"url": reverse("offers:offer", args=[pk]), "text": _("Tilbud")})
    return [*trail, {"url": "", "text": text}]


@needs(MAY)
def offer(request, pk):
    """All answers, who has it, and when it goes away."""
    found = get_object_or_404(HelpOffer.objects.select_related("handled_by"), pk=pk)
    audit.log(request.user, "offer.read", detail=f"offer {pk}")
    volunteer_url = reverse("volunteers:edit_volunteer", args=[found.volunteer_id]) if found.volunteer_id else ""
    context = {
        "offer": found,
        "title": found.name,
        "crumbs": crumbs(found.name),
        "state": _("Karantæne") if found.doubt else found.get_state_display(),
        "tone": "soon" if found.doubt else TONES[State(found.state)],
        "icon_name": ICONS[found.kind],
        "phone": pretty_phone(found.phone) if found.phone else "",
        "answers": handling.answers(found),
        "facts": facts(found, volunteer_url),
        "may_take": not found.doubt and found.state != State.IN_PROGRESS,
        "is_open": not found.doubt and not found.is_closed,
        "into": INTO.get(found.kind, INTO[Kind.CONTACT_PERSON]),
    }
    return render(request, "offers/offer.html", context)


def facts(found: HelpOffer, volunteer_url: str) -> list[dict]:
    """What is known about the offer beside what was typed."""
    told = [
        {"label": _("Slettes"), "value": long_date(found.delete_on)},
        {"label": _("Modtaget"), "value": moment(found.received_at), "note": found.get_source_display()},
        {"label": _("Skrevet på"), "value": found.get_language_display()},
        {"label": _("Samtykke"), "value": moment(found.consent_at)},
    ]
    if found.doubt:
        told.insert(0, {"label": _("Hvorfor"), "value": found.get_doubt_display()})
    if found.handled_at:
        name = found.handled_by.name if found.handled_by else _("en bruger, der er slettet")
        told.append({"label": _("Behandlet"), "value": moment(found.handled_at), "note": name})
    if found.note:
        told.append({"label": _("Begrundelse"), "value": found.note})
    if found.became:
        told.append({"label": _("Blev til"), "value": found.became, "url": volunteer_url})
    return [{"url": "", "note": ""} | one for one in told]


def moment(at) -> str:
    """ "27. nov. 2026 kl. 8.02"."""
    here = timezone.localtime(at)
    return _("%(day)s kl.\u00a0%(time)s") % {
        "day": f"{day_month(here.date())} {here.year}",
        "time": f"{here.hour}.{here.minute:02d}",
    }


def done(request, pk, verb, action: str, sentence: str, **given):
    """Carry the verb out, write it in the log, and show the offer again; a refusal is told in words."""
    found = get_object_or_404(HelpOffer, pk=pk)
    try:
        with transaction.atomic():
            result = verb(found, **given)
            audit.log(request.user, action, detail=f"offer {pk}")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    messages.success(request, sentence)
    return result


@needs(MAY)
@require_POST
def take(request, pk):
    told = {"by": request.user, "now": timezone.now()}
    done(request, pk, handling.take, "offer.taken", _("Du har taget tilbuddet i gang."), **told)
    return redirect("offers:offer", pk)


@needs(MAY)
@require_POST
def used(request, pk):
    told = {"by": request.user, "now": timezone.now()}
    done(request, pk, handling.use, "offer.used", _("Tilbuddet står nu som brugt."), **told)
    return redirect("offers:offer", pk)


@needs(MAY)
@require_POST
def release(request, pk):
    done(request, pk, handling.release, "offer.released", _("Tilbuddet står nu blandt de nye."))
    return redirect("offers:offer", pk)


@needs(MAY)
def decline(request, pk):
    """With a reason, which the person may be given to read."""
    found = get_object_or_404(HelpOffer, pk=pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"by": request.user, "now": timezone.now(), "note": form.cleaned_data["note"]}
        done(request, pk, handling.decline, "offer.declined", _("Tilbuddet er afslået."), **told)
        return redirect("offers:offer", pk)
    audit.log(request.user, "offer.read", detail=f"offer {pk}")
    context = {
        "form": form, "heading": _("Afslå tilbuddet"), "lede": found.name, "crumbs": crumbs(_("Afslå"), pk),
        "submit_label": _("Afslå tilbuddet"), "cancel_url": reverse("offers:offer", args=[pk]),
    }  # fmt: skip
    return render(request, "components/form_page.html", context, status=422 if request.method == "POST" else 200)


@needs(MAY)
def remove(request, pk):
    """At once: the person has taken the consent back, or it is a machine's."""
    found = get_object_or_404(HelpOffer, pk=pk)
    if request.method == "POST":
        with transaction.atomic():
            kind = handling.remove(found)
            audit.log(request.user, "offer.deleted", detail=f"{kind} 1")
        messages.success(request, _("Tilbuddet er slettet."))
        return redirect("offers:offers")
    audit.log(request.user, "offer.read", detail=f"offer {pk}")
    context = {"offer": found, "crumbs": crumbs(_("Slet"), pk), "cancel_url": reverse("offers:offer", args=[pk])}
    return render(request, "offers/remove.html", context)


@needs(MAY)
@require_POST
def make_volunteer(request, pk):
    """On to the volunteer's own page, where what is missing is asked."""
    told = {"by": request.user, "now": timezone.now()}
    sentence = _("Oplysningerne er overført. Se dem igennem, og tilføj det, der mangler.")
    volunteer = done(request, pk, handling.make_volunteer, "offer.volunteer", sentence, **told)
    return redirect("volunteers:edit_volunteer", volunteer.pk) if volunteer else redirect("offers:offer", pk)


@needs(MAY)
@require_POST
def make_host(request, pk):
    told = {"by": request.user, "now": timezone.now()}
    done(request, pk, handling.make_host, "offer.host", _("Værten kan nu vælges, når en familie får en bolig."), **told)
    return redirect("offers:offer", pk)


@needs(MAY)
@require_POST
def make_firm(request, pk):
    told = {"by": request.user, "now": timezone.now()}
    sentence = _("Virksomheden står nu blandt dem, man kan vælge.")
    done(request, pk, handling.make_firm, "offer.firm", sentence, **told)
    return redirect("offers:offer", pk)


# --- By telephone -------------------------------------------------------------------------------


@needs(MAY)
def add(request):
    """Typed while the citizen talks. The kind stands in the address, since it decides what is asked."""
    chosen = request.GET.get("slags", Kind.CONTACT_PERSON.value)
    if chosen not in Kind:
        raise Http404
    form = PhoneOfferForm(request.POST or None, kind=chosen)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        with transaction.atomic():
            made = receiving.write_down(form.offer, kind=chosen, now=now, today=timezone.localdate(now))
            audit.log(request.user, "offer.added", detail=f"offer {made.pk}")
        messages.success(request, _("Tilbuddet er skrevet ned."))
        return redirect("offers:offer", made.pk)
    context = {
        "form": form, "heading": _("Tilbud på telefon"), "lede": _("Vælg slags først. Den afgør, hvad der spørges om."),
        "crumbs": crumbs(_("Tilbud på telefon")), "submit_label": _("Skriv tilbuddet ned"),
        "cancel_url": reverse("offers:offers"),
        "kinds": [{"text": text, "url": f"?slags={key}", "current": key == chosen} for key, text in Kind.choices],
    }  # fmt: skip
    return render(request, "offers/add.html", context, status=422 if request.method == "POST" else 200)
