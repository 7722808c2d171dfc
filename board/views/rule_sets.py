"""Fristregler: the sets as cards, one set with its rules, and a manager's draft with its terms and local rules."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, can, needs
from board.forms.rule_sets import DraftForm, LocalRuleForm, TermForm
from board.models import Activation
from board.services import activation as activations
from board.services import rule_cards, rule_sets
from cases.formats import doc_date, doc_moment, long_date, plural
from cases.forms import IndgangForm
from deadlines.local import PREFIX
from deadlines.models import LocalRule, RuleSet
from deadlines.views import blame
from desk.areas import BY_KEY, RULES

only_managers = needs(Permission.LEAD_TEAM)
readers = needs(Permission.CONFIRM_EXEMPTION)


def crumbs(*way: tuple[str, str]) -> list[dict]:
    """way: (url, text) below Fristregler; the last one is the page itself."""
    found = [(reverse("board:rule_sets"), _("Fristregler")), *way]
    return [{"url": url if (url, text) != found[-1] else "", "text": text} for url, text in found]


def address(rule_set: RuleSet) -> str:
    return reverse("board:rule_set", args=[rule_set.pk])


def moment(at) -> str:
    return doc_moment(at) if at else ""


# --- The sets ---------------------------------------------------------------------------------


@readers
def all_sets(request):
    today = timezone.localdate()
    sets = list(RuleSet.objects.select_related("created_by", "activated_by").order_by("-number"))
    asked = {row.rule_set_id: row for row in Activation.objects.filter(at=None).select_related("asked_by")}
    in_use = current(sets, today)
    has_draft = any(one.state == RuleSet.State.DRAFT for one in sets)
    drafts = can(request.user, Permission.LEAD_TEAM) and not has_draft
    action = {"url": reverse("board:new_rule_set"), "text": _("Nyt udkast"), "icon": "plus-circle", "primary": True}
    changed = rule_cards.changed_rules(sets)
    cards = []
    for one in sets:
        word, tone = standing(one, in_use, asked.get(one.pk), today)
        text = differs(one, changed[one.pk], rule_cards.previous(one, sets))
        card = {"url": address(one), "title": title_of(one), "word": word, "tone": tone, "text": text}
        cards.append(card | {"who": who(one, asked.get(one.pk))})
    context = {
        "cards": cards,
        "actions": [action] if drafts else [],
        "history": history(request.user),
    }
    return render(request, "board/rule_sets.html", context)


def current(sets, today) -> RuleSet | None:
    """The set that a duty starting today follows."""
    active = [one for one in sets if one.state == RuleSet.State.ACTIVE and one.valid_from <= today]
    return max(active, key=lambda one: (one.valid_from, one.number), default=None)


def standing(one: RuleSet, in_use: RuleSet | None, asked: Activation | None, today) -> tuple[str, str]:
    """(word, tone of its tag)."""
    if one.state == RuleSet.State.DRAFT:
        return (_("venter på en kollegas ja"), "wait") if asked else (_("udkast"), "info")
    if one.valid_from > today:
        return _("besluttet"), "soon"
    return (_("i brug"), "done") if one == in_use else (_("afløst"), "")


def title_of(one: RuleSet) -> str:
    """ "Regelsæt 2, gælder fra 1. april 2024"."""
    return _("Regelsæt %(number)d, gælder fra %(day)s") % {"number": one.number, "day": long_date(one.valid_from)}


def differs(one: RuleSet, changed: int, before: RuleSet | None) -> str:
    """ "Ny aftale om sprogskole · 2 regler ændret fra regelsæt 2"."""
    says = [one.title] if one.title else []
    if before:
        words = {"rules": plural(changed, _("regel"), _("regler")), "set": before.number}
        says.append(_("%(rules)s ændret fra regelsæt %(set)d") % words)
    return " · ".join(says)


def who(one: RuleSet, asked: Activation | None) -> str:
    if asked:
        return _("%(who)s bad om et ja %(at)s") % {"who": asked.asked_by.name, "at": moment(asked.asked_at)}
    if one.activated_by:
        words = {"who": one.activated_by.name, "day": doc_date(one.activated_on)}
        return _("Sat i brug af %(who)s %(day)s") % words
    return _("Lavet af %s") % one.created_by.name if one.created_by else _("Leveret med Indgang")


def history(user) -> list[dict]:
    """What has been put in force and taken back, the newest first."""
    rows = Activation.objects.filter(at__isnull=False).select_related("rule_set", "asked_by", "by", "undone_by")
    last = activations.newest() if can(user, Permission.LEAD_TEAM) else None
    open_to = last.pk if last and activations.in_time(last, today=timezone.localdate(), now=timezone.now()) else None
    return [
        {
            "number": row.number,
            "choice": row.get_choice_display(),
            "asked": row.asked_by.name,
            "by": row.by.name,
            "at": moment(row.at),
            "undone": f"{row.undone_by.name} {moment(row.undone_at)}" if row.undone_by else "",
            "undo_url": reverse("board:undo_activation", args=[row.pk]) if row.pk == open_to else "",
        }
        for row in rows[:20]
    ]


@readers
def one_set(request, pk):
    """A set with its rules. What is in force is only read."""
    found = get_object_or_404(RuleSet.objects.select_related("created_by", "activated_by"), pk=pk)
    asked = Activation.objects.filter(rule_set=found, at=None).select_related("asked_by").first()
    today = timezone.localdate()
    is_draft = found.state == RuleSet.State.DRAFT
    sets = list(RuleSet.objects.all())
    before = rule_cards.previous(found, sets)
    groups = rule_cards.cards(found, before)
    changed = [one for group in groups for one in group["cards"] if one.changed]
    word, tone = standing(found, current(sets, today), asked, today)
    editable = is_draft and asked is None and can(request.user, Permission.LEAD_TEAM)
    context = {
        "one": found,
        "title": str(found),
        "lede": lede(found, len(changed), before),
        "word": word,
        "tone": tone,
        "who": who(found, asked),
        "crumbs": crumbs((address(found), str(found))),
        "groups": groups,
        "changed": changed,
        "before": before,
        "is_draft": is_draft,
        "editable": editable,
        "preview_url": f"{reverse('board:rule_preview')}?saet={found.pk}" if is_draft else "",
    }
    return render(request, "board/rule_set.html", context)


def lede(found: RuleSet, changed: int, before: RuleSet | None) -> str:
    since = _("Gælder frister, der begynder %s eller senere.") % long_date(found.valid_from)
    if before is None:
        return since
    if not changed:
        return f"{since} {_('Alt er endnu som i regelsæt %d.') % before.number}"
    words = {"rules": plural(changed, _("regel"), _("regler")), "set": before.number}
    return f"{since} {_('%(rules)s er anderledes end i regelsæt %(set)d.') % words}"


# --- A manager's draft ------------------------------------------------------------------------


def form_page(request, form, *, heading: str, submit: str, act, done: str, back: str, lede: str = "", way=()):
    """Show the form, or do what it says and go back; `act` may give another address to go to."""
    if request.method == "POST" and form.is_valid():
        try:
            target = act(form)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, done)
            return redirect(target or back)
    context = {
        "form": form,
        "heading": heading,
        "lede": lede,
        "crumbs": crumbs(*way, ("", heading)),
        "submit_label": submit,
        "cancel_url": back,
    }
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)


@only_managers
def new_set(request):
    today = timezone.localdate()
    newest = rule_sets.latest()
    initial = {"valid_from": max(today, newest.valid_from) if newest else today}

    def act(form):
        return address(rule_sets.new_draft(by=request.user, **form.cleaned_data))

    return form_page(
        request,
        DraftForm(request.POST or None, today=today, initial=initial),
        heading=_("Nyt udkast"),
        lede=_("Udkastet begynder med alle frister fra %s. Intet ændres, før en kollega har sat det i brug.") % newest,
        submit=_("Opret udkast"),
        act=act,
        done=_("Udkastet er oprettet. Ret nu de frister, der skal være anderledes."),
        back=reverse("board:rule_sets"),
    )


@only_managers
def change_set(request, pk):
    found = get_object_or_404(RuleSet, pk=pk)
    initial = {"valid_from": found.valid_from, "title": found.title}
    return form_page(
        request,
        DraftForm(request.POST or None, today=timezone.localdate(), initial=initial),
        heading=_("Ret dag og navn"),
        submit=_("Gem"),
        act=lambda form: rule_sets.change_draft(found, by=request.user, **form.cleaned_data),
        done=_("Udkastet er rettet."),
        back=address(found),
        way=[(address(found), str(found))],
    )


@only_managers
def discard_set(request, pk):
    found = get_object_or_404(RuleSet, pk=pk)

    def act(form):
        rule_sets.discard(found, by=request.user)
        return reverse("board:rule_sets")

    return form_page(
        request,
        IndgangForm(request.POST if request.method == "POST" else None),
        heading=_("Slet udkast"),
        lede=_("%s bliver slettet med sine ændringer og nye lokale regler. Ingen frister ændres.") % found,
        submit=_("Slet udkastet"),
        act=act,
        done=_("Udkastet er slettet."),
        back=address(found),
        way=[(address(found), str(found))],
    )


def rule_in(slug: str) -> tuple[str, str, LocalRule | None]:
    """(key, title, row of a local rule) of the rule named in the address; 404 for what is none."""
    key = rule_cards.rule_of_slug(slug)
    row = LocalRule.objects.filter(slug=key.removeprefix(PREFIX)).first() if key.startswith(PREFIX) else None
    if row is None and key not in RULES:
        raise Http404
    return key, row.name if row else str(RULES[key].title), row


def initial_of(found: RuleSet, key: str) -> dict:
    term = found.terms.filter(rule=key).first()
    if term is None:
        return {"kind": "local_target"}
    shown = {name: getattr(term, name) for name in ("amount", "unit", "kind", "basis")}
    return shown | {"warning_days": ", ".join(map(str, term.warning_days))}


@only_managers
def term(request, pk, slug):
    """How long one rule gives in this draft; a local rule of the draft with all that it is about."""
    found = get_object_or_404(RuleSet, pk=pk)
    key, title, row = rule_in(slug)
    if row is not None and rule_sets.own_local_rules(found).filter(pk=row.pk).exists():
        return local_rule_page(request, found, row)

    def act(form):
        rule_sets.save_term(found, key, by=request.user, **form.term())
        return f"{address(found)}#{slug}"

    return form_page(
        request,
        TermForm(request.POST or None, initial=initial_of(found, key), rule=key),
        heading=title,
        lede=_("Ændringen gælder, når udkastet er sat i brug."),
        submit=_("Gem fristen"),
        act=act,
        done=_("Fristen er rettet i udkastet."),
        back=f"{address(found)}#{slug}",
        way=[(address(found), str(found))],
    )


def local_rule_page(request, found: RuleSet, row: LocalRule):
    held = {name: getattr(row, name) for name in ("name", "area", "for_whom", "starts", "owner_role")}
    initial = held | initial_of(found, f"{PREFIX}{row.slug}")
    return form_page(
        request,
        LocalRuleForm(request.POST or None, initial=initial),
        heading=_("Ret lokal regel"),
        submit=_("Gem reglen"),
        act=lambda form: rule_sets.change_local_rule(found, row.slug, by=request.user, **form.rule(), **form.term()),
        done=_("Reglen er rettet i udkastet."),
        back=address(found),
        way=[(address(found), str(found))],
    )


@require_POST
@only_managers
def remove_term(request, pk, slug):
    found = get_object_or_404(RuleSet, pk=pk)
    key, title, row = rule_in(slug)
    try:
        rule_sets.remove_term(found, key, by=request.user)
        done = _("»%s« slutter med udkastet.") if row else _("»%s« har ingen frist i udkastet.")
        messages.success(request, done % title)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(address(found))


@only_managers
def add_local_rule(request, pk):
    found = get_object_or_404(RuleSet, pk=pk)
    initial = {"kind": "local_target", "unit": "days", "for_whom": "household", "area": next(iter(BY_KEY))}

    def act(form):
        rule_sets.add_local_rule(found, by=request.user, **form.rule(), **form.term())

    return form_page(
        request,
        LocalRuleForm(request.POST or None, initial=initial),
        heading=_("Ny lokal regel"),
        lede=_("Kommunens egen opgave. Den gælder, hvor fristen begynder, mens regelsættet gælder, og krydses af."),
        submit=_("Føj til udkastet"),
        act=act,
        done=_("Reglen er føjet til udkastet."),
        back=address(found),
        way=[(address(found), str(found))],
    )
