"""Hvordan kan du hjælpe?: what anybody reads and sends without a log-in. No cookie, no script, nothing echoed.

The pages know of nobody: the answer to a known address, an unknown one and a machine is the same to the byte.
"""

from functools import partial

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from offers import texts
from offers.forms import TRAP, TrappedForm
from offers.services import receiving

DANISH = "da"


def shown(request, template: str, language: str, *, path, status: int = 200, **context):
    """A public page. path: a language's address of the same page, for the switch."""
    words = texts.words(language)
    ways = [
        {"code": code, "text": name, "url": path(code), "current": code == language}
        for code, name in (("da", "Dansk"), ("en", "English"), ("uk", "Українська"))
    ]
    place = settings.MUNICIPALITY
    shared = {
        "words": words,
        "language": language,
        "ways": ways,
        "municipality": place,
        "front_url": front_url(language),
    }
    return render(request, template, shared | context, status=status)


def front_url(language: str) -> str:
    return reverse("offers:front") if language == DANISH else reverse("offers:front_in", args=[language])


def known(language: str) -> str:
    """The language of the address; Http404 for any that the pages do not have."""
    if language not in texts.LANGUAGES:
        raise Http404
    return language


@login_not_required
def front(request, language=DANISH):
    """Six cards, one for each way to help."""
    cards = [
        kind | {"url": reverse("offers:form", args=[language, kind["slug"]])} for kind in texts.kinds(known(language))
    ]
    steps = [texts.words(language)[key] for key in ("next_1", "next_2", "next_3")]
    return shown(request, "offers/front.html", language, path=front_url, cards=cards, steps=steps)


@csrf_exempt  # It carries no session that another site could misuse, and the token would need a cookie.
@login_not_required
def form(request, language, slug):
    """One short form. Whatever is stored, in the list or in quarantine, leads to the same receipt."""
    kind = texts.kind_of(slug, known(language))
    if kind is None:
        raise Http404
    now = timezone.now()
    page = partial(form_page, request, kind, language)
    if request.method != "POST":
        return page(TrappedForm(kind=kind["key"], language=language, stamp=receiving.stamp(now)))
    stamped = request.POST.get("stamp", "")
    if receiving.is_stale(stamped, now):
        return page(again(request, kind, language, now), stale=True, status=422)
    sent = TrappedForm(request.POST, kind=kind["key"], language=language, stamp=stamped)
    if not sent.is_valid():
        return page(sent, status=422)
    doubt = receiving.doubt_about(trap=request.POST.get(TRAP, ""), stamped=stamped, now=now)
    address = get_adapter(request).get_client_ip(request)
    try:
        receiving.receive(sent.offer, kind=kind["key"], language=language, address=address, doubt=doubt, now=now)
    except receiving.Refused:
        return shown(request, "offers/too_many.html", language, path=partial(form_url, slug), status=429)
    return redirect("offers:receipt", language)


def again(request, kind: dict, language: str, now) -> TrappedForm:
    """The typed text in a form with a new time, not judged yet."""
    fresh = receiving.stamp(now)
    typed = {name: request.POST.get(name, "")[:2000] for name in request.POST if name not in {TRAP, "stamp"}}
    return TrappedForm(initial=typed, kind=kind["key"], language=language, stamp=fresh)


def form_url(slug: str, language: str) -> str:
    return reverse("offers:form", args=[language, slug])


def form_page(request, kind: dict, language: str, drawn: TrappedForm, *, stale: bool = False, status: int = 200):
    asked = {one["name"] for one in drawn.asked}
    context = {
        "kind": kind,
        "form": drawn,
        "stale": stale,
        "about_you": [drawn[name] for name in ("name", "email", "phone", "town")],
        "about_offer": [drawn[name] for name in drawn.fields if name in asked or name == "message"],
        "faults": [(drawn[name], found[0]) for name, found in drawn.errors.items()],
        "consent_text": texts.words(language)["consent_text"] % {"municipality": settings.MUNICIPALITY["name"]},
    }
    return shown(request, "offers/form.html", language, path=partial(form_url, kind["slug"]), status=status, **context)


@login_not_required
def receipt(request, language):
    """The same for everybody."""
    answer = texts.words(known(language))["answer"] % {"unit": settings.MUNICIPALITY["unit"]}
    return shown(request, "offers/receipt.html", language, path=receipt_url, answer=answer)


def receipt_url(language: str) -> str:
    return reverse("offers:receipt", args=[language])
