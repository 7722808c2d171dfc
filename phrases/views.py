"""The pages of the text bank: the list, one sentence in all its languages, and another language."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Permission, can, needs
from phrases.forms import MISSING, LanguageForm, PhraseFilter, TranslationForm, target_languages
from phrases.models import SOURCE, Language, Phrase, Translation
from phrases.services import translating

ON_A_PAGE = 50
CONFLICT, INVALID = 409, 422


@require_safe
@needs(Permission.READ_PHRASES)
def bank(request):
    """All sentences, Danish beside one other language."""
    languages = target_languages()
    form = PhraseFilter(request.GET, languages=languages)
    chosen = form.chosen
    language = next((row for row in languages if row.pk == chosen.get("sprog")), languages[0])
    found = narrowed(Phrase.objects.beside(language.pk), chosen)
    page = Paginator(found.order_by("position", "key"), ON_A_PAGE).get_page(request.GET.get("side"))
    narrow = chosen.keys() - {"sprog"}
    context = {
        "form": form,
        "language": language,
        "page": page,
        "pager": pager(request, page),
        "figures": figures(language),
        "reset_url": f"{reverse('phrases:bank')}?{urlencode({'sprog': language.pk})}" if narrow else "",
        "may_edit": can(request.user, Permission.EDIT_PHRASES),
    }
    return render(request, "phrases/bank.html", context)


def narrowed(found, chosen: dict[str, str]):
    if area := chosen.get("omraade"):
        found = found.filter(area=area)
    if kind := chosen.get("slags"):
        found = found.filter(kind=kind)
    if status := chosen.get("status"):
        found = found.filter(text=None) if status == MISSING else found.filter(status=status)
    if text := chosen.get("q"):
        found = found.filter(Q(source__icontains=text) | Q(text__icontains=text) | Q(key__icontains=text))
    return found


def pager(request, page) -> dict:
    def url(number: int) -> str:
        query = request.GET.copy()
        query["side"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "text": _("Viser %(first)d–%(last)d af %(all)d")
        % {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count},
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }


def figures(language: Language) -> dict[str, int]:
    """How far the language has come."""
    found = language.translations.aggregate(
        drafts=Count("pk", filter=Q(status=Translation.Status.DRAFT)),
        approved=Count("pk", filter=Q(status=Translation.Status.APPROVED)),
    )
    return {**found, "missing": Phrase.objects.count() - sum(found.values())}


@needs(Permission.READ_PHRASES)
def phrase(request, pk):
    """One sentence in all languages; the one in ?sprog= is written and approved by those who may."""
    row = get_object_or_404(Phrase, pk=pk)
    languages = target_languages()
    language = next((one for one in languages if one.pk == request.GET.get("sprog")), languages[0])
    held = row.translations.select_related("language", "approved_by", "changed_by")
    texts = {one.language_id: one for one in held}
    if request.method == "POST":
        return take(request, row, language, languages, texts)
    return phrase_page(request, row, language, languages, texts)


@needs(Permission.EDIT_PHRASES)
def take(request, row: Phrase, language: Language, languages, texts):
    """Save what is written, and approve it when that button was pressed."""
    form = form_for(row, language, data=request.POST)
    if not form.is_valid():
        return phrase_page(request, row, language, languages, texts, form=form, status=INVALID)
    approving = request.POST.get("do") == "approve"
    try:
        saved = translating.change(row, language, **form.cleaned_data, by=request.user)
        if approving:
            translating.approve(row, language, revision=saved.revision, by=request.user, today=timezone.localdate())
    except ValidationError as error:
        form.add_error("text", error)
        return phrase_page(request, row, language, languages, texts, form=form, status=INVALID)
    except translating.PhraseConflict as conflict:
        data = request.POST.copy()
        data["revision"] = conflict.row.revision
        form = form_for(row, language, data=data)
        texts[language.pk] = conflict.row
        return phrase_page(request, row, language, languages, texts, form=form, theirs=conflict.row, status=CONFLICT)
    messages.success(request, _("Sætningen er godkendt.") if approving else _("Sætningen er gemt som kladde."))
    following = (translating.next_draft(row, language) if approving else None) or row
    return redirect(f"{reverse('phrases:phrase', args=[following.pk])}?{urlencode({'sprog': language.pk})}")


def form_for(row: Phrase, language: Language, *, data=None, held: Translation | None = None) -> TranslationForm:
    initial = {"text": held.text, "revision": held.revision} if held else {"text": "", "revision": 0}
    slots = [f"{{{slot}}}" for slot in sorted(row.slots)]
    return TranslationForm(data, initial=initial, language=language, placeholders=slots)


def phrase_page(request, row, language, languages, texts, *, form=None, theirs=None, status=200):
    held = texts.get(language.pk)
    back = f"{reverse('phrases:bank')}?{urlencode({'sprog': language.pk})}"
    context = {
        "phrase": row,
        "language": language,
        "held": held,
        "source": texts.get(SOURCE),
        "others": [texts[one.pk] for one in languages if one.pk in texts and one.pk not in (SOURCE, language.pk)],
        "form": form or form_for(row, language, held=held),
        "theirs": theirs,
        "may_edit": can(request.user, Permission.EDIT_PHRASES),
        "switch": [
            {"url": f"?{urlencode({'sprog': one.pk})}", "text": one.name, "current": one == language}
            for one in languages
        ],
        "crumbs": [{"url": back, "text": _("Tekstbank")}, {"url": "", "text": texts[SOURCE].text}],
        "back": back,
    }
    return render(request, "phrases/phrase.html", context, status=status)


@needs(Permission.EDIT_PHRASES)
def add_language(request):
    form = LanguageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            language = translating.add_language(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%s er tilføjet. Sætningerne mangler endnu.") % language.name)
            return redirect(f"{reverse('phrases:bank')}?{urlencode({'sprog': language.pk, 'status': MISSING})}")
    context = {
        "form": form,
        "heading": _("Nyt sprog"),
        "lede": _("Sætninger, der mangler på sproget, står på dansk i planen, til de er skrevet."),
        "crumbs": [{"url": reverse("phrases:bank"), "text": _("Tekstbank")}, {"url": "", "text": _("Nyt sprog")}],
        "submit_label": _("Tilføj sprog"),
        "cancel_url": reverse("phrases:bank"),
        "action": "",
    }
    return render(request, "components/form_page.html", context, status=INVALID if form.is_bound else 200)
