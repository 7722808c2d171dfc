from django.urls import path

from board.views import absences, actions, compliance, day_figures, goals, moves, operation, rows, share

app_name = "board"
urlpatterns = [
    path("ledelse/fristoverholdelse/", compliance.compliance, name="compliance"),
    path("ledelse/fristoverholdelse/frister/", rows.rows, name="rows"),
    path("ledelse/fristoverholdelse/frister/excel/", rows.rows_xlsx, name="rows_xlsx"),
    path("ledelse/maal/", goals.edit_goals, name="goals"),
    path("ledelse/tal/", day_figures.day_figures, name="day_figures"),
    path("ledelse/tal/excel/", day_figures.day_figures_xlsx, name="day_figures_xlsx"),
    path("ledelse/handlinger/", actions.actions, name="actions"),
    path("ledelse/handlinger/excel/", actions.actions_xlsx, name="actions_xlsx"),
    path("ledelse/handlinger/ny/", actions.add_action, name="add_action"),
    path("ledelse/handlinger/katalog/", actions.load_catalogue, name="load_catalogue"),
    path("ledelse/handlinger/<int:pk>/", actions.edit_action, name="edit_action"),
    path("ledelse/drift/", operation.operation, name="operation"),
    path("ledelse/drift/mail/", operation.mend_mail, name="mend_mail"),
    path("ledelse/fordel/", share.share_cases, name="share"),
    path("ledelse/fordel/flyt/", moves.carry_out, name="share_move"),
    path("ledelse/fordel/flytning/<int:pk>/", moves.one_move, name="move"),
    path("ledelse/fordel/flytning/<int:pk>/fortryd/", moves.undo_move, name="undo_move"),
    path("ledelse/fordel/fravaer/<int:pk>/", absences.absence, name="absence"),
    path("ledelse/fordel/fravaer/<int:pk>/slut/", absences.end_absence, name="end_absence"),
]
