from django.apps import AppConfig
from django.core import checks

from keeping.inventory import is_incomplete


class KeepingConfig(AppConfig):
    name = "keeping"
    verbose_name = "Indsigt og opbevaring"
    default_auto_field = "django.db.models.BigAutoField"


checks.register(is_incomplete)
