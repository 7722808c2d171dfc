from django.urls import path

from board.views import compliance, goals, rows

app_name = "board"
urlpatterns = [
    path("ledelse/fristoverholdelse/", compliance.compliance, name="compliance"),
    path("ledelse/maal/", goals.edit_goals, name="goals"),
    path("ledelse/fristoverholdelse/frister/", rows.rows, name="rows"),
    path("ledelse/fristoverholdelse/frister/excel/", rows.rows_xlsx, name="rows_xlsx"),
]
