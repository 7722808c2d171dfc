"""The pages of housing: placing a family, what became of it, and the list of dwellings and hosts."""

from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can, needs
from cases.access import get_case
from cases.choices import DataClass
from cases.formats import day_month, plural
from cases.models import Case
from cases.phones import pretty_phone
from deadlines.views import act_page, annul_page, crumbs, form_page, next_url
from housing import rules, services
from housing.forms import ChangeForm, DwellingForm, HostForm, OutOfUseForm, PlacementForm, key_of
from housing.models import Answer, Dwelling, Host, Placement, PlacementKind
from housing.occupancy import Holding, holdings
from housing.panel import sentence

ON_A_PAGE = 50
MAY = Permission.WORK_WITH_HOMES


# placing a family


def _place(request, number, rule, **initial):
    case = get_case(request.user, number)
    new = urlencode({"next": request.get_full_path()})
    return act_page(
        request,
        case,
        rule=rule,
        form_class=PlacementForm,
        permission=MAY,
        initial={"place": request.GET.get("sted", ""), **initial},
        perform=lambda data: services.offer_home(case, **data),
        done=_("Boligplaceringen er registreret for %s") % case.title,
        title=_("Registrér indkvartering") if rule is rules.LODGING else _("Registrér boligplacering"),
        template="housing/place.html",
        context={
            "dwelling_url": f"{reverse('housing:add_dwelling')}?{new}",
            "host_url": f"{reverse('housing:add_host')}?{new}",
        },
    )


def lodging_before_permit(request, number):
    return _place(request, number, rules.LODGING, answer=Answer.ACCEPTED)


def temporary_offer(request, number):
    return _place(request, number, rules.TEMPORARY_OFFER, kind=PlacementKind.TEMPORARY)


def next_home(request, number):
    case = get_case(request.user, number)
    last = case.placements.taken().order_by("-number").first()
    return _place(request, number, rules.NEXT_HOME, kind=last.kind if last else PlacementKind.TEMPORARY)


def _placement(request, number, pk):
    """The case and one standing placement of it; Http404 for any other."""
    case = get_case(request.user, number)
    return case, get_object_or_404(case.placements.standing().select_related("dwelling", "host"), pk=pk)


@needs(MAY)
def change_placement(request, number, pk):
    case, row = _placement(request, number, pk)
    form = ChangeForm(request.POST or None, initial={name: getattr(row, name) for name in ChangeForm.base_fields})
    today = timezone.localdate()

    def perform():
        services.change_placement(row, **form.cleaned_data, today=today, by=request.user)
        return next_url(request, case)

    return form_page(
        request,
        form,
        perform,
        done=_("Boligplaceringen er ændret."),
        heading=_("Ret boligplacering"),
        lede=f"{row.home} · {case.title}",
        crumbs=crumbs(case, _("Ret boligplacering")),
        submit_label=_("Gem ændringerne"),
        cancel_url=next_url(request, case),
    )


def annul_placement(request, number, pk):
    case, row = _placement(request, number, pk)
    return annul_page(
        request,
        case,
        row,
        rules=rules.RULES,
        sentence=sentence(row),
        kind="housing.annulled",
        data_class=DataClass.LOCATION,
        permission=MAY,
    )


# dwellings and hosts


def _back(request) -> str:
    """The page that asked for a new dwelling or host, if it is one of ours; else the list."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("housing:board")


def _with_place(url: str, home: Dwelling | Host) -> str:
    """Back to the form with the new home chosen; the list of homes has nothing to choose."""
    if url == reverse("housing:board"):
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'sted': key_of(home)})}"


def _board_crumbs(text: str) -> list[dict]:
    return [{"url": reverse("housing:board"), "text": _("Boliger og værter")}, {"url": "", "text": text}]


@needs(MAY)
def add_dwelling(request):
    form = DwellingForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: _with_place(_back(request), services.add_dwelling(by=request.user, **form.cleaned_data)),
        done=_("Boligen er tilføjet."),
        heading=_("Tilføj bolig"),
        crumbs=_board_crumbs(_("Tilføj bolig")),
        submit_label=_("Tilføj boligen"),
        cancel_url=_back(request),
    )


@needs(MAY)
def change_dwelling(request, pk):
    dwelling = get_object_or_404(Dwelling, pk=pk)
    form = OutOfUseForm(
        request.POST or None, initial={name: getattr(dwelling, name) for name in OutOfUseForm.base_fields}
    )

    def perform():
        services.change_dwelling(dwelling, by=request.user, **form.cleaned_data)
        return reverse("housing:board")

    return form_page(
        request,
        form,
        perform,
        done=_("Boligen er ændret."),
        heading=_("Ret bolig"),
        lede=dwelling.name,
        crumbs=_board_crumbs(dwelling.name),
        submit_label=_("Gem ændringerne"),
        cancel_url=reverse("housing:board"),
    )


@needs(MAY)
def add_host(request):
    form = HostForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: _with_place(_back(request), services.add_host(by=request.user, **form.cleaned_data)),
        done=_("Værten er tilføjet."),
        heading=_("Tilføj vært"),
        crumbs=_board_crumbs(_("Tilføj vært")),
        submit_label=_("Tilføj værten"),
        cancel_url=_back(request),
    )


@needs(Permission.SEE_HOMES)
def board(request):
    """*Boliger og værter*: places, who lives there now, what is free. Families of others stay nameless."""
    today = timezone.localdate()
    dwellings = Dwelling.objects.select_related("locality").order_by(
        "locality__name", "street", "house_number", "floor", "door"
    )
    hosts = Host.objects.filter(stopped_on=None).select_related("locality").order_by("locality__name", "name", "pk")
    homes, home_pager = _page(request, dwellings, "side")
    private, host_pager = _page(request, hosts, "vaerter")
    found = holdings([*homes, *private], today=today)
    seen = _visible(request.user, found, today)
    audit.log(request.user, "housing.board_read")
    rows = [_board_row(holding, seen, today, request.user) for holding in found]
    total = dwellings.aggregate(places=Sum("places"))["places"] or 0
    count = home_pager["count"]
    context = {
        "homes": [row for row in rows if row["is_dwelling"]],
        "hosts": [row for row in rows if not row["is_dwelling"]],
        "home_pager": home_pager,
        "host_pager": host_pager,
        "lede": _("%(homes)s med %(places)s, og %(hosts)s")
        % {
            "homes": plural(count, _("bolig"), _("boliger")),
            "places": plural(total, _("plads"), _("pladser")),
            "hosts": plural(host_pager["count"], _("privat vært"), _("private værter")),
        },
        "actions": _board_actions(request.user),
    }
    return render(request, "housing/board.html", context)


def _board_actions(user) -> list[dict]:
    if not can(user, MAY):
        return []
    return [
        {"url": reverse("housing:add_dwelling"), "text": _("Tilføj bolig"), "icon": "house-add", "primary": True},
        {"url": reverse("housing:add_host"), "text": _("Tilføj vært"), "icon": "person-add"},
    ]


def _page(request, queryset, name: str) -> tuple[list, dict]:
    """One page of rows and its pager; an unreadable number is the first page."""
    page = Paginator(queryset, ON_A_PAGE).get_page(request.GET.get(name))
    text = _("Viser %(first)d–%(last)d af %(all)d") % {
        "first": page.start_index(),
        "last": page.end_index(),
        "all": page.paginator.count,
    }

    def url(number: int) -> str:
        given = request.GET.copy()
        given[name] = number
        return f"?{given.urlencode()}"

    pager = {
        "text": text,
        "count": page.paginator.count,
        "several": page.paginator.num_pages > 1,
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }
    return list(page.object_list), pager


def _visible(user, found: list[Holding], today) -> set[int]:
    """Ids of the families on this page that the user may see."""
    ids = {placement.case_id for holding in found for placement, _span in holding.held}
    return set(Case.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _board_row(holding: Holding, seen: set[int], today, user) -> dict:
    home = holding.home
    is_dwelling = isinstance(home, Dwelling)
    closed = is_dwelling and home.out_of_use_from is not None and home.out_of_use_from <= today
    return {
        "is_dwelling": is_dwelling,
        "name": str(home),
        "locality": home.locality.name if home.locality else "",
        "kind": home.get_kind_display() if is_dwelling else "",
        "phone": "" if is_dwelling else home.phone,
        "phone_text": "" if is_dwelling else pretty_phone(home.phone),
        "places": home.places,
        "living": [_family(placement, seen, today) for placement in holding.on(today)],
        "coming": [_("optages %s") % day_month(placement.begins) for placement in holding.coming(today)[:1]],
        "state": _("ude af brug") if closed else holding.state(today),
        "tone": "" if closed else ("done" if holding.free(today) else "wait"),
        "why": home.out_of_use_reason if closed else "",
        "double": holding.double(today),
        "change_url": reverse("housing:change_dwelling", args=[home.pk]) if is_dwelling and can(user, MAY) else "",
    }


def _family(placement: Placement, seen: set[int], today) -> dict:
    """A place taken by a family the user may not see is reserved: not by whom, by how many, or for how long."""
    people = plural(placement.residents, _("person"), _("personer"))
    overdue = placement.ends_on is not None and placement.ends_on <= today
    end = _("skulle være ophørt %s") % day_month(placement.ends_on) if overdue else placement.until_text
    if placement.case_id not in seen:
        return {"url": "", "text": _("Reserveret"), "note": ""}
    return {
        "url": placement.case.get_absolute_url(),
        "text": placement.case.title,
        "note": ", ".join(filter(None, [people, end])),
    }
