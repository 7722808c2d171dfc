from django.urls import path

from reception.views import contract, plan

app_name = "reception"
BASE = "familier/<str:number>/modtagelse"
PLAN = f"{BASE}/min-plan/<int:person_id>"
urlpatterns = [
    path(f"{PLAN}/", plan.min_plan, name="min_plan"),
    path(f"{PLAN}/pdf/", plan.plan_pdf, name="plan_pdf"),
    path(f"{PLAN}/underskrift/", plan.sign_plan, name="sign_plan"),
    path(f"{BASE}/udlevering/<int:pk>/annuller/", plan.annul_handover, name="annul_plan_handover"),
    path(f"{BASE}/kontrakt/<int:person_id>/", contract.contract, name="contract"),
    path(f"{BASE}/kontrakt/<int:pk>/annuller/", contract.annul_contract, name="annul_contract"),
]
