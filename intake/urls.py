from django.urls import path

from intake.views import registration

app_name = "intake"
urlpatterns = [
    path("familier/ny/", registration.register, name="register"),
    path("familier/ny/frister/", registration.live, name="live"),
]
