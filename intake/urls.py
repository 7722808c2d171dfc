from django.urls import path

from intake.views import imports, registration

app_name = "intake"
urlpatterns = [
    path("familier/ny/", registration.register, name="register"),
    path("familier/ny/frister/", registration.live, name="live"),
    path("indlaes/", imports.imports, name="imports"),
    path("indlaes/<int:pk>/", imports.show_import, name="import"),
    path("indlaes/<int:pk>/kolonner/", imports.columns, name="import_columns"),
    path("indlaes/<int:pk>/valg/", imports.choose, name="import_choose"),
    path("indlaes/<int:pk>/sagsbehandler/", imports.choose_for_all, name="import_choose_for_all"),
    path("indlaes/<int:pk>/indlaes/", imports.commit, name="import_commit"),
    path("indlaes/<int:pk>/kasser/", imports.discard, name="import_discard"),
    path("indlaes/<int:pk>/haandteret/", imports.settle, name="import_settle"),
    path("indlaes/<int:pk>/fortryd/", imports.undo, name="import_undo"),
]
