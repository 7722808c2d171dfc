from django.urls import path

from reception import views

app_name = "reception"
BASE = "familier/<str:number>/modtagelse"
PLAN = f"{BASE}/min-plan/<int:person_id>"
urlpatterns = [
    path(f"{PLAN}/", views.min_plan, name="min_plan"),
    path(f"{PLAN}/pdf/", views.plan_pdf, name="plan_pdf"),
    path(f"{PLAN}/underskrift/", views.sign_plan, name="sign_plan"),
    path(f"{BASE}/udlevering/<int:pk>/annuller/", views.annul_handover, name="annul_plan_handover"),
    path(f"{BASE}/kontrakt/<int:person_id>/", views.contract, name="contract"),
    path(f"{BASE}/kontrakt/<int:pk>/annuller/", views.annul_contract, name="annul_contract"),
]
