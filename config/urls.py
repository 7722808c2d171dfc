"""The roots of all pages. Each app names its own full Danish paths."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from accounts.views import LogIn
from intake.services.demo.house import demo_logins

handler500 = "config.errors.server_error"
log_in = login_not_required(LogIn.as_view(demo_logins=demo_logins()))
urlpatterns = [
    path("log-ind/", log_in, name="account_login"),
    path("", include("accounts.urls")),
    path("", include("intake.urls")),
    path("", include("keeping.urls")),
    path("", include("letters.urls")),
    path("", include("offers.urls")),
    path("", include("board.urls")),
    path("", include("phrases.urls")),
    path("", include("reception.urls")),
    path("", include("housing.urls")),
    path("", include("employment.urls")),
    path("", include("schooling.urls")),
    path("", include("health.urls")),
    path("", include("volunteers.urls")),
    path("", include("desk.urls")),
]
if settings.SAML_METADATA_URL:
    urlpatterns.append(path("", include("accounts.saml")))
