from django.urls import path

app_name = "schooling"
urlpatterns: list[path] = []
