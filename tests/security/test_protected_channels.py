"""That a protected person has a case here is itself the address: per channel a marker, and its control without the row.

Each channel is asked by somebody who is not assigned, twice: protected, the marker must not be there; with the very
same family unprotected, it must.
"""

import io
import json
import re
import zipfile
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from cases.models import Case, Protection
from cases.services import mark_protected
from deadlines.models import Kind, Notice, Step
from deadlines.services import move_ownership
from desk.models import Mail
from desk.services import family, protection
from desk.services.digest import tell_by_mail
from desk.services.sweep import sweep
from housing.models import Dwelling
from housing.services import offer_home
from intake.models import Import
from intake.services.imports.assessing import SOURCE
from tests.factories import TODAY, TeamFactory, UserFactory, a_family
from tests.files import fetch

MARK = "Zhovtyak"
pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(timezone.datetime(2026, 11, 24, 9))


@pytest.fixture
def world():
    """A family with late and coming deadlines, a home, a birthday and a number of the source; who works beside it."""
    team = TeamFactory(coordinator=UserFactory(role="volunteer_coordinator"), manager=UserFactory(role="manager"))
    for user in (team.coordinator, team.manager):
        user.team = team
        user.save()
    worker, colleague = (UserFactory(role="caseworker", team=team) for _each in "12")
    arrived = TODAY - timedelta(days=40)
    case = a_family(
        {"given_names": "Solomiia", "surname": MARK, "udl_nr": "70.000.001", "phone": "+4520481193"},
        {"given_names": "Tymofii", "surname": MARK, "role": "child", "birth_date": date(2008, 12, 1)},
        caseworker=worker, team=team,
        **dict.fromkeys(("visitation_on", "arrived_on", "residence_from", "responsibility_from"), arrived),
    )  # fmt: skip
    case.family_name, case.external_number, case.external_source = MARK, "F-1", SOURCE
    case.save()
    home = Dwelling.objects.create(street="Rønneholt", house_number="4", places=4, shared=True)
    offer_home(case, home=home, kind="temporary", on=TODAY, answer="accepted", today=TODAY, by=worker)
    family.refresh_all(case.pk, today=TODAY)
    return SimpleNamespace(
        case=case, team=team, worker=worker, colleague=colleague, coordinator=team.coordinator, manager=team.manager,
        auditor=UserFactory(role="auditor"),
    )  # fmt: skip


def protect(world):
    protection.protect(
        world.case.people.order_by("pk").first(), kind="both", starts_on=TODAY, review_on=TODAY + timedelta(days=365),
        by=world.worker, today=TODAY,
    )  # fmt: skip


def unprotect(world):
    """The control: the very same family without the row."""
    Protection.objects.all().delete()
    mark_protected(world.case.pk)
    move_ownership([world.case.pk], caseworker=world.worker)


def page(user, url):
    return lambda client, world: as_(client, getattr(world, user)).get(url).text


def as_(client, user):
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def sheet(user, name):
    def read(client, world):
        reader = type(world.worker).objects.get(pk=getattr(world, user).pk)
        book = zipfile.ZipFile(io.BytesIO(fetch(client, reader, name).content))
        return " ".join(book.read(part).decode(errors="ignore") for part in book.namelist())

    return read


def typed(name):
    """The registration form with this family in it."""
    return {
        "personer-TOTAL_FORMS": "1", "personer-INITIAL_FORMS": "0", "personer-0-given_names": "Solomiia",
        "personer-0-surname": MARK, "personer-0-role": "main", "personer-0-birth_date": "02.06.1990",
        "form_key": name,
    }  # fmt: skip


def live_hint(client, world):
    """The number of the case that is like what is typed; what is typed itself comes back too."""
    text = as_(client, world.colleague).post(reverse("intake:live"), typed("a")).text
    return text.replace(world.case.number, f"{MARK}!") if world.case.number in text else text.replace(MARK, "")


def deadlines_json(client, world):
    Step.objects.filter(case=world.case).update(owner=world.colleague)
    out = io.StringIO()
    call_command("deadlines", user=world.colleague.username, format="json", stdout=out)
    return out.getvalue()


def recent(client, world):
    session = as_(client, world.colleague).session
    session["recent_cases"] = [world.case.number]
    session.save()
    return client.get(reverse("intake:imports")).text


def board(client, world):
    return as_(client, world.colleague).get(reverse("housing:board")).text


def by_number(client, world):
    response = as_(client, world.colleague).get(reverse("desk:cases"), {"q": world.case.number}, follow=True)
    return response.text


def to_share(client, world):
    """Cases go by their number there; the number stands for the marker."""
    text = as_(client, world.manager).get(reverse("board:share"), {"fra": world.worker.pk}).text
    return text.replace(world.case.number, MARK)


def phone(client, world):
    return as_(client, world.colleague).get(reverse("desk:cases"), {"q": "Solomiia"}).text


def plain(text):
    """Without what differs from answer to answer: nonces and tokens."""
    return re.sub(r"[A-Za-z0-9+/_=-]{22,}", "", text)


CHANNELS = {
    "families": page("colleague", "/familier/"),
    "families of the manager": page("manager", "/familier/"),
    "families of the coordinator": page("coordinator", "/familier/"),
    "deadlines": page("colleague", "/frister/"),
    "deadlines of the manager": page("manager", "/frister/"),
    "the team's list": page("colleague", "/?hvem=team"),
    "beside the list": page("colleague", "/overblik/mere/?hvem=team"),
    "search by name": phone,
    "search by number": by_number,
    "xlsx of families": sheet("colleague", "desk:cases_xlsx"),
    "xlsx of deadlines": sheet("colleague", "desk:steps_xlsx"),
    "hint at registration": live_hint,
    "board": board,
    "contact persons": page("coordinator", "/kontaktpersoner/"),
    "json of deadlines": deadlines_json,
    "recently opened": recent,
    "cases to share": to_share,
}


@pytest.mark.parametrize("name", CHANNELS)
def test_the_marker_is_not_there(client, world, name):
    protect(world)
    assert MARK not in CHANNELS[name](client, world)
    unprotect(world)
    assert MARK in CHANNELS[name](client, world), "the control: this channel shows nothing anyway"


def test_the_assigned_sees_it_in_the_list(client, world):
    protect(world)
    assert MARK in page("worker", "/familier/")(client, world)
    assert MARK in page("worker", "/")(client, world)


def test_counts_do_not_tell_either(client, world):
    """Page, badge and pills are to the letter what they are without such a family."""
    urls = ("/?hvem=team", "/familier/", "/frister/", "/overblik/mere/?hvem=team")
    protect(world)
    hidden = [plain(page("colleague", url)(client, world)) for url in urls]
    unprotect(world)
    assert [plain(page("colleague", url)(client, world)) for url in urls] != hidden  # the control
    Notice.objects.all().delete()
    Step.objects.filter(case=world.case).delete()
    Case.objects.filter(pk=world.case.pk).update(team=TeamFactory().pk, closed_on=TODAY, closing_reason="other")
    assert [plain(page("colleague", url)(client, world)) for url in urls] == hidden


def test_not_even_in_the_workers_own_file(client, world):
    """A list on a stick is out of the house: protected families are in no export."""
    protect(world)
    assert MARK not in sheet("worker", "desk:cases_xlsx")(client, world)
    assert MARK not in sheet("worker", "desk:steps_xlsx")(client, world)
    unprotect(world)
    assert MARK in sheet("worker", "desk:cases_xlsx")(client, world)


def test_the_place_stays_taken_without_saying_by_whom(client, world):
    protect(world)
    text = board(client, world)
    assert "Reserveret" in text
    assert "2 ledige pladser" in text
    assert world.case.number not in text


def test_the_auditor_sees_the_number_alone(client, world):
    protect(world)
    as_(client, world.worker).get(world.case.get_absolute_url())
    text = page("auditor", "/log/")(client, world)
    assert world.case.number in text
    assert MARK not in text
    assert "Solomiia" not in text


def test_the_log_of_the_case_is_as_hidden_as_the_case(client, world):
    url = reverse("desk:case_log", args=[world.case.number])
    assert as_(client, world.manager).get(url).status_code == 200
    protect(world)
    assert as_(client, world.manager).get(url).status_code == 404


def test_a_refusal_is_the_same_as_for_what_is_not_there(client, world):
    protect(world)
    as_(client, world.colleague)
    hidden, missing = client.get(world.case.get_absolute_url()), client.get("/familier/2026-9999/")
    assert hidden.status_code == 404
    assert hidden.content == missing.content


# --- Mail -------------------------------------------------------------------------------------


def letters(world):
    """What the morning brings to everybody, with the deadlines one day and a week over."""
    for each, kind in ((1, Kind.LAW), (3, Kind.SERVICE_GOAL)):
        Step.objects.create(
            case=world.case, area="reception", rule=f"reception.{kind}", title="Frist", kind=kind, owner=world.worker,
            starts_on=TODAY - timedelta(days=30), due_on=TODAY - timedelta(days=each),
        )  # fmt: skip
    Step.objects.filter(case=world.case).exclude(title="Frist").delete()
    sweep(today=TODAY, now=NOW)
    tell_by_mail(today=TODAY, now=NOW)
    return {letter.user_id for letter in Mail.objects.all()}


def test_no_mail_is_about_a_protected_case(world):
    protect(world)
    assert letters(world) == set()
    assert Notice.objects.filter(step__case=world.case, told=True).exists()  # told in the list


def test_without_the_row_everybody_has_a_letter(world):
    protect(world)
    unprotect(world)
    assert {world.worker.pk, world.manager.pk} <= letters(world)


# --- The list that is read in -----------------------------------------------------------------

HEADINGS = "Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato;Telefon;Visiteringsdato;Ankomst;Bopæl taget"
ROW = "F-1;70.000.001;HP;Petrenko;Solomiia;02-06-1990;20481199;12-04-2022;21-04-2022;21-04-2022"


def read_in(client, world):
    """Upload one row about the known person under another name; the text of the preview."""
    as_(client, world.colleague)
    file = SimpleUploadedFile("liste.csv", "\n".join([HEADINGS, ROW]).encode())
    client.post(reverse("intake:imports"), {"file": file, "source": SOURCE})
    found = Import.objects.latest("pk")
    return found, client.get(found.get_absolute_url()).text


def test_a_row_about_a_protected_person_looks_like_any_doubtful_one(client, world):
    protect(world)
    found, text = read_in(client, world)
    assert MARK not in text
    assert "+4520481193" not in text.replace(" ", "")
    assert "Rækken er sendt til afklaring hos lederen" in text
    client.post(reverse("intake:import_commit", args=[found.pk]))
    result = client.get(found.get_absolute_url()).text
    assert MARK not in result
    assert "sendt til afklaring" in result
    assert Notice.objects.filter(subject=f"to_clarify:{found.get_absolute_url()}").exists()
    task = Step.objects.get(case=world.case, rule="", due_on=TODAY)
    assert task.owner == world.worker
    manager = as_(client, world.manager).get(reverse("desk:guarded")).text
    assert "En indlæst liste" in manager
    assert MARK not in manager


def test_without_the_row_it_is_compared(client, world):
    _found, text = read_in(client, world)
    assert MARK in text
    assert "afklaring" not in text


@pytest.mark.parametrize("protected", [True, False])
def test_the_command_line_reads_like_the_page(world, tmp_path, protected):
    if protected:
        protect(world)
    path, out = tmp_path / "liste.csv", io.StringIO()
    path.write_text("\n".join([HEADINGS, ROW]))
    call_command("import_visitation", str(path), format="json", stdout=out)
    report = json.loads(out.getvalue())
    assert (MARK in out.getvalue()) is not protected
    assert report["rejected_rows"] == ({"2": ["to_clarify"]} if protected else {})


def test_registering_the_same_family_again_goes_to_the_manager(client, world):
    protect(world)
    as_(client, world.colleague)
    response = client.post(reverse("intake:register"), typed("en-noegle"))
    assert response.status_code == 302
    twin = Case.objects.exclude(pk=world.case.pk).get()
    assert Notice.objects.filter(subject=f"to_clarify:{twin.get_absolute_url()}").exists()
    assert Step.objects.filter(case=world.case, rule="", owner=world.worker, due_on=TODAY).exists()


def test_a_doubt_is_mailed_without_a_name(world):
    Notice.objects.create(subject="to_clarify:/indlaes/1/", level="started", date=TODAY)
    sweep(today=TODAY, now=NOW)
    tell_by_mail(today=TODAY, now=NOW)
    letter = Mail.objects.get(user=world.manager)
    assert "1 registrering skal afklares" in letter.body
    assert "/indlaes/1/" not in letter.body


def test_the_log_of_it_all_is_whole(client, world):
    protect(world)
    page("colleague", "/familier/")(client, world)
    audit.seal()
    assert audit.verify().finding is None
