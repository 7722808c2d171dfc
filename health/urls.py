from django.urls import path

from health import views

app_name = "health"
BASE = "familier/<str:number>/sundhed"
urlpatterns = [
    path(f"{BASE}/vurdering/<int:person_id>/", views.need_assessed, name="need_assessed"),
    path(f"{BASE}/vurdering/<int:pk>/annuller/", views.annul_assessment, name="annul_assessment"),
]
