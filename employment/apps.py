from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "employment"
    verbose_name = "Selvforsørgelse"
    default_auto_field = "django.db.models.BigAutoField"
