"""What is protected, as a panel on the person's page; and what a manager decides knowing the number alone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, can, needs
from cases.models import Case
from cases.secrecy import pairs_of, protected_people
from deadlines.models import Notice
from deadlines.telling import TO_CLARIFY
from desk.forms.people import HandOverForm
from desk.forms.protection import AssignForm
from desk.services import family, protection

# --- The panel on the person's page -----------------------------------------------------------


def protection_panel(case, person, user) -> dict:
    """For desk/_protection.html: the person's own protection, whom they follow, and from whom they are kept apart."""
    covering = protected_people(case).get(person.pk)
    own = covering if covering and covering.person_id == person.pk else None
    return {
        "protection": own,
        "follows": covering.person if covering and not own else None,
        "may_decide": bool(own and own.is_proposed and may_decide(own, user)),
        "apart": apart_rows(person, user),
        "notes_url": reverse("desk:note_circles", args=[case.number])
        if covering and case.caseworker_id in user.acting_for
        else "",
    }


def may_decide(row, user) -> bool:
    return row.lapse_proposed_by_id != user.pk and can(user, Permission.CONFIRM_EXEMPTION)


def apart_rows(person, user) -> list[dict]:
    """Each relation; the other one is named only to who sees that case."""
    pairs = list(pairs_of([person.pk]))
    others = [row.other if row.one_id == person.pk else row.one for row in pairs]
    cases = Case.objects.visible_to(user).filter(pk__in=[one.case_id for one in others])
    seen = set(cases.values_list("pk", flat=True))
    return [
        {
            "row": row,
            "name": other.full_name if other.case_id in seen else _("En person i en anden sag"),
            "may_decide": row.is_proposed and may_decide(row, user),
        }
        for row, other in zip(pairs, others, strict=True)
    ]


# --- The manager, by number alone -------------------------------------------------------------


def waiting_for_manager(user) -> int:
    """How many protected cases and doubts of the unit wait for this manager."""
    if not can(user, Permission.LEAD_TEAM):
        return 0
    return protection.unassigned(user).count() + protection.to_decide(user).count()


@needs(Permission.LEAD_TEAM)
def guarded(request):
    """Protected cases without a caseworker, proposals to end a protection, doubts: numbers, never names."""
    audit.log(request.user, "guarded.read")
    users = HandOverForm().fields["to"].queryset
    rows = [
        {"case": case, "form": AssignForm(users=users, auto_id=f"id_{case.pk}_%s", initial={"number": case.number})}
        for case in protection.unassigned(request.user)
    ]
    doubts = Notice.objects.filter(subject__startswith=f"{TO_CLARIFY}:", dropped=False).order_by("-pk")[:20]
    context = {
        "crumbs": [],
        "rows": rows,
        "proposals": protection.to_decide(request.user),
        "doubts": [{"url": one.subject.partition(":")[2], "on": one.date} for one in doubts],
        "opens_lists": can(request.user, Permission.IMPORT_LIST),
    }
    return render(request, "desk/guarded.html", context)


@needs(Permission.LEAD_TEAM)
@require_POST
def assign_guarded(request):
    """Give a protected case without a caseworker to somebody; the manager is shown nothing of it."""
    number = request.POST.get("number", "")[:12]
    case = protection.unassigned(request.user).filter(number=number).first()
    if case is None:
        return _gone(request)
    form = AssignForm(request.POST, users=HandOverForm().fields["to"].queryset)
    if form.is_valid():
        to, today = form.cleaned_data["to"], timezone.localdate()
        _try(request, lambda: family.hand_over(case, to=to, by=request.user, today=today))
    else:
        messages.error(request, _("Vælg, hvem der skal have sagen."))
    return redirect("desk:guarded")


@needs(Permission.LEAD_TEAM)
@require_POST
def decide_guarded(request):
    pk = request.POST.get("protection", "")
    row = protection.to_decide(request.user).filter(pk=pk).first() if pk.isdecimal() and len(pk) < 12 else None
    if row is None:
        return _gone(request)
    agree, today = request.POST.get("agree") == "ja", timezone.localdate()
    _try(request, lambda: protection.decide_end(row, agree=agree, by=request.user, today=today))
    return redirect("desk:guarded")


def _gone(request):
    """The same answer for what was never there, is another unit's, or has been dealt with."""
    messages.error(request, _("Sagen er ikke længere blandt dem, der venter på dig."))
    return redirect("desk:guarded")


def _try(request, act) -> None:
    try:
        with transaction.atomic():
            act()
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("Det er gemt."))
