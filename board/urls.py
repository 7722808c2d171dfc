from django.urls import path

from board.views import actions, compliance, day_figures, goals, reports, rows

app_name = "board"
urlpatterns = [
    path("ledelse/fristoverholdelse/", compliance.compliance, name="compliance"),
    path("ledelse/maal/", goals.edit_goals, name="goals"),
    path("ledelse/fristoverholdelse/frister/", rows.rows, name="rows"),
    path("ledelse/fristoverholdelse/frister/excel/", rows.rows_xlsx, name="rows_xlsx"),
    path("ledelse/rapporter/", reports.reports_page, name="reports"),
    path("ledelse/rapporter/ny/", reports.make_report, name="make_report"),
    path("ledelse/rapporter/<int:pk>/", reports.report, name="report"),
    path("ledelse/rapporter/<int:pk>/pdf/", reports.report_pdf, name="report_pdf"),
    path("ledelse/rapporter/<int:pk>/excel/", reports.report_xlsx, name="report_xlsx"),
    path("ledelse/tal/", day_figures.day_figures, name="day_figures"),
    path("ledelse/tal/excel/", day_figures.day_figures_xlsx, name="day_figures_xlsx"),
    path("ledelse/handlinger/", actions.actions, name="actions"),
    path("ledelse/handlinger/excel/", actions.actions_xlsx, name="actions_xlsx"),
    path("ledelse/handlinger/ny/", actions.add_action, name="add_action"),
    path("ledelse/handlinger/katalog/", actions.load_catalogue, name="load_catalogue"),
    path("ledelse/handlinger/<int:pk>/", actions.edit_action, name="edit_action"),
]
