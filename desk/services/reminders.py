"""What the managers hear about something that has no step: written beforehand, told by the sweep on its day."""

from datetime import date

from deadlines.models import Level, Notice


def remind_managers(subject: str, *, on: date) -> None:
    """A notice for the managers on a day ahead, e.g. rejected rows left for three days. Twice is once."""
    Notice.objects.bulk_create([Notice(subject=subject, level=Level.STARTED, date=on)], ignore_conflicts=True)


def settle(subject: str) -> None:
    """What the managers were to be reminded of is in order."""
    Notice.objects.filter(subject=subject).update(dropped=True)
