from django.urls import path

app_name = "employment"
urlpatterns: list[path] = []
