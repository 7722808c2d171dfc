"""What a corrected date does to deadlines: words, counts, and that saving does what was shown."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from deadlines.models import Step
from deadlines.status import acts_on
from desk.services.moves import Change, compare, in_words
from intake.services.registration import register_family
from tests.factories import TODAY, TeamFactory, UserFactory

ARRIVED = date(2026, 11, 13)
DAY = timedelta(days=1)
NAMES = ("visitation_on", "arrived_on", "residence_from", "responsibility_from")


def step(due=None, kind="service_goal", **more) -> Step:
    found = Step(case_id=1, rule="reception.min_plan", title="Min plan", due_on=due, kind=kind, **more)
    found.effective_on = acts_on(found)
    return found


@pytest.mark.parametrize(
    ("old", "new", "change", "words"),
    [
        (step(TODAY), step(TODAY + 3 * DAY), Change.LATER, "3 dage senere"),
        (step(TODAY), step(TODAY - DAY), Change.EARLIER, "1 dag tidligere"),
        (step(TODAY), step(TODAY, "law"), Change.KIND, "fra servicemål til lovfrist"),
        (step(TODAY), step(TODAY, withdrawn_on=TODAY), Change.GONE, "bortfalder"),
        (step(TODAY), step(None, ""), Change.GONE, "bortfalder"),
        (step(TODAY), step(None, waits_for="arrived_on"), Change.GONE, "afventer en dato"),
        (step(None, waits_for="arrived_on"), step(TODAY), Change.NEW, "ny frist"),
        (None, step(TODAY), Change.NEW, "ny frist"),
        (step(TODAY), None, Change.GONE, "bortfalder"),
    ],
)
def test_a_move_says_what_happens(old, new, change, words):
    (move,) = compare([old] if old else [], [new] if new else [], today=TODAY)
    assert (move.change, move.words) == (change, words)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (step(TODAY), step(TODAY, evidence="CV modtaget")),
        (step(None, "", starts_on=TODAY), step(None, "", starts_on=TODAY - DAY)),
        (step(TODAY, withdrawn_on=TODAY), step(TODAY + DAY, withdrawn_on=TODAY)),
        (step(None, waits_for="arrived_on"), step(None, waits_for="residence_from")),
    ],
)
def test_what_moves_no_deadline_is_no_move(old, new):
    assert compare([old], [new], today=TODAY) == []


def test_overdue_is_told_and_taken_back():
    (late,) = compare([step(TODAY)], [step(TODAY - DAY)], today=TODAY)
    (relieved,) = compare([step(TODAY - DAY)], [step(TODAY)], today=TODAY)
    (passed,) = compare([step(TODAY)], [step(TODAY - DAY, "local_target")], today=TODAY)
    (done,) = compare([step(TODAY, met_on=TODAY)], [step(TODAY - DAY, met_on=TODAY)], today=TODAY)
    (waived,) = compare(
        [step(TODAY)],
        [step(TODAY - DAY, waived_on=TODAY, waived_kind="exempt", waived_until=TODAY + DAY)],
        today=TODAY,
    )
    told = [move.consequence for move in (late, relieved, passed, done, waived)]
    assert told == ["Overskredet", "Ikke længere overskredet", "Passeret", "Udført", ""]
    assert [move.tone for move in (late, relieved, passed)] == ["overdue", "", "soon"]
    assert in_words([late, relieved, passed]) == (
        "1 får senere dato og 2 får tidligere dato. 1 bliver overskredet. 1 passerer målet. 1 er ikke længere overskredet."
    )
    assert in_words([]) == ""


LATE = TODAY - 5 * DAY


@pytest.mark.parametrize(
    ("old", "new", "consequence", "said"),
    [
        (step(LATE, "local_target"), step(LATE, "law"), "Overskredet", "1 skifter art. 1 bliver overskredet."),
        (
            step(LATE, "law"), step(LATE, "local_target"),
            "Ikke længere overskredet", "1 skifter art. 1 er ikke længere overskredet.",
        ),
        (step(LATE, "law"), step(LATE, "service_goal"), "", "1 skifter art."),
        (step(LATE, "local_target"), step(TODAY, "local_target"), "", "1 får senere dato."),
        (step(LATE, "local_target"), step(LATE - DAY, "law"), "Overskredet", "1 får tidligere dato. 1 bliver overskredet."),
    ],
)  # fmt: skip
def test_a_local_target_that_has_passed_is_not_overdue_before_it_is_a_law(old, new, consequence, said):
    (move,) = compare([old], [new], today=TODAY)
    assert (move.consequence, in_words([move])) == (consequence, said)


@pytest.mark.django_db
def test_the_unwritten_day_is_the_columns_day():
    """The same rule in Python as in the generated column."""
    for kind in ("law", "service_goal", "local_target", ""):
        for follow, waived in ((None, None), (TODAY + DAY, None), (TODAY - DAY, TODAY + 3 * DAY)):
            for due in (None, TODAY):
                written = Step(title="x", kind=kind, due_on=due, follow_up_on=follow, waived_until=waived)
                written.follow_up_reason = "Aftalt med skolen" if follow else ""
                written.case = register_case()
                written.save()
                written.refresh_from_db()
                assert acts_on(written) == written.effective_on, (kind, follow, waived, due)


def register_case():
    mette = UserFactory(role="caseworker", team=TeamFactory())
    olena = {"given_names": "Olena", "surname": "Moroz", "role": "main", "birth_date": date(1990, 6, 2)}
    dates = dict.fromkeys(NAMES, ARRIVED)
    return register_family(members=[{**olena, "dates": dates}], by=mette, today=TODAY, caseworker=mette)[0]


@pytest.fixture
def case(db):
    return register_case()


def typed(case, **changed) -> dict:
    """The form of the one member as the page shows it, with other words in some fields."""
    data = {"given_names": "Olena", "surname": "Moroz", "role": "main", "birth_date": "02.06.1990"}
    return data | dict.fromkeys(NAMES, f"{ARRIVED:%d.%m.%Y}") | changed


def state(case) -> list:
    return list(case.steps.order_by("pk").values("rule", "due_on", "withdrawn_on", "met_on", "kind"))


@pytest.mark.parametrize(
    "changed",
    [
        {"arrived_on": "16.11.2026"},
        {"residence_from": "20.11.2026"},
        {"responsibility_from": ""},
        {"birth_date": "02.06.2014", "role": "child"},
        {"visitation_on": "20.11.2026", "arrived_on": "20.11.2026"},
    ],
)
def test_saving_does_what_the_page_has_shown(client, case, changed):
    client.force_login(case.caseworker)
    url = reverse("desk:person", args=[case.number, case.people.get().pk])
    before = state(case)
    asked = client.post(url, typed(case, **changed))
    moves = asked.context["moves"]
    assert moves
    assert state(case) == before, "nothing is saved by the preview"
    assert f"{len(moves)} frist" in asked.content.decode()
    old = list(case.steps.select_related("person"))
    answer = client.post(url, typed(case, **changed) | {"confirmed": asked.context["seal"]})
    assert answer.status_code == 302
    assert compare(old, list(case.steps.select_related("person")), today=TODAY) == moves


def test_other_changes_than_those_shown_are_shown_first(client, case):
    client.force_login(case.caseworker)
    url = reverse("desk:person", args=[case.number, case.people.get().pk])
    seal = client.post(url, typed(case, arrived_on="16.11.2026")).context["seal"]
    again = client.post(url, typed(case, arrived_on="17.11.2026", confirmed=seal))
    assert (again.status_code, again.context["seal"] != seal) == (200, True)
    assert 'value="17.11.2026"' in again.content.decode(), "nothing typed is lost"
    assert case.people.get().stays.get().arrived_on == ARRIVED


def test_what_moves_no_deadline_is_saved_at_once(client, case):
    client.force_login(case.caseworker)
    url = reverse("desk:person", args=[case.number, case.people.get().pk])
    assert client.post(url, typed(case, given_names="Olenna")).status_code == 302
    assert case.people.get().given_names == "Olenna"
