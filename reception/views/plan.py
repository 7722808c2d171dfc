"""The pages of Min plan: written, handed over, printed, signed."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import Permission, can, needs
from cases.access import get_case, get_person
from cases.formats import doc_date
from cases.models import Person
from cases.paper import PaperError
from deadlines.explain import explain, load_terms
from deadlines.services import set_cause
from deadlines.views import blame, crumbs
from phrases.models import SOURCE
from phrases.paper import Bank
from reception import rules
from reception.forms import ActivityFormSet, HandOverForm, PlanForm
from reception.models import Plan, PlanArea, PlanHandover, Signature
from reception.paper import Group, Variant, groups
from reception.services import activities, document, files, sentences
from reception.services import plan as plans
from reception.services.changes import changes
from reception.services.content import Content, Line, content_of, has_been_changed

UNWRITTEN = {"version": 0, "revision": 0}
CONFLICT = 409
INVALID = 422


@dataclass(slots=True)
class Desk:
    """What lies on the table while one plan is worked on."""

    person: Person
    plan: Plan | None
    handover: PlanHandover | None
    today: date
    form: PlanForm
    lines: ActivityFormSet
    hand_over: HandOverForm
    theirs: Plan | None = None
    differences: list[str] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return self.form.is_valid() and self.lines.is_valid()

    @property
    def written(self) -> list[Line]:
        """The lines of a valid page."""
        return [line for form in self.lines if (line := form.line())]


def planner(request, number: str, person_id: int, today: date) -> Person:
    """The member whose plan it is; Http404 for a child, whose part stands in an adult's plan."""
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    if not plans.has_own_plan(person, today):
        raise Http404
    return person


@needs(Permission.SEE_CASE_FILES)
def min_plan(request, number, person_id):
    """The plan: read it, write it, hand it over. Handing over saves what stands in the form in the same breath."""
    today = timezone.localdate()
    person = planner(request, number, person_id, today)
    plan = plans.current_plan(person)
    handover = plans.handover_of(plan)
    if request.method == "POST":
        return take_plan(request, set_up(request, person, plan, handover, today))
    wanted = request.GET.get("version", "")
    if wanted and (earlier := plans.latest_handover(person, wanted)):
        return read_page(request, person, earlier.plan, earlier, today)
    if handover and "rediger" not in request.GET:
        return read_page(request, person, plan, handover, today)
    return edit_page(request, set_up(request, person, plan, handover, today))


def set_up(request, person, plan, handover, today) -> Desk:
    """The forms, bound to what was posted, else filled with the plan or with what the deadlines propose."""
    handing_over = request.POST.get("do") == "hand_over"
    lines = plans.lines_of(plan) if plan else plans.proposals(person, today=today)
    lines = activities.with_dates_of_steps(person, lines)
    rows = [{**asdict(line), "about": line.about_id, "task": line.task_id} for line in lines]
    opened = model_to_dict(plan, ["version", "revision", "goal", "goal_danish"]) if plan else UNWRITTEN
    return Desk(
        person,
        plan,
        handover,
        today,
        form=PlanForm(request.POST or None, initial=opened),
        lines=ActivityFormSet(
            request.POST or None, initial=rows, prefix="a", form_kwargs={"people": about_whom(person, lines, today)}
        ),
        hand_over=HandOverForm(
            request.POST if handing_over else None, case=person.case, person=person, rule=rules.MIN_PLAN, today=today
        ),
    )


def about_whom(person: Person, lines: list[Line], today: date) -> list[tuple]:
    """The person first, then the children, and whoever a line is about already."""
    written = {line.about_id for line in lines if line.about_id}
    children = {child.pk for child in plans.children_of(person.case, today)}
    others = person.case.people.filter(pk__in=written | children).exclude(pk=person.pk).order_by("pk")
    return [("", person.short_name), *((other.pk, other.short_name) for other in others)]


def take_plan(request, desk: Desk):
    """Save the draft, and hand it over when that button was pressed."""
    if not can(request.user, Permission.WRITE_CASES):
        raise Http404
    if fuller := with_more(request, desk):
        return edit_page(request, fuller)
    handing_over = desk.hand_over.is_bound
    if not desk.valid or (handing_over and not may_be_given(desk)):
        return edit_page(request, desk, status=INVALID)
    try:
        with transaction.atomic():
            save(desk, request.user)
            if handing_over:
                give(desk, request.user)
    except plans.PlanConflict as conflict:
        return edit_page(request, met_another(request, desk, conflict.plan), status=CONFLICT)
    except ValidationError as error:
        blame(desk.hand_over if handing_over else desk.form, error)
        return edit_page(request, desk, status=INVALID)
    if handing_over:
        keep_first_paper(request, desk)
    name = desk.person.short_name
    said = _("Min plan er gennemgået og udleveret til %s") if handing_over else _("Kladden til Min plan for %s er gemt")
    messages.success(request, said % name)
    return redirect("reception:min_plan", desk.person.case.number, desk.person.pk)


def with_more(request, desk: Desk) -> Desk | None:
    """The same page with what was asked for: a child's part, the deadlines without a line, a sentence. None: save."""
    if request.POST.get("take") == "deadlines":
        return with_lines(request, desk, plans.left_out(desk.person, posted_rules(request, desk), today=desk.today))
    if request.POST.get("take", "").isdecimal():
        child = get_person(desk.person.case, int(request.POST["take"]))
        return with_lines(request, desk, plans.part_of(child, desk.person, today=desk.today))
    return with_sentence(request, desk) if request.POST.get("do") == "sentence" else None


def posted_rules(request, desk: Desk) -> set[tuple[str, int | None]]:
    """(rule, about) of the lines as they stand in the page."""
    rows = range(desk.lines.total_form_count())
    found = ((request.POST.get(f"a-{at}-rule", ""), request.POST.get(f"a-{at}-about", "")) for at in rows)
    return {(rule, int(who) if who.isdecimal() else None) for rule, who in found}


def with_sentence(request, desk: Desk) -> Desk:
    """The same page with the sentence that was chosen from the text bank; a goal stands below what is written."""
    children = plans.children_of(desk.person.case, desk.today)
    line = sentences.offered(Bank.read([SOURCE]), children).get(request.POST.get("sentence", ""))
    if line is None or line.area != sentences.GOAL:
        return with_lines(request, desk, [line] if line else [])
    desk.form = PlanForm({**request.POST.dict(), "goal": f"{request.POST.get('goal', '')}\n{line.text}".strip()})
    return desk


def with_lines(request, desk: Desk, lines: list[Line]) -> Desk:
    """The same page with these lines in its first empty rows; nothing is saved yet."""
    data = request.POST.copy()
    total = desk.lines.total_form_count()
    empty = [at for at in range(total) if not data.get(f"a-{at}-text")]
    for line in lines:
        at, total = (empty.pop(0), total) if empty else (total, total + 1)
        row = {**asdict(line), "on": doc_date(line.on) if line.on else "", "about": line.about_id, "task": ""}
        for name in desk.lines.empty_form.fields:
            data[f"a-{at}-{name}"] = row[name]
    data["a-TOTAL_FORMS"] = total
    desk.form, desk.lines = PlanForm(data), ActivityFormSet(data, prefix="a", form_kwargs=desk.lines.form_kwargs)
    return desk


def keep_first_paper(request, desk: Desk) -> None:
    """The citizen's paper is kept from the day it is handed over; printing takes seconds, so after the transaction."""
    person, plan = desk.person, plans.current_plan(desk.person)
    how, handover = {"language": document.language_for(person)}, plans.handover_of(plan)
    try:
        printed(person, plan, handover, how=how, by=request.user, today=desk.today)
    except PaperError as error:
        messages.warning(request, str(error))


def may_be_given(desk: Desk) -> bool:
    """Everything that stands in the way is asked at once."""
    valid, on = desk.hand_over.is_valid(), desk.hand_over.cleaned_data.get("on")
    asked = desk.hand_over.ask_about(activities.past(desk.written, on)) if on else False
    return valid and not asked


def save(desk: Desk, by) -> None:
    plans.save_plan(desk.person, **desk.form.cleaned_data, lines=desk.written, by=by, today=desk.today)


def give(desk: Desk, by) -> None:
    plans.hand_over(desk.person, **desk.hand_over.act(), by=by, today=desk.today)
    if desk.hand_over.step and desk.hand_over.cleaned_data.get("cause"):
        set_cause(desk.hand_over.step, cause=desk.hand_over.cleaned_data["cause"])


def met_another(request, desk: Desk, theirs: Plan | None) -> Desk:
    """Somebody saved meanwhile: both texts stand on the page, and the next save counts from the other one."""
    data = request.POST.copy()
    data["version"], data["revision"] = (theirs.version, theirs.revision) if theirs else (0, 0)
    desk.form = PlanForm(data)
    desk.theirs = theirs
    if desk.form.is_valid():
        mine = desk.form.cleaned_data
        written = Content(mine["goal"].strip(), mine["goal_danish"].strip(), tuple(desk.written))
        desk.differences = changes(content_of(theirs), written)
    return desk


def read_page(request, person, plan, handover, today):
    context = shared(request, person, plan, handover, today, Bank.read([SOURCE]))
    return render(request, "reception/plan.html", context)


def edit_page(request, desk: Desk, status: int = 200):
    bank = Bank.read([SOURCE])
    context = {
        **shared(request, desk.person, desk.plan, desk.handover, desk.today, bank),
        "form": desk.form,
        "lines": desk.lines,
        "blank": desk.lines.empty_form,
        "hand_over": desk.hand_over,
        "left_out": [] if request.method == "POST" or desk.plan is None else left_out_of(desk),
        "theirs": desk.theirs,
        "differences": desk.differences,
        "their_groups": read_groups(bank, desk.theirs),
        "responsible": bank.wordings("who"),
        "sentences": sentence_groups(bank, plans.children_of(desk.person.case, desk.today)),
        "next_version": (desk.plan.version + 1) if desk.handover else (desk.plan.version if desk.plan else 1),
        "proposed": desk.plan is None,
    }
    return render(request, "reception/plan_edit.html", context, status=status)


def left_out_of(desk: Desk) -> list[Line]:
    there = {(line.rule, line.about_id) for line in plans.lines_of(desk.plan)}
    return plans.left_out(desk.person, there, today=desk.today)


def sentence_groups(bank: Bank, children: list[Person]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(label, [(value, sentence)]) for the list of the text bank: goals, then the areas."""
    found: dict[str, list[tuple[str, str]]] = {}
    for value, line in sentences.offered(bank, children).items():
        found.setdefault(line.area, []).append((value, line.text))
    labels = [(sentences.GOAL, _("Mål")), *PlanArea.choices]
    return [(label, found[area]) for area, label in labels if area in found]


def shared(request, person, plan, handover, today, bank: Bank) -> dict:
    """What both faces of the page show: heading, the others' plans, versions, paper and deadline."""
    case = person.case
    step = HandOverForm(case=case, person=person, rule=rules.MIN_PLAN, today=today).step
    return {
        "case": case,
        "person": person,
        "plan": plan,
        "handover": handover,
        "step": step,
        "why": explain(step, load_terms()) if step else "",
        "today": today,
        "heading": _("Min plan for %s") % person.full_name,
        "crumbs": crumbs(case, _("Min plan")),
        "people": [
            {
                "url": reverse("reception:min_plan", args=[case.number, p.pk]),
                "text": p.short_name,
                "current": p == person,
            }
            for p in plans.planners(case, today)
        ],
        "groups": read_groups(bank, plan),
        "versions": (rows := versions(person)),
        "is_current": bool(rows) and rows[0]["plan"] == plan,
        "languages": document.languages_of_paper(),
        "language": document.language_for(person),
        "children": children(case, person, today),
        "drafts": document.drafts_in(person, plan, language=document.language_for(person), today=today),
        "may_write": can(request.user, Permission.WRITE_CASES),
        "unsigned": handover is not None and signature_is_missing(handover),
        "copies": files.signed_copies(handover),
        "changed": handover is not None and has_been_changed(handover),
    }


def children(case, person: Person, today: date) -> list[dict]:
    """Each child of the family, in whose plan its part stands, and whether it may be taken into this one."""
    carried = plans.carriers(case)
    return [
        {
            "pk": child.pk,
            "name": child.short_name,
            "adults": ", ".join(adult.short_name for adult in carried.get(child.pk, ())),
            "here": person in carried.get(child.pk, ()),
        }
        for child in plans.children_of(case, today)
    ]


def signature_is_missing(handover: PlanHandover) -> bool:
    """Nobody has answered yet, or a minor has signed and the guardian has not."""
    minor = handover.plan.person.unaccompanied_minor
    waits = minor and handover.signature == Signature.SIGNED and not handover.guardian_signed_on
    return waits or handover.signature == Signature.NOT_ASKED


def read_groups(bank: Bank, plan: Plan | None) -> list[Group]:
    """The plan's lines by area, in Danish, for reading on the screen."""
    return groups(bank, plans.lines_of(plan), {})


def versions(person: Person) -> list[dict]:
    """All versions, newest first, in two queries."""
    handed = {row.plan_id: row for row in PlanHandover.objects.standing().filter(plan__person=person)}
    return [{"plan": plan, "handover": handed.get(plan.pk)} for plan in person.plans.select_related("changed_by")]


@require_safe
@needs(Permission.SEE_CASE_FILES)
def plan_pdf(request, number, person_id):
    """The paper of one version (?version=, default the current one) in ?sprog= and ?udgave=. The print is logged."""
    today = timezone.localdate()
    person = planner(request, number, person_id, today)
    language = request.GET.get("sprog", document.language_for(person)).replace(" ", "+")
    how = {"language": language, "editions": request.GET.getlist("udgave")}
    wanted = request.GET.get("version", "")
    plan = get_object_or_404(person.plans, version=wanted) if wanted.isdecimal() else plans.current_plan(person)
    if language not in document.languages_of_paper():
        raise Http404
    handover = plans.handover_of(plan)
    if handover is None and "alligevel" not in request.GET and (past := past_lines(person, plan, today)):
        return render(request, "reception/plan_past.html", past_question(request, person, past))
    try:
        content = printed(person, plan, handover, how=how, by=request.user, today=today)
    except (PaperError, ValidationError) as error:
        messages.error(request, error.messages[0] if isinstance(error, ValidationError) else str(error))
        return redirect("reception:min_plan", number, person.pk)
    version = plan.version if plan else 1
    audit.log(
        request.user,
        "plan.print",
        case_number=number,
        person_id=person.pk,
        detail=f"v{version} {Variant.of(**how).key}",
    )
    name = document.file_name(number, version)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def printed(person: Person, plan: Plan | None, handover: PlanHandover | None, *, how: dict, by, today) -> bytes:
    """A draft is printed anew each time; a locked version is printed once, and given as it was kept ever after."""
    variant = Variant.of(**how).key
    kept = files.kept_paper(handover, variant)
    if kept is not None:
        return files.read(kept)
    content = document.plan_pdf(person, **how, today=today, plan=plan)
    return files.keep_paper(handover, content=content, variant=variant, by=by) if handover else content


def past_lines(person: Person, plan: Plan | None, today: date) -> list[str]:
    """No date in the past is printed without asking."""
    lines = plans.lines_of(plan) if plan else plans.proposals(person, today=today)
    return activities.past(lines, today)


def past_question(request, person: Person, past: list[str]) -> dict:
    plan_url = reverse("reception:min_plan", args=[person.case.number, person.pk])
    query = request.GET.copy()
    query["alligevel"] = "1"
    return {
        "heading": _("Datoer, der er passeret"),
        "crumbs": crumbs(person.case, _("Min plan")),
        "past": past,
        "anyway_url": f"?{query.urlencode()}",
        "plan_url": plan_url,
    }
