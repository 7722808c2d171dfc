from django.apps import AppConfig


class SchoolingConfig(AppConfig):
    name = "schooling"
    verbose_name = "Leg og læring"
    default_auto_field = "django.db.models.BigAutoField"
