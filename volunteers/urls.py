from django.urls import path

from volunteers.views import acts, coordinator, leisure, pairs, register

app_name = "volunteers"
BASE = "familier/<str:number>/lokalsamfund"
urlpatterns = [
    path("kontaktpersoner/", coordinator.contacts, name="contacts"),
    path("kontaktpersoner/alle/", coordinator.evening, name="evening"),
    path("kontaktpersoner/par/", pairs.pair_list, name="pairs"),
    path("kontaktpersoner/par/pause/", pairs.pause_all, name="pause_all"),
    path("frivillig/svar/<str:key>/", pairs.reply, name="reply"),
    path("frivillig/<str:key>/", pairs.tell, name="tell"),
    path("kontaktpersoner/frivillige/", register.volunteers, name="volunteers"),
    path("kontaktpersoner/frivillige/ny/", register.add_volunteer, name="add_volunteer"),
    path("kontaktpersoner/frivillige/<int:pk>/", register.edit_volunteer, name="edit_volunteer"),
    path("kontaktpersoner/frivillige/<int:pk>/pause/", pairs.pause_volunteer, name="pause_volunteer"),
    path("kontaktpersoner/fritid/", leisure.activities, name="activities"),
    path("kontaktpersoner/fritid/ny/", leisure.add_activity, name="add_activity"),
    path("kontaktpersoner/fritid/<int:pk>/", leisure.edit_activity, name="edit_activity"),
    path("kontaktpersoner/<str:number>/", coordinator.family, name="family"),
    path(f"{BASE}/deltager/", acts.participation, name="participation"),
    path(f"{BASE}/deltager/<int:pk>/annuller/", acts.annul_participation, name="annul_participation"),
    path(f"{BASE}/organisation/", acts.introduction, name="introduction"),
    path(f"{BASE}/fritid/", acts.leisure_introduction, name="leisure_introduction"),
    path(f"{BASE}/kontaktperson/", acts.contact_person, name="contact_person"),
    path(f"{BASE}/samtykke/", acts.consent, name="consent"),
    path(f"{BASE}/samtykke/tilbage/", acts.withdraw_consent, name="withdraw_consent"),
    path(f"{BASE}/kontaktperson/<int:pk>/afslut/", acts.end_match, name="end_match"),
    path(f"{BASE}/kontaktperson/<int:pk>/kontakt/", pairs.contact, name="contact"),
    path(f"{BASE}/kontaktperson/<int:pk>/pause/", pairs.pause, name="pause"),
    path(f"{BASE}/kontaktperson/<int:pk>/link/", pairs.link, name="link"),
    path(f"{BASE}/kontaktperson/<int:pk>/annuller/", acts.annul_match, name="annul_match"),
    path(f"{BASE}/organisation/<int:pk>/annuller/", acts.annul_introduction, name="annul_introduction"),
    path(f"{BASE}/fritid/<int:pk>/annuller/", acts.annul_leisure, name="annul_leisure"),
]
