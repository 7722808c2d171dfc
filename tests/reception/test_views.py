"""The pages of Min plan and the contract: draft, hand-over, conflict, signature, and who may not see them."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from cases import paper
from cases.choices import FamilyRole
from deadlines import engine
from deadlines.models import Step
from reception.models import Plan, PlanHandover
from reception.rules import RULES
from reception.services import plan as plans
from tests.factories import TeamFactory, UserFactory, a_family

ARRIVED = date(2026, 11, 13)
CHILD = {"given_names": "Sofiia", "role": FamilyRole.CHILD, "birth_date": date(2017, 5, 9)}


@pytest.fixture
def case(rule_set, worker, today):
    dates = {"arrived_on": ARRIVED, "visitation_on": ARRIVED, "responsibility_from": ARRIVED}
    found = a_family({"given_names": "Olena"}, CHILD, caseworker=worker, **dates)
    engine.refresh([found.pk], RULES, today=today)
    return found


@pytest.fixture
def olena(case):
    return case.people.get(given_names="Olena")


@pytest.fixture
def web(client, worker):
    client.force_login(worker)
    return client


def url(name, case, *args):
    return reverse(f"reception:{name}", args=[case.number, *args])


def posted(do="save", version=0, revision=0, goal="Lære dansk", lines=(("reception", "Åbn en bankkonto."),), **more):
    data = {
        "do": do,
        "version": version,
        "revision": revision,
        "goal": goal,
        "a-TOTAL_FORMS": len(lines),
        "a-INITIAL_FORMS": 0,
    }
    for at, (area, text) in enumerate(lines):
        data |= {f"a-{at}-area": area, f"a-{at}-text": text, f"a-{at}-on": "1/12 2026", f"a-{at}-responsible": "Du"}
    return {**data, **more}


def test_an_empty_plan_proposes_what_the_open_deadlines_ask_for(web, case, olena):
    html = web.get(url("min_plan", case, olena.pk)).content.decode()
    assert "Du opretter en bankkonto og vælger den som NemKonto." in html
    assert "Version 1, kladde." in html
    assert not Plan.objects.exists()


def test_saving_keeps_a_draft_with_its_lines(web, case, olena):
    answer = web.post(url("min_plan", case, olena.pk), posted(lines=[("reception", "Åbn en bankkonto."), ("", "")]))
    assert answer.status_code == 302
    (line,) = Plan.objects.get().activities.all()
    assert (line.text, line.on, line.responsible) == ("Åbn en bankkonto.", date(2026, 12, 1), "Du")
    assert "Lære dansk" in web.get(url("min_plan", case, olena.pk)).content.decode()


def test_handing_over_saves_what_stands_in_the_form_and_meets_the_step(web, case, olena, today):
    data = posted(do="hand_over", on="23/11 2026", signature="signed", language="Ukrainsk med tolk")
    assert web.post(url("min_plan", case, olena.pk), data).status_code == 302
    handover = PlanHandover.objects.get()
    assert (handover.on, handover.signed_on, handover.plan.goal) == (
        date(2026, 11, 23),
        date(2026, 11, 23),
        "Lære dansk",
    )
    assert Step.objects.get(rule="reception.min_plan", person=olena).met_on == date(2026, 11, 23)
    html = web.get(url("min_plan", case, olena.pk)).content.decode()
    assert "Version 1 er gennemgået og udleveret man. 23. nov. 2026." in html
    assert "Version 2, kladde." in web.get(url("min_plan", case, olena.pk) + "?rediger").content.decode()


def test_a_late_hand_over_asks_why_and_keeps_what_was_written(web, case, olena, clock, worker):
    clock.move_to("2026-12-01T09:00:00+01:00")
    web.force_login(worker)
    data = posted(do="hand_over", on="1/12 2026", signature="not_asked")
    answer = web.post(url("min_plan", case, olena.pk), data)
    assert answer.status_code == 422
    assert "Det skete 4 dage efter fristen. Hvorfor?" in answer.content.decode()
    assert not PlanHandover.objects.exists()
    assert web.post(url("min_plan", case, olena.pk), {**data, "cause": "interpreter"}).status_code == 302
    assert Step.objects.get(rule="reception.min_plan", person=olena).cause == "interpreter"


def test_an_empty_plan_is_not_handed_over(web, case, olena):
    answer = web.post(
        url("min_plan", case, olena.pk),
        posted(do="hand_over", goal="", lines=[], on="24/11 2026", signature="not_asked"),
    )
    assert answer.status_code == 422
    assert "Skriv mindst et mål eller én aktivitet" in answer.content.decode()
    assert not Plan.objects.exists()


def test_two_who_edit_at_once_see_both_texts(web, case, olena, worker, today):
    plans.save_plan(olena, version=0, revision=0, goal="Først", lines=[], by=worker, today=today)
    other = UserFactory(role="caseworker", team=worker.team, first_name="Karen", last_name="Sloth")
    plans.save_plan(olena, version=1, revision=1, goal="Karens tekst", lines=[], by=other, today=today)
    answer = web.post(url("min_plan", case, olena.pk), posted(version=1, revision=1, goal="Min tekst"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Karen Sloth har gemt planen, mens du skrev." in html
    assert "Karens tekst" in html
    assert "Min tekst" in html
    assert Plan.objects.get().goal == "Karens tekst"
    assert web.post(url("min_plan", case, olena.pk), posted(version=1, revision=2, goal="Flettet")).status_code == 302
    assert Plan.objects.get().goal == "Flettet"


def test_a_line_without_an_area_is_pointed_out(web, case, olena):
    answer = web.post(url("min_plan", case, olena.pk), posted(lines=[("", "Åbn en bankkonto.")]))
    assert answer.status_code == 422
    assert "Vælg et område til »Åbn en bankkonto.«." in answer.content.decode()


def test_the_signature_may_come_later_and_the_hand_over_can_be_annulled(web, case, olena, worker, today):
    web.post(url("min_plan", case, olena.pk), posted(do="hand_over", on="23/11 2026", signature="not_asked"))
    assert web.get(url("sign_plan", case, olena.pk)).status_code == 200
    web.post(url("sign_plan", case, olena.pk), {"signature": "signed", "on": "24/11 2026"})
    handover = PlanHandover.objects.get()
    assert handover.signed_on == today
    annul = url("annul_plan_handover", case, handover.pk)
    assert web.get(annul).status_code == 200
    assert web.post(annul, {"reason": "Forkert person"}).status_code == 302
    assert Step.objects.get(rule="reception.min_plan", person=olena).met_on is None
    assert "Annulleret: Min plan udleveret til Olena" in case.entries.order_by("-pk").first().text


def test_the_contract_page_registers_and_annuls(web, case, olena):
    assert web.get(url("contract", case, olena.pk)).status_code == 200
    web.post(url("contract", case, olena.pk), {"on": "20/11 2026", "outcome": "both", "declaration": "on"})
    contract = olena.contracts.get()
    assert (contract.concluded_on, contract.declaration_on) == (date(2026, 11, 20), date(2026, 11, 20))
    assert web.post(url("annul_contract", case, contract.pk), {"reason": "Forkert"}).status_code == 302
    assert Step.objects.get(rule="reception.contract", person=olena).met_on is None


def test_the_panel_shows_plans_and_contracts(web, case, olena, worker):
    web.post(url("min_plan", case, olena.pk), posted(do="hand_over", on="23/11 2026", signature="declined"))
    web.post(url("contract", case, olena.pk), {"on": "20/11 2026", "outcome": "citizen"})
    html = web.get(reverse("desk:area", args=[case.number, "modtagelse"])).content.decode()
    assert "Version 1 udleveret 23.11.2026, borgeren underskriver ikke" in html
    assert "Borgeren har underskrevet, kommunen mangler" in html


@pytest.mark.skipif(bool(paper.printer_is_missing()), reason="pango is missing on this machine")
def test_the_pdf_has_a_name_without_a_person_and_its_print_is_logged(web, case, olena):
    answer = web.get(url("plan_pdf", case, olena.pk), {"sprog": "da+uk"})
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="min-plan-{case.number}-v1.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert AccessRecord.objects.get(action="plan.print").detail == "v1 da+uk"


def test_without_a_printer_the_page_says_so(web, case, olena, monkeypatch):
    def broken(html):
        raise paper.PaperError("PDF'er kan ikke laves på denne server.")

    monkeypatch.setattr(paper, "print_html", broken)
    answer = web.get(url("plan_pdf", case, olena.pk), follow=True)
    assert "PDF&#x27;er kan ikke laves på denne server." in answer.content.decode()


def every_url(case, olena):
    handover = PlanHandover.objects.get()
    return [
        url("min_plan", case, olena.pk),
        url("plan_pdf", case, olena.pk),
        url("sign_plan", case, olena.pk),
        url("contract", case, olena.pk),
        url("annul_plan_handover", case, handover.pk),
    ]


@pytest.mark.parametrize("who", ["stranger", "volunteer_coordinator"])
def test_for_others_nothing_of_it_exists(client, case, olena, worker, today, who):
    plans.save_plan(olena, version=0, revision=0, goal="Mål", lines=[], by=worker, today=today)
    plans.hand_over(olena, on=today, by=worker, today=today)
    stranger = UserFactory(role="caseworker", team=TeamFactory())
    coordinator = UserFactory(role="volunteer_coordinator", team=worker.team)
    client.force_login(stranger if who == "stranger" else coordinator)
    assert {client.get(address).status_code for address in every_url(case, olena)} == {404}
    assert client.post(url("min_plan", case, olena.pk), posted()).status_code == 404


def test_a_child_and_somebody_elses_child_have_no_plan(web, case, olena):
    sofiia = case.people.get(given_names="Sofiia")
    other = a_family({"given_names": "Danylo"})
    assert web.get(url("min_plan", case, sofiia.pk)).status_code == 404
    assert web.get(url("min_plan", case, other.people.get().pk)).status_code == 404


def test_a_child_of_another_family_is_no_part_of_the_plan(web, case, olena):
    other = a_family({"given_names": "Danylo"}).people.get()
    answer = web.post(url("min_plan", case, olena.pk), posted(**{"a-0-about": other.pk}))
    assert answer.status_code == 422
    assert not Plan.objects.exists()


def test_the_drafts_stand_beside_the_plan_and_other_editions_are_printed(web, case, olena):
    page = web.get(url("min_plan", case, olena.pk)).content.decode()
    assert "Disse sætninger er kladder" in page
    assert "Не пізніше" in page
    answer = web.get(url("plan_pdf", case, olena.pk), {"sprog": "uk", "udgave": ["stor", "uden-sundhed", "andet"]})
    assert answer["Content-Type"] == "application/pdf"
    assert AccessRecord.objects.get(action="plan.print").detail == "v1 uk stor uden-sundhed"
    assert web.get(url("plan_pdf", case, olena.pk), {"sprog": "xx"}).status_code == 404


# --- Children, questions, conflicts ---


def test_a_child_is_taken_into_a_plan_without_saving_and_what_was_written_stays(web, case, olena):
    child = case.people.get(role="child")
    lines = [("reception", "Åbn en bankkonto."), ("", "")]
    answer = web.post(url("min_plan", case, olena.pk), posted(do="", lines=lines, take=child.pk))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Åbn en bankkonto." in html
    assert f'<option value="{child.pk}" selected>' in html
    assert not Plan.objects.exists()


def test_deadlines_without_a_line_are_taken_along(web, case, olena):
    page = url("min_plan", case, olena.pk)
    web.post(page, posted(lines=[("reception", "Min egen linje")]))
    html = web.get(page).content.decode()
    assert "Frister, der ikke står i planen" in html
    assert "Du får et skattekort." in html
    asked = posted(do="", version=1, revision=1, lines=[("reception", "Min egen linje")], take="deadlines")
    html = web.post(page, asked).content.decode()
    assert 'value="reception.tax_card"' in html
    assert 'value="reception.contract"' in html
    assert "Min egen linje" in html
    assert Plan.objects.get().activities.count() == 1


def test_the_panel_names_the_child_that_is_in_no_plan(web, case, olena):
    child = case.people.get(role="child")
    panel = reverse("desk:area", args=[case.number, "modtagelse"])
    said = f"{child.short_name} er ikke med i nogen plan."
    assert said in web.get(panel).content.decode()
    web.post(url("min_plan", case, olena.pk), posted(**{"a-0-about": child.pk}))
    assert said not in web.get(panel).content.decode()


def test_a_past_date_is_handed_over_only_when_one_says_so(web, case, olena):
    data = posted(do="hand_over", on="24/11 2026", signature="not_asked", **{"a-0-on": "20/11 2026"})
    answer = web.post(url("min_plan", case, olena.pk), data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Disse datoer ligger før udleveringen: Åbn en bankkonto. (20.11.2026). Er det rigtigt?" in html
    assert "Ja, udlevér planen med de datoer" in html
    assert not PlanHandover.objects.exists()
    assert web.post(url("min_plan", case, olena.pk), {**data, "past_seen": "on"}).status_code == 302
    assert PlanHandover.objects.exists()


def test_a_conflict_says_what_would_change(web, case, olena, worker, today):
    plans.save_plan(olena, version=0, revision=0, goal="Karens mål", lines=[], by=worker, today=today)
    html = web.post(url("min_plan", case, olena.pk), posted(goal="Mit mål")).content.decode()
    assert "Målet ændret fra »Karens mål« til »Mit mål«" in html
    assert "Ny aktivitet: Åbn en bankkonto., senest 01.12.2026" in html
    assert "Brug den gemte tekst" in html


def test_a_minor_alone_has_a_guardian_to_sign(web, worker, rule_set):
    case = a_family({"given_names": "Ivan", "role": "child", "birth_date": date(2010, 1, 2)}, caseworker=worker)
    case.people.update(unaccompanied_minor=True, custody_holder="Birthe Holm")
    ivan = case.people.get()
    html = web.get(url("min_plan", case, ivan.pk)).content.decode()
    assert 'value="Birthe Holm"' in html
    more = {"on": "24/11 2026", "guardian": "Birthe Holm"}
    web.post(url("min_plan", case, ivan.pk), posted(do="hand_over", signature="signed", **more))
    assert "Værgens underskrift mangler." in web.get(url("min_plan", case, ivan.pk)).content.decode()
    web.post(url("sign_plan", case, ivan.pk), {**more, "signature": "signed", "guardian_signs": "on"})
    assert "Værgen Birthe Holm har underskrevet" in web.get(url("min_plan", case, ivan.pk)).content.decode()


def test_the_plan_alone_on_the_screen_is_logged_and_has_no_menu(web, case, olena):
    web.post(url("min_plan", case, olena.pk), posted())
    html = web.get(url("show_plan", case, olena.pk)).content.decode()
    assert "Åbn en bankkonto." in html
    assert "<nav" not in html
    assert AccessRecord.objects.filter(action="plan.shown", person_id=olena.pk).exists()
    assert web.get(url("show_plan", case, olena.pk) + "?kort=1").status_code == 200
    assert web.get(url("show_plan", case, olena.pk) + "?kort=9").status_code == 404


def test_a_plan_that_was_changed_behind_the_page_says_so(web, case, olena):
    web.post(url("min_plan", case, olena.pk), posted(do="hand_over", on="24/11 2026", signature="signed"))
    assert "kontrolsummen passer ikke" not in web.get(url("min_plan", case, olena.pk)).content.decode()
    Plan.objects.update(goal="Noget andet")
    assert "kontrolsummen passer ikke" in web.get(url("min_plan", case, olena.pk)).content.decode()


def test_an_earlier_version_is_read_and_signed_while_the_next_is_written(web, case, olena):
    page = url("min_plan", case, olena.pk)
    web.post(page, posted(do="hand_over", on="23/11 2026", signature="not_asked"))
    web.post(page, posted(version=1, revision=1, goal="Finde arbejde"))
    assert "Version 2, kladde." in web.get(page).content.decode()
    html = web.get(f"{page}?version=1").content.decode()
    assert "Lære dansk" in html
    assert "Gå til den nyeste version" in html
    web.post(url("sign_plan", case, olena.pk) + "?version=1", {"signature": "signed", "on": "24/11 2026"})
    assert PlanHandover.objects.get().signed_on == date(2026, 11, 24)
    assert "Finde arbejde" in web.get(f"{page}?version=2").content.decode()


# --- The contract's own page ---


def test_the_contract_has_versions_on_a_page(web, case, olena):
    page = url("contracts", case, olena.pk)
    assert "Kontrakten er ikke indgået endnu" in web.get(page).content.decode()
    form = url("contract", case, olena.pk)
    web.post(form, {"on": "20/11 2026", "outcome": "citizen", "agreed": "Job inden sommer"})
    html = web.get(page).content.decode()
    assert "Registrér den manglende underskrift" in html
    assert "Job inden sommer" in html
    web.post(form, {"on": "23/11 2026", "outcome": "municipality", "declaration": "on"})
    web.post(form, {"on": "24/11 2026", "outcome": "set", "reason": "Enighed kunne ikke nås"})
    html = web.get(page).content.decode()
    assert [(row.version, bool(row.set_on)) for row in olena.contracts.order_by("pk")] == [(1, False), (2, True)]
    assert "Enighed kunne ikke nås" in html
    assert "fastsat uden enighed" in html
    assert Step.objects.get(rule="reception.contract", person=olena).met_on == date(2026, 11, 23)


# --- Sentences of the text bank ---


def sentence(value, **more):
    return posted(do="sentence", lines=[("reception", "Åbn en bankkonto."), ("", "")], sentence=value, **more)


def test_a_sentence_of_the_bank_is_added_and_nothing_is_saved(web, case, olena):
    answer = web.post(url("min_plan", case, olena.pk), sentence("activity.housing.waiting_list"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Åbn en bankkonto." in html
    assert ">Du bliver skrevet op til en permanent bolig.</textarea>" in html.replace(">\n", ">")
    assert not Plan.objects.exists()


def test_a_sentence_about_a_child_is_about_that_child(web, case, olena):
    child = case.people.get(role="child")
    html = web.post(url("min_plan", case, olena.pk), sentence(f"activity.schooling.school_start:{child.pk}")).content
    assert f"{child.short_name} begynder i skole: …</textarea>" in html.decode()
    assert f'<option value="{child.pk}" selected>' in html.decode()


def test_a_goal_of_the_bank_stands_below_what_is_written(web, case, olena):
    html = web.post(
        url("min_plan", case, olena.pk), sentence("goal.housing.own_home", goal="Lære dansk")
    ).content.decode()
    assert "Lære dansk\nJeg vil gerne have en fast bolig.</textarea>" in html


def test_an_unknown_sentence_adds_nothing(web, case, olena):
    answer = web.post(url("min_plan", case, olena.pk), sentence("activity.housing.nothing", goal="Lære dansk"))
    assert answer.status_code == 200
    assert "Lære dansk</textarea>" in answer.content.decode()
