from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "health"
    verbose_name = "Sundhed og trivsel"
    default_auto_field = "django.db.models.BigAutoField"
