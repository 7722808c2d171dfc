from django.urls import path

from reception.views import contract, plan, versions

app_name = "reception"
BASE = "familier/<str:number>/modtagelse"
PLAN = f"{BASE}/min-plan/<int:person_id>"
urlpatterns = [
    path(f"{PLAN}/", plan.min_plan, name="min_plan"),
    path(f"{PLAN}/pdf/", plan.plan_pdf, name="plan_pdf"),
    path(f"{PLAN}/underskrift/", versions.sign_plan, name="sign_plan"),
    path(f"{PLAN}/aendringer/", versions.differences, name="plan_changes"),
    path(f"{PLAN}/vis/", versions.show, name="show_plan"),
    path(f"{PLAN}/eksemplar/", versions.add_copy, name="add_copy"),
    path(f"{BASE}/eksemplar/<int:pk>/", versions.signed_copy, name="signed_copy"),
    path(f"{BASE}/eksemplar/<int:pk>/annuller/", versions.annul_copy, name="annul_copy"),
    path(f"{BASE}/udlevering/<int:pk>/annuller/", versions.annul_handover, name="annul_plan_handover"),
    path(f"{BASE}/kontrakt/<int:person_id>/", contract.contract, name="contract"),
    path(f"{BASE}/kontrakter/<int:person_id>/", contract.contracts_of, name="contracts"),
    path(f"{BASE}/kontrakt/<int:pk>/annuller/", contract.annul_contract, name="annul_contract"),
]
