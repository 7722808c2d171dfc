"""What a row means beside other rows and beside the record."""

from datetime import date

import pytest

from accounts.models import User
from cases import services
from cases.models import Case, Person
from intake.services.imports.assessing import SOURCE, assess
from tests.factories import TeamFactory, UserFactory, a_family

FIELDS = dict(
    enumerate(
        ("family_number", "udl_nr", "role", "surname", "given_names", "birth_date", "visitation_on", "arrived_on",
         "residence_from", "cpr", "phone", "remark")
    )
)  # fmt: skip
DATES = ["06-04-2022", "11-04-2022", "11-04-2022"]
REPLACEMENT = "620690-1126"

pytestmark = pytest.mark.django_db


def line(family="F-1", udl_nr="70.000.001", role="HP", born="02-06-1990", dates=DATES, *rest):
    return [family, udl_nr, role, "Kovalenko", "Olena", born, *dates, *rest]


def judged(*lines, user=None, today=date(2026, 11, 24)):
    return assess([(n, cells) for n, cells in enumerate(lines, start=2)], FIELDS, source=SOURCE, user=user, today=today)


def codes(verdict):
    return [reason.code for reason in verdict.reasons]


def registered(external="F-1", udl_nr="70.000.001", today=date(2026, 11, 24), **fields):
    dates = {"visitation_on": date(2022, 4, 6), "arrived_on": date(2022, 4, 11), "residence_from": date(2022, 4, 11)}
    case = a_family(
        {"given_names": "Olena", "udl_nr": udl_nr, "birth_date": date(1990, 6, 2), **fields}, today=today, **dates
    )
    Case.objects.filter(pk=case.pk).update(external_number=external, external_source=SOURCE if external else "")
    return Case.objects.get(pk=case.pk)


def test_the_same_person_again_is_known():
    registered()
    assert [v.outcome for v in judged(line())] == ["known"]


def test_an_empty_cell_never_erases():
    registered(phone="+4520481193")
    assert judged(line(dates=["", "", ""]))[0].outcome == "known"


def test_a_change_is_told_field_by_field():
    registered(phone="+4520481193")
    found = judged(line("F-1", "70.000.001", "HP", "03-06-1990", DATES, "", "20481194"))[0]
    assert found.outcome == "changed"
    assert [(c.field, c.old, c.new) for c in found.changes] == [
        ("birth_date", "02.06.1990", "03.06.1990"),
        ("phone", "+4520481193", "+4520481194"),
    ]


def test_a_grandmother_is_not_made_another_adult_again():
    registered(role="grandparent")
    assert judged(line(role="ANDEN"))[0].outcome == "known"


def test_a_new_person_in_a_known_family():
    registered()
    found = judged(line(udl_nr="70.000.002", role="BARN", born="02-09-2014"))[0]
    assert found.outcome == "new_member"
    assert codes(found) == []


def test_a_rejected_row_does_not_make_the_next_one_a_duplicate():
    found = judged(line(born="31-02-1990"), line(), line())
    assert [v.outcome for v in found] == ["rejected", "new", "duplicate"]
    assert found[2].reasons[0].sentence == "Samme Udl.nr. som række 3. Rækken er ikke brugt."


def test_children_whose_adult_was_rejected_are_not_unaccompanied():
    found = judged(line(born="31-02-1990"), line(udl_nr="70.000.002", role="BARN", born="02-09-2014"))
    assert codes(found[1]) == ["adult_rejected"]
    assert not found[1].unaccompanied


def test_a_family_without_an_adult_is_unaccompanied_and_a_registered_adult_counts():
    child = line(udl_nr="70.000.002", role="BARN", born="02-09-2014")
    assert judged(child)[0].unaccompanied
    registered()
    assert not judged(child)[0].unaccompanied


def test_a_cpr_number_of_somebody_else_is_refused_without_telling_whose():
    case = registered("", "70.000.009", today=date(2026, 11, 24))
    services.set_cpr(case.people.get(), REPLACEMENT, today=date(2026, 11, 24))
    found = judged(line("F-2", "70.000.001", "HP", "02-06-1990", DATES, REPLACEMENT))[0]
    assert codes(found) == ["cpr_in_use"]
    sentence = found.reasons[0].sentence
    assert "620690" not in sentence
    assert case.number not in sentence


def test_one_cpr_number_on_two_people_of_the_list():
    found = judged(
        line("F-1", "70.000.001", "HP", "02-06-1990", DATES, REPLACEMENT),
        line("F-1", "70.000.002", "ÆF", "02-06-1990", DATES, REPLACEMENT),
    )
    assert [v.outcome for v in found] == ["new", "rejected"]


def test_a_first_cpr_number_of_a_known_person_is_a_masked_change():
    registered()
    found = judged(line("F-1", "70.000.001", "HP", "02-06-1990", DATES, REPLACEMENT))[0]
    assert [(c.field, c.old, c.new) for c in found.changes] == [("cpr", "", "620690-••••")]


def test_somebody_registered_by_hand_is_recognised_by_name_and_birth():
    a_family({"given_names": "Олена", "surname": "Коваленко", "birth_date": date(1990, 6, 2)})
    assert "looks_registered" in codes(judged(line())[0])


def test_a_person_of_another_family_stays_there():
    registered("F-9")
    found = judged(line())[0]
    assert found.outcome == "known"
    assert codes(found) == ["in_other_family"]


def test_a_person_who_left_gets_no_new_dates():
    case = registered()
    stay = case.people.get().stays.get()
    services.leave(stay, on=date(2023, 1, 1), reason="returned", by=None, today=date(2026, 11, 24))
    found = judged(line(dates=["01-09-2026", "03-09-2026", "03-09-2026"]))[0]
    assert (found.outcome, codes(found)) == ("known", ["has_left"])


def test_a_closed_case_takes_nobody_in():
    case = registered()
    services.close_case(case, on=date(2026, 11, 24), reason="left", by=None, today=date(2026, 11, 24))
    assert codes(judged(line(udl_nr="70.000.002"))[0]) == ["case_closed"]


def test_a_remark_lands_once():
    registered()
    found = judged(line("F-1", "70.000.001", "HP", "02-06-1990", DATES, "", "", "Har astma"))[0]
    assert [c.field for c in found.changes] == ["remark"]
    assert "astma" not in found.changes[0].new


def test_another_teams_case_is_neither_shown_nor_changed():
    case = registered(phone="+4520481193")
    other = UserFactory(role="caseworker", team=TeamFactory())
    Case.objects.filter(pk=case.pk).update(team=other.team, caseworker=other)
    stranger = User.objects.get(pk=UserFactory(role="caseworker", team=TeamFactory()).pk)
    changed = line("F-1", "70.000.001", "HP", "02-06-1990", DATES, "", "20481194")
    member = line(udl_nr="70.000.002")
    found = judged(changed, member, user=stranger)
    assert [(v.outcome, codes(v), v.changes) for v in found] == [
        ("rejected", ["to_clarify"], []),
        ("rejected", ["to_clarify"], []),
    ]
    assert [v.outcome for v in judged(changed, member, user=User.objects.get(pk=other.pk))] == ["changed", "new_member"]


@pytest.mark.parametrize("people", [1, 3])
def test_the_record_is_read_in_a_constant_number_of_questions(people, django_assert_num_queries):
    for number in range(people):
        registered(f"F-{number}", f"70.000.00{number}")
    lines = [line(f"F-{number}", f"70.000.00{number}") for number in range(people)]
    with django_assert_num_queries(8):
        assert {v.outcome for v in judged(*lines)} == {"known"}
    assert Person.objects.count() == people


# --- A family known under another number ----------------------------------------------------------


def test_a_baby_joins_the_case_in_which_its_mother_is_known():
    """Registered by hand, without the list's number: the newborn must not get a case of its own in silence."""
    case = registered(external="")
    mother, baby = judged(line("F-7"), line("F-7", "70.000.002", "B", "01-03-2022"))
    assert (mother.outcome, baby.outcome) == ("known", "new_member")
    assert codes(baby)[0] == "joins_known_case"
    assert case.number in baby.reasons[0].sentence
    assert "unaccompanied_minor" not in codes(baby)


def test_a_baby_joins_the_case_known_under_another_number():
    registered(external="F-1")
    mother, baby = judged(line("F-7"), line("F-7", "70.000.002", "B", "01-03-2022"))
    assert (codes(mother), codes(baby)[0]) == (["in_other_family"], "joins_known_case")


def test_two_known_in_different_cases_decide_nothing():
    registered(external="", udl_nr="70.000.001")
    registered(external="", udl_nr="70.000.002")
    found = judged(line("F-7"), line("F-7", "70.000.002"), line("F-7", "70.000.003", "B", "01-03-2022"))
    assert [v.outcome for v in found] == ["known", "known", "new"]
    assert codes(found[2])[0] == "known_in_other_cases"


def test_a_case_closed_meanwhile_is_not_joined():
    case = registered(external="")
    services.close_case(case, on=date(2026, 11, 20), reason="left", by=None, today=date(2026, 11, 24))
    baby = judged(line("F-7"), line("F-7", "70.000.002", "B", "01-03-2022"))[1]
    assert (baby.outcome, codes(baby)[0]) == ("new", "known_in_other_cases")


def test_a_case_out_of_sight_takes_nobody_in_and_is_not_named():
    case = registered(external="")
    Case.objects.filter(pk=case.pk).update(team=TeamFactory())
    stranger = UserFactory(role="caseworker", team=TeamFactory())
    _mother, baby = judged(line("F-7"), line("F-7", "70.000.002", "B", "01-03-2022"), user=stranger)
    assert baby.outcome == "new"
    assert case.number not in " ".join(reason.sentence for reason in baby.reasons)
