"""What the browser meets: migrated, seeded, and one family with a row of every kind.

Run by tests/e2e/conftest.py: python -m tests.e2e.scene FILE. Writes there, as JSON, what lies where.
"""

import json
import os
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import django

from tests.e2e.wsgi import MORNING, be_strict

be_strict()
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.models import AccessRecord, RoleGrant, User  # noqa: E402
from accounts.services import add_absence  # noqa: E402
from board.models import Action, Report  # noqa: E402
from board.services import actions as catalogue  # noqa: E402
from board.services import activation, reports  # noqa: E402
from board.services import rule_sets as drafting  # noqa: E402
from board.services.compliance import last_months  # noqa: E402
from board.services.moves import carry_out  # noqa: E402
from board.services.share import Plan  # noqa: E402
from cases.models import Case, Locality, Person  # noqa: E402
from cases.services import write_note  # noqa: E402
from deadlines.models import Step  # noqa: E402
from deadlines.services import follow_up, not_applicable, own_task, tick, wait_for  # noqa: E402
from desk.models import Job, LogReview  # noqa: E402
from desk.services import approvals, jobs, log_review  # noqa: E402
from desk.services import family as household  # noqa: E402
from employment import services as employment  # noqa: E402
from health.services import assess_need  # noqa: E402
from housing import services as housing  # noqa: E402
from intake.services.demo import house, seed  # noqa: E402
from intake.services.imports import committing, receiving, undoing  # noqa: E402
from intake.services.registration import register_family  # noqa: E402
from keeping.services.package import open_insight  # noqa: E402
from offers.models import HelpOffer  # noqa: E402
from offers.services import demo as offers  # noqa: E402
from offers.services import wishes  # noqa: E402
from phrases.models import Phrase  # noqa: E402
from reception.services import contract, files, plan  # noqa: E402
from schooling import services as schooling  # noqa: E402
from tests.reception.sheets import sheet  # noqa: E402
from tests.security.payloads import poison  # noqa: E402
from volunteers.models import Activity, Volunteer  # noqa: E402
from volunteers.services import pairs, proposals  # noqa: E402
from volunteers.services import ties as volunteers  # noqa: E402
from volunteers.services.leisure import take_part  # noqa: E402

TODAY = MORNING.date()
LIST = Path(__file__).parent.parent / "data" / "visitering-2022-uge-15.csv"
FAMILIES = 12
# Two families who come one after the other, and a row that says too little.
SMALL_LIST = """Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato;Visiteringsdato;Ankomst;Bopæl taget;Bemærkninger
F-9001;70.900.001;HP;Yaremchuk;Vira;01-10-1984;10-11-2026;17-11-2026;17-11-2026;
F-9001;70.900.002;B;Yaremchuk;Oleh;12-02-2017;10-11-2026;17-11-2026;17-11-2026;Glad for svømning
F-9002;70.900.003;HP;Stelmakh;Pavlo;23-08-1979;10-11-2026;;;
F-9003;70.900.004;HP;;;05-05-1991;10-11-2026;;;
"""
PEOPLE = {
    "olena": ("Olena", "main", date(1990, 3, 14)),
    "dmytro": ("Dmytro", "spouse", date(1988, 7, 2)),
    "halyna": ("Halyna", "grandparent", date(1961, 6, 3)),
    "maksym": ("Maksym", "child", date(2015, 9, 20)),
    "sofiia": ("Sofiia", "child", date(2022, 5, 11)),
}


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def take_in(surname: str, *, arrived: int, by: User, people=tuple(PEOPLE)) -> Case:
    """A family whose letter came a week before its arrival; nothing is done yet."""
    came, letter = days_ago(arrived), days_ago(arrived + 7)
    dates = {
        "visitation_on": letter,
        "arrived_on": came,
        "residence_from": came,
        "responsibility_from": letter + timedelta(days=14),
    }
    members = [
        {"given_names": given, "surname": surname, "role": role, "birth_date": born, "dates": dates}
        for given, role, born in (PEOPLE[key] for key in people)
    ]
    return register_family(members=members, by=by, today=min(came, TODAY), caseworker=by)[0]


def member(case: Case, key: str) -> Person:
    return case.people.select_related("case").get(given_names=PEOPLE[key][0])


def step(case: Case, rule: str, key: str = "") -> Step:
    return Step.objects.get(case=case, rule=rule, person=member(case, key) if key else None, withdrawn_on=None)


def live_through(case: Case, by: User) -> dict[str, list[dict]]:
    """Every act once, so that each page about a row has a row. Returns the parameters of those pages by URL name."""
    told = {"today": TODAY, "by": by}
    olena, dmytro, maksym, sofiia = (member(case, key) for key in ("olena", "dmytro", "maksym", "sofiia"))
    address = {"street": "Solbakken", "house_number": "2", "postal_code": "3450", "city": "Allerød"}
    home = housing.add_dwelling(by=by, **address, locality=Locality.objects.first(), places=6)
    at = {"number": case.number}
    placement = housing.offer_home(
        case, home=home, kind="temporary", on=days_ago(30), answer="accepted", moves_in_on=days_ago(30),
        ends_on=TODAY + timedelta(days=12), **told,
    )  # fmt: skip
    profile = employment.clarify(olena, on=days_ago(25), education="Sygeplejerske", **told)
    referral = employment.refer(olena, kind="internship", employer="Plejehjemmet Lindegården", on=days_ago(9), **told)
    job = employment.add_job(dmytro, employer="Gartneriet Lyngholm", on=days_ago(6), hours_per_week=30, **told)
    school = schooling.offer_school(maksym, on=days_ago(20), school="Lillevang Skole", **told)
    daycare = schooling.offer_daycare(sofiia, on=days_ago(20), daycare="Børnehuset Kastanjen", **told)
    language = schooling.offer_language(olena, on=days_ago(14), provider="Sprogcenter Nordsjælland", **told)
    referred = schooling.refer_language(olena, on=days_ago(5), provider="Sprogcenter Nordsjælland", **told)
    assessed = assess_need(sofiia, outcome="no_need", on=days_ago(3), **told)
    introduced = volunteers.introduce(case, on=days_ago(27), organisation_name="FIA", **told)
    volunteers.record_consent(case, on=days_ago(26), language="ukrainsk", **told)
    free = Volunteer.objects.get(pk=proposals.for_case(case, on=days_ago(10))[0].helper.pk)
    match = volunteers.match_volunteer(case, volunteer=free, on=days_ago(10), **told)
    pairs.record_contact(match, on=days_ago(1), going="well", note="De har været i svømmehallen", **told)
    leisure = volunteers.introduce_leisure(case, on=days_ago(4), activity="Håndbold i AIF", **told)
    swimming = Activity.objects.create(
        name="Svømning for børn", organiser="Svømmeklubben", age_from=5, age_to=12, price=450, season="winter"
    )
    swims = take_part(case, person=sofiia, activity=swimming, step="trial", on=days_ago(3), **told)
    plan.save_plan(
        olena, version=0, revision=0, goal="Jeg vil lære dansk og arbejde som sygeplejerske.",
        lines=plan.proposals(olena, today=TODAY), **told,
    )  # fmt: skip
    handed = plan.hand_over(olena, on=days_ago(24), **told)
    copy = files.keep_signed_copy(handed, upload=sheet(), **told)
    signed = contract.record_contract(olena, outcome="both", on=days_ago(8), **told)
    wanted = wishes.wish(case, text="Vinterstøvler til Sofiia, str. 28", on=days_ago(5), by=by)
    note = write_note(case, kind="call", body="Talt om skolestart. Ringer igen fredag.", on=days_ago(2), by=by)
    write_note(case, kind="call", body="Talt om skolestart. Ringer igen torsdag.", on=days_ago(2), by=by, corrects=note)
    household.leave(member(case, "halyna"), on=days_ago(1), reason="moved", **told)
    asked = open_insight(olena, asked_on=TODAY, by_custody_holder=False, **told)
    rows = {
        "housing:change_placement": placement, "housing:annul_placement": placement,
        "employment:annul_profile": profile, "employment:result": referral, "employment:annul_referral": referral,
        "employment:end_job": job, "employment:annul_job": job,
        "schooling:answer_school": school, "schooling:annul_school": school,
        "schooling:answer_daycare": daycare, "schooling:annul_daycare": daycare,
        "schooling:answer_language": language, "schooling:annul_language": language,
        "schooling:language_start": referred, "schooling:annul_referral": referred,
        "health:annul_assessment": assessed, "volunteers:end_match": match, "volunteers:annul_match": match,
        "volunteers:contact": match, "volunteers:pause": match, "volunteers:link": match,
        "volunteers:annul_introduction": introduced, "volunteers:annul_leisure": leisure,
        "volunteers:annul_participation": swims, "offers:meet_wish": wanted,
        "reception:annul_copy": copy, "reception:signed_copy": copy, "reception:annul_plan_handover": handed, "reception:annul_contract": signed,
    }  # fmt: skip
    told_about = {name: [{**at, "pk": row.pk}] for name, row in rows.items()}
    return told_about | {
        "keeping:insight": [{**at, "pk": asked.pk}],
        "letters:letter": [
            {**at, "slug": kind, "person_id": pk} for kind, pk in (("samtale", olena.pk), ("skole", maksym.pk))
        ],
        **background(by),
        "desk:correct_note": [{**at, "entry_id": note.pk}],
        "desk:note_history": [{**at, "entry_id": note.pk}],
        "housing:change_dwelling": [{"pk": home.pk}],
        "volunteers:edit_volunteer": [{"pk": free.pk}],
        "volunteers:edit_activity": [{"pk": swimming.pk}],
        "volunteers:pause_volunteer": [{"pk": free.pk}],
        "volunteers:tell": [{"key": pairs.new_link(match)}],
        "volunteers:reply": [{"key": "ukendt"}],
        "desk:annul_leaving": [{**at, "person_id": member(case, "halyna").pk}],
        "desk:come_back": [{**at, "person_id": member(case, "halyna").pk}],
        **{
            f"reception:{name}": [{**at, "person_id": olena.pk}]
            for name in ("sign_plan", "add_copy", "plan_changes", "show_plan", "contracts")
        },
    }


def background(by: User) -> dict[str, list[dict]]:
    """Files in the background: one in each state that its page can show."""
    shared = {"user": by, "kind": "desk.list", "title": "Frister (Excel)"}
    states = (
        {"status": Job.Status.WAITING},
        {"status": Job.Status.RUNNING, "done": 1200, "total": 3000},
        {"status": Job.Status.DONE, "done": 3000, "total": 3000, "file": "jobs/ukendt.xlsx", "name": "frister.xlsx"},
        {"status": Job.Status.FAILED, "message": "Noget gik galt, mens filen blev lavet."},
    )
    made = [
        Job.objects.create(seen_at=datetime.combine(TODAY, time(8), tzinfo=UTC), **shared, **state) for state in states
    ]
    pages = [{"pk": job.pk} for job in made]
    return {"desk:job": pages, "desk:job_again": pages[:1], "desk:job_file": [pages[2]]}


def decide(case: Case, by: User) -> list[Step]:
    """A step in each state that its page can show."""
    told = {"today": TODAY, "by": by}
    waiting, extended, excluded = (
        step(case, "schooling.school_offer", "maksym"),
        step(case, "employment.competences", "olena"),
        step(case, "schooling.language_referral", "olena"),
    )
    wait_for(waiting, party="Pladsanvisningen", until=TODAY + timedelta(days=8), **told)
    follow_up(extended, on=TODAY + timedelta(days=6), reason="Tolken blev syg, ny tid aftalt", **told)
    not_applicable(excluded, reason="Undtaget efter integrationslovens § 20", **told)
    ticked = step(case, "reception.cpr", "olena")
    tick(ticked, on=days_ago(12), text="Borgerservice", **told)
    own = own_task(case, title="Ring til skolen om indmeldelse", due_on=TODAY + timedelta(days=3), **told)
    open_ones = [step(case, "reception.gp", "olena"), step(case, "schooling.language_offer", "olena")]
    return [waiting, extended, excluded, ticked, own, *open_ones]


def lists(by: User) -> dict[str, list[dict]]:
    """An uploaded list in each of its states. The list of the import's own journey is only looked at, not taken in."""
    told = {"by": by, "today": TODAY}
    strange = SMALL_LIST.replace("Efternavn;Fornavn;", "Felt 4;Felt 5;")
    undone = receiving.receive(SMALL_LIST.encode(), filename="visitering-uge-46.csv", source="Kommunen", **told)
    committing.commit(undone, **told)
    undoing.undo(undone, **told)
    mapping = receiving.receive(strange.encode(), filename="ukendte-kolonner.csv", source="Andre", **told)
    done = receiving.receive(SMALL_LIST.encode(), filename="visitering-uge-47.csv", source="Kommunen", **told)
    committing.commit(done, **told)
    preview = receiving.receive(LIST.read_bytes(), filename=LIST.name, source="Tidligere", **told)
    return {
        "intake:import": [{"pk": found.pk} for found in (preview, done, undone)],
        "intake:import_columns": [{"pk": mapping.pk}],
        "intake:import_settle": [{"pk": done.pk}],
        "intake:import_undo": [{"pk": done.pk}],
    }


def reviewed_log(numbers: list[str], by: User, auditor: User) -> list[dict]:
    """Last week's looks at the families, by a colleague in the evening too; one week signed, one to go through."""
    for back, hours in ((14, (9,)), (7, (10, 21))):
        for number in numbers:
            for hour in hours:
                at = datetime.combine(TODAY - timedelta(days=back), time(hour), tzinfo=UTC)
                AccessRecord.objects.create(at=at, user_id=by.pk, action="case.read", case_number=number, mark=number)
    log_review.draw(today=TODAY, now=datetime.combine(TODAY, time(6), tzinfo=UTC))
    newest, oldest = LogReview.objects.all()
    log_review.judge(oldest, {look.pk: ("fine", "") for look in oldest.looks.all()}, by=auditor)
    log_review.sign(oldest, by=auditor, today=TODAY)
    return [{"pk": newest.pk}, {"pk": oldest.pk}]


def offered() -> dict[str, list[dict]]:
    """Six offers of help: new, in progress, used, and one in quarantine."""
    offers.seed(TODAY)
    rows = [{"pk": pk} for pk in HelpOffer.objects.values_list("pk", flat=True)]
    new = [{"pk": HelpOffer.objects.get(name="Vibeke Elmholt").pk}]
    acts = {f"offers:{name}": new for name in ("take", "used", "decline", "release", "remove", "make_volunteer")}
    acts |= {"offers:make_host": new, "offers:make_firm": new}
    return {"offers:offer": rows, **acts}


def kept_reports(by: User) -> dict[str, list[dict]]:
    """Of each kind one, as the worker leaves it."""
    made = []
    for kind, months in ((Report.Kind.MONTHLY, 1), (Report.Kind.EVALUATION, 3)):
        job = reports.ask(by, kind, last_months(TODAY, months).first, TODAY.replace(day=1))
        jobs.run(job.pk, {reports.KIND: partial(reports.make, now=MORNING)}, now=MORNING)
        made.append({"pk": Report.objects.get(wish=reports.wish_of(job)).pk})
    return {"board:report": made, "board:report_pdf": made, "board:report_xlsx": made}


def planned(by: User) -> dict[str, list[dict]]:
    """The strategy's actions: one late, one done."""
    told = {"by": by, "today": TODAY}
    catalogue.load_catalogue(**told)
    late, done = Action.objects.get(catalogue="more-homes"), Action.objects.get(catalogue="contact-person")
    for action, given in (
        (late, {"status": "under_way", "due_on": days_ago(6), "note": "Tre boliger mangler møbler."}),
        (done, {"status": "done", "done_on": days_ago(20)}),
    ):
        fields = {"title": action.title, "area": action.area, "owner": by, "due_on": None, "done_on": None, "note": ""}
        catalogue.change(action, **fields | given, **told)
    return {"board:edit_action": [{"pk": late.pk}, {"pk": done.pk}]}


def shared(closed: Case, jonas: User) -> dict[str, list[dict]]:
    """A move with its remainder, and a colleague who will be away; none of it touches the journeys' families."""
    lars, liv = User.objects.get(username="lars"), User.objects.get(username="liv")
    cases = [take_in("Tkach", arrived=20, by=jonas), closed]
    moved = carry_out(
        Plan(jonas.pk, tuple((case.pk, jonas.pk, liv.pk) for case in cases)), by=lars, today=TODAY, now=MORNING
    )
    away = add_absence(jonas, starts_on=days_ago(-20), ends_on=None, deputy=None, by=lars)
    found = {f"board:{name}": [{"pk": moved.pk}] for name in ("move", "undo_move")}
    return found | {"board:absence": [{"pk": jonas.pk}], "board:end_absence": [{"pk": away.pk}]}


def rule_sets(second: User) -> dict[str, list[dict]]:
    """A set decided for later, and a manager's draft with another length and a local rule."""
    lars = User.objects.get(username="lars")
    term = {"unit": "days", "kind": "service_goal", "basis": "strategien § 1", "warning_days": [3], "by": lars}
    first = drafting.new_draft(valid_from=TODAY + timedelta(days=40), title="Længere varsel", by=lars)
    drafting.save_term(first, "reception.min_plan", amount=14, **(term | {"warning_days": [5, 2]}))
    asked = activation.ask(first, choice="new", by=lars, now=MORNING)
    activation.switch(asked, by=second, today=TODAY, now=MORNING)
    draft = drafting.new_draft(valid_from=TODAY + timedelta(days=40), title="Ny aftale om Min plan", by=lars)
    drafting.save_term(draft, "reception.min_plan", amount=7, **term)
    about = {"area": "reception", "for_whom": "household", "starts": "arrived_on", "owner_role": "caseworker"}
    drafting.add_local_rule(draft, name="Hold velkomstsamtale", amount=10, **about, **term)
    one, at = {"pk": draft.pk}, {"pk": draft.pk, "slug": "reception-min_plan"}
    acts = ("change_rule_set", "discard_rule_set", "add_local_rule", "ask_activation", "take_back_activation")
    return {
        "board:rule_set": [one, {"pk": first.pk}],
        "board:term": [at, {"pk": draft.pk, "slug": "local-hold-velkomstsamtale"}],
        "board:remove_term": [at],
        "board:activate": [{"pk": asked.pk}],
        "board:undo_activation": [{"pk": asked.pk}],
        **{f"board:{name}": [one] for name in acts},
    }


def newcomers(like: User) -> None:
    """Colleagues without families, whose own log-in the journeys change."""
    for username, first in (("pia", "Pia"), ("ole", "Ole"), ("liv", "Liv")):
        user = User(username=username, first_name=first, last_name="Ny", email=f"{username}@example.dk", team=like.team)
        user.set_password(house.PASSWORD)
        user.save()
        RoleGrant.objects.create(user=user, role="caseworker")


def wish_for_file(user) -> None:
    """One long list that waits for the manager."""
    asked = {"name": "familier", "title": "Familier", "query": "status=alle", "filters": "Status: Alle", "rows": 412}
    approvals.ask(user, **asked, purpose="Opfølgning i teamet", now=MORNING)


@transaction.atomic
def build() -> dict:
    """Everything at once; the names of the keys are those of the URL patterns, and of the journeys."""
    seed.seed(families=FAMILIES, seed=1, today=TODAY)
    mette = User.objects.get(username="mette")
    rich = take_in("Bilous", arrived=30, by=mette)
    # Jonas has the families of the journeys, so that Mette's pages look like an ordinary Tuesday.
    jonas = User.objects.get(username="jonas")
    decided = take_in("Horbenko", arrived=40, by=jonas)
    fresh = {name: take_in(name, arrived=45, by=jonas) for name in ("Hontar", "Kostenko", "Symonenko", "Stus")}
    closed = take_in("Lypa", arrived=90, by=mette, people=("olena",))
    household.close(closed, on=days_ago(2), reason="self_supporting", by=mette, today=TODAY)
    params = live_through(rich, mette)
    params["desk:step"] = [{"pk": found.pk} for found in decide(decided, jonas)]
    params |= lists(mette)
    numbers = [rich.number, decided.number]
    params["desk:log_review"] = reviewed_log(numbers, jonas, User.objects.get(username="rikke"))
    params["closed"] = [{"number": closed.number}]
    params["phrases:phrase"] = [{"pk": Phrase.objects.get(key="activity.schooling.school_offer").pk}]
    params |= offered()
    params |= planned(User.objects.get(username="lars"))
    params |= rule_sets(jonas)
    params |= kept_reports(User.objects.get(username="lars"))
    newcomers(mette)
    params |= shared(closed, jonas)
    wish_for_file(jonas)
    return {
        "colleague": mette.pk,
        "team": mette.team_id,
        "params": params,
        "family": {"number": rich.number, **{key: member(rich, key).pk for key in PEOPLE}},
        "decided": decided.number,
        "fresh": {name: case.number for name, case in fresh.items()},
        "password": house.PASSWORD,
    }


if __name__ == "__main__":
    call_command("collectstatic", interactive=False, verbosity=0)
    if not (kept := Path(sys.argv[1])).exists():
        call_command("migrate", verbosity=0)
        built = build()
        if "POISON" in os.environ:
            poison()
        kept.write_text(json.dumps(built))
