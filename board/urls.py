from django.urls import path

from board.views import compliance, goals, operation, rows

app_name = "board"
urlpatterns = [
    path("ledelse/fristoverholdelse/", compliance.compliance, name="compliance"),
    path("ledelse/maal/", goals.edit_goals, name="goals"),
    path("ledelse/fristoverholdelse/frister/", rows.rows, name="rows"),
    path("ledelse/fristoverholdelse/frister/excel/", rows.rows_xlsx, name="rows_xlsx"),
    path("ledelse/drift/", operation.operation, name="operation"),
    path("ledelse/drift/mail/", operation.mend_mail, name="mend_mail"),
]
