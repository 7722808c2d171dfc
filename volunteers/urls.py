from django.urls import path

from volunteers import views

app_name = "volunteers"
BASE = "familier/<str:number>/lokalsamfund"
urlpatterns = [
    path("kontaktpersoner/", views.contacts, name="contacts"),
    path("frivillige/", views.volunteers, name="volunteers"),
    path("frivillige/ny/", views.add_volunteer, name="add_volunteer"),
    path("frivillige/<int:pk>/", views.edit_volunteer, name="edit_volunteer"),
    path(f"{BASE}/organisation/", views.introduction, name="introduction"),
    path(f"{BASE}/fritid/", views.leisure_introduction, name="leisure_introduction"),
    path(f"{BASE}/kontaktperson/", views.contact_person, name="contact_person"),
    path(f"{BASE}/samtykke/", views.consent, name="consent"),
    path(f"{BASE}/samtykke/tilbage/", views.withdraw_consent, name="withdraw_consent"),
    path(f"{BASE}/kontaktperson/<int:pk>/afslut/", views.end_match, name="end_match"),
    path(f"{BASE}/kontaktperson/<int:pk>/annuller/", views.annul_match, name="annul_match"),
    path(f"{BASE}/organisation/<int:pk>/annuller/", views.annul_introduction, name="annul_introduction"),
    path(f"{BASE}/fritid/<int:pk>/annuller/", views.annul_leisure, name="annul_leisure"),
]
