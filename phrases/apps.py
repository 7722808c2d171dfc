from django.apps import AppConfig


class PhrasesConfig(AppConfig):
    name = "phrases"
    verbose_name = "Tekstbank"
    default_auto_field = "django.db.models.BigAutoField"
