from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "Ledelse"
    default_auto_field = "django.db.models.BigAutoField"
