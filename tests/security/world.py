"""Two families with a row of every kind: one of the team under test, one of another team. All people are invented."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import Absence, RoleRequest, Team, User
from accounts.roles import ROLES, Scope
from board.models import Action, Activation, Move, Report
from board.services import report_figures, reports
from board.services.scope import NO_TEAM
from board.services.scope import Scope as FigureScope
from cases.choices import DataClass
from cases.models import Case, Consent, KeptApart, Person
from cases.services import put_on_case, write_note
from deadlines.models import RuleSet, Step, Term
from desk.models import ExportRequest, LogReview
from desk.models import Job as Background
from desk.services.family import refresh_all
from employment.models import CompetenceProfile, Job, Referral
from health.models import Assessment
from housing.models import Dwelling, Placement
from intake.models import Import
from keeping.models import Insight
from keeping.services.package import checksum_of
from offers.models import HelpOffer, Wish
from phrases.models import Phrase
from reception.models import Contract, Plan, PlanHandover
from reception.services.files import keep_signed_copy
from schooling.models import (
    Daycare,
    DaycareOffer,
    LanguageOffer,
    LanguageProvider,
    LanguageReferral,
    School,
    SchoolOffer,
)
from tests.factories import TODAY, UserFactory, a_family
from tests.reception.sheets import sheet
from volunteers import rules as volunteer_rules
from volunteers.models import (
    Activity,
    Introduction,
    LeisureIntroduction,
    Match,
    Organisation,
    Participation,
    Volunteer,
)

EARLIER = TODAY - timedelta(days=11)
NO_NUMBER, NO_ID = "2026-9999", 987_654


@dataclass
class Family:
    """A case, an adult of it, and the id of the row that each address is about."""

    case: Case
    person: Person
    worker: User
    ids: dict[str, int]


@dataclass
class World:
    users: dict[str, User]
    own: Family
    foreign: Family


def a_world() -> World:
    """Users of every role in one team, its family, and a family of the neighbours."""
    north, south = Team.objects.create(name="Nord"), Team.objects.create(name="Syd")
    users = {role: UserFactory(role=role, team=north) for role in ROLES}
    users["without_role"] = UserFactory(team=north)
    north.coordinator, north.manager = users["volunteer_coordinator"], users["manager"]
    north.save()
    stranger = UserFactory(role="caseworker", team=south)
    own = a_full_family(users["caseworker"], "Kovalenko")
    for role in sorted(key for key, role in ROLES.items() if role.scope is Scope.ASSIGNED):
        put_on_case(own.case, user=users[role], why="Opgaver i sagen", by=users["caseworker"], today=EARLIER)
    return World(users, own, a_full_family(stranger, "Melnyk"))


def a_full_family(worker: User, surname: str) -> Family:
    child = {"given_names": "Sofiia", "role": "child", "birth_date": date(2009, 3, 1)}
    people = [{"given_names": "Olena"}, child]
    case = a_family(
        *people, caseworker=worker, team=worker.team, arrived_on=EARLIER, residence_from=EARLIER, visitation_on=EARLIER
    )
    case.family_name = surname
    case.save()
    refresh_all(case.pk, today=TODAY)
    person = case.people.order_by("pk").first()
    other = case.people.order_by("pk").last()
    apart = KeptApart.objects.create(one=person, other=other, reason="conflict", registered_on=TODAY)
    ids = {
        "desk:propose_together": apart.pk,
        "desk:decide_together": apart.pk,
        **personal_rows(person, surname),
        **schooling_rows(person, surname),
        **household_rows(case, surname),
        **notes_and_steps(case, worker),
        **imports(worker),
        **own_key(worker),
        "phrases:phrase": Phrase.objects.first().pk,
        **background(worker),
        **a_report(worker),
        "board:edit_action": Action.objects.create(title=f"Handling {surname}", area="housing", owner=worker).pk,
        **an_offer(case, surname),
        **about_users(worker),
        **insight_rows(person, worker),
        **rule_sets(worker),
    }
    return Family(case, person, worker, ids)


def personal_rows(person: Person, mark: str) -> dict[str, int]:
    plan = Plan.objects.create(person=person, goal=f"Mål {mark}")
    handover = PlanHandover.objects.create(plan=plan, on=TODAY)
    copy = keep_signed_copy(handover, upload=sheet(), by=None, today=TODAY)
    contract = Contract.objects.create(person=person, citizen_signed_on=TODAY)
    profile = CompetenceProfile.objects.create(person=person, opened_on=TODAY, education=f"Uddannelse {mark}")
    referral = Referral.objects.create(person=person, kind="job", employer=f"Firma {mark}", referred_on=TODAY)
    job = Job.objects.create(person=person, employer=f"Firma {mark}", starts_on=TODAY)
    assessment = Assessment.objects.create(person=person, assessed_on=TODAY, need=False)
    return {
        "reception:annul_plan_handover": handover.pk,
        "reception:signed_copy": copy.pk,
        "reception:annul_copy": copy.pk,
        "reception:annul_contract": contract.pk,
        "employment:annul_profile": profile.pk,
        "employment:result": referral.pk,
        "employment:annul_referral": referral.pk,
        "employment:end_job": job.pk,
        "employment:annul_job": job.pk,
        "health:annul_assessment": assessment.pk,
    }


def schooling_rows(person: Person, mark: str) -> dict[str, int]:
    daycare = Daycare.objects.create(name=f"Dagtilbud {mark}")
    school = School.objects.create(name=f"Skole {mark}")
    provider = LanguageProvider.objects.create(name=f"Sprogskole {mark}")
    day = DaycareOffer.objects.create(person=person, daycare=daycare, offered_on=TODAY)
    offer = SchoolOffer.objects.create(person=person, school=school, offered_on=TODAY)
    language = LanguageOffer.objects.create(person=person, provider=provider, offered_on=TODAY)
    referral = LanguageReferral.objects.create(person=person, provider=provider, referred_on=TODAY)
    return {
        "schooling:answer_daycare": day.pk,
        "schooling:annul_daycare": day.pk,
        "schooling:answer_school": offer.pk,
        "schooling:annul_school": offer.pk,
        "schooling:answer_language": language.pk,
        "schooling:annul_language": language.pk,
        "schooling:language_start": referral.pk,
        "schooling:annul_referral": referral.pk,
    }


def household_rows(case: Case, mark: str) -> dict[str, int]:
    dwelling = Dwelling.objects.create(street=f"Vejen {mark}", house_number="4", places=4)
    placement = Placement.objects.create(
        case=case, number=1, dwelling=dwelling, kind="temporary", residents=2, offered_on=TODAY
    )
    organisation = Organisation.objects.create(name=f"Forening {mark}")
    volunteer = Volunteer.objects.create(name=f"Frivillig {mark}", organisation=organisation)
    match = Match.objects.create(case=case, volunteer=volunteer, round=1, started_on=TODAY)
    introduction = Introduction.objects.create(case=case, organisation=organisation, on=TODAY)
    leisure = LeisureIntroduction.objects.create(case=case, activity=f"Svømning {mark}", on=TODAY)
    activity = Activity.objects.create(name=f"Svømmehold {mark}")
    swimmer = case.people.order_by("pk").last()
    takes_part = Participation.objects.create(person=swimmer, activity=activity, step="trial", on=TODAY)
    Consent.objects.create(
        case=case, what=volunteer_rules.CONTACT_CONSENT, shared_with="Frivillige", given_on=TODAY, language="dansk"
    )
    return {
        "housing:change_dwelling": dwelling.pk,
        "housing:change_placement": placement.pk,
        "housing:annul_placement": placement.pk,
        "volunteers:edit_volunteer": volunteer.pk,
        "volunteers:pause_volunteer": volunteer.pk,
        "volunteers:edit_activity": activity.pk,
        "volunteers:annul_participation": takes_part.pk,
        "volunteers:end_match": match.pk,
        "volunteers:annul_match": match.pk,
        **{f"volunteers:{name}": match.pk for name in ("contact", "pause", "link")},
        "volunteers:annul_introduction": introduction.pk,
        "volunteers:annul_leisure": leisure.pk,
    }


def notes_and_steps(case: Case, worker: User) -> dict[str, int]:
    note = write_note(
        case,
        kind="note",
        body=f"Notat {case.family_name}",
        on=TODAY,
        by=worker,
        data_class=DataClass.ORDINARY,
        people=[],
        area="volunteers",
    )
    step = Step.objects.create(
        case=case, area="volunteers", title=f"Ring {case.family_name}", starts_on=EARLIER, due_on=TODAY, owner=worker
    )
    helper = UserFactory(role="housing_officer", team=worker.team)
    assignment = put_on_case(case, user=helper, why="Bolig", by=worker, today=EARLIER)
    return {
        "desk:end_assignment": assignment.pk,
        "desk:note_history": note.pk,
        "desk:correct_note": note.pk,
        "desk:step": step.pk,
    }


def insight_rows(person: Person, worker: User) -> dict[str, int]:
    """One request under way, and one released package of the case."""
    step = Step.objects.create(case=person.case, person=person, title="Giv indsigt", due_on=TODAY, owner=worker)
    shared = {"person": person, "asked_on": EARLIER, "step": step}
    draft = Insight.objects.create(**shared)
    done = Insight(
        content=json.dumps({"package": {"sections": [], "log": []}, "withheld": []}),
        prepared_by=worker,
        prepared_at=datetime.combine(EARLIER, time(9), tzinfo=UTC),
        released_by=UserFactory(),
        released_at=datetime.combine(EARLIER, time(10), tzinfo=UTC),
        **shared,
    )
    done.checksum = checksum_of(done)
    done.save()
    open_pages = ("insight", "insight_choose", "insight_prepare", "insight_take_back", "insight_release")
    files = ("insight_pdf", "insight_json", "insight_xlsx")
    return {f"keeping:{name}": draft.pk for name in open_pages} | {f"keeping:{name}": done.pk for name in files}


def background(worker: User) -> dict[str, int]:
    """Files in the background: one that waits, and one that is made."""
    shared = {"kind": "desk.list", "user": worker, "title": "Frister"}
    waits = Background.objects.create(**shared)
    name = default_storage.save("jobs/test.csv", ContentFile(b"Frist;Opgave"))
    done = Background.objects.create(status=Background.Status.DONE, file=name, name="frister.csv", **shared)
    return {"desk:job": waits.pk, "desk:job_again": waits.pk, "desk:job_file": done.pk}


def a_report(worker: User) -> dict[str, int]:
    """A kept report of the worker's unit, as its manager gets it."""
    scope = FigureScope(frozenset({NO_TEAM, worker.team_id}))
    at = datetime.combine(EARLIER, time(9), tzinfo=UTC)
    report = Report(
        kind=Report.Kind.MONTHLY, first=EARLIER.replace(day=1), last=EARLIER, unit=reports.unit_of(scope),
        unit_name=worker.team.name, figures=report_figures.monthly(scope, EARLIER, EARLIER, lambda: None),
        wish=uuid.uuid4(), made_by=worker, made_at=at,
    )  # fmt: skip
    report.pdf = default_storage.save("reports/test.pdf", ContentFile(b"%PDF-1.7"))
    report.xlsx = default_storage.save("reports/test.xlsx", ContentFile(reports.sheets(report)))
    report.save()
    return {f"board:{name}": report.pk for name in ("report", "report_pdf", "report_xlsx")}


def an_offer(case: Case, mark: str) -> dict[str, int]:
    """What somebody offers to do, which belongs to no family, and what this family wishes for."""
    morning = datetime.combine(EARLIER, time(9), tzinfo=UTC)
    offer = HelpOffer.objects.create(
        kind="contact_person", name=f"Giver {mark}", email="giver@example.dk", message="Jeg vil gerne hjælpe.",
        consent_at=morning, received_at=morning, delete_on=TODAY + timedelta(days=170),
    )  # fmt: skip
    wish = Wish.objects.create(case=case, text=f"En seng {mark}", on=EARLIER)
    acts = ("offer", "take", "used", "decline", "release", "remove", "make_volunteer", "make_host", "make_firm")
    return {"offers:meet_wish": wish.pk, **{f"offers:{name}": offer.pk for name in acts}}


def rule_sets(worker: User) -> dict[str, int]:
    """A set decided for a day far ahead, which may still be undone; a draft to correct, and one that waits for a yes."""
    manager, morning = UserFactory(role="manager", team=worker.team), datetime.combine(TODAY, time(6), tzinfo=UTC)
    shared = {"valid_from": TODAY + timedelta(days=700), "created_by": manager}
    by_manager = {"asked_by": manager, "asked_at": morning}
    done = Activation.objects.filter(at=morning).first()
    if done is None:
        decided = RuleSet.objects.create(number=3, state="active", activated_by=manager, activated_on=TODAY, **shared)
        done = Activation.objects.create(rule_set=decided, number=3, by=manager, at=morning, **by_manager)
    number = RuleSet.objects.order_by("number").last().number
    draft, waits = (RuleSet.objects.create(number=number + more, **shared) for more in (1, 2))
    for one in (draft, waits):
        Term.objects.create(rule_set=one, rule="reception.min_plan", amount=7, kind="service_goal")
    asked = Activation.objects.create(rule_set=waits, number=waits.number, **by_manager)
    acts = (
        "rule_set",
        "change_rule_set",
        "discard_rule_set",
        "term",
        "remove_term",
        "add_local_rule",
        "ask_activation",
    )
    return {
        **{f"board:{name}": draft.pk for name in acts},
        "board:take_back_activation": waits.pk,
        "board:activate": asked.pk,
        "board:undo_activation": done.pk,
    }


def imports(worker: User) -> dict[str, int]:
    shared = {"fingerprint": "0" * 64, "source": "USS", "created_by": worker}
    fresh = Import.objects.create(filename="ny.xlsx", state=Import.State.PREVIEW, **shared)
    done = Import.objects.create(
        filename="gammel.xlsx",
        state=Import.State.DONE,
        committed_by=worker,
        committed_at=datetime.combine(EARLIER, time(9), tzinfo=UTC),
        **shared,
    )
    names = ("import", "import_columns", "import_choose", "import_choose_for_all", "import_commit", "import_discard")
    return {
        **{f"intake:{name}": fresh.pk for name in names},
        "intake:import_settle": done.pk,
        "intake:import_undo": done.pk,
    }


def own_key(worker: User) -> dict[str, int]:
    """A passkey, well-formed, whose private half nobody has."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential_id = worker.pk.to_bytes(16)
    data = AuthenticatorData.create(
        b"\0" * 32, AuthenticatorData.FLAG.AT, 0, AttestedCredentialData.create(b"\0" * 16, credential_id, public)
    )
    made = AttestationObject.create("none", data, {})
    asked = {"type": "webauthn.create", "challenge": "AA", "origin": "https://example.dk"}
    credential = {
        "id": websafe_encode(credential_id),
        "rawId": websafe_encode(credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(asked).encode()),
            "attestationObject": websafe_encode(made),
        },
    }
    key = Authenticator.objects.create(user=worker, type="webauthn", data={"name": "Telefon", "credential": credential})
    return {"mfa_remove_webauthn": key.pk}


def about_users(worker: User) -> dict[str, int]:
    wish = RoleRequest.objects.create(user=worker, role="manager", asked_by=worker)
    absence = Absence.objects.create(user=worker, starts_on=TODAY + timedelta(days=90))
    names = ("user", "user_roles", "user_subject", "add_absence", "deactivate_user", "reactivate_user", "reset_factor")
    monday = date(2026, 1, 5) + timedelta(days=7 * worker.pk)
    review = LogReview.objects.create(
        week=monday, due_on=monday + timedelta(days=13), drawn_at=datetime(2026, 11, 23, tzinfo=UTC)
    )
    file = ExportRequest.objects.create(
        user=worker, team=worker.team, name="frister", title="Frister", rows=412, purpose="Mødeforberedelse",
        asked_at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    move = Move.objects.create(team=worker.team, source=worker, by=worker, at=datetime(2026, 11, 23, tzinfo=UTC))
    return {
        "board:move": move.pk,
        "board:undo_move": move.pk,
        "board:absence": worker.pk,
        "board:end_absence": absence.pk,
        "desk:answer_file": file.pk,
        "desk:log_review": review.pk,
        **{f"desk:{name}": worker.pk for name in (*names, "send_link")},
        "desk:change_team": worker.team_id,
        "desk:remove_absence": absence.pk,
        "desk:answer_role": wish.pk,
    }
