from django.urls import path

from board.views import absences, compliance, goals, moves, rows, share

app_name = "board"
urlpatterns = [
    path("ledelse/fristoverholdelse/", compliance.compliance, name="compliance"),
    path("ledelse/maal/", goals.edit_goals, name="goals"),
    path("ledelse/fristoverholdelse/frister/", rows.rows, name="rows"),
    path("ledelse/fristoverholdelse/frister/excel/", rows.rows_xlsx, name="rows_xlsx"),
    path("ledelse/fordel/", share.share_cases, name="share"),
    path("ledelse/fordel/flyt/", moves.carry_out, name="share_move"),
    path("ledelse/fordel/flytning/<int:pk>/", moves.one_move, name="move"),
    path("ledelse/fordel/flytning/<int:pk>/fortryd/", moves.undo_move, name="undo_move"),
    path("ledelse/fordel/fravaer/<int:pk>/", absences.absence, name="absence"),
    path("ledelse/fordel/fravaer/<int:pk>/slut/", absences.end_absence, name="end_absence"),
]
