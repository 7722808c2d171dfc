"""Danish output: dates, spans and small words. Pure; no models, no clock.

Source of the forms: the municipality's own letters and Dansk Sprognævn, §§ 42 and 43
(abbreviated months and weekdays end in a full stop; "maj", "juni" and "juli" are whole words).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
_SHORT_MONTHS = (
    "jan.",
    "feb.",
    "mar.",
    "apr.",
    "maj",
    "juni",
    "juli",
    "aug.",
    "sep.",
    "okt.",
    "nov.",
    "dec.",
)
_NUMBER_WORDS = (
    "ingen",
    "en",
    "to",
    "tre",
    "fire",
    "fem",
    "seks",
    "syv",
    "otte",
    "ni",
    "ti",
    "elleve",
    "tolv",
)


def day_month(day: date) -> str:
    """Give "27. nov."."""
    return f"{day.day}. {_SHORT_MONTHS[day.month - 1]}"


def weekday_date(day: date) -> str:
    """Give "fre. 27. nov.", the form of lists."""
    return f"{WEEKDAYS[day.weekday()][:3]}. {day_month(day)}"


def weekday_date_year(day: date) -> str:
    """Give "fre. 27. nov. 2026", the form of lists that span several years."""
    return f"{weekday_date(day)} {day.year}"


def long_date(day: date) -> str:
    """Give "27. november 2026", the form of running text."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """Give "fredag den 27. november", the form of a page's first sentence."""
    return f"{WEEKDAYS[day.weekday()]} den {day.day}. {MONTHS[day.month - 1]}"


def doc_date(day: date) -> str:
    """Give "27.11.2026", the form of documents and form fields."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def doc_moment(at: datetime) -> str:
    """Give "27.11.2026 kl. 8.05", in local time."""
    at = timezone.localtime(at)
    return f"{doc_date(at)} kl. {at.hour}.{at.minute:02d}"


def week(day: date) -> int:
    """Give the ISO week number, which is the Danish one."""
    return day.isocalendar().week


def relative(due: date, today: date) -> str:
    """Say how far `due` lies from `today`: "4 dage over", "I dag", "I morgen", "Om 3 dage"."""
    days = (due - today).days
    if days < 0:
        return f"{plural(-days, 'dag', 'dage')} over"
    if days == 0:
        return "I dag"
    if days == 1:
        return "I morgen"
    return f"Om {days} dage"


def length(time: timedelta) -> str:
    """Say how long something is, in the largest unit that fits: "12 sekunder", "4 minutter", "1 time", "3 dage"."""
    seconds = max(int(time.total_seconds()), 0)
    if seconds < 60:
        return plural(seconds, "sekund", "sekunder")
    if seconds < 3600:
        return plural(seconds // 60, "minut", "minutter")
    if seconds < 24 * 3600:
        return plural(seconds // 3600, "time", "timer")
    return plural(seconds // (24 * 3600), "dag", "dage")


def plural(number: int, one: str, many: str) -> str:
    """Give the number with its noun: "1 dag", "3 dage", "0 dage"."""
    return f"{number} {one if number == 1 else many}"


def thousands(number: int) -> str:
    """Give "1.204"."""
    return f"{number:,}".replace(",", ".")


def number_word(number: int) -> str:
    """Give small numbers as words for running text ("tre"), and larger ones as digits."""
    if 0 <= number < len(_NUMBER_WORDS):
        return _NUMBER_WORDS[number]
    return str(number)


def join_names(names: Sequence[str]) -> str:
    """Give "A", "A og B" or "A, B og C"; an empty string for nobody."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} og {names[-1]}"


def family_title(name: str) -> str:
    """What a case is called in lists and heads."""
    return f"Familien {name}"


def lower_first(title: str) -> str:
    """Give "familien Rudenko", as a title stands inside a sentence."""
    return f"{title[:1].lower()}{title[1:]}"


def upper_first(text: str) -> str:
    """Give "Har svaret", as words begin that stand alone."""
    return f"{text[:1].upper()}{text[1:]}"


def age_on(birth: date, day: date) -> int:
    """Give the age in whole years; who is born on 29 February turns on 1 March.

    Raises ValueError when `day` lies before the birth.
    """
    if day < birth:
        raise ValueError("the day lies before the birth")
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def years_before(day: date, years: int) -> date:
    """Give the latest birthday of somebody who is that old on the day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def initials(name: str) -> str:
    """Give at most two capitals, of the first and the last name: "Mette Lindholm" -> "ML"."""
    parts = name.split()
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [part[0] for part in parts]
    return "".join(letters).upper()
