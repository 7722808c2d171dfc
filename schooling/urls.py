from django.urls import path

from schooling import views

app_name = "schooling"
BASE = "familier/<str:number>/leg-og-laering"
urlpatterns = [
    path(f"{BASE}/dagtilbud/<int:person_id>/", views.daycare_offer, name="daycare_offer"),
    path(f"{BASE}/skole/<int:person_id>/", views.school_offer, name="school_offer"),
    path(f"{BASE}/sprogskole/<int:person_id>/", views.language_offer, name="language_offer"),
    path(f"{BASE}/henvisning/<int:person_id>/", views.language_referral, name="language_referral"),
    path(f"{BASE}/dagtilbud/svar/<int:pk>/", views.answer_daycare, name="answer_daycare"),
    path(f"{BASE}/skole/svar/<int:pk>/", views.answer_school, name="answer_school"),
    path(f"{BASE}/sprogskole/svar/<int:pk>/", views.answer_language, name="answer_language"),
    path(f"{BASE}/henvisning/start/<int:pk>/", views.language_start, name="language_start"),
    path(f"{BASE}/dagtilbud/annuller/<int:pk>/", views.annul_daycare, name="annul_daycare"),
    path(f"{BASE}/skole/annuller/<int:pk>/", views.annul_school, name="annul_school"),
    path(f"{BASE}/sprogskole/annuller/<int:pk>/", views.annul_language, name="annul_language"),
    path(f"{BASE}/henvisning/annuller/<int:pk>/", views.annul_referral, name="annul_referral"),
]
