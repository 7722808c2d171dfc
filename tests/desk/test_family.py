"""The verbs on the shared dates: previews, letters, departures, hand-over."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from deadlines.models import Step
from desk.services import family
from intake.services.registration import register_family
from tests.factories import TODAY, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 11, 13)
DATES = dict.fromkeys(("visitation_on", "arrived_on", "residence_from", "responsibility_from"), ARRIVED)


@pytest.fixture
def mette():
    return UserFactory(role="caseworker", team=TeamFactory())


@pytest.fixture
def case(mette):
    olena = {"given_names": "Olena", "surname": "Moroz", "role": "main", "birth_date": date(1990, 6, 2), "dates": DATES}
    return register_family(members=[olena], by=mette, today=TODAY, caseworker=mette)[0]


@pytest.fixture
def olena(case):
    return case.people.select_related("case").get()


def step(case, rule) -> Step:
    return case.steps.get(rule=rule)


def test_a_preview_names_what_moves_and_keeps_nothing(case, olena, mette):
    def later():
        person = type(olena).objects.select_related("case").get()
        family.change_member(person, today=TODAY, by=mette, fields={}, dates={**DATES, "arrived_on": TODAY})

    before = step(case, "reception.min_plan").due_on
    moves = {move.title: (move.old, move.new) for move in family.preview(case, later, today=TODAY)}
    assert moves["Lav og udlevér Min plan"] == (before, before + timedelta(days=11))
    assert step(case, "reception.min_plan").due_on == before


def test_a_new_name_moves_no_deadline(case, olena, mette):
    def rename():
        person = type(olena).objects.select_related("case").get()
        family.change_member(person, today=TODAY, by=mette, fields={"given_names": "Olenna"}, dates=DATES)

    assert family.preview(case, rename, today=TODAY) == []


def test_the_permit_from_the_letter_follows_the_letters_day_and_falls_with_it(case, olena, mette):
    earlier = ARRIVED - timedelta(days=10)
    family.change_member(olena, today=TODAY, by=mette, fields={}, dates={**DATES, "visitation_on": earlier})
    assert olena.permits.get().granted_on == earlier
    family.change_member(olena, today=TODAY, by=mette, fields={}, dates={**DATES, "visitation_on": None})
    assert olena.permits.get().annulled_on == TODAY
    assert step(case, "employment.referral").waits_for == "permit"


def test_nobody_leaves_before_arriving_or_returns_before_leaving(olena, mette):
    with pytest.raises(ValidationError, match="før ankomsten"):
        family.leave(olena, on=ARRIVED - timedelta(days=365), reason="returned", by=mette, today=TODAY)
    family.leave(olena, on=TODAY - timedelta(days=2), reason="returned", by=mette, today=TODAY)
    with pytest.raises(ValidationError, match="før fraflytningen"):
        family.return_home(olena, by=mette, today=TODAY, arrived_on=TODAY - timedelta(days=4))


def test_a_hand_over_to_another_team_takes_the_volunteers_steps_to_its_coordinator(case, mette):
    karen, ida = UserFactory(role="volunteer_coordinator"), UserFactory(role="caseworker")
    ida.team = TeamFactory(coordinator=karen)
    ida.save()
    family.hand_over(case, to=ida, by=mette, today=TODAY)
    assert step(case, "volunteers.introduction").owner == karen
    assert step(case, "reception.min_plan").owner == ida


def test_of_two_hand_overs_the_second_says_from_whom_it_went_and_in_which_team_it_stays(case, mette):
    ida = UserFactory(role="caseworker", team=TeamFactory(name="Syd"), first_name="Ida", last_name="Holm")
    bo = UserFactory(role="caseworker", team=None, first_name="Bo", last_name="Krag")
    read_before = type(case).objects.select_related("caseworker").get(pk=case.pk)
    family.hand_over(case, to=ida, by=mette, today=TODAY)
    family.hand_over(read_before, to=bo, by=mette, today=TODAY)
    last = case.entries.filter(kind="cases.handed_over").order_by("pk").last()
    assert last.text == "Sagen er overdraget fra Ida Holm til Bo Krag"
    case.refresh_from_db()
    assert (case.caseworker, case.team) == (bo, ida.team) == (read_before.caseworker, read_before.team)


def test_a_law_can_not_be_ticked_off_as_if_it_were_a_box(client, case, mette):
    client.force_login(mette)
    law = step(case, "schooling.language_referral")
    url = reverse("desk:tick_many", args=[case.number, "leg-og-laering"])
    answer = client.post(url, {"step": law.pk, "on": "24.11.2026"})
    assert answer.status_code == 422
    assert step(case, "schooling.language_referral").done_on is None


def test_several_boxes_are_ticked_in_one_go(client, case, mette):
    client.force_login(mette)
    boxes = [step(case, rule).pk for rule in ("reception.gp", "reception.bank_account")]
    url = reverse("desk:tick_many", args=[case.number, "modtagelse"])
    assert client.post(url, {"step": boxes, "on": "24.11.2026", "text": "Borgerservice"}).status_code == 302
    assert set(Step.objects.filter(pk__in=boxes).values_list("done_text", flat=True)) == {"Borgerservice"}


def test_the_reason_of_a_health_decision_is_read_by_the_assigned_alone(client, case, mette):
    ida = UserFactory(role="caseworker", team=mette.team)
    need = step(case, "health.need_assessed")
    client.force_login(mette)
    data = {"decision": "wait", "wait-party": "Psykiatrien", "wait-until": "08.12.2026"}
    assert client.post(reverse("desk:step", args=[need.pk]), data).status_code == 302
    assert "Psykiatrien" in client.get(case.get_absolute_url()).content.decode()
    client.force_login(ida)
    assert "Psykiatrien" not in client.get(case.get_absolute_url()).content.decode()


def test_what_a_colleague_saved_in_between_is_not_overwritten(client, case, olena, mette):
    client.force_login(mette)
    url = reverse("desk:person", args=[case.number, olena.pk])
    page = client.get(url)
    data = {name: value for name, value in page.context["form"].initial.items() if value not in (None, False)}
    data = {name: value.strftime("%d.%m.%Y") if isinstance(value, date) else value for name, value in data.items()}
    stamp = page.context["stamp"]
    family.change_member(olena, today=TODAY, by=mette, fields={"languages": "russisk"}, dates=DATES)
    answer = client.post(url, {**data, "phone": "20 48 11 93", "stamp": stamp})
    assert "En kollega har rettet oplysningerne imens" in answer.content.decode()
    olena.refresh_from_db()
    assert (olena.languages, olena.phone) == ("russisk", "")


def test_odd_input_gets_an_answer_and_no_crash(client, case, mette):
    client.force_login(mette)
    assert client.get(f"/familier/{case.number}/personer/99999999999999999999/").status_code == 404
    assert client.post(reverse("desk:save_draft", args=[case.number]), {"text": "a\0b"}).status_code == 204
    data = {"personer-TOTAL_FORMS": "1", "personer-INITIAL_FORMS": "0", "personer-0-given_names": "李"}
    assert client.post(reverse("intake:live"), data).status_code == 200


def test_a_family_that_came_to_us_too_late_is_not_asked_why(client, mette):
    long_ago = {name: ARRIVED - timedelta(days=90) for name in DATES}
    member = {"given_names": "Olena", "surname": "Moroz", "role": "main", "birth_date": date(1990, 6, 2)}
    late = register_family(members=[{**member, "dates": long_ago}], by=mette, today=TODAY, caseworker=mette)[0]
    offer = step(late, "schooling.language_offer")
    client.force_login(mette)
    url = reverse("schooling:language_offer", args=[late.number, late.people.get().pk])
    assert client.post(url, {"on": "24.11.2026", "provider": "Lærdansk"}).status_code == 302
    offer.refresh_from_db()
    assert (offer.met_on, offer.cause) == (TODAY, "known_late")


def test_a_note_half_written_is_there_when_one_comes_back_and_gone_when_it_is_saved(client, case, mette):
    client.force_login(mette)
    saved = reverse("desk:save_draft", args=[case.number])
    assert f'hx-post="{saved}"' in client.get(case.get_absolute_url()).content.decode()
    client.post(saved, {"text": "Ringede til skolen", "kind": "call"})
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Ringede til skolen" in page
    assert "Dit udkast fra kl." in page
    note = {"text": "Ringede til skolen", "kind": "call", "on": "24.11.2026", "data_class": "ordinary"}
    assert client.post(reverse("desk:write_note", args=[case.number]), note).status_code == 302
    assert "Dit udkast fra kl." not in client.get(case.get_absolute_url()).content.decode()
