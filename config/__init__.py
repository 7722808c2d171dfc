"""Wiring only: settings, urls, Celery, WSGI. Importing it loads the Celery application."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
