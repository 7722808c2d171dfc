"""Placing a household: dates, room, double booking, the line in the timeline."""

import pytest
from django.core.exceptions import ValidationError

from cases import services as cases
from cases.models import Entry, Stay
from housing import services
from housing.models import Answer, PlacementKind, Span
from housing.occupancy import holdings
from tests.factories import TODAY
from tests.housing.conftest import a_dwelling, ago, ahead, family, offer

pytestmark = pytest.mark.django_db


def refused(*args, **given) -> str:
    with pytest.raises(ValidationError) as caught:
        offer(*args, **given)
    return " ".join(caught.value.messages)


def change(row, mette, **given):
    fields = {name: getattr(row, name) for name in ("answer", "moves_in_on", "ends_on", "moved_out_on")}
    return services.change_placement(row, today=TODAY, by=mette, **{**fields, **given})


def test_the_offer_writes_one_line_with_its_timeliness(mette, home):
    case = family(mette, visitation_on=ago(6))
    offer(case, home, mette, on=ago(1), answer=Answer.ACCEPTED, moves_in_on=ahead(2), ends_on=ahead(90))
    entry = Entry.objects.get(case=case, kind="housing.offered")
    assert entry.text == (
        "Midlertidig boligplacering tilbudt: Rønneholt 4, st. th., 16 dage før fristen. "
        "Indflytning 26. nov., ophører 22. feb. Familien har sagt ja"
    )
    assert (entry.on, entry.data_class, entry.area) == (ago(1), "location", "housing")


def test_lodging_says_where(mette, host):
    case = family(mette, staying_since=ago(4))
    offer(case, host, mette, kind=PlacementKind.LODGING, answer=Answer.ACCEPTED)
    assert Entry.objects.get(kind="housing.offered").text == (
        "Indkvarteret: Kirsten Holm (privat vært), 1 dag efter fristen. Familien har sagt ja"
    )


def test_the_size_of_the_household_is_those_who_are_here(mette, home):
    case = family(
        mette, {"given_names": "Olena"}, {"given_names": "Dmytro"}, {"given_names": "Ivan"}, arrived_on=ago(9)
    )
    cases.leave(Stay.objects.get(person__given_names="Ivan"), on=ago(1), reason="moved", by=mette, today=TODAY)
    assert offer(case, home, mette).residents == 2


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"on": ahead(1)}, "frem i tiden"),
        ({"ends_on": TODAY}, "ophøre efter 24.11.2026"),
        ({"moves_in_on": ahead(9), "ends_on": ahead(9)}, "ophøre efter 03.12.2026"),
    ],
)
def test_dates_in_order(mette, home, given, word):
    assert word in refused(family(mette), home, mette, **given)


def test_a_dwelling_out_of_use_is_refused(mette, home):
    services.change_dwelling(home, by=mette, out_of_use_from=ahead(5), out_of_use_reason="Vandskade")
    offer(family(mette), home, mette, ends_on=ahead(5))
    assert (
        refused(family(mette), home, mette, moves_in_on=ahead(5)) == "Rønneholt 4, st. th. er ude af brug fra 29. nov."
    )


def test_taken_by_another_family_says_when_and_what_is_free(mette, home):
    a_dwelling("Kongevejen", "12", places=5)
    a_dwelling("Kongevejen", "14", places=1, kind="permanent")
    offer(family(mette), home, mette, on=ago(30), ends_on=ahead(30))
    sentence = refused(family(mette, {}, {}), home, mette, moves_in_on=ahead(10))
    assert (
        sentence
        == "Rønneholt 4, st. th. er optaget fra 25. okt. til 24. dec. Ledig i perioden: Kongevejen 12 (5 pladser)."
    )


def test_nothing_else_is_free(mette, home):
    offer(family(mette), home, mette)
    assert refused(family(mette), home, mette).endswith("Ingen anden bolig med plads til familien er ledig i perioden.")


def test_periods_are_half_open(mette, home):
    offer(family(mette), home, mette, on=ago(30), ends_on=ahead(30))
    offer(family(mette), home, mette, moves_in_on=ahead(30), ends_on=ahead(60))
    offer(family(mette), home, mette, moves_in_on=ahead(60))
    assert "optaget fra 24. dec. til 23. jan." in refused(
        family(mette), home, mette, moves_in_on=ahead(59), ends_on=ahead(60)
    )


def test_declined_and_annulled_hold_nothing(mette, home):
    offer(family(mette), home, mette, answer=Answer.DECLINED)
    cases.annul(offer(family(mette), home, mette), reason="Forkert", today=TODAY, by=mette)
    offer(family(mette), home, mette)


def test_saying_yes_after_all_needs_the_home_to_be_free(mette, home):
    first = offer(family(mette), home, mette, answer=Answer.DECLINED)
    offer(family(mette), home, mette)
    with pytest.raises(ValidationError, match="optaget"):
        change(first, mette, answer=Answer.ACCEPTED)


def test_its_own_earlier_placement_is_no_hindrance(mette, home):
    case = family(mette, staying_since=ago(20), visitation_on=ago(2))
    offer(case, home, mette, kind=PlacementKind.LODGING, on=ago(20), answer=Answer.ACCEPTED)
    assert offer(case, home, mette).number == 2


def test_past_its_end_it_is_taken_until_somebody_moved_out(mette, home):
    old = offer(family(mette), home, mette, on=ago(90), ends_on=ago(3))
    assert "optaget" in refused(family(mette), home, mette)
    change(old, mette, moved_out_on=ago(1))
    offer(family(mette), home, mette)


def test_moving_on_frees_the_first_home_but_an_unanswered_offer_does_not(mette, home):
    case = family(mette)
    offer(case, home, mette, on=ago(90), answer=Answer.ACCEPTED)
    new = offer(case, a_dwelling(), mette, moves_in_on=ahead(5))
    assert "optaget" in refused(family(mette), home, mette, moves_in_on=ahead(5))
    change(new, mette, answer=Answer.ACCEPTED)
    offer(family(mette), home, mette, moves_in_on=ahead(5))


def test_a_departure_frees_the_home_and_a_return_does_not_take_it_back(mette, home):
    case = family(mette, {"given_names": "Olena"}, {"given_names": "Dmytro"}, arrived_on=ago(50))
    offer(case, home, mette, on=ago(40))
    olena, dmytro = Stay.objects.filter(person__case=case).order_by("pk")
    cases.leave(olena, on=ago(20), reason="returned", by=mette, today=TODAY)
    assert "optaget" in refused(family(mette), home, mette)
    cases.leave(dmytro, on=ago(10), reason="returned", by=mette, today=TODAY)
    cases.return_home(dmytro.person, by=mette, today=TODAY, arrived_on=ago(2))
    (held,) = holdings([home], today=TODAY)[0].held
    assert held[1] == Span(ago(40), ago(10))
    offer(family(mette), home, mette)


def test_a_shared_dwelling_counts_places_on_the_fullest_day(mette):
    shared = a_dwelling("Lyngevej", "1", places=4, shared=True, kind="municipal")
    offer(family(mette, {}, {}), shared, mette, moves_in_on=ahead(10), ends_on=ahead(20))
    offer(family(mette, {}, {}), shared, mette, ends_on=ahead(10))
    assert "har 2 ledige pladser, og familien er 3" in refused(family(mette, {}, {}, {}), shared, mette)
    offer(family(mette, {}, {}), shared, mette)


def test_a_host_may_take_more_than_one_family(mette, host):
    offer(family(mette), host, mette)
    offer(family(mette), host, mette)


def test_change_tells_what_changed_and_says_nothing_twice(mette, home):
    row = offer(family(mette), home, mette)
    assert change(row, mette, ends_on=ahead(9), answer=Answer.ACCEPTED) == [
        "familien har sagt ja",
        "ophører 03.12.2026",
    ]
    row.refresh_from_db()
    assert change(row, mette) == []
    assert Entry.objects.filter(kind="housing.changed").count() == 1


def test_an_annulled_placement_is_not_changed(mette, home):
    row = offer(family(mette), home, mette)
    cases.annul(row, reason="Forkert", today=TODAY, by=mette)
    with pytest.raises(ValidationError, match="annulleret"):
        change(row, mette, answer=Answer.ACCEPTED)


def test_moving_out_not_before_moving_in_nor_ahead(mette, home):
    row = offer(family(mette), home, mette, on=ago(5), moves_in_on=ago(4))
    for day in (ago(5), ahead(1)):
        with pytest.raises(ValidationError):
            change(row, mette, moved_out_on=day)


def test_the_same_address_twice(mette):
    fields = {"street": "Rønneholt", "house_number": "9", "places": 3, "by": mette}
    services.add_dwelling(**fields)
    with pytest.raises(ValidationError, match="findes allerede"):
        services.add_dwelling(**fields)


def test_the_same_form_sent_twice_places_once(mette, home):
    case = family(mette)
    offer(case, home, mette)
    assert "allerede registreret" in refused(case, home, mette)
