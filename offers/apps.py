from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "offers"
    verbose_name = "Tilbud om hjælp"
    default_auto_field = "django.db.models.BigAutoField"
