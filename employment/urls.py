from django.urls import path

from employment import views

app_name = "employment"
BASE = "familier/<str:number>/selvforsoergelse"
urlpatterns = [
    path(f"{BASE}/kompetencer/<int:person_id>/", views.competences, name="competences"),
    path(f"{BASE}/profil/<int:person_id>/", views.profile, name="profile"),
    path(f"{BASE}/profil/<int:pk>/annuller/", views.annul_profile, name="annul_profile"),
    path(f"{BASE}/henvisning/<int:person_id>/", views.referral, name="referral"),
    path(f"{BASE}/henvisning/<int:pk>/resultat/", views.result, name="result"),
    path(f"{BASE}/henvisning/<int:pk>/annuller/", views.annul_referral, name="annul_referral"),
    path(f"{BASE}/job/ny/<int:person_id>/", views.add_job, name="add_job"),
    path(f"{BASE}/job/<int:pk>/ophoer/", views.end_job, name="end_job"),
    path(f"{BASE}/job/<int:pk>/annuller/", views.annul_job, name="annul_job"),
]
