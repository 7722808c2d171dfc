from django.urls import path

from letters import views

app_name = "letters"
BASE = "familier/<str:number>/breve"
urlpatterns = [
    path("breve/", views.many, name="many"),
    path(f"{BASE}/", views.letters, name="letters"),
    path(f"{BASE}/familieark/", views.sheet_pdf, name="sheet_pdf"),
    path(f"{BASE}/<slug:slug>/<int:person_id>/", views.letter, name="letter"),
]
