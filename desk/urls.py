from django.urls import path

from desk.views import case, lists, log, overview, people, reveal, step, stewardship, users

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
    # Who works here.
    path("brugere/", users.users, name="users"),
    path("brugere/ny/", users.add_user, name="add_user"),
    path("brugere/godkend/", users.role_requests, name="role_requests"),
    path("brugere/godkend/<int:pk>/", users.answer_role, name="answer_role"),
    path("brugere/roller/", users.role_trial, name="role_trial"),
    path("brugere/teams/", users.teams, name="teams"),
    path("brugere/teams/ny/", users.add_team, name="add_team"),
    path("brugere/teams/<int:pk>/", users.change_team, name="change_team"),
    path("brugere/fravaer/<int:pk>/fjern/", users.remove_absence, name="remove_absence"),
    path("brugere/<int:pk>/", users.user, name="user"),
    path("brugere/<int:pk>/roller/", users.user_roles, name="user_roles"),
    path("brugere/<int:pk>/log-in/", users.user_subject, name="user_subject"),
    path("brugere/<int:pk>/fravaer/", users.add_absence, name="add_absence"),
    path("brugere/<int:pk>/luk/", users.deactivate, name="deactivate_user"),
    path("brugere/<int:pk>/aabn/", users.reactivate, name="reactivate_user"),
    path("brugere/<int:pk>/andet-led/", users.reset_factor, name="reset_factor"),
    path("brugere/<int:pk>/link/", users.send_link, name="send_link"),
    # Who has looked.
    path("log/", log.log, name="log"),
    path("log/excel/", log.log_xlsx, name="log_xlsx"),
    path("familier/<str:number>/log/", log.case_log, name="case_log"),
    path("familier/<str:number>/log/udtraek/", log.case_log_extract, name="case_log_extract"),
    path("familier/<str:number>/<slug:slug>/", case.area, name="area"),
    path("familier/<str:number>/<slug:slug>/tjekliste/", case.tick_many, name="tick_many"),
]
