from django.urls import path

from desk.views import (
    case,
    colleagues,
    guarded,
    lists,
    log,
    overview,
    people,
    protection,
    reveal,
    step,
    stewardship,
)

app_name = "desk"
urlpatterns = [
    # The work list and the long lists; "excel" stands before the case numbers.
    path("", overview.overview, name="overview"),
    path("overblik/mere/", overview.more, name="overview_more"),
    path("frister/", lists.steps, name="steps"),
    path("frister/excel/", lists.steps_xlsx, name="steps_xlsx"),
    path("familier/", lists.cases, name="cases"),
    path("familier/excel/", lists.cases_xlsx, name="cases_xlsx"),
    path("familier/<str:number>/personer/<int:person_id>/voksen/", overview.treat_as_adult, name="treat_as_adult"),
    # The family's page, its people and its deadlines.
    path("frister/<int:pk>/", step.step_page, name="step"),
    path("familier/<str:number>/", case.case, name="case"),
    path("familier/<str:number>/notat/", case.write, name="write_note"),
    path("familier/<str:number>/kladde/", case.save_draft, name="save_draft"),
    path("familier/<str:number>/notat/<int:entry_id>/ret/", case.correct_note, name="correct_note"),
    path("familier/<str:number>/notat/<int:entry_id>/", case.note_history, name="note_history"),
    path("familier/<str:number>/opgave/", stewardship.add_task, name="add_task"),
    path("familier/<str:number>/kolleger/", colleagues.colleagues, name="colleagues"),
    path("familier/<str:number>/kolleger/<int:pk>/afslut/", colleagues.end, name="end_assignment"),
    path("familier/<str:number>/overdrag/", stewardship.hand_over, name="hand_over"),
    path("familier/<str:number>/afslut/", stewardship.close, name="close_case"),
    path("familier/<str:number>/genaabn/", stewardship.reopen, name="reopen_case"),
    path("familier/<str:number>/personer/ny/", people.add_member, name="add_member"),
    path("familier/<str:number>/personer/<int:person_id>/", people.person, name="person"),
    path("familier/<str:number>/personer/<int:person_id>/opholdstilladelse/", people.permit, name="permit"),
    path("familier/<str:number>/personer/<int:person_id>/fraflyttet/", people.leave, name="leave"),
    path(
        "familier/<str:number>/personer/<int:person_id>/fraflyttet/annuller/",
        people.annul_leaving,
        name="annul_leaving",
    ),
    path("familier/<str:number>/personer/<int:person_id>/vendt-tilbage/", people.come_back, name="come_back"),
    path("familier/<str:number>/personer/<int:person_id>/spoerg/", people.ask, name="ask"),
    path("familier/<str:number>/personer/<int:person_id>/cpr/", reveal.reveal, name="reveal_cpr"),
    # Protection; the manager's page knows numbers only.
    path("familier/<str:number>/personer/<int:person_id>/beskyttelse/", protection.protect, name="protect"),
    path(
        "familier/<str:number>/personer/<int:person_id>/beskyttelse/fortsaet/",
        protection.go_on,
        name="protection_goes_on",
    ),
    path(
        "familier/<str:number>/personer/<int:person_id>/beskyttelse/ophoer/",
        protection.propose_lapse,
        name="propose_lapse",
    ),
    path(
        "familier/<str:number>/personer/<int:person_id>/beskyttelse/afgoer/",
        protection.decide_lapse,
        name="decide_lapse",
    ),
    path("familier/<str:number>/personer/<int:person_id>/adskilt/", protection.keep_apart, name="keep_apart"),
    path(
        "familier/<str:number>/adskilt/<int:pk>/ophoer/",
        protection.propose_together,
        name="propose_together",
    ),
    path(
        "familier/<str:number>/adskilt/<int:pk>/afgoer/",
        protection.decide_together,
        name="decide_together",
    ),
    path("familier/<str:number>/vis-sted/", reveal.places, name="reveal_places"),
    path("beskyttede/", guarded.guarded, name="guarded"),
    path("beskyttede/giv/", guarded.assign_guarded, name="assign_guarded"),
    path("beskyttede/afgoer/", guarded.decide_guarded, name="decide_guarded"),
    # Who has looked.
    path("log/", log.log, name="log"),
    path("log/excel/", log.log_xlsx, name="log_xlsx"),
    path("familier/<str:number>/log/", log.case_log, name="case_log"),
    path("familier/<str:number>/log/udtraek/", log.case_log_extract, name="case_log_extract"),
    path("familier/<str:number>/<slug:slug>/", case.area, name="area"),
    path("familier/<str:number>/<slug:slug>/tjekliste/", case.tick_many, name="tick_many"),
]
