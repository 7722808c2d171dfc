"""The product behind gunicorn, with the bench's fixed day and its strict templates."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine
from django.template.defaulttags import ForNode

from tests.strict import strict_for

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))


def set_clock() -> None:
    """From now on it is nine in the morning of 24 November 2026, and the clock runs."""
    time_machine.travel(MORNING, tick=True).start()


def be_strict() -> None:
    """A loop over a name that the context does not have is an error here too."""
    render = ForNode.render

    def strict_render(node, context):
        strict_for(node, context)
        return render(node, context)

    ForNode.render = strict_render


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.e2e.settings")
set_clock()
be_strict()

from config.wsgi import application  # noqa: E402 - the clock and the settings come first

__all__ = ["application"]
