"""The roots of all pages. Each app names its own full Danish paths."""

from allauth.account.views import login, logout
from django.urls import include, path

urlpatterns = [
    path("log-ind/", login, name="account_login"),
    path("log-ud/", logout, name="account_logout"),
    path("", include("intake.urls")),
    path("", include("reception.urls")),
    path("", include("housing.urls")),
    path("", include("employment.urls")),
    path("", include("schooling.urls")),
    path("", include("health.urls")),
    path("", include("volunteers.urls")),
    path("", include("desk.urls")),
]
