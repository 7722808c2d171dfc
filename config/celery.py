"""The Celery application. The broker, the schedule and the limits stand in the settings."""

import os

from celery import Celery

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.register()

app = Celery("indgang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
