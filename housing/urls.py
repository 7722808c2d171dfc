from django.urls import path

from housing import views

app_name = "housing"
BASE = "familier/<str:number>/bolig"
urlpatterns = [
    path("bolig/", views.board, name="board"),
    path("bolig/boliger/ny/", views.add_dwelling, name="add_dwelling"),
    path("bolig/boliger/<int:pk>/", views.change_dwelling, name="change_dwelling"),
    path("bolig/vaerter/ny/", views.add_host, name="add_host"),
    path(f"{BASE}/indkvartering/", views.lodging_before_permit, name="lodging_before_permit"),
    path(f"{BASE}/tilbud/", views.temporary_offer, name="temporary_offer"),
    path(f"{BASE}/naeste/", views.next_home, name="next_home"),
    path(f"{BASE}/placering/<int:pk>/", views.change_placement, name="change_placement"),
    path(f"{BASE}/placering/<int:pk>/annuller/", views.annul_placement, name="annul_placement"),
]
