from django.urls import path

from phrases import views

app_name = "phrases"
urlpatterns = [
    path("tekstbank/", views.bank, name="bank"),
    path("tekstbank/nyt-sprog/", views.add_language, name="add_language"),
    path("tekstbank/<int:pk>/", views.phrase, name="phrase"),
]
