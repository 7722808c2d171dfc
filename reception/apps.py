from django.apps import AppConfig
from django.core import checks

from cases.paper import printer_is_missing


class ReceptionConfig(AppConfig):
    name = "reception"
    verbose_name = "Modtagelse"
    default_auto_field = "django.db.models.BigAutoField"


checks.register(printer_is_missing)
